package org.yifang.platform.edge;

import com.github.benmanes.caffeine.cache.Caffeine;

import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/// Keeps one caller from taking the service away from all others: a bucket of tokens for each.
public final class RateLimit {
    private static final long NANOS = 1_000_000_000L;

    private final String who;
    private final Bound bound;
    private final double perNano;
    private final double most;
    private final LongSupplier nanoTime;
    private final ConcurrentMap<String, Bucket> buckets;

    /// @param who what each is, `client`
    /// @param perSecond requests of each that are served in the long run
    /// @param burst how many more may come at once
    /// @param remembered how many are told apart
    public RateLimit(
            String who,
            Bound bound,
            int perSecond,
            int burst,
            int remembered,
            LongSupplier nanoTime) {
        this.who = who;
        this.bound = bound;
        this.perNano = perSecond / (double) NANOS;
        this.most = burst;
        this.nanoTime = nanoTime;
        // A bucket that is full again says nothing.
        Duration full = Duration.ofSeconds(1 + burst / perSecond);
        this.buckets =
                Caffeine.newBuilder()
                        .maximumSize(remembered)
                        .expireAfterAccess(full.multipliedBy(2))
                        .<String, Bucket>build()
                        .asMap();
    }

    /// @param served whether the request that left it so was within the share
    private record Bucket(double tokens, long at, boolean served) {}

    /// Counts one request.
    ///
    /// @throws Problem `RX-1029` with `Retry-After` when the caller has had its share
    public void take(String caller) {
        long now = nanoTime.getAsLong();
        Bucket after =
                buckets.merge(
                        caller,
                        new Bucket(most - 1, now, true),
                        (before, fresh) -> {
                            double tokens =
                                    Math.min(most, before.tokens() + (now - before.at()) * perNano);
                            return tokens < 1
                                    ? new Bucket(tokens, now, false)
                                    : new Bucket(tokens - 1, now, true);
                        });
        if (!after.served()) {
            bound.reached();
            long seconds = Math.max(1, (long) Math.ceil(1 / (perNano * NANOS)));
            throw new Problem(
                    List.of(
                            new Finding(
                                    ProblemCode.TOO_MANY_REQUESTS,
                                    "This " + who + " sends too many requests.",
                                    "Wait " + seconds + " s and send less at once.")),
                    Map.of("Retry-After", String.valueOf(seconds)));
        }
    }
}
