package org.yifang.queue.live;

import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.QueueStage;
import org.yifang.queue.ticket.WaitPrediction;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What other packages may know of queues: how long one would wait for medicine at a pharmacy.
public final class QueueViews {
    private final LiveQueues live;

    public QueueViews(LiveQueues live) {
        this.live = live;
    }

    /// Below this many past waits nothing is said of a queue.
    private static final int WAITS_LEAST = 10;

    /// The wait of somebody who arrives at `organization` for a prescription at the moment `at`:
    /// that of the hand-over, or of the dispensing where no wait for a hand-over was measured; the
    /// shortest where there are several. Empty when nothing is known of its queues. Waits for the
    /// database, at most every two seconds for each queue.
    ///
    /// @param organization id of the Organization
    /// @param at now, or when the patient would be there: what stands in line counts only for the
    ///   next two hours; later the typical wait is told as a range without anybody ahead
    public Optional<WaitPrediction> predictedWait(UUID organization, Instant at) {
        List<LiveQueues.Now> known =
                live.counters(organization).stream()
                        .flatMap(queue -> live.now(queue.id()).stream())
                        .filter(now -> now.learntFrom() >= WAITS_LEAST)
                        .toList();
        boolean handOver =
                known.stream().anyMatch(now -> now.queue().stage() == QueueStage.HAND_OVER);
        return known.stream()
                .filter(now -> !handOver || now.queue().stage() == QueueStage.HAND_OVER)
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
