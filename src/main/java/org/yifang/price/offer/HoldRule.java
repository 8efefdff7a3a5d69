package org.yifang.price.offer;

import org.jspecify.annotations.Nullable;
import org.yifang.statistics.PriceOutliers;
import org.yifang.statistics.Quantiles;

import java.util.List;
import java.util.Locale;

/// Decides whether a new price may be shown at once or waits for a person.
///
/// A price waits when its change is an outlier among the changes of its substitution set and it is
/// also far from the county's median; a seller's first price when it is far from the median. One of
/// the two alone is a flag. Whoever releases it sees the evidence.
public final class HoldRule {
    /// Below half or above twice the county's median is far.
    private static final double FAR = 2;

    /// With fewer other sellers a median says nothing.
    private static final int SELLERS_MIN = 3;

    /// What the decision rests on.
    ///
    /// @param held whether the price waits
    /// @param flags `change` and `level`, whichever stood out
    /// @param robustZ of the change; null for a first price
    /// @param ratioToMedian unit price over the county's median; null with too few other sellers
    /// @param tier 0, or how far above the median: 1 below 2×, 2 below 5×, 3 below 10×, 4 from
    ///   there
    public record Verdict(
            boolean held,
            List<String> flags,
            @Nullable Double robustZ,
            @Nullable Double ratioToMedian,
            int tier) {

        /// The evidence in one line, for the row report and the release page.
        public String evidence() {
            StringBuilder text = new StringBuilder();
            if (robustZ != null) {
                text.append(String.format(Locale.ROOT, "robust z of the change %.2f", robustZ));
            }
            if (ratioToMedian != null) {
                text.append(text.isEmpty() ? "" : "; ")
                        .append(
                                String.format(
                                        Locale.ROOT, "%.2f of the county median", ratioToMedian));
            }
            return text.toString();
        }
    }

    /// @param unitFen the new price of one preparation unit
    /// @param before the seller's own price before, or null when this is its first
    /// @param others unit prices of the other sellers of the substitution set, in fen
    /// @param changes last log changes of unit price within the set, the unchanged (0) included
    public static Verdict judge(
            double unitFen, @Nullable Double before, double[] others, double[] changes) {
        return judge(unitFen, before, Market.of(others, changes));
    }

    /// What the other sellers of a set do, reckoned once for many prices to be judged.
    ///
    /// @param medianUnitFen null with too few of them
    /// @param changes of their unit prices
    public record Market(@Nullable Double medianUnitFen, PriceOutliers.Spread changes) {
        /// @param others unit prices of the other sellers of the substitution set, in fen
        /// @param changes last log changes of unit price within the set, the unchanged included
        public static Market of(double[] others, double[] changes) {
            // Without others the set has not moved: an unchanged price is the rule.
            return new Market(
                    others.length < SELLERS_MIN ? null : Quantiles.of(others, 0.5),
                    PriceOutliers.Spread.of(changes.length == 0 ? new double[] {0} : changes));
        }
    }

    /// @param unitFen the new price of one preparation unit
    /// @param before the seller's own price before, or null when this is its first
    public static Verdict judge(double unitFen, @Nullable Double before, Market market) {
        Double median = market.medianUnitFen();
        Double ratio = median == null ? null : unitFen / median;
        boolean far = ratio != null && (ratio < 1 / FAR || ratio > FAR);
        if (before == null) {
            return new Verdict(far, far ? List.of("level") : List.of(), null, ratio, tier(ratio));
        }
        double change = Math.log(unitFen / before);
        double z = market.changes().robustZ(change);
        boolean outlier = z > PriceOutliers.ROBUST_Z_LIMIT;
        List<String> flags =
                outlier && far
                        ? List.of("change", "level")
                        : outlier ? List.of("change") : far ? List.of("level") : List.of();
        return new Verdict(outlier && far, flags, z, ratio, tier(ratio));
    }

    /// The tiers of 苏医保发〔2021〕64号, multiples of the listed price.
    private static int tier(@Nullable Double ratio) {
        if (ratio == null || ratio <= 1) {
            return 0;
        }
        return ratio < 2 ? 1 : ratio < 5 ? 2 : ratio < 10 ? 3 : 4;
    }

    private HoldRule() {}
}
