package org.yifang.queue.evaluate;

import org.yifang.statistics.KaplanMeier;
import org.yifang.statistics.StandardisedWaits;
import org.yifang.statistics.WaitSample;

import java.util.OptionalDouble;

/// What is said of one period by itself, as it is. All times in seconds.
///
/// @param tickets all of them
/// @param waits those with a wait
/// @param median of Kaplan and Meier
/// @param p90 ninetieth percentile of Kaplan and Meier
/// @param mean area under the curve up to eight hours
/// @param withinTenMinutes share served within ten minutes
/// @param withinThirtyMinutes share served within thirty minutes
/// @param leftIncidence share that left, of Aalen and Johansen
/// @param medianIfLeaversWaitForEver the upper bound of the median
/// @param little how well Little's law holds
public record PeriodFigures(
        long tickets,
        long waits,
        OptionalDouble median,
        OptionalDouble p90,
        double mean,
        double withinTenMinutes,
        double withinThirtyMinutes,
        double leftIncidence,
        OptionalDouble medianIfLeaversWaitForEver,
        long left,
        long transferred,
        long unknown,
        long voided,
        long startMissing,
        long historical,
        PeriodTally.Little little) {
    public static PeriodFigures of(PeriodTally tally) {
        WaitSample sample = tally.sample();
        KaplanMeier curve = StandardisedWaits.crude(sample);
        return new PeriodFigures(
                tally.tickets(),
                sample.size(),
                curve.quantile(0.5),
                curve.quantile(0.9),
                curve.restrictedMean(WaitSample.LONGEST_SECONDS),
                1 - curve.survivalAt(600),
                1 - curve.survivalAt(1800),
                sample.size() == 0 ? 0 : StandardisedWaits.incidenceOfServiceAndLeaving(sample)[1],
                StandardisedWaits.quantileIfLeaversWaitForEver(sample, 0.5),
                tally.left(),
                tally.transferred(),
                tally.unknown(),
                tally.voided(),
                tally.startMissing(),
                tally.historical(),
                tally.little());
    }
}
