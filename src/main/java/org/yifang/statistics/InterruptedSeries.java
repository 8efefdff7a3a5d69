package org.yifang.statistics;

import java.util.Arrays;

/// What a dated change did to a weekly series: level and slope before, level and slope after, and
/// the season where a year is there (segmented regression; Turner 2021, BMC MRM 21:181).
///
/// The series is the logarithm of each week's standardised median, so an effect of -0.69 is "half
/// as long". The interval is that of [CorrelatedWeeks]; Newey and West, who cover 84 of 100 with
/// sixteen weeks even of independent days, and Prais and Winsten stand beside it.
///
/// @param effect the mean effect over the weeks after the change, as a share: -0.5 is half as long
/// @param neweyWest the same by Newey and West
/// @param praisWinsten the same by Prais and Winsten
/// @param levelChange change of the logarithm at the first week after
/// @param slopeChange change of its weekly slope
/// @param autocorrelation of neighbouring weeks' errors
/// @param seasonPairs pairs of sine and cosine of the year
/// @param counterfactual what each week would have been without the change, in seconds
public record InterruptedSeries(
        LinearRegression.Estimate effect,
        LinearRegression.Estimate neweyWest,
        LinearRegression.Estimate praisWinsten,
        double levelChange,
        double slopeChange,
        double autocorrelation,
        int seasonPairs,
        double[] counterfactual) {
    /// Weeks that each side needs.
    public static final int WEEKS_LEAST = 3;

    /// A year is there, and half of another: with less, a season cannot be told from the change.
    private static final int SEASON_FROM = 78;

    private static final double WEEKS_OF_YEAR = 52.1775;
    private static final int TREND = 4;

    /// @param week number of each point's week, ascending; gaps (a wash-in left out) are fine
    /// @param median each week's median wait, above zero
    /// @param variance of each week's logarithm through its own days
    /// @param changeWeek the first week after the change
    /// @throws IllegalArgumentException with fewer than three points on either side, or fewer
    ///   points than coefficients
    public static InterruptedSeries fit(
            int[] week, double[] median, double[] variance, int changeWeek, double confidence) {
        int before = (int) Arrays.stream(week).filter(one -> one < changeWeek).count();
        if (before < WEEKS_LEAST || week.length - before < WEEKS_LEAST) {
            throw new IllegalArgumentException(
                    "A change in a series needs three weeks on each side of it.");
        }
        int span = week[week.length - 1] - week[0] + 1;
        int pairs = span >= SEASON_FROM && week.length >= 2 * (TREND + 2) ? 1 : 0;
        double[] y = Arrays.stream(median).map(Math::log).toArray();
        double[][] design = design(week, changeWeek, pairs);
        double[] combination = meanEffect(week, changeWeek, pairs);
        CorrelatedWeeks weeks = new CorrelatedWeeks(week, y, variance, design);
        CorrelatedWeeks.Estimate effect = weeks.integrated(combination, confidence);
        if (Math.min(before, week.length - before) < WeekContrast.MANY_WEEKS) {
            effect = effect.orWider(weeks.restricted(combination, confidence));
        }
        LinearRegression plain = LinearRegression.ordinary(design, y);
        LinearRegression memory = LinearRegression.praisWinsten(design, y);
        return new InterruptedSeries(
                asShare(estimate(effect)),
                asShare(LinearRegression.neweyWest(design, y).combination(combination, confidence)),
                asShare(memory.combination(combination, confidence)),
                plain.coefficients()[2],
                plain.coefficients()[3],
                memory.autocorrelation(),
                pairs,
                counterfactual(design, plain.coefficients()));
    }

    private static LinearRegression.Estimate estimate(CorrelatedWeeks.Estimate one) {
        Interval interval = one.interval();
        return new LinearRegression.Estimate(
                one.value(), (interval.high() - interval.low()) / 3.92, interval);
    }

    /// The fitted line without what the change added, for the dashed line of a chart.
    private static double[] counterfactual(double[][] design, double[] b) {
        double[] without = new double[design.length];
        for (int i = 0; i < without.length; i++) {
            double sum = 0;
            for (int a = 0; a < b.length; a++) {
                sum += a == 2 || a == 3 ? 0 : b[a] * design[i][a];
            }
            without[i] = Math.exp(sum);
        }
        return without;
    }

    private static double[][] design(int[] week, int changeWeek, int pairs) {
        double[][] design = new double[week.length][];
        for (int i = 0; i < week.length; i++) {
            double after = week[i] >= changeWeek ? 1 : 0;
            design[i] = new double[TREND + 2 * pairs];
            design[i][0] = 1;
            design[i][1] = week[i] - changeWeek;
            design[i][2] = after;
            design[i][3] = after * (week[i] - changeWeek);
            for (int p = 0; p < pairs; p++) {
                double angle = 2 * Math.PI * (p + 1) * week[i] / WEEKS_OF_YEAR;
                design[i][TREND + 2 * p] = Math.sin(angle);
                design[i][TREND + 2 * p + 1] = Math.cos(angle);
            }
        }
        return design;
    }

    private static double[] meanEffect(int[] week, int changeWeek, int pairs) {
        double[] combination = new double[TREND + 2 * pairs];
        combination[2] = 1;
        combination[3] =
                Arrays.stream(week)
                        .filter(one -> one >= changeWeek)
                        .map(one -> one - changeWeek)
                        .average()
                        .orElseThrow();
        return combination;
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
