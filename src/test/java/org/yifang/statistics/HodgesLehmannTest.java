package org.yifang.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/// Expected values: the examples of R's `wilcox.test` (data of Hollander and Wolfe, 1973).
class HodgesLehmannTest {
    private static final double[] X = {0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
    private static final double[] Y = {1.15, 0.88, 0.9, 0.74, 1.21};
    private static final double[] OZONE_MAY = {
        41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45,
        115, 37
    };
    private static final double[] OZONE_AUGUST = {
        39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73, 76,
        118, 84, 85
    };

    @Test
    void two_samples() {
        HodgesLehmann shift = HodgesLehmann.shift(X, Y, 0.95);
        assertThat(shift.estimate()).isCloseTo(0.305, within(1e-12));
        assertThat(shift.interval().low()).isCloseTo(-0.15, within(1e-12));
        assertThat(shift.interval().high()).isCloseTo(0.76, within(1e-12));
        assertThat(shift.interval().confidence()).isCloseTo(0.96004, within(0.000005));
    }

    @Test
    void two_samples_with_ties() {
        assertThat(HodgesLehmann.shift(OZONE_MAY, OZONE_AUGUST, 0.95).estimate()).isEqualTo(-32);
    }

    @Test
    void the_ratio_of_typical_waits() {
        double[] before = {40, 35, 50, 60, 45, 38, 55};
        double[] after = {20, 18, 26, 30, 22, 25, 19};
        assertThat(HodgesLehmann.ratio(after, before, 0.95).estimate())
                .isCloseTo(0.5, within(1e-12));
        assertThat(Quantiles.of(before, 0.5)).isEqualTo(45);
        assertThat(Quantiles.of(after, 0.5)).isEqualTo(22);
        assertThat(
                        StandardisedWaits.reduction(
                                        OptionalDouble.of(Quantiles.of(before, 0.5)),
                                        OptionalDouble.of(Quantiles.of(after, 0.5)))
                                .orElseThrow())
                .isCloseTo(0.5111111111, within(1e-10));
    }

    @Property(tries = 300)
    void selection_finds_what_sorting_all_differences_finds(
            @ForAll @Size(min = 1, max = 25) List<@IntRange(min = -50, max = 50) Integer> first,
            @ForAll @Size(min = 1, max = 25) List<@IntRange(min = -50, max = 50) Integer> second) {
        double[] a = first.stream().mapToDouble(i -> i / 7.0).toArray();
        double[] b = second.stream().mapToDouble(i -> i / 3.0).toArray();
        List<Double> differences = new ArrayList<>();
        for (double x : a) {
            for (double y : b) {
                differences.add(x - y);
            }
        }
        double[] sorted = differences.stream().mapToDouble(d -> d).sorted().toArray();
        int n = sorted.length;
        assertThat(HodgesLehmann.shift(a, b, 0.95).estimate())
                .isEqualTo((sorted[(n - 1) / 2] + sorted[n / 2]) / 2);
    }

    @Test
    void a_million_a_side_needs_no_table_of_differences() {
        SplittableRandom random = new SplittableRandom(7);
        double[] a = random.doubles(1_000_000).map(u -> 10 * u).toArray();
        double[] b = Arrays.stream(a).map(value -> value / 2).toArray();
        HodgesLehmann shift = HodgesLehmann.shift(a, b, 0.95);
        assertThat(shift.estimate()).isCloseTo(2.5, within(0.02));
        assertThat(shift.interval().contains(2.5)).isTrue();
    }
}
