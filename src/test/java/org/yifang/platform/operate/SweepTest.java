package org.yifang.platform.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.Test;

/// A sweep that fails or comes no more is seen by whoever watches.
class SweepTest {
    @Test
    void rounds_are_counted_by_how_they_ended_under_the_names_that_alerts_ask_for() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Sweep.bindTo(registry);
        Sweep.QUEUES.done();
        Sweep.QUEUES.failed();
        String told = registry.scrape();
        assertThat(told)
                .containsPattern("yifang_sweeps_total\\{outcome=\"failed\",sweep=\"queues\"} [1-9]")
                .containsPattern("yifang_sweeps_total\\{outcome=\"done\",sweep=\"queues\"} [1-9]")
                .containsPattern("yifang_sweep_ended_seconds\\{sweep=\"queues\"} [1-9]");
    }
}
