package org.yifang.price.offer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/// Worked examples of 药品差比价规则.
class RatioPriceTest {
    /// The price of the other pack.
    private static long fen(long representativeFen, double factor) {
        return Math.round(representativeFen * factor);
    }

    @Test
    void twice_the_tablets_cost_less_than_twice_as_much() {
        assertThat(fen(872, RatioPrice.byCount(48 / 24.0, true))).isEqualTo(1700);
        assertThat(RatioPrice.byCount(0.5, true)).isCloseTo(0.512821, within(5e-7));
        assertThat(fen(872, RatioPrice.byCount(12 / 24.0, true))).isEqualTo(447);
    }

    @Test
    void three_and_four_times_the_tablets() {
        assertThat(RatioPrice.byCount(3, true)).isCloseTo(2.88200, within(5e-6));
        assertThat(fen(1000, RatioPrice.byCount(3, true))).isEqualTo(2882);
        assertThat(RatioPrice.byCount(4, true)).isCloseTo(3.8025, within(1e-9));
        assertThat(fen(2000, RatioPrice.byCount(4, true))).isEqualTo(7605);
    }

    @Test
    void content_and_count_together() {
        double factor = RatioPrice.byContent(2) * RatioPrice.byCount(2, true);
        assertThat(factor).isCloseTo(3.315, within(1e-9));
        assertThat(fen(1200, factor)).isEqualTo(3978);
    }

    @Test
    void packs_that_are_not_swallowed_cost_in_proportion() {
        assertThat(RatioPrice.byCount(3, false)).isCloseTo(3, within(1e-12));
    }

    @Test
    void unlike_packs_are_ranked_by_their_unit_value() {
        double first = RatioPrice.unitValue(8.72, 0.25, 24, true);
        double second = RatioPrice.unitValue(9.10, 0.5, 12, true);
        // Reduced to 1 g in a pack of one.
        assertThat(first).isCloseTo(1.179, within(0.0005));
        assertThat(second).isCloseTo(1.412, within(0.0005));
    }
}
