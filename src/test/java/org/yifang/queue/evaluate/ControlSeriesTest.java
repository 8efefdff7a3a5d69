package org.yifang.queue.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.yifang.queue.evaluate.ControlSeries.Trends;
import org.yifang.queue.evaluate.Reduction.Series;
import org.yifang.statistics.WeeklyFigures.Week;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/// Whether a control site may be compared with, told by the weeks before the change.
class ControlSeriesTest {
    private static final LocalDate MONDAY = LocalDate.of(2026, 3, 2);

    /// A little unrest, the same in every run, without a slope.
    private static double unrest(int week) {
        return 1 + 0.02 * Math.sin(2.7 * week);
    }

    private static List<Week> weeks(int from, int count, IntToDoubleFunction median) {
        List<Week> weeks = new ArrayList<>();
        for (int week = from; week < from + count; week++) {
            double seconds = median.applyAsDouble(week);
            weeks.add(
                    new Week(MONDAY.plusWeeks(week), 100, 3, seconds, 2 * seconds, seconds, 0, 1));
        }
        return weeks;
    }

    private static Series series(IntToDoubleFunction median) {
        return new Series(weeks(0, 8, median), List.of(), weeks(9, 8, median), 2e-4);
    }

    @Test
    void sites_that_rose_alike_before_are_parallel_and_what_is_left_is_the_change_alone() {
        Series site = series(week -> 900 * Math.exp(0.03 * week) * (week > 8 ? 0.5 : 1));
        Series control = series(week -> 600 * Math.exp(0.03 * week) * unrest(week));
        ControlSeries compared = ControlSeries.of(site, control);
        assertThat(compared.trends()).isEqualTo(Trends.PARALLEL);
        assertThat(compared.preTrendWeeks()).isEqualTo(8);
        assertThat(compared.preTrend().interval().contains(0)).isTrue();
        assertThat(compared.interrupted().effect().value()).isCloseTo(-0.5, within(0.03));
    }

    @Test
    void a_site_that_was_getting_better_anyway_is_no_fair_comparison() {
        Series site = series(week -> 900 * Math.exp(-0.08 * week) * unrest(week));
        Series control = series(week -> 600 * unrest(week + 3));
        ControlSeries compared = ControlSeries.of(site, control);
        assertThat(compared.trends()).isEqualTo(Trends.NOT_PARALLEL);
        assertThat(compared.preTrend().value()).isCloseTo(-0.08, within(0.01));
    }

    @Test
    void only_weeks_that_both_have_are_compared_and_three_say_nothing() {
        Series site = series(week -> 900 * unrest(week));
        Series control =
                new Series(
                        weeks(5, 3, week -> 600 * unrest(week)),
                        List.of(),
                        weeks(9, 2, week -> 600),
                        2e-4);
        ControlSeries compared = ControlSeries.of(site, control);
        assertThat(compared.preTrendWeeks()).isEqualTo(3);
        assertThat(compared.trends()).isEqualTo(Trends.UNKNOWN);
        assertThat(compared.interrupted()).isNull();
    }
}
