package org.yifang.identity.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/// Slows down whoever guesses secrets of a client, over all instances, without ever keeping out who
/// has the right one, nor anybody else behind the same address.
final class LoginTries {
    /// The contract's: from then on wrong tries of ten minutes are answered 429.
    static final int FAILURES_MOST = 20;

    /// What a try waits then before its secret is looked at.
    static final long WAIT_MILLIS = 500;

    private static final int UNKNOWN_MAX = 50_000;

    private final LoginFailureStore failures;

    /// Ids that nobody has are counted here alone, so that guessing ids fills no table.
    private final Cache<String, AtomicInteger> unknown =
            Caffeine.newBuilder()
                    .maximumSize(UNKNOWN_MAX)
                    .expireAfterWrite(LoginFailureStore.WINDOW)
                    .build();

    LoginTries(LoginFailureStore failures) {
        this.failures = failures;
    }

    /// Whether there were so many of a client that its tries wait. Waits for the database.
    boolean isMany(String id, boolean known, Instant now) {
        if (known) {
            return failures.count("client:" + id, now, LoginFailureStore.WINDOW) >= FAILURES_MOST;
        }
        AtomicInteger count = unknown.getIfPresent(id);
        return count != null && count.get() >= FAILURES_MOST;
    }

    void failed(String id, boolean known, Instant now) {
        if (known) {
            failures.add("client:" + id, now);
        } else {
            unknown.get(id, _ -> new AtomicInteger()).incrementAndGet();
        }
    }
}
