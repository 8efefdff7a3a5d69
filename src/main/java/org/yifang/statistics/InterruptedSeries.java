package org.yifang.statistics;

import java.util.Arrays;

/// What a dated change did to a weekly series: level and slope before, level and slope after
/// (segmented regression; Turner 2021, BMC MRM 21:181, on the choice of method).
///
/// The series is the logarithm of each week's median, so an effect of -0.69 is "half as long".
/// Newey and West is the method fixed beforehand; Prais and Winsten and plain least squares stand
/// beside it. Below 12 points plain least squares is taken, because corrections for memory cannot
/// be estimated from so few.
///
/// @param method which one gave `effect`
/// @param effect the mean effect over the weeks after the change, as a share: -0.5 is half as long
/// @param sensitivity the same by the other method
/// @param levelChange change of the logarithm at the first week after
/// @param slopeChange change of its weekly slope
/// @param autocorrelation of neighbouring weeks' errors
public record InterruptedSeries(
        Method method,
        LinearRegression.Estimate effect,
        LinearRegression.Estimate sensitivity,
        double levelChange,
        double slopeChange,
        double autocorrelation) {
    /// How the standard errors are found.
    public enum Method {
        NEWEY_WEST,
        PRAIS_WINSTEN,
        LEAST_SQUARES
    }

    /// Fewer points than this are fitted by plain least squares (Turner 2021).
    public static final int SHORT_BELOW = 12;

    /// @param week number of each point's week; gaps (a wash-in left out) are fine
    /// @param median each week's median wait, above zero
    /// @param changeWeek the first week after the change
    /// @throws IllegalArgumentException with fewer than three points on either side
    public static InterruptedSeries fit(
            int[] week, double[] median, int changeWeek, double confidence) {
        long before = Arrays.stream(week).filter(one -> one < changeWeek).count();
        if (before < 3 || week.length - before < 3) {
            throw new IllegalArgumentException(
                    "A change in a series needs three weeks on each side of it.");
        }
        double[] y = Arrays.stream(median).map(Math::log).toArray();
        double[][] design = design(week, changeWeek);
        double[] combination = meanEffect(week, changeWeek);
        LinearRegression memory = LinearRegression.praisWinsten(design, y);
        boolean isShort = week.length < SHORT_BELOW;
        LinearRegression chosen =
                isShort
                        ? LinearRegression.ordinary(design, y)
                        : LinearRegression.neweyWest(design, y);
        return new InterruptedSeries(
                isShort ? Method.LEAST_SQUARES : Method.NEWEY_WEST,
                asShare(chosen.combination(combination, confidence)),
                asShare(memory.combination(combination, confidence)),
                chosen.coefficients()[2],
                chosen.coefficients()[3],
                memory.autocorrelation());
    }

    /// What the series would have been without the change, for the dashed line of a chart.
    public static double[] counterfactual(int[] week, double[] median, int changeWeek) {
        double[] y = Arrays.stream(median).map(Math::log).toArray();
        double[] b = LinearRegression.ordinary(design(week, changeWeek), y).coefficients();
        return Arrays.stream(week).mapToDouble(one -> Math.exp(b[0] + b[1] * one)).toArray();
    }

    private static double[][] design(int[] week, int changeWeek) {
        double[][] design = new double[week.length][];
        for (int i = 0; i < week.length; i++) {
            double after = week[i] >= changeWeek ? 1 : 0;
            design[i] = new double[] {1, week[i], after, after * (week[i] - changeWeek)};
        }
        return design;
    }

    private static double[] meanEffect(int[] week, int changeWeek) {
        double meanWeeksAfter =
                Arrays.stream(week)
                        .filter(one -> one >= changeWeek)
                        .map(one -> one - changeWeek)
                        .average()
                        .orElseThrow();
        return new double[] {0, 0, 1, meanWeeksAfter};
    }

    private static LinearRegression.Estimate asShare(LinearRegression.Estimate logarithm) {
        Interval interval = logarithm.interval();
        return new LinearRegression.Estimate(
                Math.expm1(logarithm.value()),
                logarithm.standardError(),
                new Interval(
                        Math.expm1(interval.low()),
                        Math.expm1(interval.high()),
                        interval.confidence()));
    }
}
