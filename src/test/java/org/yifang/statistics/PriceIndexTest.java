package org.yifang.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import java.util.Arrays;

/// Published figures: R package gpindex 0.6.3 (MIT), on the data of Balk (2008), tables 3.1 and
/// 3.2.
class PriceIndexTest {
    private static final double[][] PRICES =
            byPeriod(
                    new double[][] {
                        {1, 1.2, 1, 0.8, 1},
                        {1, 3, 1, 0.5, 1},
                        {1, 1.3, 1.5, 1.6, 1.6},
                        {1, 0.7, 0.5, 0.3, 0.1},
                        {1, 1.4, 1.7, 1.9, 2},
                        {1, 0.8, 0.6, 0.4, 0.2}
                    });
    private static final double[][] QUANTITIES =
            byPeriod(
                    new double[][] {
                        {1, 0.8, 1, 1.2, 0.9},
                        {1, 0.9, 1.1, 1.2, 1.2},
                        {2, 1.9, 1.8, 1.9, 2},
                        {1, 1.3, 3, 6, 12},
                        {4.5, 4.7, 5, 5.6, 6.5},
                        {0.5, 0.6, 0.8, 1.3, 2.5}
                    });
    private static final Offset<Double> FOUR_DIGITS = within(0.0000500001);
    private static final Offset<Double> SIX_DIGITS = within(0.0000005);

    @Nested
    class The_published_tables {
        @Test
        void of_fixed_baskets_are_met() {
            series(PriceIndex.LASPEYRES, FOUR_DIGITS, 1, 1.42, 1.345, 1.355, 1.44);
            series(PriceIndex.PAASCHE, FOUR_DIGITS, 1, 1.3824, 1.2031, 1.0209, 0.7968);
            series(PriceIndex.PAASCHE, SIX_DIGITS, 1, 1.382353, 1.20315, 1.02093, 0.796813);
            series(PriceIndex.PALGRAVE, FOUR_DIGITS, 1, 1.6096, 1.4161, 1.5317, 1.672);
            series(PriceIndex.MARSHALL_EDGEWORTH, FOUR_DIGITS, 1, 1.401, 1.2656, 1.1438, 0.9801);
            series(PriceIndex.WALSH, FOUR_DIGITS, 1, 1.4017, 1.285, 1.2193, 1.185);
            series(PriceIndex.HARMONIC_LASPEYRES, FOUR_DIGITS, 1, 1.2542, 1.1346, 0.8732, 0.5556);
        }

        @Test
        void of_superlative_and_geometric_indexes_are_met() {
            series(PriceIndex.FISHER, SIX_DIGITS, 1, 1.40105, 1.272099, 1.176163, 1.071172);
            series(PriceIndex.TORNQVIST, SIX_DIGITS, 1, 1.405162, 1.289013, 1.226816, 1.247661);
            series(PriceIndex.GEOMETRIC_LASPEYRES, FOUR_DIGITS, 1, 1.33, 1.2523, 1.1331, 1.0999);
            series(PriceIndex.GEOMETRIC_PAASCHE, FOUR_DIGITS, 1, 1.4846, 1.3268, 1.3282, 1.4153);
            series(PriceIndex.SATO_VARTIA, FOUR_DIGITS, 1, 1.4018, 1.2897, 1.2335, 1.254);
        }

        @Test
        void of_unweighted_indexes_are_met() {
            double[] jevons = {1, 1.24192, 0.956335, 0.725581, 0.632456};
            for (int t = 0; t < 5; t++) {
                assertThat(PriceIndex.jevons(PRICES[0], PRICES[t]))
                        .isCloseTo(jevons[t], SIX_DIGITS);
            }
            assertThat(PriceIndex.jevons(PRICES[0], PRICES[1])).isCloseTo(1.2419201, within(5e-8));
        }

        @Test
        void of_single_figures_are_met() {
            assertThat(between(PriceIndex.LASPEYRES, 1, 2)).isCloseTo(0.9609929, within(5e-8));
            assertThat(between(PriceIndex.GEOMETRIC_LASPEYRES, 1, 2))
                    .isCloseTo(0.8705581, within(5e-8));
            assertThat(between(PriceIndex.PAASCHE, 1, 2) / between(PriceIndex.LASPEYRES, 1, 2) - 1)
                    .isCloseTo(-0.04099992, within(5e-9));
            assertThat(
                            PriceIndex.LASPEYRES.quantityIndex(
                                    PRICES[1], QUANTITIES[1], PRICES[2], QUANTITIES[2]))
                    .isCloseTo(1.175887, SIX_DIGITS);
        }

        @Test
        void of_fisher_without_the_third_product_is_met() {
            assertThat(
                            PriceIndex.FISHER.of(
                                    without(PRICES[1], 2),
                                    without(QUANTITIES[1], 2),
                                    without(PRICES[2], 2),
                                    without(QUANTITIES[2], 2)))
                    .isCloseTo(0.9015449, within(5e-8));
        }
    }

    @Nested
    class Contributions {
        @Test
        void of_van_ijzeren_are_the_published_ones_and_add_up() {
            double[] found =
                    IndexContributions.fisher(PRICES[0], QUANTITIES[0], PRICES[1], QUANTITIES[1]);
            assertThat(found)
                    .containsExactly(
                            new double[] {
                                0.01782865,
                                0.18815627,
                                0.05792735,
                                -0.03414531,
                                0.18217135,
                                -0.01088828
                            },
                            within(5e-9));
            assertThat(Arrays.stream(found).sum())
                    .isCloseTo(between(PriceIndex.FISHER, 0, 1) - 1, within(1e-12));
        }

        @Test
        void of_laspeyres_add_up() {
            assertThat(
                            Arrays.stream(
                                            IndexContributions.laspeyres(
                                                    PRICES[0], QUANTITIES[0], PRICES[3]))
                                    .sum())
                    .isCloseTo(0.355, within(1e-12));
        }

        @Test
        void a_change_of_value_is_price_times_mix_times_volume() {
            double[] oneEach = {1, 1, 1, 1, 1, 1};
            var parts =
                    IndexContributions.decompose(
                            PRICES[0], QUANTITIES[0], PRICES[1], QUANTITIES[1], oneEach);
            assertThat(parts.value()).isCloseTo(1.41, within(1e-12));
            assertThat(parts.price() * parts.mix() * parts.volume()).isCloseTo(1.41, within(1e-12));
            double fisherQuantity =
                    PriceIndex.FISHER.quantityIndex(
                            PRICES[0], QUANTITIES[0], PRICES[1], QUANTITIES[1]);
            assertThat(parts.mix() * parts.volume()).isCloseTo(fisherQuantity, within(1e-12));
        }
    }

    @Nested
    class Over_many_periods {
        @Test
        void geks_is_the_published_one() {
            assertThat(MultilateralIndex.geks(PriceIndex.FISHER, PRICES, QUANTITIES))
                    .containsExactly(
                            new double[] {1, 1.33295, 1.247522, 1.191401, 1.133396}, SIX_DIGITS);
            assertThat(MultilateralIndex.geks(PriceIndex.TORNQVIST, PRICES, QUANTITIES))
                    .containsExactly(
                            new double[] {1, 1.384206, 1.294771, 1.24571, 1.241792}, SIX_DIGITS);
        }

        @Test
        void a_rolling_window_never_revises_what_is_published() {
            double[] four =
                    MultilateralIndex.rollingGeks(
                            PriceIndex.TORNQVIST,
                            Arrays.copyOf(PRICES, 4),
                            Arrays.copyOf(QUANTITIES, 4),
                            3);
            double[] five =
                    MultilateralIndex.rollingGeks(PriceIndex.TORNQVIST, PRICES, QUANTITIES, 3);
            assertThat(Arrays.copyOf(five, 4)).containsExactly(four);
        }

        @Test
        void a_rolling_window_as_long_as_the_series_is_plain_geks() {
            assertThat(MultilateralIndex.rollingGeks(PriceIndex.FISHER, PRICES, QUANTITIES, 5))
                    .containsExactly(MultilateralIndex.geks(PriceIndex.FISHER, PRICES, QUANTITIES));
        }

        @Test
        void prices_that_bounce_back_leave_a_rolling_window_at_one() {
            double[][] prices = new double[9][];
            double[][] quantities = new double[9][];
            for (int t = 0; t < 9; t++) {
                boolean sale = t % 2 == 1;
                prices[t] = new double[] {sale ? 5 : 10, 8};
                quantities[t] = new double[] {sale ? 90 : 10, 20};
            }
            double[] index =
                    MultilateralIndex.rollingGeks(PriceIndex.TORNQVIST, prices, quantities, 3);
            assertThat(index[8]).isCloseTo(1, within(1e-12));
        }

        @Test
        void a_product_that_is_missing_in_one_period_is_left_out_of_its_pairs() {
            double[][] prices = {{1, 10}, {2, 0}, {3, 10}};
            double[][] quantities = {{5, 5}, {5, 0}, {5, 0}};
            assertThat(MultilateralIndex.geks(PriceIndex.FISHER, prices, quantities))
                    .containsExactly(new double[] {1, 2, 3}, within(1e-12));
        }
    }

    /// Prices of four goods in seven months; in May they are what they were in January.
    @Nested
    class Elementary_indexes {
        private static final double[][] MONTHS =
                byPeriod(
                        new double[][] {
                            {6, 6, 7, 6, 6, 6, 6.6},
                            {7, 7, 6, 7, 7, 7.2, 7.7},
                            {2, 3, 4, 5, 2, 3, 2.2},
                            {5, 5, 5, 4, 5, 5, 5.5}
                        });

        @Test
        void are_those_of_the_manual() {
            double[] jevons = {100, 110.67, 118.92, 118.92, 100, 111.45, 110};
            for (int t = 0; t < 7; t++) {
                Offset<Double> twoDigits = within(0.005);
                assertThat(100 * PriceIndex.jevons(MONTHS[0], MONTHS[t]))
                        .isCloseTo(jevons[t], twoDigits);
            }
        }
    }

    @Test
    void a_basket_of_three_drugs_fell_by_one_point_seven_per_cent() {
        double[] p0 = {20, 10, 5};
        double[] p1 = {18, 9.5, 5.5};
        double[] q0 = {100, 200, 400};
        double[] q1 = {130, 210, 300};
        assertThat(PriceIndex.LASPEYRES.of(p0, q0, p1, q1)).isCloseTo(0.98333, within(5e-6));
        assertThat(PriceIndex.PAASCHE.of(p0, q0, p1, q1)).isCloseTo(0.96532, within(5e-6));
        assertThat(PriceIndex.FISHER.of(p0, q0, p1, q1)).isCloseTo(0.97429, within(5e-6));
        assertThat(PriceIndex.jevons(p0, p1)).isCloseTo(0.97976, within(5e-6));
    }

    private static double between(PriceIndex index, int from, int to) {
        return index.of(PRICES[from], QUANTITIES[from], PRICES[to], QUANTITIES[to]);
    }

    private static void series(PriceIndex index, Offset<Double> digits, double... expected) {
        for (int t = 0; t < expected.length; t++) {
            assertThat(between(index, 0, t)).as("%s %d", index, t).isCloseTo(expected[t], digits);
        }
    }

    private static double[] without(double[] all, int one) {
        double[] rest = new double[all.length - 1];
        System.arraycopy(all, 0, rest, 0, one);
        System.arraycopy(all, one + 1, rest, one, rest.length - one);
        return rest;
    }

    private static double[][] byPeriod(double[][] byProduct) {
        double[][] turned = new double[byProduct[0].length][byProduct.length];
        for (int i = 0; i < byProduct.length; i++) {
            for (int t = 0; t < turned.length; t++) {
                turned[t][i] = byProduct[i][t];
            }
        }
        return turned;
    }
}
