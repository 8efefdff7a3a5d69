package org.yifang.price.offer;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// 差比价: what a pack of another strength, volume, count or form should cost, given the price of a
/// representative one.
///
/// 药品差比价规则 (发改价格〔2011〕2452号): the price follows the ratio X by a power, less than in proportion. It
/// holds within one maker's quality level, and never between a drug bought by the state's
/// volume-based purchasing and another.
public final class RatioPrice {
    private static final double CONTENT_BASE = 1.7;
    private static final double VOLUME_BASE = 1.9;
    private static final double COUNT_BASE_SOLID = 1.95;
    private static final double COUNT_BASE_OTHER = 2.0;

    /// A price above its limit by more than this factor is flagged; less is rounding.
    private static final double TOLERANCE = 1.0001;

    /// A pharmaceutical form's ratio to plain tablets and hard capsules.
    public enum Form {
        PLAIN(1.0),
        CHEWABLE_OR_SOLUBLE(1.05),
        ENTERIC(1.1),
        DISPERSIBLE_OR_SOFT_CAPSULE(1.2),
        EFFERVESCENT(1.3);

        private final double ratio;

        Form(double ratio) {
            this.ratio = ratio;
        }

        public double ratio() {
            return ratio;
        }
    }

    /// The factor for `x` times the drug in one unit.
    public static double byContent(double x) {
        return power(CONTENT_BASE, x);
    }

    /// The factor for `x` times the volume, where contents cannot be compared.
    public static double byVolume(double x) {
        return power(VOLUME_BASE, x);
    }

    /// The factor for `x` times the units in a pack.
    ///
    /// @param solid tablets and capsules to swallow, modified release included
    public static double byCount(double x, boolean solid) {
        return power(solid ? COUNT_BASE_SOLID : COUNT_BASE_OTHER, x);
    }

    /// The price of the other pack in fen, rounded to the fen.
    public static long fen(long representativeFen, double factor) {
        return BigDecimal.valueOf(representativeFen)
                .multiply(BigDecimal.valueOf(factor))
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    /// A value by which unlike packs can be ranked: the price reduced to one unit of content in a
    /// pack of one.
    ///
    /// @param content of one unit, in any unit that is the same for all that are compared
    public static double unitValue(double price, double content, double count, boolean solid) {
        return price * byContent(1 / content) * byCount(1 / count, solid);
    }

    public static boolean isOver(double price, double limit) {
        return price > limit * TOLERANCE;
    }

    private static double power(double base, double x) {
        return Math.pow(base, Math.log(x) / Math.log(2));
    }

    private RatioPrice() {}
}
