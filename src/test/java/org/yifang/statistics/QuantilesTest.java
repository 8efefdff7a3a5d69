package org.yifang.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

class QuantilesTest {
    /// Waits before and after with the percentiles worked out by hand.
    private static final double[] BEFORE = {18, 22, 25, 31, 40, 45, 52, 60, 75, 90};

    @Test
    void type_7_agrees_with_percentile_cont() {
        assertThat(Quantiles.of(BEFORE, 0.5)).isEqualTo(42.5);
        assertThat(Quantiles.of(BEFORE, 0.9)).isCloseTo(76.5, within(1e-12));
        assertThat(Quantiles.of(BEFORE, 0)).isEqualTo(18);
        assertThat(Quantiles.of(BEFORE, 1)).isEqualTo(90);
        assertThat(Quantiles.of(new double[] {7}, 0.9)).isEqualTo(7);
    }

    @Test
    void refuses_an_empty_sample_and_a_share_outside_0_to_1() {
        assertThatThrownBy(() -> Quantiles.of(new double[0], 0.5))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Quantiles.of(BEFORE, 1.01))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Quantiles.of(BEFORE, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_banded_quantile_is_interpolated_inside_its_band() {
        double[] edges = {0, 10, 20, 40};
        double[] counts = {20, 30, 50};
        assertThat(Quantiles.banded(edges, counts, 0.5)).isCloseTo(20, within(1e-12));
        assertThat(Quantiles.banded(edges, counts, 0.35)).isCloseTo(15, within(1e-12));
        assertThat(Quantiles.banded(edges, counts, 0.9)).isCloseTo(36, within(1e-12));
        assertThat(Quantiles.banded(edges, new double[] {0, 5, 0}, 1)).isEqualTo(20);
    }

    @Property(tries = 200)
    void a_quantile_lies_between_the_extremes_and_rises_with_its_share(
            @ForAll @Size(min = 1, max = 40) double[] values,
            @ForAll @DoubleRange(min = 0, max = 1) double p,
            @ForAll @DoubleRange(min = 0, max = 1) double q) {
        double[] small = Arrays.stream(values).map(Math::atan).toArray();
        double low = Quantiles.of(small, Math.min(p, q));
        double high = Quantiles.of(small, Math.max(p, q));
        assertThat(low).isLessThanOrEqualTo(high + 1e-15);
        assertThat(low).isGreaterThanOrEqualTo(Arrays.stream(small).min().orElseThrow());
        assertThat(high).isLessThanOrEqualTo(Arrays.stream(small).max().orElseThrow());
    }
}
