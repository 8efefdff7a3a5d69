package org.yifang.price.offer;

/// 差比价: what a pack of another strength, volume, count or form should cost, given the price of a
/// representative one.
///
/// 药品差比价规则 (发改价格〔2011〕2452号): the price follows the ratio X by a power, less than in proportion. It
/// holds within one maker's quality level, and never between a drug bought by the state's
/// volume-based purchasing and another.
public final class RatioPrice {
    private static final double CONTENT_BASE = 1.7;
    private static final double COUNT_BASE_SOLID = 1.95;
    private static final double COUNT_BASE_OTHER = 2.0;

    /// The factor for `x` times the drug in one unit.
    public static double byContent(double x) {
        return power(CONTENT_BASE, x);
    }

    /// The factor for `x` times the units in a pack.
    ///
    /// @param solid tablets and capsules to swallow, modified release included
    public static double byCount(double x, boolean solid) {
        return power(solid ? COUNT_BASE_SOLID : COUNT_BASE_OTHER, x);
    }

    /// A value by which unlike packs can be ranked: the price reduced to one unit of content in a
    /// pack of one.
    ///
    /// @param content of one unit, in any unit that is the same for all that are compared
    public static double unitValue(double price, double content, double count, boolean solid) {
        return price * byContent(1 / content) * byCount(1 / count, solid);
    }

    private static double power(double base, double x) {
        return Math.pow(base, Math.log(x) / Math.log(2));
    }

    private RatioPrice() {}
}
