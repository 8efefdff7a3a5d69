package org.yifang.price.compare;

import org.yifang.queue.live.QueueViews;
import org.yifang.registry.Organization;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// How long one waits in each pharmacy, as the queues last told: a comparison of hundreds of
/// pharmacies cannot ask each of them.
public final class PredictedWaits {
    /// What a comparison reckons with where nothing is measured, the same everywhere.
    static final double USUAL_MINUTES = 10;

    private final QueueViews queues;
    private final Map<UUID, Double> minutes = new ConcurrentHashMap<>();

    public PredictedWaits(QueueViews queues) {
        this.queues = queues;
    }

    /// Minutes from the door to the drugs in hand.
    public double of(Organization pharmacy) {
        return minutes.getOrDefault(pharmacy.id(), USUAL_MINUTES);
    }

    /// Asks the queues of every pharmacy. Waits.
    public void refresh(Collection<Organization> pharmacies, Instant now) {
        for (Organization pharmacy : pharmacies) {
            queues.predictedWait(pharmacy.id(), now)
                    .ifPresentOrElse(
                            wait -> minutes.put(pharmacy.id(), wait.likelySeconds() / 60.0),
                            () -> minutes.remove(pharmacy.id()));
        }
    }
}
