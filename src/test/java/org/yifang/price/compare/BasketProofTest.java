package org.yifang.price.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.price.compare.Basket.MISSING;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.price.compare.Basket.Seller;
import org.yifang.registry.Place;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/// That answers are the best there are, against every set of sellers, ties included.
class BasketProofTest {
    @Test
    void no_set_of_sellers_is_better_by_any_key_of_any_answer() {
        compare(120, 12, new Random(41));
    }

    @Test
    void nor_where_many_are_equal_and_the_hash_decides() {
        Random random = new Random(43);
        for (int round = 0; round < 150; round++) {
            Basket drawn = draw(random, 10, 3, 1 + random.nextInt(3));
            long[][] few =
                    Arrays.stream(drawn.fen())
                            .map(row ->
                                    Arrays.stream(row)
                                            .map(fen -> fen == MISSING ? fen : 500 + fen % 2 * 100)
                                            .toArray())
                            .toArray(long[][]::new);
            List<Seller> alike =
                    drawn.sellers().stream()
                            .map(one -> Seller.alwaysOpen(one.key(), null, 10))
                            .toList();
            check(
                    new Basket(
                            random.nextBoolean() ? alike : drawn.sellers(),
                            few,
                            random.nextBoolean() ? null : drawn.from(),
                            drawn.fenPerHour(),
                            drawn.stopsMax(),
                            drawn.seed()));
        }
    }

    @Test
    @Tag("soak")
    void no_set_of_thirty_sellers_is_better_in_1600_baskets() {
        compare(1600, 30, new Random(42));
    }

    @Test
    void three_hundred_sellers_are_proven_with_few_steps() {
        Random random = new Random(44);
        long start = System.nanoTime();
        int baskets = 200;
        for (int round = 0; round < baskets; round++) {
            assertThat(BasketOptimiser.solve(draw(random, 300, 5, 5)).proven()).isTrue();
        }
        System.out.printf(
                "five lines, 300 sellers, five stops: %.2f ms a basket%n",
                (System.nanoTime() - start) / 1e6 / baskets);
    }

    private static void compare(int rounds, int sellers, Random random) {
        for (int round = 0; round < rounds; round++) {
            check(draw(random, sellers, 1 + random.nextInt(5), 1 + random.nextInt(3)));
        }
    }

    private static void check(Basket basket) {
        var found = BasketOptimiser.solve(basket);
        assertThat(found.proven()).isTrue();
        List<BasketPlan> all = all(basket);
        Comparator<BasketPlan> balanced = BasketPlan.balanced(basket.fenPerHour());
        same(found.cheapest(), all, BasketPlan.CHEAPEST);
        same(found.soonest(), all, BasketPlan.SOONEST);
        same(found.balanced(), all, balanced);
        same(found.oneStop(), all.stream().filter(one -> one.stops() == 1).toList(), balanced);
    }

    private static void same(
            @Nullable BasketPlan found, List<BasketPlan> all, Comparator<BasketPlan> order) {
        BasketPlan best = all.stream().min(order).orElse(null);
        assertThat(found == null).isEqualTo(best == null);
        if (found != null && best != null) {
            assertThat(order.compare(found, best)).as("%s against %s", found, best).isZero();
        }
    }

    /// The best plan of every set of sellers that may be gone to.
    private static List<BasketPlan> all(Basket basket) {
        double[] home = new double[basket.sellers().size()];
        Arrays.setAll(home, basket::fromHome);
        List<BasketPlan> all = new ArrayList<>();
        extend(basket, home, new int[0], 0, all);
        return all;
    }

    private static void extend(
            Basket basket, double[] home, int[] chosen, int from, List<BasketPlan> all) {
        if (chosen.length > 0) {
            BasketPlan plan = BasketPlan.through(basket, home, chosen);
            if (plan != null) {
                all.add(plan);
            }
        }
        if (chosen.length == Math.min(basket.stopsMax(), basket.lines())) {
            return;
        }
        for (int next = from; next < home.length; next++) {
            int[] more = Arrays.copyOf(chosen, chosen.length + 1);
            more[chosen.length] = next;
            extend(basket, home, more, next + 1, all);
        }
    }

    /// Sellers over a county, some closed for now, some that did not say where they are.
    private static Basket draw(Random random, int sellers, int lines, int stops) {
        List<Seller> all = new ArrayList<>();
        long[][] fen = new long[sellers][lines];
        long[] usual = random.longs(lines, 300, 6000).toArray();
        boolean unplaced = random.nextInt(4) == 0;
        boolean night = random.nextInt(4) == 0;
        for (int j = 0; j < sellers; j++) {
            boolean closed = night || random.nextInt(5) == 0;
            double opens = random.nextInt(300);
            Place place =
                    unplaced && random.nextInt(3) == 0
                            ? null
                            : new Place(
                                    29.7 + 0.15 * random.nextGaussian(),
                                    113.9 + 0.15 * random.nextGaussian());
            all.add(
                    new Seller(
                            "P" + j,
                            place,
                            5 + 10 * random.nextDouble(),
                            random.nextInt(4) == 0 ? 200 : 0,
                            closed ? new double[] {opens, opens + 1440} : new double[] {},
                            closed ? new double[] {opens + 400, opens + 1840} : new double[] {}));
            for (int line = 0; line < lines; line++) {
                fen[j][line] =
                        random.nextInt(3) == 0
                                ? MISSING
                                : (long) (usual[line] * (0.85 + 0.3 * random.nextDouble()));
            }
        }
        Place from = random.nextInt(5) == 0 ? null : new Place(29.7, 113.9);
        return new Basket(all, fen, from, random.nextInt(6000), stops, random.nextLong());
    }
}
