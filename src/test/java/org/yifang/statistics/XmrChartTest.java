package org.yifang.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.yifang.statistics.XmrChart.Assurance;
import org.yifang.statistics.XmrChart.Sign;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/// Expected values: vignette and tests of NHSRplotthedots (MIT), rules of Making Data Count.
class XmrChartTest {
    private static final double[] ONE_OUTLIER = {
        1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1
    };

    @Test
    void limits_with_screened_moving_ranges() {
        XmrChart chart = XmrChart.of(ONE_OUTLIER, 18, true);
        assertThat(chart.centre()).isCloseTo(1.9444444444, within(1e-10));
        assertThat(chart.meanRange()).isCloseTo(1, within(1e-12));
        assertThat(chart.lower()).isCloseTo(-0.7155555556, within(1e-10));
        assertThat(chart.upper()).isCloseTo(4.6044444444, within(1e-10));
        assertThat(chart.points().get(4).sign()).isEqualTo(Sign.OUTSIDE_LIMITS);
        assertThat(chart.points().get(4).direction()).isEqualTo(1);
        assertThat(caption(chart)).isEqualTo("UPL 4.60/Mean 1.94/LPL -0.72");
    }

    /// As the vignette prints it under its charts.
    private static String caption(XmrChart chart) {
        return String.format(
                Locale.ROOT,
                "UPL %.2f/Mean %.2f/LPL %.2f",
                chart.upper(),
                chart.centre(),
                chart.lower());
    }

    @Test
    void limits_as_the_spreadsheet_of_the_nhs_has_them() {
        XmrChart chart = XmrChart.of(ONE_OUTLIER, 18, false);
        assertThat(chart.meanRange()).isCloseTo(1.8823529412, within(1e-10));
        assertThat(chart.lower()).isCloseTo(-3.0626143791, within(1e-10));
        assertThat(chart.upper()).isCloseTo(6.951503268, within(1e-9));
        assertThat(chart.centre()).isCloseTo(1.9444444444, within(1e-10));
        assertThat(caption(chart)).isEqualTo("UPL 6.95/Mean 1.94/LPL -3.06");
    }

    @Nested
    class Rules {
        @Test
        void seven_rising_or_falling() {
            trend("1 2 3 4 5 6", "0 0 0 0 0 0");
            trend("1 2 3 3 4 5 6", "0 0 0 0 0 0 0");
            trend("1 2 3 4 5 6 7", "0 0 0 0 0 0 1");
            trend("2 1 2 3 4 5 6 7 3", "0 0 0 0 0 0 0 1 0");
            trend("7 6 5 4 3 2 1", "0 0 0 0 0 0 -1");
        }

        @Test
        void seven_on_one_side_of_the_mean() {
            side("1 1 1 1 1 1 -1", "0 0 0 0 0 0 0");
            side("1 1 1 1 1 1 1 1 -1", "0 0 0 0 0 0 1 1 0");
            side("-1 -1 -1 -1 -1 -1 -1 -1 1", "0 0 0 0 0 0 -1 -1 0");
        }

        @Test
        void seven_on_one_side_are_flagged_alike_on_both_sides() {
            // Published as flags alone; the side is ours.
            int[] below = XmrChart.sevenOnOneSide(ints("-1 -1 -1 -1 -1 -1 -1 -1 1"));
            assertThat(Arrays.stream(below).map(Math::abs).toArray())
                    .containsExactly(ints("0 0 0 0 0 0 1 1 0"));
        }

        @Test
        void a_run_is_marked_from_its_first_value() {
            assertThat(XmrChart.partOfSeven(ints("0 0 0 0 0 0 1 0")))
                    .containsExactly(ints("1 1 1 1 1 1 1 0"));
            assertThat(XmrChart.partOfSeven(ints("0 0 0 0 0 0 0 1 0")))
                    .containsExactly(ints("0 1 1 1 1 1 1 1 0"));
        }

        @Test
        void two_of_three_near_a_limit() {
            twoOfThree("1 0 1", "1 1 1", "1 1 1");
            twoOfThree("0 0 1 0 1 0 0", "1 1 1 1 1 1 1", "0 0 1 1 1 0 0");
            twoOfThree("0 0 1 1 0 0 0", "1 1 1 1 1 1 1", "0 1 1 1 1 0 0");
            twoOfThree("1 0 1", "1 -1 1", "0 0 0");
        }

        @Test
        void outside_comes_before_a_trend_and_near_a_limit_before_one_side() {
            double[] falling = new double[19];
            for (int i = 0; i < 12; i++) {
                falling[i] = 10 + i % 2;
            }
            for (int i = 12; i < 19; i++) {
                falling[i] = 8.7 - 0.5 * (i - 12);
            }
            // Limits 10.5 +- 2.66: the trend falls through the lower one.
            XmrChart trend = XmrChart.of(falling, 12, true);
            assertThat(trend.points().get(13).sign()).isEqualTo(Sign.TREND_OF_SEVEN);
            assertThat(trend.points().get(18).sign()).isEqualTo(Sign.OUTSIDE_LIMITS);
            double[] low = Arrays.copyOf(falling, 19);
            Arrays.fill(low, 12, 19, 9.9);
            low[15] = 8.2;
            low[16] = 8.3;
            XmrChart side = XmrChart.of(low, 12, true);
            assertThat(side.points().get(15).sign()).isEqualTo(Sign.TWO_OF_THREE_NEAR_LIMIT);
            assertThat(side.points().get(17).sign()).isEqualTo(Sign.SEVEN_ON_ONE_SIDE);
        }

        @Test
        void the_first_rule_that_applies_is_named() {
            double[] values = new double[20];
            for (int i = 0; i < 12; i++) {
                values[i] = 10 + i % 2;
            }
            for (int i = 12; i < 20; i++) {
                values[i] = 10.3 - 0.1 * (i - 12);
            }
            XmrChart chart = XmrChart.of(values, 12, true);
            assertThat(chart.points().get(19).sign()).isEqualTo(Sign.TREND_OF_SEVEN);
            assertThat(chart.points().get(19).direction()).isEqualTo(-1);
            assertThat(chart.improvedFrom(12)).isTrue();
            assertThat(chart.points().get(5).sign()).isEqualTo(Sign.COMMON_CAUSE);
        }
    }

    @Test
    void a_target_is_met_failed_or_left_to_chance() {
        XmrChart chart = XmrChart.of(ONE_OUTLIER, 18, true);
        assertThat(chart.assurance(5)).isEqualTo(Assurance.CONSISTENTLY_PASSES);
        assertThat(chart.assurance(-1)).isEqualTo(Assurance.CONSISTENTLY_FAILS);
        assertThat(chart.assurance(2)).isEqualTo(Assurance.HIT_AND_MISS);
    }

    @Test
    void values_that_never_vary_have_limits_of_no_width() {
        XmrChart chart = XmrChart.of(new double[] {3, 3, 3}, 3, true);
        assertThat(chart.upper()).isEqualTo(3);
        assertThat(chart.points()).allMatch(point -> point.sign() == Sign.COMMON_CAUSE);
        assertThatThrownBy(() -> XmrChart.of(new double[] {3}, 1, true))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void trend(String in, String out) {
        double[] values = Arrays.stream(ints(in)).asDoubleStream().toArray();
        assertThat(XmrChart.trendOfSeven(values)).containsExactly(ints(out));
    }

    private static void side(String in, String out) {
        assertThat(XmrChart.sevenOnOneSide(ints(in))).containsExactly(ints(out));
    }

    private static void twoOfThree(String near, String side, String out) {
        boolean[] nearLimit = bools(near);
        assertThat(XmrChart.twoOfThree(nearLimit, ints(side))).containsExactly(bools(out));
    }

    private static int[] ints(String text) {
        return Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    private static boolean[] bools(String text) {
        int[] flags = ints(text);
        boolean[] bools = new boolean[flags.length];
        IntStream.range(0, flags.length).forEach(i -> bools[i] = flags[i] == 1);
        return bools;
    }
}
