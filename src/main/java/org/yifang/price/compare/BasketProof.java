package org.yifang.price.compare;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Proves a plan the best of several stops, or finds the one that is: branch and bound over every
/// split of the lines and every choice of sellers for its parts.
///
/// Whatever is left out has a bound that is no better than the plan in hand, by the same keys in
/// the same order as plans are compared, ties included: money, waits and hashes add up; a way
/// through some sellers is no longer than one through more of them (ways are rounded up to the
/// thousandth of a minute, which keeps the triangle inequality); nobody is done at a seller sooner
/// than who goes straight there. All keys are whole numbers, so that nothing is lost to rounding.
final class BasketProof {
    /// Sets that are looked into before the search is given up, unproven: half a second. Baskets of
    /// five lines and 300 sellers need some thousands.
    static final int STEPS_MOST = 2_000_000;

    private static final int KEYS = 4;
    private static final long NEVER = Long.MAX_VALUE / 4;

    private final Basket basket;
    private final double[] home;
    private final double[][] sums;
    private final List<int[]> partitions;
    private final int sellers;
    private final long[] way;
    private final long[] wait;
    private final long[] alone;
    private final long[] hash;
    private final boolean ways;
    private final long nearest;
    private final long[] leastMoney;
    private final long[] leastWait;
    private final long[] leastAlone;
    private final long[] leastHash;
    private final ShortestWay shortest;
    private int steps;

    /// @param home minutes to each seller
    /// @param sums what each set of lines costs at each seller, infinite where a line is missing
    /// @param partitions every split into two or more sets of lines
    BasketProof(Basket basket, double[] home, double[][] sums, List<int[]> partitions) {
        this.basket = basket;
        this.home = home;
        this.sums = sums;
        this.partitions = partitions;
        this.sellers = home.length;
        // Who has not said where it is is near to everything, so that ways do not add up there.
        this.ways =
                basket.from() != null
                        && basket.sellers().stream().noneMatch(one -> one.place() == null);
        this.way = new long[sellers];
        this.wait = new long[sellers];
        this.alone = new long[sellers];
        this.hash = new long[sellers];
        for (int j = 0; j < sellers; j++) {
            Basket.Seller seller = basket.sellers().get(j);
            double earliest = ways ? home[j] : 0;
            double closed = seller.closedFor(earliest);
            way[j] = ways ? BasketPlan.milli(home[j]) : 0;
            wait[j] = BasketPlan.milli(seller.waitMinutes());
            alone[j] =
                    Double.isInfinite(closed)
                            ? NEVER
                            : BasketPlan.milli(earliest + closed + seller.waitMinutes());
            hash[j] = BasketPlan.hash(basket, j);
        }
        this.shortest = new ShortestWay(basket, way);
        this.nearest = Arrays.stream(way).min().orElse(0);
        int sets = sums.length;
        this.leastMoney = new long[sets];
        this.leastWait = new long[sets];
        this.leastAlone = new long[sets];
        this.leastHash = new long[sets];
        for (int lines = 1; lines < sets; lines++) {
            least(lines);
        }
    }

    /// What a set of lines costs and takes at least, each by itself.
    private void least(int lines) {
        long money = NEVER;
        long inside = NEVER;
        long done = NEVER;
        long tie = NEVER;
        double[] here = sums[lines];
        for (int j = 0; j < sellers; j++) {
            if (here[j] < NEVER && alone[j] < NEVER) {
                money = Math.min(money, (long) here[j]);
                inside = Math.min(inside, wait[j]);
                done = Math.min(done, alone[j]);
                tie = Math.min(tie, hash[j]);
            }
        }
        leastMoney[lines] = money;
        leastWait[lines] = inside;
        leastAlone[lines] = done;
        leastHash[lines] = tie;
    }

    /// Whether everything was looked into that could have been better.
    boolean isProven() {
        return steps < STEPS_MOST;
    }

    /// The best plan of this goal: the one in hand, or a better one.
    @Nullable BasketPlan best(BasketGoal goal, @Nullable BasketPlan inHand) {
        return new Search(goal, inHand).run();
    }

    private final class Search {
        private final BasketGoal goal;
        private final Comparator<BasketPlan> order;
        private final long moneyWeight;
        private final long timeWeight;
        private final long[] leastWeight;
        private final long[][] weights;
        private final long[] target = new long[KEYS];
        private final long[] bound = new long[KEYS];
        private @Nullable BasketPlan best;

        private int[] blocks = {};
        private int[][] candidates = {};
        private final int[] chosen = new int[Basket.LINES_MAX];

        Search(BasketGoal goal, @Nullable BasketPlan inHand) {
            this.goal = goal;
            this.order = goal.order(basket.fenPerHour());
            this.moneyWeight =
                    goal == BasketGoal.TIME ? 0 : goal == BasketGoal.MONEY ? 1 : BasketPlan.PARTS;
            this.timeWeight =
                    goal == BasketGoal.MONEY
                            ? 0
                            : goal == BasketGoal.TIME ? 1 : basket.fenPerHour();
            this.leastWeight = new long[sums.length];
            this.weights = new long[sums.length][];
            take(inHand);
        }

        /// What each set of lines weighs at each seller, and at least.
        private void weigh() {
            for (int lines = 1; lines < sums.length; lines++) {
                double[] here = sums[lines];
                long[] heavy = new long[sellers];
                long least = NEVER;
                for (int j = 0; j < sellers; j++) {
                    heavy[j] =
                            here[j] < NEVER && alone[j] < NEVER
                                    ? ((long) here[j]) * moneyWeight + wait[j] * timeWeight
                                    : NEVER;
                    least = Math.min(least, heavy[j]);
                }
                weights[lines] = heavy;
                leastWeight[lines] = least;
            }
        }

        private void take(@Nullable BasketPlan plan) {
            best = plan;
            if (plan == null) {
                Arrays.fill(target, NEVER);
                return;
            }
            keys(
                    target,
                    plan.moneyFen(),
                    BasketPlan.milli(plan.minutes()),
                    0,
                    plan.stops(),
                    plan.tie());
        }

        /// Writes the keys of this goal in the order in which they count.
        private void keys(long[] keys, long money, long milli, long cost, int stops, long tie) {
            long first =
                    switch (goal) {
                        case MONEY -> money;
                        case TIME -> milli;
                        case BOTH -> Math.max(cost, money * moneyWeight + milli * timeWeight);
                    };
            keys[0] = first;
            keys[1] = goal == BasketGoal.TIME ? money : stops;
            keys[2] = goal == BasketGoal.TIME ? stops : milli;
            keys[3] = tie;
        }

        @Nullable BasketPlan run() {
            if (partitions.isEmpty()) {
                return best;
            }
            weigh();
            partitions.stream()
                    .filter(this::isPossible)
                    .sorted(Comparator.comparingLong(this::least))
                    .forEach(this::split);
            return best;
        }

        private boolean isPossible(int[] partition) {
            return Arrays.stream(partition).allMatch(lines -> leastWeight[lines] < NEVER);
        }

        private long least(int[] partition) {
            long sum = 0;
            for (int lines : partition) {
                sum += leastWeight[lines];
            }
            return sum;
        }

        private void split(int[] partition) {
            blocks = partition;
            if (isWorse(0, 0, 0, 0, nearest, 0, 0)) {
                return;
            }
            candidates = new int[blocks.length][];
            long all = least(partition);
            for (int i = 0; i < blocks.length; i++) {
                candidates[i] = candidates(blocks[i], all - leastWeight[blocks[i]]);
            }
            if (Arrays.stream(candidates).anyMatch(some -> some.length == 0)) {
                return;
            }
            choose(0, 0, 0, 0, 0, 0, 0);
        }

        /// The sellers that may serve a part of the split, the least weight first.
        private int[] candidates(int lines, long others) {
            long[] heavy = weights[lines];
            long most = target[0] - others;
            int[] some = new int[16];
            int count = 0;
            for (int j = 0; j < sellers; j++) {
                long weight = heavy[j];
                if (weight == NEVER
                        || weight + way[j] * timeWeight > most
                        || (goal == BasketGoal.TIME && alone[j] > target[0])) {
                    continue;
                }
                if (count == some.length) {
                    some = Arrays.copyOf(some, count * 2);
                }
                int at = count++;
                for (; at > 0 && isBefore(heavy, j, some[at - 1]); at--) {
                    some[at] = some[at - 1];
                }
                some[at] = j;
            }
            return Arrays.copyOf(some, count);
        }

        private boolean isBefore(long[] heavy, int seller, int other) {
            return heavy[seller] < heavy[other]
                    || (heavy[seller] == heavy[other] && hash[seller] < hash[other]);
        }

        /// Whether nothing better can come of the sellers chosen so far.
        ///
        /// @param through the way through them
        /// @param latest when who goes straight to the last of them is done
        private boolean isWorse(
                int done,
                long weight,
                long money,
                long inside,
                long through,
                long latest,
                long tie) {
            long moneyLeast = money;
            long insideLeast = inside;
            long doneLeast = latest;
            long tieLeast = tie;
            long cost = weight + through * timeWeight;
            for (int i = done; i < blocks.length; i++) {
                int lines = blocks[i];
                moneyLeast += leastMoney[lines];
                insideLeast += leastWait[lines];
                doneLeast = Math.max(doneLeast, leastAlone[lines]);
                tieLeast += leastHash[lines];
                cost += leastWeight[lines];
            }
            long milli = Math.max(insideLeast + through, doneLeast);
            keys(bound, moneyLeast, milli, cost, blocks.length, tieLeast);
            for (int i = 0; i < KEYS; i++) {
                if (bound[i] != target[i]) {
                    return bound[i] > target[i];
                }
            }
            return true;
        }

        private void choose(
                int at, long weight, long money, long inside, long through, long latest, long tie) {
            if (at == blocks.length) {
                BasketPlan plan = BasketPlan.through(basket, home, Arrays.copyOf(chosen, at));
                if (plan != null && (best == null || order.compare(plan, best) < 0)) {
                    take(plan);
                }
                return;
            }
            int lines = blocks[at];
            for (int seller : candidates[at]) {
                if (steps >= STEPS_MOST) {
                    return;
                }
                steps++;
                if (isChosen(at, seller)) {
                    continue;
                }
                long fen = (long) sums[lines][seller];
                long weightHere = weight + weights[lines][seller];
                long insideHere = inside + wait[seller];
                long latestHere = Math.max(latest, alone[seller]);
                long tieHere = tie + hash[seller];
                long least = Math.max(through, way[seller]);
                if (isWorse(
                        at + 1, weightHere, money + fen, insideHere, least, latestHere, tieHere)) {
                    continue;
                }
                chosen[at] = seller;
                long here = at == 0 || !ways ? least : shortest.through(chosen, at + 1);
                if (here == least
                        || !isWorse(
                                at + 1,
                                weightHere,
                                money + fen,
                                insideHere,
                                here,
                                latestHere,
                                tieHere)) {
                    choose(at + 1, weightHere, money + fen, insideHere, here, latestHere, tieHere);
                }
            }
        }

        private boolean isChosen(int count, int seller) {
            for (int i = 0; i < count; i++) {
                if (chosen[i] == seller) {
                    return true;
                }
            }
            return false;
        }
    }
}
