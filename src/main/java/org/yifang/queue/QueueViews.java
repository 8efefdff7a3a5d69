package org.yifang.queue;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;

/// What other packages may know of queues: how long one would wait for medicine at a pharmacy.
public final class QueueViews {
    private final LiveQueues live;

    public QueueViews(LiveQueues live) {
        this.live = live;
    }

    /// The wait of somebody who arrives at `organization` for a prescription at the moment `at`:
    /// that of the hand-over, or of the dispensing where no hand-over queue is known; the shortest
    /// where there are several. Empty when nothing is known of its queues. Waits for the database.
    ///
    /// @param organization id of the Organization
    /// @param at now, or when the patient would be there: what stands in line counts only for the
    ///   next two hours; later the typical wait is told as a range without anybody ahead
    public Optional<WaitPrediction> predictedWait(UUID organization, Instant at) {
        var counters = live.counters(organization);
        boolean handOver =
                counters.stream().anyMatch(queue -> queue.stage() == QueueStage.HAND_OVER);
        return counters.stream()
                .filter(queue -> !handOver || queue.stage() == QueueStage.HAND_OVER)
                .flatMap(queue -> live.now(queue.id()).stream())
                .map(now ->
                        now.at().plus(QueueLimits.LATELY).isBefore(at)
                                ? later(now)
                                : now.prediction())
                .min(Comparator.comparingLong(WaitPrediction::likelySeconds));
    }

    private static WaitPrediction later(LiveQueues.Now now) {
        WaitPrediction today = now.prediction();
        return new WaitPrediction(0, today.likelySeconds(), today.highSeconds(), 0);
    }
}
