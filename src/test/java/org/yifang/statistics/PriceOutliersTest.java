package org.yifang.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

/// Which changes of a price are held for a look.
class PriceOutliersTest {
    @Test
    void robust_z_of_a_small_change_among_unchanged_prices_is_small() {
        double[] unchanged = new double[12];
        assertThat(PriceOutliers.Spread.of(unchanged).robustZ(Math.log(1.05)))
                .isLessThan(PriceOutliers.ROBUST_Z_LIMIT);
        assertThat(PriceOutliers.Spread.of(unchanged).robustZ(Math.log(2)))
                .isGreaterThan(PriceOutliers.ROBUST_Z_LIMIT);
    }

    @Test
    void sorted_leaves_its_input_alone() {
        double[] values = {3, 1, 2};
        assertThat(PriceOutliers.sorted(values)).containsExactly(1, 2, 3);
        assertThat(Arrays.equals(values, new double[] {3, 1, 2})).isTrue();
    }
}
