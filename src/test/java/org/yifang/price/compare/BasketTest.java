package org.yifang.price.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.price.compare.Basket.MISSING;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.yifang.price.compare.Basket.Seller;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

class BasketTest {
    @Test
    void splitting_beats_the_one_stop_where_the_ways_are_worth_it() {
        // Going to A costs 2, to B 6, to C 4.
        Basket basket =
                new Basket(
                        List.of(fare("A", 2), fare("B", 6), fare("C", 4)),
                        new long[][] {{12, 30, 8}, {9, 22, MISSING}, {11, MISSING, 5}},
                        null,
                        0,
                        3,
                        1);
        var found = BasketOptimiser.solve(basket);
        assertThat(requireNonNull(found.cheapest()).moneyFen()).isEqualTo(46);
        assertThat(requireNonNull(found.cheapest()).sellerOfLine()).containsExactly(1, 1, 2);
        assertThat(requireNonNull(found.oneStop()).moneyFen()).isEqualTo(52);
        assertThat(requireNonNull(found.oneStop()).sellerOfLine()).containsExactly(0, 0, 0);
    }

    @Nested
    class Whatever_the_prices {
        @Test
        void the_cheapest_is_no_dearer_than_any_single_stop() {
            each(basket -> {
                var found = BasketOptimiser.solve(basket);
                if (found.oneStop() != null) {
                    assertThat(requireNonNull(found.cheapest()).moneyFen())
                            .isLessThanOrEqualTo(requireNonNull(found.oneStop()).moneyFen());
                    assertThat(requireNonNull(found.balanced()).costFen(basket.fenPerHour()))
                            .isLessThanOrEqualTo(
                                    requireNonNull(found.oneStop()).costFen(basket.fenPerHour()));
                }
            });
        }

        @Test
        void raising_a_price_or_taking_an_offer_away_never_lowers_the_optimum() {
            Random random = new Random(3);
            each(basket -> {
                var before = BasketOptimiser.solve(basket);
                long[][] dearer = copy(basket.fen());
                int seller = random.nextInt(dearer.length);
                int line = random.nextInt(basket.lines());
                boolean gone = random.nextBoolean();
                if (dearer[seller][line] != MISSING) {
                    dearer[seller][line] =
                            gone ? MISSING : dearer[seller][line] + random.nextInt(500);
                }
                var after = BasketOptimiser.solve(with(basket, dearer));
                if (after.cheapest() != null) {
                    assertThat(requireNonNull(after.cheapest()).moneyFen())
                            .isGreaterThanOrEqualTo(requireNonNull(before.cheapest()).moneyFen());
                }
                if (after.balanced() != null) {
                    assertThat(requireNonNull(after.balanced()).costFen(basket.fenPerHour()))
                            .isGreaterThanOrEqualTo(
                                    requireNonNull(before.balanced()).costFen(basket.fenPerHour())
                                            - 1e-9);
                }
            });
        }

        @Test
        void without_ways_and_time_the_optimum_is_the_sum_of_the_lowest_prices() {
            Random random = new Random(11);
            for (int round = 0; round < 500; round++) {
                Basket drawn = RandomBaskets.draw(random, 6, 5, false);
                Basket basket =
                        new Basket(
                                drawn.sellers().stream()
                                        .map(s -> Seller.alwaysOpen(s.key(), null, 0))
                                        .toList(),
                                drawn.fen(),
                                null,
                                0,
                                5,
                                1);
                long lowest = 0;
                for (int line = 0; line < basket.lines() && lowest >= 0; line++) {
                    int at = line;
                    long least =
                            Arrays.stream(basket.fen())
                                    .mapToLong(row -> row[at])
                                    .min()
                                    .orElseThrow();
                    lowest = least == MISSING ? -1 : lowest + least;
                }
                var cheapest = BasketOptimiser.solve(basket).cheapest();
                assertThat(cheapest == null ? -1 : cheapest.drugsFen()).isEqualTo(lowest);
            }
        }

        @Test
        void the_order_of_the_pharmacies_does_not_matter() {
            Random random = new Random(5);
            each(basket -> {
                List<Integer> order = new ArrayList<>();
                for (int j = 0; j < basket.sellers().size(); j++) {
                    order.add(j);
                }
                Collections.shuffle(order, random);
                Basket shuffled =
                        new Basket(
                                order.stream().map(basket.sellers()::get).toList(),
                                order.stream().map(j -> basket.fen()[j]).toArray(long[][]::new),
                                basket.from(),
                                basket.fenPerHour(),
                                basket.stopsMax(),
                                basket.seed());
                assertThat(names(shuffled, BasketOptimiser.solve(shuffled).balanced()))
                        .isEqualTo(names(basket, BasketOptimiser.solve(basket).balanced()));
                assertThat(names(shuffled, BasketOptimiser.solve(shuffled).cheapest()))
                        .isEqualTo(names(basket, BasketOptimiser.solve(basket).cheapest()));
            });
        }

        @Test
        void no_answer_is_beaten_in_money_minutes_and_stops() {
            each(basket -> {
                var found = BasketOptimiser.solve(basket);
                for (BasketPlan one : found.front()) {
                    assertThat(found.front()).noneMatch(other -> other.dominates(one));
                }
                for (BasketPlan kind :
                        new BasketPlan[] {found.cheapest(), found.soonest(), found.balanced()}) {
                    assertThat(kind == null || found.front().contains(kind)).isTrue();
                }
            });
        }

        private void each(java.util.function.Consumer<Basket> check) {
            Random random = new Random(99);
            for (int round = 0; round < 500; round++) {
                check.accept(
                        RandomBaskets.draw(
                                random, 2 + random.nextInt(5), 1 + random.nextInt(5), true));
            }
        }
    }

    @Nested
    class Ties {
        @Test
        void go_to_every_pharmacy_about_as_often_over_many_prescriptions() {
            int[] chosen = new int[4];
            for (int seed = 0; seed < 4000; seed++) {
                Basket basket =
                        new Basket(
                                List.of(fare("P1", 0), fare("P2", 0), fare("P3", 0), fare("P4", 0)),
                                new long[][] {{500}, {500}, {500}, {500}},
                                null,
                                0,
                                3,
                                seed);
                chosen[
                        requireNonNull(BasketOptimiser.solve(basket).cheapest())
                                .sellerOfLine()
                                .getFirst()]++;
            }
            assertThat(Arrays.stream(chosen).boxed())
                    .allMatch(count -> count > 850 && count < 1150);
        }

        @Test
        void are_decided_by_fewer_stops_first() {
            Basket basket =
                    new Basket(
                            List.of(fare("P1", 0), fare("P2", 0)),
                            new long[][] {{500, 300}, {500, 300}},
                            null,
                            0,
                            3,
                            4);
            assertThat(requireNonNull(BasketOptimiser.solve(basket).cheapest()).stops())
                    .isEqualTo(1);
        }
    }

    @Nested
    class Opening_hours {
        @Test
        void a_closed_pharmacy_stays_in_with_the_wait_until_it_opens() {
            Seller closed = new Seller("P1", null, 5, 0, new double[] {60}, new double[] {600});
            Basket basket = new Basket(List.of(closed), new long[][] {{500}}, null, 2000, 3, 1);
            var visit =
                    requireNonNull(BasketOptimiser.solve(basket).cheapest()).visits().getFirst();
            assertThat(visit.closedMinutes()).isEqualTo(60);
            assertThat(visit.minutes()).isEqualTo(65);
        }

        @Test
        void the_wait_for_the_morning_is_not_counted_twice_for_two_neighbours() {
            double[] opens = {480};
            double[] closes = {1200};
            Basket basket =
                    new Basket(
                            List.of(
                                    new Seller("P1", null, 5, 0, opens, closes),
                                    new Seller("P2", null, 5, 0, opens, closes)),
                            new long[][] {{100, MISSING}, {MISSING, 100}},
                            null,
                            2000,
                            3,
                            1);
            assertThat(requireNonNull(BasketOptimiser.solve(basket).balanced()).minutes())
                    .isEqualTo(490);
        }

        @Test
        void the_very_minute_of_closing_is_closed() {
            Seller seller =
                    new Seller("P1", null, 5, 0, new double[] {0, 100}, new double[] {50, 200});
            assertThat(seller.closedFor(49.999)).isZero();
            assertThat(seller.closedFor(50)).isEqualTo(50);
            assertThat(seller.closedFor(100)).isZero();
            assertThat(seller.closedFor(200)).isInfinite();
        }
    }

    @Test
    void nothing_is_found_where_a_line_is_sold_nowhere() {
        Basket basket =
                new Basket(List.of(fare("P1", 0)), new long[][] {{500, MISSING}}, null, 0, 3, 1);
        var found = BasketOptimiser.solve(basket);
        assertThat(found.cheapest()).isNull();
        assertThat(found.oneStop()).isNull();
        assertThat(found.front()).isEmpty();
    }

    private static Basket with(Basket basket, long[][] fen) {
        return new Basket(
                basket.sellers(),
                fen,
                basket.from(),
                basket.fenPerHour(),
                basket.stopsMax(),
                basket.seed());
    }

    private static long[][] copy(long[][] fen) {
        return Arrays.stream(fen).map(long[]::clone).toArray(long[][]::new);
    }

    private static List<String> names(Basket basket, @Nullable BasketPlan plan) {
        return plan == null
                ? List.of()
                : plan.sellerOfLine().stream().map(j -> basket.sellers().get(j).key()).toList();
    }

    private static Seller fare(String key, long fen) {
        return new Seller(key, null, 0, fen, new double[] {}, new double[] {});
    }
}
