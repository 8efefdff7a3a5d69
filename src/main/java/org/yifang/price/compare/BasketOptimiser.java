package org.yifang.price.compare;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Finds, over all pharmacies, the plans of a basket that are worth showing: good ones here, which
/// [BasketProof] then proves the best or replaces.
///
/// Without chaining of ways this is the uncapacitated facility-location problem. Going to the same
/// pharmacy twice is never better than once, so the pharmacies need no order: with the cheapest
/// pharmacy for each of the 2ⁿ sets of lines known, the optimum is the best partition of the lines
/// into sets, and O(J·2ⁿ) plus the number of partitions (52 for five lines) is exact where a
/// dynamic programme over pharmacies needs O(J·3ⁿ). Ways chain, though: two pharmacies side by side
/// cost one way. So the best [#CANDIDATES] sets by each additive cost are travelled for real, in
/// every order, and judged by that; the nearer they are to the best, the less there is to prove.
final class BasketOptimiser {
    /// How many of the best sets, by each cost, are travelled for real.
    static final int CANDIDATES = 3;

    /// The plans worth showing; null where there is none.
    ///
    /// @param plans every candidate
    /// @param proven whether no better answer exists: false only where the search was given up
    record Found(
            @Nullable BasketPlan cheapest,
            @Nullable BasketPlan oneStop,
            @Nullable BasketPlan soonest,
            @Nullable BasketPlan balanced,
            List<BasketPlan> plans,
            boolean proven) {

        /// Every candidate that no other beats in money, minutes and stops.
        List<BasketPlan> front() {
            List<BasketPlan> front = new ArrayList<>();
            // In this order nothing that comes later dominates what came before.
            for (BasketPlan plan : plans.stream().sorted(BasketPlan.CHEAPEST).toList()) {
                if (front.stream().noneMatch(better -> better.dominates(plan))) {
                    front.add(plan);
                }
            }
            return List.copyOf(front);
        }
    }

    private final Basket basket;
    private final int full;
    private final double[] home;
    private final double[][] sums;
    private final List<int[]> partitions = new ArrayList<>();
    private final Set<Long> seen = new HashSet<>();
    private final List<BasketPlan> plans = new ArrayList<>();

    private BasketOptimiser(Basket basket) {
        this.basket = basket;
        this.full = (1 << basket.lines()) - 1;
        this.home = new double[basket.sellers().size()];
        Arrays.setAll(home, basket::fromHome);
        this.sums = sums();
    }

    static Found solve(Basket basket) {
        if (basket.lines() == 0) {
            return new Found(null, null, null, null, List.of(), true);
        }
        BasketOptimiser optimiser = new BasketOptimiser(basket);
        optimiser.single();
        if (basket.stopsMax() > 1 && basket.lines() > 1) {
            optimiser.several();
        }
        List<BasketPlan> plans = optimiser.plans;
        BasketPlan oneStop =
                best(
                        plans.stream().filter(plan -> plan.stops() == 1).toList(),
                        BasketPlan.balanced(basket.fenPerHour()));
        BasketProof proof =
                new BasketProof(basket, optimiser.home, optimiser.sums, optimiser.partitions);
        BasketPlan cheapest = optimiser.proven(proof, BasketGoal.MONEY);
        BasketPlan soonest = optimiser.proven(proof, BasketGoal.TIME);
        BasketPlan balanced = optimiser.proven(proof, BasketGoal.BOTH);
        return new Found(cheapest, oneStop, soonest, balanced, plans, proof.isProven());
    }

    /// The best plan there is: the best candidate, unless the proof finds a better one.
    private @Nullable BasketPlan proven(BasketProof proof, BasketGoal goal) {
        BasketPlan inHand = best(plans, goal.order(basket.fenPerHour()));
        BasketPlan proven = proof.best(goal, inHand);
        if (proven != null && !proven.equals(inHand)) {
            plans.add(proven);
        }
        return proven;
    }

    private void single() {
        for (int j = 0; j < basket.sellers().size(); j++) {
            travel(new int[] {j});
        }
    }

    /// Candidates of two and more stops, by every cost that one of the answers may be best in.
    private void several() {
        split(full, new int[basket.lines()], 0);
        int count = basket.sellers().size();
        double[] closed = new double[count];
        double[] alone = new double[count];
        double[] whenOpen = new double[count];
        double earliest = Double.POSITIVE_INFINITY;
        for (int j = 0; j < count; j++) {
            closed[j] = basket.sellers().get(j).closedFor(home[j]);
            whenOpen[j] = home[j] + basket.sellers().get(j).waitMinutes();
            alone[j] = whenOpen[j] + closed[j];
            earliest = Math.min(earliest, closed[j]);
        }
        // At night every door is closed and the wait for the first opening is common to all stops:
        // adding it up would hide every plan of two. Hence also without it, for all and for those
        // that open first.
        double[] first = whenOpen.clone();
        for (int j = 0; j < count; j++) {
            if (closed[j] > earliest) {
                first[j] = Double.POSITIVE_INFINITY;
            }
        }
        double rate = basket.fenPerHour() / 60.0;
        candidates(1, 0, alone);
        candidates(0, 1, alone);
        if (rate > 0) {
            candidates(1, rate, alone);
        }
        if (!Arrays.equals(alone, whenOpen)) {
            candidates(1, rate, whenOpen);
            candidates(0, 1, whenOpen);
            candidates(1, rate, first);
            candidates(0, 1, first);
        }
    }

    /// The best sets by `money · fen + rate · minutes`, each travelled.
    ///
    /// The partitions come in the order of what they cost at least: once that is more than the last
    /// of the best sets found costs, the others need not be looked at.
    private void candidates(double money, double rate, double[] minutes) {
        double[] least = new double[full + 1];
        for (int lines = 1; lines <= full; lines++) {
            least[lines] = Ranked.least(sums[lines], money, rate, minutes);
        }
        double[] bounds = new double[partitions.size()];
        for (int i = 0; i < bounds.length; i++) {
            for (int block : partitions.get(i)) {
                bounds[i] += least[block];
            }
        }
        Ranked[] ranked = new Ranked[full + 1];
        BestSets best = new BestSets(CANDIDATES);
        for (int next = lowest(bounds); bounds[next] < best.worst(); next = lowest(bounds)) {
            double bound = bounds[next];
            bounds[next] = Double.POSITIVE_INFINITY;
            int[] blocks = partitions.get(next);
            for (int lines : blocks) {
                if (ranked[lines] == null) {
                    // What the other blocks cost at least is spent; of a later partition even more
                    // is, so that nobody left out here is wanted there.
                    double others = bound - least[lines];
                    double most = best.worst() - others + bound * ROUNDING;
                    ranked[lines] = Ranked.of(sums[lines], money, rate, minutes, most);
                }
            }
            choose(blocks, 0, new int[blocks.length], 0, bound, CANDIDATES, ranked, best);
        }
        for (int i = 0; i < best.count(); i++) {
            travel(best.sellers(i));
        }
    }

    private static int lowest(double[] bounds) {
        int lowest = 0;
        for (int i = 1; i < bounds.length; i++) {
            if (bounds[i] < bounds[lowest]) {
                lowest = i;
            }
        }
        return lowest;
    }

    /// More than sums of the same numbers in another order can differ by.
    private static final double ROUNDING = 1e-9;

    /// What each set of lines costs at each seller, the way there included: a set is a smaller one
    /// and one line more. Infinite where a line is missing.
    private double[][] sums() {
        int count = basket.sellers().size();
        double[][] all = new double[full + 1][count];
        for (int j = 0; j < count; j++) {
            all[0][j] = basket.sellers().get(j).fareFen();
        }
        for (int lines = 1; lines <= full; lines++) {
            int last = Integer.numberOfTrailingZeros(lines);
            double[] smaller = all[lines & (lines - 1)];
            for (int j = 0; j < count; j++) {
                long here = basket.fen()[j][last];
                all[lines][j] =
                        smaller[j] + (here == Basket.MISSING ? Double.POSITIVE_INFINITY : here);
            }
        }
        return all;
    }

    /// Every partition of the lines into two or more sets, smallest line of what is left first.
    private void split(int left, int[] blocks, int used) {
        if (left == 0) {
            if (used > 1) {
                partitions.add(Arrays.copyOf(blocks, used));
            }
            return;
        }
        if (used == Math.min(basket.stopsMax(), blocks.length)) {
            return;
        }
        int lowest = left & -left;
        int rest = left ^ lowest;
        for (int others = rest; ; others = (others - 1) & rest) {
            blocks[used] = lowest | others;
            split(rest ^ others, blocks, used + 1);
            if (others == 0) {
                return;
            }
        }
    }

    /// Sellers for the sets of one partition. A choice of ranks a, b, c has at least a·b·c - 1
    /// others that cost no more, so that only products up to the number wanted are of interest.
    ///
    /// @param cost of the sellers chosen so far
    /// @param bound that, and the least that the sets from `at` on cost
    private void choose(
            int[] blocks,
            int at,
            int[] sellers,
            double cost,
            double bound,
            int product,
            Ranked[] ranked,
            BestSets best) {
        if (at == blocks.length) {
            best.offer(sellers, cost);
            return;
        }
        Ranked here = ranked[blocks[at]];
        int ranks = Math.min(here.sellers().length, product);
        for (int rank = 0; rank < ranks; rank++) {
            double dearer = bound + here.costs()[rank] - here.costs()[0];
            if (dearer >= best.worst()) {
                return;
            }
            if (!contains(sellers, at, here.sellers()[rank])) {
                sellers[at] = here.sellers()[rank];
                choose(
                        blocks,
                        at + 1,
                        sellers,
                        cost + here.costs()[rank],
                        dearer,
                        product / (rank + 1),
                        ranked,
                        best);
            }
        }
    }

    private static boolean contains(int[] sellers, int count, int one) {
        for (int i = 0; i < count; i++) {
            if (sellers[i] == one) {
                return true;
            }
        }
        return false;
    }

    private void travel(int[] sellers) {
        if (sellers.length > 1 && !seen.add(BestSets.key(sellers))) {
            return;
        }
        BasketPlan plan = BasketPlan.through(basket, home, sellers);
        if (plan != null) {
            plans.add(plan);
        }
    }

    private static @Nullable BasketPlan best(List<BasketPlan> plans, Comparator<BasketPlan> by) {
        return plans.stream().min(by).orElse(null);
    }
}
