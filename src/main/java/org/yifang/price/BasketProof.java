package org.yifang.price;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Proves a plan the best of several stops, or finds the one that is: branch and bound over every
/// split of the lines and every choice of sellers for its parts.
///
/// Whatever is left out has a bound that is no better than the plan in hand, by the same keys in the
/// same order as plans are compared, ties included: money, waits and hashes add up; a way through
/// some sellers is no longer than one through more of them (ways are rounded up to the thousandth
/// of a minute, which keeps the triangle inequality); nobody is done at a seller sooner than who
/// goes straight there. All keys are whole numbers, so that nothing is lost to rounding.
final class BasketProof {
    /// What is to be least.
    enum Goal {
        MONEY,
        TIME,
        BOTH
    }

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
    }

    /// Whether everything was looked into that could have been better.
    boolean isProven() {
        return steps < STEPS_MOST;
    }

    /// The best plan of this goal: the one in hand, or a better one.
    @Nullable BasketPlan best(Goal goal, @Nullable BasketPlan inHand) {
        return new Search(goal, inHand).run();
    }

    /// The comparison of plans that a goal means.
    static Comparator<BasketPlan> order(Goal goal, long fenPerHour) {
        return switch (goal) {
            case MONEY -> BasketPlan.CHEAPEST;
            case TIME -> BasketPlan.SOONEST;
            case BOTH -> BasketPlan.balanced(fenPerHour);
        };
    }

    private final class Search {
        private final Goal goal;
        private final Comparator<BasketPlan> order;
        private final long moneyWeight;
        private final long timeWeight;
        private final long[] leastWeight;
        private final long[] leastMoney;
        private final long[] leastWait;
        private final long[] leastAlone;
        private final long[] leastHash;
        private final long[] target = new long[KEYS];
        private final long[] bound = new long[KEYS];
        private @Nullable BasketPlan best;

        private int[] blocks = {};
        private int[][] candidates = {};
        private final int[] chosen = new int[Basket.LINES_MAX];

        Search(Goal goal, @Nullable BasketPlan inHand) {
            this.goal = goal;
            this.order = order(goal, basket.fenPerHour());
            this.moneyWeight = goal == Goal.TIME ? 0 : goal == Goal.MONEY ? 1 : BasketPlan.PARTS;
            this.timeWeight = goal == Goal.MONEY ? 0 : goal == Goal.TIME ? 1 : basket.fenPerHour();
            int sets = sums.length;
            this.leastWeight = new long[sets];
            this.leastMoney = new long[sets];
            this.leastWait = new long[sets];
            this.leastAlone = new long[sets];
            this.leastHash = new long[sets];
            least();
            take(inHand);
        }

        private void take(@Nullable BasketPlan plan) {
            best = plan;
            if (plan == null) {
                Arrays.fill(target, NEVER);
                return;
            }
            keys(target, plan.moneyFen(), BasketPlan.milli(plan.minutes()), 0, plan.stops(), plan.tie());
        }

        /// Writes the keys of this goal in the order in which they count.
        private void keys(long[] keys, long money, long milli, long cost, int stops, long tie) {
            long first =
                    switch (goal) {
                        case MONEY -> money;
                        case TIME -> milli;
                        case BOTH ->
                                Math.max(cost, money * moneyWeight + milli * timeWeight);
                    };
            keys[0] = first;
            keys[1] = goal == Goal.TIME ? money : stops;
            keys[2] = goal == Goal.TIME ? stops : milli;
            keys[3] = tie;
        }

        private void least() {
            for (int lines = 1; lines < sums.length; lines++) {
                long weight = NEVER;
                long money = NEVER;
                long inside = NEVER;
                long done = NEVER;
                long tie = NEVER;
                double[] here = sums[lines];
                for (int j = 0; j < sellers; j++) {
                    if (Double.isInfinite(here[j]) || alone[j] == NEVER) {
                        continue;
                    }
                    long fen = (long) here[j];
                    weight = Math.min(weight, fen * moneyWeight + wait[j] * timeWeight);
                    money = Math.min(money, fen);
                    inside = Math.min(inside, wait[j]);
                    done = Math.min(done, alone[j]);
                    tie = Math.min(tie, hash[j]);
                }
                leastWeight[lines] = weight;
                leastMoney[lines] = money;
                leastWait[lines] = inside;
                leastAlone[lines] = done;
                leastHash[lines] = tie;
            }
        }

        @Nullable BasketPlan run() {
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
            if (isWorse(0, 0, 0, 0, 0, 0, 0)) {
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
            double[] here = sums[lines];
            long[] weights = new long[sellers];
            int[] some = new int[sellers];
            int count = 0;
            for (int j = 0; j < sellers; j++) {
                if (Double.isInfinite(here[j]) || alone[j] == NEVER) {
                    continue;
                }
                long weight = (long) here[j] * moneyWeight + wait[j] * timeWeight;
                boolean late = goal == Goal.TIME && alone[j] > target[0];
                if (late || weight + way[j] * timeWeight + others > target[0]) {
                    continue;
                }
                int at = count++;
                for (; at > 0 && isBefore(weight, j, weights[at - 1], some[at - 1]); at--) {
                    weights[at] = weights[at - 1];
                    some[at] = some[at - 1];
                }
                weights[at] = weight;
                some[at] = j;
            }
            return Arrays.copyOf(some, count);
        }

        private boolean isBefore(long weight, int seller, long other, int otherSeller) {
            return weight < other || (weight == other && hash[seller] < hash[otherSeller]);
        }

        /// Whether nothing better can come of the sellers chosen so far.
        ///
        /// @param through the way through them
        /// @param latest when who goes straight to the last of them is done
        private boolean isWorse(
                int done, long weight, long money, long inside, long through, long latest, long tie) {
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
                long weightHere = weight + fen * moneyWeight + wait[seller] * timeWeight;
                long insideHere = inside + wait[seller];
                long latestHere = Math.max(latest, alone[seller]);
                long tieHere = tie + hash[seller];
                long least = Math.max(through, way[seller]);
                if (isWorse(
                        at + 1, weightHere, money + fen, insideHere, least, latestHere, tieHere)) {
                    continue;
                }
                chosen[at] = seller;
                long here = at == 0 || !ways ? least : shortest(at + 1);
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

        /// The shortest way from home through the sellers chosen, doors and waits left aside.
        private long shortest(int count) {
            return extend(count, 0, -1, 0, NEVER);
        }

        private long extend(int count, int visited, int from, long so, long shortest) {
            if (visited == (1 << count) - 1) {
                return Math.min(shortest, so);
            }
            long least = shortest;
            for (int i = 0; i < count; i++) {
                if ((visited & 1 << i) == 0) {
                    long leg =
                            from < 0
                                    ? way[chosen[i]]
                                    : BasketPlan.milli(basket.between(from, chosen[i]));
                    if (so + leg < least) {
                        least = extend(count, visited | 1 << i, chosen[i], so + leg, least);
                    }
                }
            }
            return least;
        }
    }
}
