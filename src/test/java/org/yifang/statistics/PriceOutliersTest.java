package org.yifang.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Figures of the tests of R package gpindex 0.6.3 (MIT).
class PriceOutliersTest {
    private static final double[] RATIOS = {1, 2, 1, .5, 1, 10, 1, .5, .2, .05};
    private static final double CUT = 2.5;

    @Test
    void a_fixed_cutoff_flags_what_is_outside_it_on_both_sides() {
        assertThat(where(PriceOutliers.fixedCutoff(RATIOS, CUT))).containsExactly(5, 8, 9);
    }

    @Test
    void quartiles_collapse_on_ties_unless_they_have_a_floor() {
        assertThat(where(PriceOutliers.quartiles(RATIOS, CUT, 0))).containsExactly(1, 5);
        assertThat(where(PriceOutliers.quartiles(RATIOS, CUT, 1))).containsExactly(5);
    }

    @Test
    void resistant_fences_and_robust_z_flag_the_tenfold_price_alone() {
        assertThat(where(PriceOutliers.resistantFences(RATIOS, CUT, 0))).containsExactly(5);
        assertThat(where(PriceOutliers.robustZ(RATIOS, CUT, 0))).containsExactly(5);
    }

    @Test
    void kimber_measures_each_side_by_its_own_quartile() {
        // Upper fence 1 (the quartile is the median), lower fence 0.5 - 2.5 * 0.5 = -0.75.
        assertThat(where(PriceOutliers.kimber(RATIOS, CUT, 0))).containsExactly(1, 5);
    }

    @Test
    void hidiroglou_and_berthelot_treat_halving_and_doubling_alike() {
        assertThat(PriceOutliers.hidiroglouBerthelot(RATIOS))
                .containsExactly(new double[] {0, 1, 0, -1, 0, 9, 0, -1, -4, -19}, within(1e-12));
    }

    @Test
    void tukey_cuts_both_tails() {
        double[] steps = IntStream.range(0, 10).mapToDouble(i -> 0.1 + 0.2 * i).toArray();
        assertThat(where(PriceOutliers.tukey(steps, CUT))).containsExactly(0, 9);
        assertThat(where(PriceOutliers.tukey(new double[] {1, 2, 3}, CUT))).containsExactly(0, 2);
        assertThat(PriceOutliers.tukey(new double[0], CUT)).isEmpty();
        assertThat(where(PriceOutliers.tukey(new double[] {2}, CUT))).isEmpty();
    }

    @Test
    void robust_z_of_a_small_change_among_unchanged_prices_is_small() {
        double[] unchanged = new double[12];
        assertThat(PriceOutliers.robustZ(Math.log(1.05), unchanged))
                .isLessThan(PriceOutliers.ROBUST_Z_LIMIT);
        assertThat(PriceOutliers.robustZ(Math.log(2), unchanged))
                .isGreaterThan(PriceOutliers.ROBUST_Z_LIMIT);
    }

    private static int[] where(boolean[] flags) {
        return IntStream.range(0, flags.length).filter(i -> flags[i]).toArray();
    }

    @Test
    void sorted_leaves_its_input_alone() {
        double[] values = {3, 1, 2};
        assertThat(PriceOutliers.sorted(values)).containsExactly(1, 2, 3);
        assertThat(Arrays.equals(values, new double[] {3, 1, 2})).isTrue();
    }
}
