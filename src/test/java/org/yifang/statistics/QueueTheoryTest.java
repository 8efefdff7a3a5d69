package org.yifang.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class QueueTheoryTest {
    @Test
    void a_hundred_calls_in_half_an_hour_need_fourteen() {
        double load = 100 * 3 / 30.0;
        assertThat(QueueTheory.serversFor(load, 3, 20 / 60.0, 0.8)).isEqualTo(14);
        assertThat(QueueTheory.erlangC(14, load)).isCloseTo(0.1741319335950498, within(1e-15));
        assertThat(1 - QueueTheory.waitsLongerThan(14, load, 3, 20 / 60.0))
                .isCloseTo(0.8883500191794669, within(1e-15));
        assertThat(QueueTheory.meanWait(14, load, 3)).isCloseTo(0.13059895019628742, within(1e-15));
        assertThat(load / 14).isCloseTo(0.7142857142857143, within(1e-15));
    }

    @Test
    void erlang_c_in_closed_form() {
        assertThat(QueueTheory.erlangC(1, 0.5)).isCloseTo(0.5, within(1e-15));
        assertThat(QueueTheory.erlangC(2, 1)).isCloseTo(1 / 3.0, within(1e-15));
        assertThat(QueueTheory.erlangC(2, 1.5)).isCloseTo(0.6428571428571428, within(1e-15));
        assertThat(QueueTheory.erlangC(3, 2)).isCloseTo(4 / 9.0, within(1e-15));
    }

    @Test
    void a_line_that_would_never_end_is_refused() {
        assertThatThrownBy(() -> QueueTheory.erlangC(2, 2))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(QueueTheory.serversFor(2, 3, 1, 0.5)).isGreaterThan(2);
    }

    @Test
    void littles_law_holds_on_a_closed_period() {
        double[] arrivals = {0, 1, 2, 5};
        double[] departures = {3, 4, 6, 7};
        QueueTheory.Little little =
                QueueTheory.little(arrivals, departures, new double[] {3, 3, 4, 2}, 0, 7);
        assertThat(little.meanLength()).isCloseTo(1.7142857143, within(1e-10));
        assertThat(little.arrivalRate()).isCloseTo(0.5714285714, within(1e-10));
        assertThat(little.meanWait()).isCloseTo(3.0, within(1e-12));
        assertThat(little.gap()).isCloseTo(0, within(1e-12));
    }

    @Test
    void a_wait_that_is_not_end_less_start_opens_a_gap() {
        double[] arrivals = {0, 1, 2, 5};
        double[] departures = {3, 4, 6, 7};
        double[] halved = {1.5, 1.5, 2, 1};
        assertThat(QueueTheory.little(arrivals, departures, halved, 0, 7).gap())
                .isCloseTo(0.5, within(1e-12));
        assertThat(QueueTheory.little(new double[0], new double[0], new double[0], 0, 7).gap())
                .isZero();
    }
}
