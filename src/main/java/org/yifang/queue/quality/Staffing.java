package org.yifang.queue.quality;

import org.yifang.statistics.QueueTheory;

import java.util.UUID;

/// How many windows a queue needs in its busiest hour, by Erlang C: what would be, were people to
/// come at random and no window to close. No figure of what was, and no ground of any claim.
///
/// @param organization id of the Organization
/// @param queue its code
/// @param busiestHour of the day, 0 to 23
/// @param arrivalsPerHour mean of the days that had any in that hour
/// @param serviceSeconds mean time of one service
public record Staffing(
        UUID organization,
        String queue,
        int busiestHour,
        double arrivalsPerHour,
        double serviceSeconds) {
    /// The share that is to wait no longer than [#WITHIN_SECONDS].
    public static final double SHARE = 0.8;

    public static final double WITHIN_SECONDS = 600;

    private static final double HOUR_SECONDS = 3600;

    private double load() {
        return arrivalsPerHour * serviceSeconds / HOUR_SECONDS;
    }

    /// The fewest windows with which eight of ten wait ten minutes at most.
    public int windows() {
        return QueueTheory.serversFor(load(), serviceSeconds, WITHIN_SECONDS, SHARE);
    }

    /// The mean wait with so many.
    public double meanWaitSeconds() {
        return QueueTheory.meanWait(windows(), load(), serviceSeconds);
    }

    /// The share that waits longer with so many.
    public double longerShare() {
        return QueueTheory.waitsLongerThan(windows(), load(), serviceSeconds, WITHIN_SECONDS);
    }
}
