package org.yifang.queue.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.yifang.queue.ticket.WaitPrediction.Standing;
import org.yifang.statistics.WaitBlend;

import java.util.SplittableRandom;

class WaitPredictionTest {
    @Test
    void five_ahead_of_two_busy_counters_and_four_minutes_each_are_twelve_minutes() {
        Standing standing = new Standing(5, 2, 2, 4 * 60, -1, -1);
        assertThat(standing.predictors()[0]).isEqualTo(12 * 60);
    }

    @Test
    void a_free_counter_and_no_line_are_no_wait() {
        WaitPrediction none =
                WaitPrediction.of(new Standing(0, 2, 1, 240, 900, -1), WaitBlend.unfitted(3));
        assertThat(none.highSeconds()).isZero();
    }

    @Test
    void the_blend_leans_on_what_missed_least_and_three_in_five_fall_into_its_range() {
        SplittableRandom random = new SplittableRandom(5);
        double[][] predicted = new double[2000][];
        double[] actual = new double[2000];
        for (int i = 0; i < actual.length; i++) {
            double truth = 300 + 900 * random.nextDouble();
            actual[i] = truth * (0.6 + 0.8 * random.nextDouble());
            predicted[i] =
                    new double[] {truth, 1500 * random.nextDouble(), 1500 * random.nextDouble()};
        }
        WaitBlend blend = WaitBlend.fit(predicted, actual);
        assertThat(blend.weights()[0]).isGreaterThan(0.8);
        long inside = 0;
        for (int i = 0; i < actual.length; i++) {
            double likely = blend.of(predicted[i]);
            boolean low = actual[i] >= likely * blend.lowFactor();
            inside += low && actual[i] <= likely * blend.highFactor() ? 1 : 0;
        }
        assertThat(inside / 2000.0).isCloseTo(0.6, within(0.01));
    }

    @Test
    void with_little_past_nothing_is_fitted() {
        assertThat(WaitBlend.fit(new double[29][3], new double[29]).count()).isZero();
    }
}
