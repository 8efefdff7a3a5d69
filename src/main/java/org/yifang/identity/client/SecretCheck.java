package org.yifang.identity.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.edge.Turns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Compares a secret with its hash, a slow one on a worker pool, and remembers the right ones for a
/// while.
final class SecretCheck implements AutoCloseable {
    /// Guessing may use one core at the most, never all of them.
    private static final int WORKERS = 1;

    private static final int REMEMBERED_MAX = 1_000;
    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(15);
    private static final String MAC = "HmacSHA256";

    /// Tries of one client from one address that wait; its own system sends one at a time.
    private static final int WAITING_MOST = 8;

    private static final int CLIENTS_WAITING_MOST = 2_000;

    private final Turns workers;
    private final SecretKeySpec memoryKey;
    private final Cache<ByteBuffer, Boolean> right =
            Caffeine.newBuilder()
                    .maximumSize(REMEMBERED_MAX)
                    .expireAfterWrite(REMEMBERED_FOR)
                    .build();

    /// What an unknown client's secret is compared with, so that it takes as long as a known one's.
    private final String nobody;

    SecretCheck(int iterations) {
        workers =
                new Turns(
                        "secret-check",
                        WORKERS,
                        0,
                        WAITING_MOST * CLIENTS_WAITING_MOST,
                        WAITING_MOST,
                        Bound.SECRETS);
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        memoryKey = new SecretKeySpec(key, MAC);
        nobody = SecretHash.of("", iterations);
    }

    /// Whether a secret is the one behind `stored`; a null `stored` is never matched.
    ///
    /// @param turn whose turn it is, so that nobody waits for another's guesses
    /// @throws Turns.Full when too many of that one wait already
    boolean matches(@Nullable String stored, String secret, String turn) {
        ByteBuffer memory = memory(stored, secret);
        if (right.getIfPresent(memory) != null) {
            return true;
        }
        String compared = stored == null ? nobody : stored;
        // The secrets that we make ourselves are compared at once: no queue that guesses can fill
        // stands between a client and its token.
        boolean same =
                SecretHash.isQuick(compared)
                        ? SecretHash.matches(compared, secret)
                        : workers.take(turn, () -> SecretHash.matches(compared, secret)).await();
        boolean matches = same && stored != null;
        if (matches) {
            right.put(memory, true);
        }
        return matches;
    }

    /// Whether a secret was found right not long ago, which costs next to nothing.
    boolean remembers(@Nullable String stored, String secret) {
        return right.getIfPresent(memory(stored, secret)) != null;
    }

    /// Keyed, so that a heap dump gives no fast way to guess; a changed secret has another memory.
    private ByteBuffer memory(@Nullable String stored, String secret) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(memoryKey);
            mac.update(String.valueOf(stored).getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return ByteBuffer.wrap(mac.doFinal(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        workers.close();
    }
}
