package org.yifang.queue.evaluate;

import org.yifang.fhir.json.NamedValues;
import org.yifang.statistics.InterruptedSeries;
import org.yifang.statistics.Interval;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Writes every reading of a reduction beside the headline.
final class ReadingsReport {
    static void write(NamedValues all, Reduction reduction) {
        reduction.crudeMedian().ifPresent(value -> Shown.percent(all, "crude-median", value));
        reduction.p90().ifPresent(value -> Shown.percent(all, "p90", value));
        reduction.intervals().p90().ifPresent(one -> Shown.range(all, "p90-interval", one));
        if (reduction.ratio() != null) {
            Shown.percent(all, "hodges-lehmann", 1 - reduction.ratio().estimate());
        }
        if (reduction.interrupted() != null) {
            series(all, reduction.interrupted());
        }
        if (reduction.control() != null) {
            Shown.percent(all, "less-control", -reduction.control().share());
        }
        if (reduction.controlSeries() != null) {
            control(all, reduction.controlSeries());
        }
        if (reduction.leaverRate() != null) {
            BigDecimal ratio = BigDecimal.valueOf(reduction.leaverRate().ratio());
            all.string(
                    "leaver-rate-ratio", ratio.setScale(3, RoundingMode.HALF_UP).toPlainString());
        }
        Reduction.Leaving leaving = reduction.leaving();
        all.string("not-seen-served-before", ReductionRule.percent(leaving.before()))
                .string("not-seen-served-after", ReductionRule.percent(leaving.after()));
        leaving.interval().ifPresent(one -> Shown.range(all, "leaving-change-interval", one));
        all.string("strata", String.valueOf(reduction.strata()));
    }

    private static void series(NamedValues all, InterruptedSeries series) {
        Shown.percent(all, "series", -series.effect().value());
        Shown.range(all, "series-interval", turned(series.effect().interval()));
        all.string("series-season-pairs", String.valueOf(series.seasonPairs()));
        Shown.percent(all, "series-newey-west", -series.neweyWest().value());
        Shown.percent(all, "series-prais-winsten", -series.praisWinsten().value());
    }

    /// Whether the control sites are a fair comparison, and the series less theirs.
    private static void control(NamedValues all, ControlSeries control) {
        all.string("pre-trend", control.trends().code())
                .string("pre-trend-weeks", String.valueOf(control.preTrendWeeks()));
        if (control.preTrend() != null) {
            Interval slope = control.preTrend().interval();
            Shown.percent(all, "pre-trend-per-week", Math.expm1(control.preTrend().value()));
            Shown.range(
                    all,
                    "pre-trend-interval",
                    new Interval(
                            Math.expm1(slope.low()), Math.expm1(slope.high()), slope.confidence()));
        }
        if (control.interrupted() != null) {
            Interval effect = control.interrupted().effect().interval();
            Shown.percent(all, "series-less-control", -control.interrupted().effect().value());
            Shown.range(all, "series-less-control-interval", turned(effect));
        }
    }

    /// What fell as what was gained.
    private static Interval turned(Interval change) {
        return new Interval(-change.high(), -change.low(), change.confidence());
    }

    private ReadingsReport() {}
}
