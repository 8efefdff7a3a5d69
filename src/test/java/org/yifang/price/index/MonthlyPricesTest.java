package org.yifang.price.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import static java.util.Objects.requireNonNull;

import org.junit.jupiter.api.Test;
import org.yifang.price.index.MonthlySalesStore.Cell;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// How prices stood month by month against the baseline.
class MonthlyPricesTest {
    private static final int JANUARY = 2026 * 12 + 1;
    private static final double[] GEKS = {1, 0.9};

    private static Cell cell(int month, double top, double bottom, double value, double before) {
        return new Cell(new UUID(1, month), month, top, bottom, value, before);
    }

    @Test
    void pharmacies_are_added_up_before_they_are_compared() {
        List<MonthlyPrices.Month> months =
                MonthlyPrices.of(
                        List.of(
                                cell(JANUARY, 90, 100, 45, 50),
                                cell(JANUARY, 240, 300, 16, 20),
                                cell(JANUARY + 1, 50, 100, 10, 20)),
                        JANUARY,
                        GEKS,
                        7);
        assertThat(months).hasSize(2);
        MonthlyPrices.Month january = months.getFirst();
        assertThat(january.laspeyres()).isEqualTo(330.0 / 400);
        assertThat(january.fisher()).isCloseTo(Math.sqrt(330.0 / 400 * 61.0 / 70), within(1e-12));
        assertThat(january.geks()).isEqualTo(1);
        assertThat(months.getLast().geks()).isEqualTo(0.9);
        // Two pharmacies say nothing of a county's spread.
        assertThat(january.band()).isNull();
    }

    @Test
    void a_band_holds_its_line_and_is_the_same_for_the_same_seed() {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            cells.add(cell(JANUARY, 100 * (0.8 + 0.01 * i), 100, 80, 100));
        }
        MonthlyPrices.Month one = MonthlyPrices.of(cells, JANUARY, GEKS, 7).getFirst();
        PriceFigures.Interval band = requireNonNull(one.band());
        assertThat(band.low()).isLessThan(one.laspeyres());
        assertThat(band.high()).isGreaterThan(one.laspeyres());
        assertThat(MonthlyPrices.of(cells, JANUARY, GEKS, 7)).containsExactly(one);
    }

    @Test
    void a_month_outside_the_series_has_no_geks() {
        assertThat(
                        MonthlyPrices.of(List.of(cell(JANUARY + 5, 1, 1, 1, 1)), JANUARY, GEKS, 7)
                                .getFirst()
                                .geks())
                .isNull();
    }
}
