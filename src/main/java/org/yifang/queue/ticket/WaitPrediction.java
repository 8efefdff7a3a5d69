package org.yifang.queue.ticket;

import org.yifang.statistics.WaitBlend;

/// How long a new ticket is likely to wait, as a range, never as a promise.
///
/// @param lowSeconds one in five waits is shorter
/// @param likelySeconds the blend itself
/// @param highSeconds one in five waits is longer
/// @param ahead how many stand before it
public record WaitPrediction(long lowSeconds, long likelySeconds, long highSeconds, int ahead) {
    /// How a queue stands at a moment.
    ///
    /// @param ahead tickets waiting
    /// @param servers counters at work, at least one
    /// @param busy how many of them are serving
    /// @param meanServiceSeconds lately
    /// @param lastEnteredSeconds wait of the last ticket that went into service, or a negative
    ///   number when there was none
    /// @param headSeconds how long the head of the line has waited, or a negative number when the
    ///   line is empty
    public record Standing(
            int ahead,
            int servers,
            int busy,
            double meanServiceSeconds,
            double lastEnteredSeconds,
            double headSeconds) {
        /// The three predictors of Ibrahim and Whitt: queue length (k + 1) h / s, the wait of the
        /// last to enter service, the wait of the head of the line so far.
        public double[] predictors() {
            double byLength = byLength();
            double byLast = lastEnteredSeconds < 0 ? byLength : lastEnteredSeconds;
            double byHead = headSeconds < 0 ? byLength : headSeconds;
            return new double[] {byLength, byLast, byHead};
        }

        private double byLength() {
            boolean atOnce = ahead == 0 && busy < servers;
            return atOnce ? 0 : (ahead + 1) * meanServiceSeconds / Math.max(servers, 1);
        }
    }

    /// The prediction for a ticket that joins now.
    public static WaitPrediction of(Standing standing, WaitBlend blend) {
        boolean atOnce = standing.ahead() == 0 && standing.busy() < standing.servers();
        double likely = atOnce ? 0 : Math.max(blend.of(standing.predictors()), 0);
        return new WaitPrediction(
                Math.round(likely * blend.lowFactor()),
                Math.round(likely),
                Math.round(likely * Math.max(blend.highFactor(), blend.lowFactor())),
                standing.ahead());
    }
}
