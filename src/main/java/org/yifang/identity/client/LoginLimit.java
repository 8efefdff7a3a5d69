package org.yifang.identity.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Slows down whoever guesses secrets, without locking out the client whose secret is guessed.
///
/// Counted per address, and per client and address; not per client alone, since then anybody could
/// keep a hospital out by failing in its name.
public final class LoginLimit {
    /// A person who mistypes needs three; a broken system needs none.
    public static final int FAILURES_PER_CLIENT_AND_ADDRESS = 10;

    /// Several systems may share one address behind a hospital's router.
    static final int FAILURES_PER_ADDRESS = 60;

    /// What failures are counted over, and how long one waits.
    static final Duration WINDOW = Duration.ofMinutes(1);

    private final Cache<String, AtomicInteger> failures =
            Caffeine.newBuilder().maximumSize(50_000).expireAfterWrite(WINDOW).build();

    /// Whether a login may be tried now.
    boolean allows(String clientId, String address) {
        return count(address) < FAILURES_PER_ADDRESS
                && count(pair(clientId, address)) < FAILURES_PER_CLIENT_AND_ADDRESS;
    }

    void failed(String clientId, String address) {
        add(address);
        add(pair(clientId, address));
    }

    private int count(String key) {
        AtomicInteger count = failures.getIfPresent(key);
        return count == null ? 0 : count.get();
    }

    private void add(String key) {
        failures.get(key, _ -> new AtomicInteger()).incrementAndGet();
    }

    private static String pair(String clientId, String address) {
        return address + ' ' + clientId;
    }
}
