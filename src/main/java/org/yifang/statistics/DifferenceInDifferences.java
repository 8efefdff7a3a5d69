package org.yifang.statistics;

/// The change at a site less the change at a control site over the same time, on a logarithmic
/// scale: what is left when what happened everywhere is taken away.
///
/// @param logarithm (T1 - T0) - (C1 - C0) of logarithms
/// @param share the same as a share: -0.5 is half as long
public record DifferenceInDifferences(double logarithm, double share) {
    public static DifferenceInDifferences of(
            double before, double after, double controlBefore, double controlAfter) {
        double logarithm = Math.log(after / before) - Math.log(controlAfter / controlBefore);
        return new DifferenceInDifferences(logarithm, Math.expm1(logarithm));
    }

    /// The difference of the weekly slopes of both series before the change; near zero, the control
    /// site is a fair one.
    ///
    /// @param variance of each week's difference of logarithms through its own days
    public static CorrelatedWeeks.Estimate preTrend(
            int[] week,
            double[] median,
            double[] controlMedian,
            double[] variance,
            double confidence) {
        double[][] design = new double[week.length][];
        double[] difference = new double[week.length];
        for (int i = 0; i < week.length; i++) {
            design[i] = new double[] {1, week[i]};
            difference[i] = Math.log(median[i]) - Math.log(controlMedian[i]);
        }
        return new CorrelatedWeeks(week, difference, variance, design)
                .integrated(new double[] {0, 1}, confidence);
    }
}
