package org.yifang.fhir;

import org.yifang.platform.Problem;
import org.yifang.platform.Problem.Finding;
import org.yifang.platform.ProblemCode;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Keeps one client from taking the service away from all others: a bucket of tokens for each.
final class RateLimit {
    private static final long NANOS = 1_000_000_000L;

    private final double perNano;
    private final double most;
    private final LongSupplier nanoTime;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

    /// @param perSecond requests of one client that are served in the long run
    /// @param burst how many more may come at once
    RateLimit(int perSecond, int burst, LongSupplier nanoTime) {
        this.perNano = perSecond / (double) NANOS;
        this.most = burst;
        this.nanoTime = nanoTime;
    }

    /// @param served whether the request that left it so was within the client's share
    private record Bucket(double tokens, long at, boolean served) {}

    /// Counts one request.
    ///
    /// @throws Problem `RX-1029` with `Retry-After` when the client has had its share
    void take(String clientId) {
        long now = nanoTime.getAsLong();
        Bucket after =
                buckets.merge(
                        clientId,
                        new Bucket(most - 1, now, true),
                        (before, fresh) -> {
                            double tokens =
                                    Math.min(most, before.tokens() + (now - before.at()) * perNano);
                            return tokens < 1
                                    ? new Bucket(tokens, now, false)
                                    : new Bucket(tokens - 1, now, true);
                        });
        if (!after.served()) {
            long seconds = Math.max(1, (long) Math.ceil(1 / (perNano * NANOS)));
            throw new Problem(
                    List.of(
                            new Finding(
                                    ProblemCode.TOO_MANY_REQUESTS,
                                    "This client sends too many requests.",
                                    "Wait " + seconds + " s and send less at once.")),
                    Map.of("Retry-After", String.valueOf(seconds)));
        }
    }
}
