package org.yifang.price.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.yifang.price.index.SalesTable.Period.BASELINE;
import static org.yifang.price.index.SalesTable.Period.CURRENT;
import static org.yifang.price.index.SalesTable.Period.OTHER;

import static java.util.Objects.requireNonNull;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.price.index.PriceChange.Reason;
import org.yifang.price.index.SimulatedCounty.Setting;

import java.util.Arrays;
import java.util.Random;

class PriceChangeTest {
    private static final int[] TWO_MONTHS = {-1, 1};
    private static final Setting TWELVE = new Setting(12, 40, 0.94, 0.5, 0.04, 0.04);

    @Nested
    class A_hand_made_county {
        @Test
        void has_the_index_of_its_three_drugs() {
            SalesTable sales = new SalesTable(1, 3, 2);
            double[] p0 = {2000, 1000, 500};
            double[] p1 = {1800, 950, 550};
            double[] q0 = {100, 200, 400};
            double[] q1 = {130, 210, 300};
            for (int i = 0; i < 3; i++) {
                sales.add(0, i, 0, BASELINE, q0[i], q0[i] * p0[i]);
                sales.add(0, i, 1, CURRENT, q1[i], q1[i] * p1[i]);
            }
            var change = PriceChange.of(sales, SimulatedCounty.ones(3), TWO_MONTHS, 1);
            assertThat(requireNonNull(change.figures()).laspeyres())
                    .isCloseTo(0.98333, within(5e-6));
            assertThat(requireNonNull(change.figures()).paasche()).isCloseTo(0.96532, within(5e-6));
            assertThat(requireNonNull(change.figures()).fisher()).isCloseTo(0.97429, within(5e-6));
            assertThat(requireNonNull(change.figures()).jevons()).isCloseTo(0.97976, within(5e-6));
            assertThat(Arrays.stream(requireNonNull(change.figures()).contributions()).sum())
                    .isCloseTo(0.98333 - 1, within(5e-6));
            assertThat(requireNonNull(change.figures()).parts().price())
                    .isEqualTo(requireNonNull(change.figures()).fisher());
            assertThat(change.met()).isFalse();
            assertThat(change.reasons()).containsExactly(Reason.FEW_PHARMACIES);
        }

        @Test
        void compares_what_one_unit_really_cost_over_makers_and_pharmacies() {
            SalesTable sales = new SalesTable(2, 1, 2);
            sales.add(0, 0, 0, BASELINE, 10, 1000);
            sales.add(1, 0, 0, BASELINE, 30, 1800);
            sales.add(1, 0, 1, CURRENT, 40, 2400);
            var change = PriceChange.of(sales, SimulatedCounty.ones(1), TWO_MONTHS, 1);
            assertThat(requireNonNull(change.figures()).laspeyres())
                    .isCloseTo(60 / 70.0, within(1e-12));
        }

        @Test
        void has_no_interval_when_the_baseline_lies_in_few_pharmacies() {
            SalesTable sales = new SalesTable(6, 1, 2);
            sales.add(0, 0, 0, BASELINE, 60, 6000);
            for (int pharmacy = 0; pharmacy < 6; pharmacy++) {
                sales.add(pharmacy, 0, 1, CURRENT, 10, 800);
            }
            var change = PriceChange.of(sales, SimulatedCounty.ones(1), TWO_MONTHS, 1);
            assertThat(requireNonNull(change.figures()).laspeyres()).isCloseTo(0.8, within(1e-12));
            assertThat(requireNonNull(change.figures()).interval()).isNull();
            assertThat(change.reasons()).containsExactly(Reason.FEW_PHARMACIES);
        }

        @Test
        void drops_what_is_missing_in_one_period_from_both_and_says_how_much_that_was() {
            SalesTable sales = county(6, 0.5);
            sales.add(0, 1, 0, BASELINE, 1, 3000);
            var change = PriceChange.of(sales, SimulatedCounty.ones(2), TWO_MONTHS, 1);
            assertThat(requireNonNull(change.figures()).laspeyres()).isCloseTo(0.5, within(1e-12));
            assertThat(requireNonNull(change.figures()).matchedShare())
                    .isCloseTo(6000 / 9000.0, within(1e-12));
            assertThat(change.met()).isFalse();
            assertThat(change.reasons()).containsExactly(Reason.LITTLE_MATCHED);
        }

        @Test
        void shows_the_goal_at_exactly_ninety_per_cent_when_all_pharmacies_agree() {
            assertThat(PriceChange.of(county(6, 0.9), SimulatedCounty.ones(2), TWO_MONTHS, 1).met())
                    .isTrue();
            var above = PriceChange.of(county(6, 0.901), SimulatedCounty.ones(2), TWO_MONTHS, 1);
            assertThat(above.met()).isFalse();
            assertThat(above.reasons()).containsExactly(Reason.INTERVAL);
        }

        @Test
        void without_sales_in_a_period_has_no_figures() {
            SalesTable nothing = new SalesTable(1, 1, 2);
            assertThat(PriceChange.of(nothing, SimulatedCounty.ones(1), TWO_MONTHS, 1).reasons())
                    .containsExactly(Reason.NO_BASELINE, Reason.NO_CURRENT);
            SalesTable other = new SalesTable(1, 2, 2);
            other.add(0, 0, 0, BASELINE, 1, 100);
            other.add(0, 1, 1, CURRENT, 1, 100);
            var change = PriceChange.of(other, SimulatedCounty.ones(2), TWO_MONTHS, 1);
            assertThat(change.reasons()).containsExactly(Reason.NOTHING_MATCHED);
            assertThat(change.figures()).isNull();
        }

        @Test
        void counts_months_between_the_periods_for_the_series_alone() {
            SalesTable sales = new SalesTable(1, 1, 3);
            sales.add(0, 0, 0, BASELINE, 1, 100);
            sales.add(0, 0, 1, OTHER, 1, 900);
            sales.add(0, 0, 2, CURRENT, 1, 90);
            var change = PriceChange.of(sales, SimulatedCounty.ones(1), new int[] {-1, 0, 1}, 1);
            assertThat(requireNonNull(change.figures()).laspeyres()).isCloseTo(0.9, within(1e-12));
            assertThat(requireNonNull(change.figures()).geks()).isCloseTo(0.9, within(1e-12));
        }

        private SalesTable county(int pharmacies, double change) {
            SalesTable sales = new SalesTable(pharmacies, 2, 2);
            for (int g = 0; g < pharmacies; g++) {
                sales.add(g, 0, 0, BASELINE, 10, 1000);
                sales.add(g, 0, 1, CURRENT, 10, 1000 * change);
            }
            return sales;
        }
    }

    @Test
    void the_same_seed_gives_the_same_interval_and_another_one_hardly_another() {
        SalesTable sales = SimulatedCounty.sales(TWELVE, new Random(1));
        var first = interval(sales, 42);
        assertThat(interval(sales, 42)).isEqualTo(first);
        assertThat(interval(sales, 43).high()).isCloseTo(first.high(), within(0.005));
    }

    @Test
    void the_interval_holds_the_true_change_in_at_least_90_of_100_counties() {
        assertThat(coverage(TWELVE, 100)).isGreaterThanOrEqualTo(90);
    }

    @Test
    @Tag("soak")
    void the_interval_holds_the_true_change_in_93_to_97_per_cent_of_1000_counties() {
        double[][] spreads = {
            {0.5, 0.04, 0.04}, {0, 0.04, 0.04}, {1, 0.04, 0.04}, {0.7, 0.08, 0.04}
        };
        for (double[] spread : spreads) {
            Setting setting = new Setting(12, 40, 0.94, spread[0], spread[1], spread[2]);
            assertThat(coverage(setting, 1000)).as("%s", setting).isBetween(930, 970);
        }
    }

    @Test
    @Tag("soak")
    void a_true_change_of_minus_six_is_called_minus_ten_in_at_most_one_of_1000_counties() {
        Random random = new Random(60);
        int met = 0;
        for (int county = 0; county < 1000; county++) {
            met += evaluate(SimulatedCounty.sales(TWELVE, random), county).met() ? 1 : 0;
        }
        assertThat(met).isLessThanOrEqualTo(1);
    }

    @Test
    void a_true_change_of_minus_six_is_not_called_minus_ten() {
        Random random = new Random(61);
        for (int county = 0; county < 100; county++) {
            assertThat(evaluate(SimulatedCounty.sales(TWELVE, random), county).met()).isFalse();
        }
    }

    @Test
    void a_true_change_of_minus_fifteen_is_mostly_called_minus_ten() {
        Random random = new Random(62);
        Setting deeper = new Setting(12, 40, 0.85, 0.5, 0.03, 0.04);
        int met = 0;
        for (int county = 0; county < 40; county++) {
            met += evaluate(SimulatedCounty.sales(deeper, random), county).met() ? 1 : 0;
        }
        assertThat(met).isGreaterThan(30);
    }

    @Test
    void a_million_lines_are_reckoned_within_ten_seconds() {
        int pharmacies = 300;
        int products = 3000;
        Random random = new Random(5);
        long start = System.nanoTime();
        SalesTable sales = new SalesTable(pharmacies, products, 24);
        for (int line = 0; line < 1_000_000; line++) {
            int month = random.nextInt(24);
            sales.add(
                    random.nextInt(pharmacies),
                    random.nextInt(products),
                    month,
                    month < 12 ? BASELINE : CURRENT,
                    1 + random.nextInt(30),
                    500 + random.nextInt(5000));
        }
        var change =
                PriceChange.of(sales, SimulatedCounty.ones(products), SimulatedCounty.MONTH_IN, 7);
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat(requireNonNull(change.figures()).pharmacies()).isEqualTo(pharmacies);
        assertThat(sales.lines()).isEqualTo(1_000_000);
        assertThat(seconds).isLessThan(10);
    }

    private static int coverage(Setting setting, int counties) {
        Random random = new Random(20261121);
        int held = 0;
        for (int county = 0; county < counties; county++) {
            var interval = interval(SimulatedCounty.sales(setting, random), county);
            if (interval.low() <= setting.change() && setting.change() <= interval.high()) {
                held++;
            }
        }
        return held;
    }

    private static PriceChange.Interval interval(SalesTable sales, long seed) {
        return requireNonNull(requireNonNull(evaluate(sales, seed).figures()).interval());
    }

    private static PriceChange evaluate(SalesTable sales, long seed) {
        return PriceChange.of(
                sales, SimulatedCounty.ones(sales.products()), SimulatedCounty.MONTH_IN, seed);
    }
}
