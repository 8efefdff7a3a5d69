package org.yifang.price.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.yifang.price.index.ItemTable.Period.BASELINE;
import static org.yifang.price.index.ItemTable.Period.CURRENT;
import static org.yifang.price.index.ItemTable.Period.OTHER;

import static java.util.Objects.requireNonNull;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Random;

class PriceFiguresTest {
    private static final int[] TWO_MONTHS = {-1, 1};

    private static PriceFigures figures(ItemTable sales) {
        return requireNonNull(PriceFigures.of(sales, ones(sales.sets()), TWO_MONTHS, 1));
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Test
    void three_drugs_have_the_index_of_the_textbook() {
        ItemTable sales = new ItemTable(1, new int[] {0, 1, 2}, 2);
        double[] p0 = {2000, 1000, 500};
        double[] p1 = {1800, 950, 550};
        double[] q0 = {100, 200, 400};
        double[] q1 = {130, 210, 300};
        for (int i = 0; i < 3; i++) {
            sales.add(0, i, 0, BASELINE, q0[i], q0[i] * p0[i]);
            sales.add(0, i, 1, CURRENT, q1[i], q1[i] * p1[i]);
        }
        PriceFigures figures = figures(sales);
        assertThat(figures.laspeyres()).isCloseTo(0.98333, within(5e-6));
        assertThat(figures.paasche()).isCloseTo(0.96532, within(5e-6));
        assertThat(figures.fisher()).isCloseTo(0.97429, within(5e-6));
        assertThat(figures.jevons()).isCloseTo(0.97976, within(5e-6));
        assertThat(figures.products().stream().mapToDouble(PriceFigures.Product::toLaspeyres).sum())
                .isCloseTo(0.98333 - 1, within(5e-6));
        assertThat(figures.products().stream().mapToDouble(PriceFigures.Product::toFisher).sum())
                .isCloseTo(figures.fisher() - 1, within(1e-12));
        assertThat(requireNonNull(figures.factors()).price()).isEqualTo(figures.fisher());
        assertThat(requireNonNull(figures.factors()).mixWithin()).isCloseTo(1, within(1e-12));
        assertThat(figures.interval()).isNull();
        assertThat(figures.boundHigh()).isInfinite();
    }

    @Test
    void a_product_is_compared_with_itself_in_the_same_pharmacy_only() {
        ItemTable sales = new ItemTable(2, new int[] {0}, 2);
        sales.add(0, 0, 0, BASELINE, 10, 1000);
        sales.add(1, 0, 0, BASELINE, 30, 1800);
        sales.add(1, 0, 1, CURRENT, 40, 2400);
        PriceFigures figures = figures(sales);
        assertThat(figures.laspeyres()).isEqualTo(1);
        assertThat(figures.matchedShare()).isCloseTo(1800 / 2800.0, within(1e-12));
        assertThat(figures.otherMakersShare()).isCloseTo(1000 / 2800.0, within(1e-12));
        // All 70 fen before, all 60 after: a shift, told as such.
        assertThat(requireNonNull(figures.perDay()).ratio()).isCloseTo(60 / 70.0, within(1e-12));
        assertThat(requireNonNull(figures.factors()).mixWithin())
                .isCloseTo(60 / 70.0, within(1e-12));
    }

    @Test
    void has_no_interval_when_the_baseline_lies_in_few_pharmacies() {
        ItemTable sales = new ItemTable(6, new int[] {0}, 2);
        sales.add(0, 0, 0, BASELINE, 60, 6000);
        for (int pharmacy = 0; pharmacy < 6; pharmacy++) {
            sales.add(pharmacy, 0, 1, CURRENT, 10, 800);
        }
        PriceFigures figures = figures(sales);
        assertThat(figures.laspeyres()).isCloseTo(0.8, within(1e-12));
        assertThat(figures.pharmacies()).isEqualTo(1);
        assertThat(figures.interval()).isNull();
    }

    @Test
    void what_is_missing_in_one_period_may_have_kept_its_price() {
        ItemTable sales = county(6, 0.5, 2);
        sales.add(0, 1, 0, BASELINE, 1, 3000);
        PriceFigures figures = figures(sales);
        assertThat(figures.laspeyres()).isCloseTo(0.5, within(1e-12));
        assertThat(figures.matchedShare()).isCloseTo(6000 / 9000.0, within(1e-12));
        assertThat(figures.boundHigh()).isCloseTo(0.5 * 2 / 3 + 1 / 3.0, within(1e-9));
        assertThat(figures.otherMakersShare()).isZero();
    }

    @Test
    void an_item_that_fell_to_less_than_a_quarter_needs_papers() {
        ItemTable sales = county(6, 0.9, 2);
        sales.add(0, 1, 0, BASELINE, 10, 1000);
        sales.add(0, 1, 1, CURRENT, 10, 100);
        PriceFigures held = figures(sales);
        assertThat(held.laspeyres()).isCloseTo(0.9, within(1e-12));
        assertThat(held.heldOutShare()).isCloseTo(1 / 7.0, within(1e-12));
        sales.release(1);
        PriceFigures released = figures(sales);
        assertThat(released.laspeyres()).isCloseTo((6 * 900 + 100) / 7000.0, within(1e-12));
        assertThat(released.heldOutShare()).isZero();
    }

    @Test
    void without_sales_in_both_periods_there_are_no_figures() {
        ItemTable nothing = new ItemTable(1, new int[] {0}, 2);
        assertThat(PriceFigures.of(nothing, ones(1), TWO_MONTHS, 1)).isNull();
        ItemTable other = new ItemTable(1, new int[] {0, 1}, 2);
        other.add(0, 0, 0, BASELINE, 1, 100);
        other.add(0, 1, 1, CURRENT, 1, 100);
        assertThat(PriceFigures.of(other, ones(2), TWO_MONTHS, 1)).isNull();
    }

    @Test
    void drugs_without_a_daily_dose_have_no_part_in_days_of_treatment() {
        ItemTable sales = new ItemTable(1, new int[] {0, 1}, 2);
        for (int product = 0; product < 2; product++) {
            sales.add(0, product, 0, BASELINE, 10, 1000);
            sales.add(0, product, 1, CURRENT, 10, product == 0 ? 800 : 1000);
        }
        PriceFigures figures =
                requireNonNull(PriceFigures.of(sales, new double[] {2, 0}, TWO_MONTHS, 1));
        assertThat(requireNonNull(figures.perDay()).ratio()).isCloseTo(0.8, within(1e-12));
        assertThat(requireNonNull(figures.perDay()).share()).isCloseTo(1800 / 3800.0, within(1e-9));
        assertThat(PriceFigures.of(sales, new double[2], TWO_MONTHS, 1).perDay()).isNull();
    }

    @Test
    void counts_months_between_the_periods_for_the_series_alone() {
        ItemTable sales = new ItemTable(1, new int[] {0}, 3);
        sales.add(0, 0, 0, BASELINE, 1, 100);
        sales.add(0, 0, 1, OTHER, 1, 900);
        sales.add(0, 0, 2, CURRENT, 1, 90);
        PriceFigures figures =
                requireNonNull(PriceFigures.of(sales, ones(1), new int[] {-1, 0, 1}, 1));
        assertThat(figures.laspeyres()).isCloseTo(0.9, within(1e-12));
        assertThat(requireNonNull(figures.geks())).isCloseTo(0.9, within(1e-12));
    }

    @Test
    void the_same_seed_gives_the_same_interval_and_another_one_hardly_another() {
        PriceCounty county = PriceCounty.draw(PriceCounty.Setting.of(12, 0.94), new Random(1));
        var first = requireNonNull(county.figures(42).interval());
        assertThat(county.figures(42).interval()).isEqualTo(first);
        assertThat(requireNonNull(county.figures(43).interval()).high())
                .isCloseTo(first.high(), within(0.005));
    }

    @Test
    void a_million_lines_are_reckoned_within_ten_seconds() {
        int pharmacies = 300;
        int[] setOf = new int[3000];
        Arrays.setAll(setOf, product -> product / 2);
        Random random = new Random(5);
        long start = System.nanoTime();
        ItemTable sales = new ItemTable(pharmacies, setOf, 24);
        for (int line = 0; line < 1_000_000; line++) {
            int month = random.nextInt(24);
            double quantity = 1 + random.nextInt(30);
            sales.add(
                    random.nextInt(pharmacies),
                    random.nextInt(setOf.length),
                    month,
                    month < 12 ? BASELINE : CURRENT,
                    quantity,
                    quantity * (500 + random.nextInt(500)));
        }
        PriceFigures figures =
                requireNonNull(PriceFigures.of(sales, ones(1500), PriceCounty.MONTH_IN, 7));
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat(figures.pharmacies()).isEqualTo(pharmacies);
        assertThat(sales.lines()).isEqualTo(1_000_000);
        assertThat(seconds).isLessThan(10);
    }

    private static ItemTable county(int pharmacies, double change, int products) {
        int[] setOf = new int[products];
        Arrays.setAll(setOf, product -> product);
        ItemTable sales = new ItemTable(pharmacies, setOf, 2);
        for (int g = 0; g < pharmacies; g++) {
            sales.add(g, 0, 0, BASELINE, 10, 1000);
            sales.add(g, 0, 1, CURRENT, 10, 1000 * change);
        }
        return sales;
    }
}
