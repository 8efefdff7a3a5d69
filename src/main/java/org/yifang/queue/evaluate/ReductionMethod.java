package org.yifang.queue.evaluate;

/// The one method of a before-and-after evaluation, fixed before the data are looked at and stored
/// with the result.
///
/// @param target the reduction that is to be shown, 0.5
/// @param weeksLeast whole weeks that each period must have
/// @param ticketsPerWeekLeast tickets below which a week is no point of a series
/// @param emptyStratumMost the earlier share of a stratum that may have nobody later
/// @param emptyStrataMost the same of all such strata together
/// @param leavingWorseMost by how much the share of leavers may rise
/// @param replicates of the bootstrap of days
/// @param seed of its random numbers
public record ReductionMethod(
        double target,
        int weeksLeast,
        int ticketsPerWeekLeast,
        double emptyStratumMost,
        double emptyStrataMost,
        double leavingWorseMost,
        int replicates,
        long seed) {
    /// Raised whenever a figure would come out differently.
    public static final String VERSION = "1";

    /// Below this many waits no figure is published.
    public static final int PUBLISHED_FROM = 30;

    public static final double CONFIDENCE = 0.95;

    /// The method of the goal "queues half as long".
    public static ReductionMethod standard(int replicates, long seed) {
        return new ReductionMethod(0.5, 8, 30, 0.02, 0.1, 0.01, replicates, seed);
    }
}
