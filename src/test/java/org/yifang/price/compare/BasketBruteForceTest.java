package org.yifang.price.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.yifang.price.compare.Basket.MISSING;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yifang.price.compare.Basket.Seller;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/// The optimiser against every assignment there is, and against the dynamic programme.
class BasketBruteForceTest {
    private static final int ROUNDS = 2000;

    @Test
    void every_answer_is_the_best_there_is() {
        Random random = new Random(20261121);
        int plans = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Basket basket =
                    RandomBaskets.draw(random, 2 + random.nextInt(4), 1 + random.nextInt(4), true);
            var found = BasketOptimiser.solve(basket);
            List<Naive> all = all(basket);
            Comparator<Naive> byCost =
                    Comparator.comparingDouble(way -> way.cost(basket.fenPerHour()));
            same(
                    found.cheapest(),
                    all,
                    Comparator.comparingLong(Naive::fen)
                            .thenComparingInt(Naive::stops)
                            .thenComparingDouble(Naive::minutes));
            same(
                    found.soonest(),
                    all,
                    Comparator.comparingDouble(Naive::minutes).thenComparingLong(Naive::fen));
            sameCost(found.balanced(), all, byCost, basket);
            sameCost(
                    found.oneStop(),
                    all.stream().filter(way -> way.stops() == 1).toList(),
                    byCost,
                    basket);
            plans += all.size();
        }
        assertThat(plans).isGreaterThan(ROUNDS);
    }

    @Test
    void money_and_additive_minutes_are_exact_among_many_pharmacies() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            // Without a place ways do not chain, and the additive cost is the true one.
            Basket basket = RandomBaskets.draw(random, 25, 5, false);
            var found = BasketOptimiser.solve(basket);
            assertThat(found.cheapest() == null ? -1 : requireNonNull(found.cheapest()).moneyFen())
                    .isEqualTo((long) facilityLocation(basket, 0));
            assertThat(
                            found.balanced() == null
                                    ? -1
                                    : requireNonNull(found.balanced()).costFen(basket.fenPerHour()))
                    .isCloseTo(facilityLocation(basket, basket.fenPerHour()), within(1e-6));
        }
    }

    /// One assignment of lines to sellers, gone in one order.
    private record Naive(long fen, double minutes, int stops) {
        double cost(long fenPerHour) {
            return fen + minutes * fenPerHour / 60;
        }
    }

    private static void same(@Nullable BasketPlan found, List<Naive> all, Comparator<Naive> by) {
        Naive best = all.stream().min(by).orElse(null);
        if (best == null) {
            assertThat(found).isNull();
            return;
        }
        assertThat(requireNonNull(found).moneyFen()).isEqualTo(best.fen());
        assertThat(found.minutes()).isCloseTo(best.minutes(), within(1e-9));
    }

    private static void sameCost(
            @Nullable BasketPlan found, List<Naive> all, Comparator<Naive> by, Basket basket) {
        Naive best = all.stream().min(by).orElse(null);
        if (best == null) {
            assertThat(found).isNull();
            return;
        }
        assertThat(requireNonNull(found).costFen(basket.fenPerHour()))
                .isCloseTo(best.cost(basket.fenPerHour()), within(1e-6));
    }

    /// Every assignment of every line to every seller, in every order of the stops.
    private static List<Naive> all(Basket basket) {
        List<Naive> all = new ArrayList<>();
        int sellers = basket.sellers().size();
        int count = (int) Math.pow(sellers, basket.lines());
        for (int code = 0; code < count; code++) {
            long fen = 0;
            List<Integer> stops = new ArrayList<>();
            int rest = code;
            for (int line = 0; line < basket.lines() && fen >= 0; line++, rest /= sellers) {
                int seller = rest % sellers;
                long here = basket.fen()[seller][line];
                fen = here == MISSING ? -1 : fen + here;
                if (!stops.contains(seller)) {
                    stops.add(seller);
                }
            }
            if (fen >= 0 && stops.size() <= basket.stopsMax()) {
                for (int stop : stops) {
                    fen += basket.sellers().get(stop).fareFen();
                }
                orders(basket, stops, -1, 0, fen, stops.size(), all);
            }
        }
        return all;
    }

    private static void orders(
            Basket basket,
            List<Integer> left,
            int here,
            double clock,
            long fen,
            int stops,
            List<Naive> all) {
        if (left.isEmpty()) {
            if (!Double.isInfinite(clock)) {
                all.add(new Naive(fen, BasketPlan.rounded(clock), stops));
            }
            return;
        }
        for (int next : left) {
            double arrival =
                    clock + (here < 0 ? basket.fromHome(next) : basket.between(here, next));
            Seller seller = basket.sellers().get(next);
            List<Integer> rest = left.stream().filter(stop -> stop != next).toList();
            orders(
                    basket,
                    rest,
                    next,
                    arrival + seller.closedFor(arrival) + seller.waitMinutes(),
                    fen,
                    stops,
                    all);
        }
    }

    /// The dynamic programme over pharmacies and sets of lines, without a limit of stops; -1 when
    /// impossible.
    private static double facilityLocation(Basket basket, long fenPerHour) {
        int sets = 1 << basket.lines();
        double[] best = new double[sets];
        Arrays.fill(best, Double.POSITIVE_INFINITY);
        best[0] = 0;
        for (int j = 0; j < basket.sellers().size(); j++) {
            Seller seller = basket.sellers().get(j);
            double[] next = best.clone();
            double fixed = seller.fareFen() + seller.waitMinutes() * fenPerHour / 60;
            for (int mask = 1; mask < sets; mask++) {
                for (int part = mask; part > 0; part = (part - 1) & mask) {
                    double cost = fixed + best[mask ^ part];
                    for (int line = 0; line < basket.lines(); line++) {
                        if ((part & (1 << line)) != 0) {
                            long fen = basket.fen()[j][line];
                            cost += fen == MISSING ? Double.POSITIVE_INFINITY : fen;
                        }
                    }
                    next[mask] = Math.min(next[mask], cost);
                }
            }
            best = next;
        }
        return Double.isInfinite(best[sets - 1]) ? -1 : best[sets - 1];
    }
}
