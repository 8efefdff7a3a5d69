package org.yifang.queue.evaluate;

import org.hl7.fhir.r4.model.Extension;
import org.yifang.statistics.Interval;

/// Writes every reading of a reduction beside the headline.
final class ReadingsReport {
    static Extension of(Reduction reduction) {
        Extension all =
                new Extension("https://yifang.org/fhir/StructureDefinition/reduction-readings");
        reduction
                .crudeMedian()
                .ifPresent(
                        value -> all.addExtension("crude-median", ReductionReport.percent(value)));
        reduction.p90().ifPresent(value -> all.addExtension("p90", ReductionReport.percent(value)));
        reduction
                .intervals()
                .p90()
                .ifPresent(one -> all.addExtension("p90-interval", ReductionReport.range(one)));
        if (reduction.ratio() != null) {
            all.addExtension(
                    "hodges-lehmann", ReductionReport.percent(1 - reduction.ratio().estimate()));
        }
        if (reduction.interrupted() != null) {
            all.addExtension(
                    "series", ReductionReport.percent(-reduction.interrupted().effect().value()));
            Interval series = reduction.interrupted().effect().interval();
            all.addExtension(
                    "series-interval",
                    ReductionReport.range(
                            new Interval(-series.high(), -series.low(), series.confidence())));
            ReductionReport.text(
                    all, "series-season-pairs", "" + reduction.interrupted().seasonPairs());
            all.addExtension(
                    "series-newey-west",
                    ReductionReport.percent(-reduction.interrupted().neweyWest().value()));
            all.addExtension(
                    "series-prais-winsten",
                    ReductionReport.percent(-reduction.interrupted().praisWinsten().value()));
        }
        if (reduction.control() != null) {
            all.addExtension("less-control", ReductionReport.percent(-reduction.control().share()));
        }
        if (reduction.controlSeries() != null) {
            control(all, reduction.controlSeries());
        }
        if (reduction.leaverRate() != null) {
            ReductionReport.text(
                    all,
                    "leaver-rate-ratio",
                    ReductionReport.rounded(reduction.leaverRate().ratio(), 3).toPlainString());
        }
        ReductionReport.text(
                all, "not-seen-served-before", ReductionRule.percent(reduction.leaving().before()));
        ReductionReport.text(
                all, "not-seen-served-after", ReductionRule.percent(reduction.leaving().after()));
        reduction
                .leaving()
                .interval()
                .ifPresent(one ->
                        all.addExtension("leaving-change-interval", ReductionReport.range(one)));
        ReductionReport.text(all, "strata", String.valueOf(reduction.strata()));
        return all;
    }

    /// Whether the control sites are a fair comparison, and the series less theirs.
    private static void control(Extension all, ControlSeries control) {
        ReductionReport.text(all, "pre-trend", control.trends().code());
        ReductionReport.text(all, "pre-trend-weeks", String.valueOf(control.preTrendWeeks()));
        if (control.preTrend() != null) {
            Interval slope = control.preTrend().interval();
            all.addExtension(
                    "pre-trend-per-week",
                    ReductionReport.percent(Math.expm1(control.preTrend().value())));
            all.addExtension(
                    "pre-trend-interval",
                    ReductionReport.range(
                            new Interval(
                                    Math.expm1(slope.low()),
                                    Math.expm1(slope.high()),
                                    slope.confidence())));
        }
        if (control.interrupted() != null) {
            Interval effect = control.interrupted().effect().interval();
            all.addExtension(
                    "series-less-control",
                    ReductionReport.percent(-control.interrupted().effect().value()));
            all.addExtension(
                    "series-less-control-interval",
                    ReductionReport.range(
                            new Interval(-effect.high(), -effect.low(), effect.confidence())));
        }
    }

    private ReadingsReport() {}
}
