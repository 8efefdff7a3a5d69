package org.yifang.queue.evaluate;

import org.yifang.statistics.KaplanMeier;
import org.yifang.statistics.StandardisedWaits;
import org.yifang.statistics.WaitSample;

import java.util.Arrays;
import java.util.List;
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
        PeriodTally.Little little,
        List<Standing> curve) {
    /// At which minutes the curve of those still waiting is told: enough for a chart.
    private static final int[] MINUTES = {
        0, 2, 5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 90, 105, 120, 150, 180, 240
    };

    /// How the curve stands after some minutes.
    ///
    /// @param share still waiting, by Kaplan and Meier
    /// @param atRisk waits that were followed that far
    record Standing(int minutes, double share, long atRisk) {}

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
                tally.little(),
                standing(curve));
    }

    private static List<Standing> standing(KaplanMeier curve) {
        return Arrays.stream(MINUTES)
                .mapToObj(minutes ->
                        new Standing(
                                minutes,
                                curve.survivalAt(60.0 * minutes),
                                Math.round(curve.atRiskAt(60.0 * minutes))))
                .toList();
    }
}
