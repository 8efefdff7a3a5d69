package org.yifang.notify.deliver;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait after failures: twice as long after each, give or take a fifth, so that those
/// who failed together do not come back together.
final class Backoff {
    private static final double JITTER = 0.2;

    /// Beyond this many doublings every pause is the longest.
    private static final int DOUBLINGS = 20;

    private final RandomGenerator random;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /// The pause after so many failures, from 1.
    Duration after(int failures) {
        int doublings = Math.min(Math.max(failures, 1) - 1, DOUBLINGS);
        long millis =
                Math.min(
                        DeliveryLimits.FIRST_PAUSE.toMillis() << doublings,
                        DeliveryLimits.LONGEST_PAUSE.toMillis());
        double spread = 1 - JITTER + 2 * JITTER * random.nextDouble();
        return Duration.ofMillis(Math.round(millis * spread));
    }
}
