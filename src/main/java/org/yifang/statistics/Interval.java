package org.yifang.statistics;

/// A confidence interval, both ends included.
///
/// @param low lower end, in the unit of what was estimated
/// @param high upper end
/// @param confidence what it really covers under its own assumptions, as 0.95; an exact interval
///   from ranks covers a little more than was asked for
public record Interval(double low, double high, double confidence) {
    public boolean contains(double value) {
        return low <= value && value <= high;
    }
}
