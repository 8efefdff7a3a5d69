package org.yifang.queue.evaluate;

/// The one method of a before-and-after evaluation, fixed before the data are looked at and stored
/// with the result.
///
/// @param target the reduction that is to be shown, 0.5
/// @param weeksLeast whole weeks that each period must have
/// @param weeksForClaim whole weeks below which neither "met" nor "improved" is said
/// @param ticketsPerWeekLeast tickets below which a week is no point of a series
/// @param emptyStratumMost the earlier share of a stratum that may have nobody later
/// @param emptyStrataMost the same of all such strata together
/// @param newDepartmentsMost share of the later tickets that may stand in new departments
/// @param leavingWorseMost by how much the share of leavers may rise
/// @param linkedLeast share of the expected units that must be linked to a ticket
/// @param droppedMost share of the weeks that may be left out because too few were linked
public record ReductionMethod(
        double target,
        int weeksLeast,
        int weeksForClaim,
        int ticketsPerWeekLeast,
        double emptyStratumMost,
        double emptyStrataMost,
        double newDepartmentsMost,
        double leavingWorseMost,
        double linkedLeast,
        double droppedMost) {
    /// Raised whenever a figure would come out differently.
    public static final String VERSION = "4";

    /// Below this many waits no figure is published.
    public static final int PUBLISHED_FROM = 30;

    public static final double CONFIDENCE = 0.95;

    /// The part of a fall that must be the sites' own, not seen at the control sites too.
    public static final double OWN_LEAST = 0.5;

    /// Weeks with a smaller share of linked units are left out, with their counterpart.
    public static final double WEEK_LINKED_LEAST = 0.6;

    /// The method of the goal "queues half as long". Twenty-six weeks are what a plan needs; what
    /// festivals strike from them may leave a few less.
    public static ReductionMethod standard() {
        return new ReductionMethod(0.5, 8, 20, 30, 0.02, 0.1, 0.05, 0.01, 0.9, 0.1);
    }
}
