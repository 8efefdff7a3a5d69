package org.yifang.statistics;

import org.jspecify.annotations.Nullable;

import java.time.LocalDate;
import java.util.OptionalDouble;

/// Waits before and after a change, the later ones reweighted to the earlier mix of departments,
/// hours and weekdays, so that a change of who comes is not taken for a change of how long it
/// takes.
///
/// Every later wait of stratum h weighs w_h / n_h, where w_h is the stratum's share before; the
/// quantile is that of the reweighted Kaplan-Meier curve. (Averaging the strata's own medians would
/// not give a median.) Strata without a later wait are left out on both sides and counted.
public final class StandardisedWaits {
    private final WaitSample before;
    private final WaitSample after;
    private final double[] shares;
    private final double[] afterCounts;
    private final double largestEmpty;
    private final double allEmpty;
    private final int[] places;
    private @Nullable WaitBins bins;

    private StandardisedWaits(WaitSample before, WaitSample after, int[] places, int strata) {
        this.before = before;
        this.after = after;
        this.places = places;
        double[] beforeCounts = counts(before, strata);
        afterCounts = counts(after, strata);
        shares = new double[strata];
        double largest = 0;
        double empty = 0;
        double matched = 0;
        for (int h = 0; h < strata; h++) {
            double share = beforeCounts[h] / Math.max(before.size(), 1);
            if (afterCounts[h] > 0) {
                shares[h] = share;
                matched += share;
            } else {
                largest = Math.max(largest, share);
                empty += share;
            }
        }
        for (int h = 0; h < strata && matched > 0; h++) {
            shares[h] /= matched;
        }
        largestEmpty = largest;
        allEmpty = empty;
    }

    /// The same with strata put together.
    ///
    /// @param places the joint stratum of each stratum of the samples
    /// @param strata how many joint strata there are
    public static StandardisedWaits of(
            WaitSample before, WaitSample after, int[] places, int strata) {
        return new StandardisedWaits(before, after, places, strata);
    }

    private double[] counts(WaitSample sample, int strata) {
        double[] counts = new double[strata];
        for (int i = 0; i < sample.size(); i++) {
            counts[stratum(sample, i)]++;
        }
        return counts;
    }

    private int stratum(WaitSample sample, int i) {
        return places[sample.stratum(i)];
    }

    /// The whole weeks of the earlier period, matched strata only.
    public WeeklyFigures weeksBefore(LocalDate from, LocalDate to, int least) {
        return WeeklyFigures.of(
                before, bins(), i -> shares[stratum(before, i)] > 0 ? 1 : 0, from, to, least);
    }

    /// The whole weeks of the later period, each with the earlier mix.
    public WeeklyFigures weeksAfter(LocalDate from, LocalDate to, int least) {
        return WeeklyFigures.of(
                after, bins(), i -> afterWeight(stratum(after, i)), from, to, least);
    }

    /// The whole weeks of any other days, with the earlier mix.
    public WeeklyFigures weeksOf(WaitSample other, LocalDate from, LocalDate to, int least) {
        double[] counts = counts(other, shares.length);
        return WeeklyFigures.of(
                other,
                bins(),
                i -> shares[stratum(other, i)] / counts[stratum(other, i)],
                from,
                to,
                least);
    }

    private WaitBins bins() {
        if (bins == null) {
            bins = WaitBins.of(before, after);
        }
        return bins;
    }

    /// The earlier share of the largest stratum that has nobody later; above 2 % nothing can be
    /// said about the whole.
    public double largestEmptyShare() {
        return largestEmpty;
    }

    /// The earlier share of all strata that have nobody later.
    public double emptyShare() {
        return allEmpty;
    }

    /// Waits before, in the strata found on both sides.
    public KaplanMeier beforeMatched() {
        return curve(before, i -> shares[stratum(before, i)] > 0 ? 1 : 0);
    }

    /// Waits after, as they would be with the earlier mix.
    public KaplanMeier afterStandardised() {
        return curve(after, i -> afterWeight(stratum(after, i)));
    }

    /// The waits of one sample as they are.
    public static KaplanMeier crude(WaitSample sample) {
        return curve(sample, _ -> 1);
    }

    /// One less the ratio of the quantiles: 0.5 is half as long. Empty when too many left before
    /// the quantile could be seen.
    public OptionalDouble reduction(double q) {
        return reduction(beforeMatched().quantile(q), afterStandardised().quantile(q));
    }

    /// One less the ratio, where both are known.
    public static OptionalDouble reduction(OptionalDouble before, OptionalDouble after) {
        if (before.isEmpty() || after.isEmpty() || before.getAsDouble() <= 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(1 - after.getAsDouble() / before.getAsDouble());
    }

    /// The share of a sample that ended so, by the cumulative incidence of Aalen and Johansen.
    public static double[] incidenceOfServiceAndLeaving(WaitSample sample) {
        int room = WaitSample.LONGEST_SECONDS + 1;
        double[] served = new double[room];
        double[] left = new double[room];
        double[] lost = new double[room];
        for (int i = 0; i < sample.size(); i++) {
            double[] column =
                    switch (sample.ending(i)) {
                        case SERVED -> served;
                        case LEFT -> left;
                        case LOST -> lost;
                    };
            column[sample.seconds(i)]++;
        }
        return KaplanMeier.cumulativeIncidence(new double[][] {served, left}, lost);
    }

    /// The quantile if everybody who left or was lost had waited for ever: the upper bound beside
    /// an estimate that takes leaving for chance. Empty when so many left that it has no end.
    public static OptionalDouble quantileIfLeaversWaitForEver(WaitSample sample, double q) {
        double[] served = new double[WaitSample.LONGEST_SECONDS + 1];
        for (int i = 0; i < sample.size(); i++) {
            if (sample.served(i)) {
                served[sample.seconds(i)]++;
            }
        }
        double wanted = q * sample.size() * (1 - Quantiles.ROUNDING);
        double reached = 0;
        for (int t = 0; t < served.length; t++) {
            reached += served[t];
            if (reached >= wanted && served[t] > 0) {
                return OptionalDouble.of(t);
            }
        }
        return OptionalDouble.empty();
    }

    private double afterWeight(int h) {
        return afterCounts[h] == 0 ? 0 : shares[h] / afterCounts[h];
    }

    private interface Weight {
        double of(int i);
    }

    private static KaplanMeier curve(WaitSample sample, Weight weight) {
        double[] served = new double[WaitSample.LONGEST_SECONDS + 1];
        double[] censored = new double[WaitSample.LONGEST_SECONDS + 1];
        for (int i = 0; i < sample.size(); i++) {
            (sample.served(i) ? served : censored)[sample.seconds(i)] += weight.of(i);
        }
        return KaplanMeier.ofCounts(served, censored);
    }
}
