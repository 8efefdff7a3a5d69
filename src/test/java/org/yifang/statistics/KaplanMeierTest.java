package org.yifang.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import java.util.Map;

/// Expected values as R's `survfit` prints them for the published data sets `aml` (Miller 1997) and
/// Freireich's 6-MP trial (Cox 1972).
class KaplanMeierTest {
    private static final KaplanMeier MAINTAINED =
            KaplanMeier.of(
                    new double[] {9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161},
                    served(1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0));
    private static final KaplanMeier NOT_MAINTAINED =
            KaplanMeier.of(
                    new double[] {5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45},
                    served(1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1));
    private static final KaplanMeier MERCAPTOPURINE =
            KaplanMeier.of(
                    new double[] {
                        6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35
                    },
                    served(1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0));

    @Test
    void maintained_chemotherapy_as_printed() {
        agrees(
                MAINTAINED,
                Map.of(
                        9, 0.9091, 13, 0.8182, 18, 0.7159, 23, 0.6136, 31, 0.4909, 34, 0.3682, 48,
                        0.1841),
                Map.of(
                        9, 0.0867, 13, 0.1163, 18, 0.1397, 23, 0.1526, 31, 0.1642, 34, 0.1627, 48,
                        0.1535));
        assertThat(MAINTAINED.quantile(0.5)).hasValue(31);
    }

    @Test
    void chemotherapy_not_maintained_as_printed() {
        agrees(
                NOT_MAINTAINED,
                Map.of(
                        5, 0.8333, 8, 0.6667, 12, 0.5833, 23, 0.4861, 27, 0.3889, 30, 0.2917, 33,
                        0.1944, 43, 0.0972, 45, 0.0),
                Map.of(
                        5, 0.1076, 8, 0.1361, 12, 0.1423, 23, 0.1481, 27, 0.1470, 30, 0.1387, 33,
                        0.1219, 43, 0.0919));
        assertThat(NOT_MAINTAINED.quantile(0.5)).hasValue(23);
    }

    @Test
    void mercaptopurine_and_its_control_as_printed() {
        agrees(
                MERCAPTOPURINE,
                Map.of(
                        6, 0.8571, 7, 0.8067, 10, 0.7529, 13, 0.6902, 16, 0.6275, 22, 0.5378, 23,
                        0.4482),
                Map.of());
        assertThat(MERCAPTOPURINE.quantile(0.5)).hasValue(23);
        double[] control = {1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23};
        boolean[] all = new boolean[control.length];
        java.util.Arrays.fill(all, true);
        assertThat(KaplanMeier.of(control, all).quantile(0.5)).hasValue(8);
    }

    @Test
    void both_arms_together_have_30_relapses_in_541_weeks() {
        // The area under a curve to its end is exposure per patient only without censoring, so the
        // totals are those of the data themselves, as entered here.
        double[] drug = {
            6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35
        };
        boolean[] relapsed = served(1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0);
        double[] control = {1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23};
        boolean[] all = new boolean[control.length];
        java.util.Arrays.fill(all, true);
        int relapses = control.length;
        for (boolean one : relapsed) {
            relapses += one ? 1 : 0;
        }
        assertThat(relapses).isEqualTo(30);
        double weeks = java.util.Arrays.stream(drug).sum();
        double without = KaplanMeier.of(control, all).restrictedMean(23) * control.length;
        assertThat(weeks + without).isCloseTo(541, within(1e-9));
    }

    @Test
    void a_quantile_that_was_never_reached_is_not_invented() {
        assertThat(MERCAPTOPURINE.quantile(0.9)).isEmpty();
        assertThat(MERCAPTOPURINE.survivalAt(1000)).isCloseTo(0.4482, within(0.00005));
        assertThat(MERCAPTOPURINE.survivalAt(5.9)).isEqualTo(1);
        assertThat(MERCAPTOPURINE.standardErrorAt(5.9)).isZero();
    }

    @Test
    void counts_per_second_give_the_curve_of_the_single_waits() {
        double[] events = new double[46];
        double[] censored = new double[46];
        for (int t : new int[] {5, 5, 8, 8, 12, 23, 27, 30, 33, 43, 45}) {
            events[t]++;
        }
        censored[16]++;
        KaplanMeier counted = KaplanMeier.ofCounts(events, censored);
        for (int t = 0; t < 50; t++) {
            assertThat(counted.survivalAt(t)).isEqualTo(NOT_MAINTAINED.survivalAt(t));
            assertThat(counted.standardErrorAt(t)).isEqualTo(NOT_MAINTAINED.standardErrorAt(t));
        }
        assertThat(counted.quantile(0.5)).hasValue(23);
        assertThat(counted.atRiskAt(23)).isEqualTo(6);
    }

    @Test
    void the_mean_up_to_a_horizon_is_the_area_under_the_curve() {
        KaplanMeier two = KaplanMeier.of(new double[] {1, 3}, served(1, 1));
        assertThat(two.restrictedMean(3)).isCloseTo(2, within(1e-12));
        assertThat(two.restrictedMean(2)).isCloseTo(1.5, within(1e-12));
    }

    @Nested
    class Cumulative_incidence {
        @Test
        void adds_up_to_what_has_gone() {
            // Worked by hand: served at 1 (of 4), left at 2 (of 3), lost at 3, served at 4 (of 1).
            double[][] causes = {{0, 1, 0, 0, 1}, {0, 0, 1, 0, 0}};
            double[] lost = {0, 0, 0, 1, 0};
            double[] incidence = KaplanMeier.cumulativeIncidence(causes, lost);
            assertThat(incidence[0]).isCloseTo(0.25 + 0.5, within(1e-12));
            assertThat(incidence[1]).isCloseTo(0.75 / 3, within(1e-12));
        }

        @Test
        void is_the_plain_share_when_nobody_is_lost() {
            double[][] causes = {{3, 2, 1}, {1, 0, 3}};
            double[] incidence = KaplanMeier.cumulativeIncidence(causes, new double[3]);
            assertThat(incidence[0]).isCloseTo(0.6, within(1e-12));
            assertThat(incidence[1]).isCloseTo(0.4, within(1e-12));
        }
    }

    private static void agrees(
            KaplanMeier curve, Map<Integer, Double> survival, Map<Integer, Double> errors) {
        survival.forEach(
                (t, value) -> assertThat(curve.survivalAt(t)).isCloseTo(value, within(0.00005)));
        errors.forEach((t, value) ->
                assertThat(curve.standardErrorAt(t)).isCloseTo(value, within(0.00005)));
    }

    private static boolean[] served(int... flags) {
        boolean[] served = new boolean[flags.length];
        for (int i = 0; i < flags.length; i++) {
            served[i] = flags[i] == 1;
        }
        return served;
    }
}
