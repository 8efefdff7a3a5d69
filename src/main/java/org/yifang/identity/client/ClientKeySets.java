package org.yifang.identity.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.jwk.JWKSet;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.codec.BodyCodec;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.BoundedBody;
import org.yifang.platform.Outbound;

import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;

/// The public keys of clients that are registered by an address: fetched, kept for a while, and
/// fetched anew when an assertion names a key that is not among them.
///
/// The address is resolved and checked at each fetch, and the connection goes to the very address
/// that was checked; redirects are not followed.
final class ClientKeySets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientKeySets.class);

    private static final Duration KEPT = Duration.ofMinutes(5);

    /// A client whose server is away still signs in for a day.
    private static final Duration STALE_MOST = Duration.ofDays(1);

    /// Forged key ids must not make us call a client's server again and again.
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(30);

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int BYTES_MOST = 64 * 1024;
    private static final int SETS_MOST = 10_000;

    /// A set as it was fetched; `jwks` is null when it never was.
    private record Fetched(@Nullable String jwks, Instant at, Instant triedAt) {}

    private final Vertx vertx;
    private final WebClient web;
    private final Outbound outbound;
    private final InstantSource clock;
    private final Cache<String, Fetched> sets =
            Caffeine.newBuilder().maximumSize(SETS_MOST).build();

    /// Who asks while somebody fetches waits for what that brings.
    private final ConcurrentHashMap<String, Future<@Nullable Fetched>> underWay =
            new ConcurrentHashMap<>();

    ClientKeySets(Vertx vertx, Outbound outbound, InstantSource clock) {
        this.vertx = vertx;
        this.outbound = outbound;
        this.clock = clock;
        this.web =
                WebClient.create(
                        vertx,
                        new WebClientOptions()
                                .setUserAgent("yifang-keys")
                                .setConnectTimeout((int) TIMEOUT.toMillis())
                                .setIdleTimeout((int) TIMEOUT.toSeconds())
                                .setFollowRedirects(false)
                                .setDecompressionSupported(false)
                                .setKeepAlive(false));
    }

    /// The keys behind an address; null while there are none. Waits for the other side.
    ///
    /// @param kid the key that an assertion names, or null
    @Nullable String at(String url, @Nullable String kid) {
        Instant now = clock.instant();
        Fetched known = sets.getIfPresent(url);
        boolean fresh =
                known != null
                        && known.jwks() != null
                        && now.isBefore(known.at().plus(KEPT))
                        && (kid == null || has(known.jwks(), kid));
        boolean again = known == null || !now.isBefore(known.triedAt().plus(AGAIN_AFTER));
        if (!fresh && again) {
            known = fetchedOnce(url, known, now);
        }
        return known == null || !now.isBefore(known.at().plus(STALE_MOST)) ? null : known.jwks();
    }

    /// The keys that were fetched from an address before; null when there are none. Asks nobody.
    @Nullable String known(String url) {
        Fetched known = sets.getIfPresent(url);
        return known == null || !clock.instant().isBefore(known.at().plus(STALE_MOST))
                ? null
                : known.jwks();
    }

    private @Nullable Fetched fetchedOnce(String url, @Nullable Fetched before, Instant now) {
        Promise<@Nullable Fetched> mine = Promise.promise();
        Future<@Nullable Fetched> others = underWay.putIfAbsent(url, mine.future());
        if (others != null) {
            return others.await();
        }
        Fetched known = before;
        try {
            known = fetched(url, before, now);
            sets.put(url, known);
            return known;
        } finally {
            underWay.remove(url);
            mine.complete(known);
        }
    }

    private static boolean has(String jwks, String kid) {
        try {
            return JWKSet.parse(jwks).getKeyByKeyId(kid) != null;
        } catch (ParseException unreadable) {
            return false;
        }
    }

    private Fetched fetched(String url, @Nullable Fetched before, Instant now) {
        try {
            String jwks = fetch(URI.create(url));
            // What is no set, or holds a private key, is not kept in the place of a good one.
            if (JWKSet.parse(jwks).getKeys().stream().noneMatch(key -> key.isPrivate())) {
                return new Fetched(jwks, now, now);
            }
            LOG.warn("the keys at {} hold a private one and are not used", url);
        } catch (Exception failure) {
            // `await` throws what the client failed with, checked exceptions too.
            LOG.warn("the keys at {} could not be fetched: {}", url, failure.getMessage());
        }
        return before == null
                ? new Fetched(null, now, now)
                : new Fetched(before.jwks(), before.at(), now);
    }

    private String fetch(URI uri) throws java.io.IOException {
        boolean tls = "https".equals(uri.getScheme());
        int port = uri.getPort() < 0 ? (tls ? 443 : 80) : uri.getPort();
        InetAddress address =
                vertx.executeBlocking(() -> outbound.resolve(uri.getHost()), false).await();
        if (!tls && Outbound.PUBLIC.allows(address)) {
            throw new java.io.IOException("it crosses the internet without https");
        }
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        BoundedBody body = new BoundedBody(BYTES_MOST);
        var response =
                web.request(
                                HttpMethod.GET,
                                SocketAddress.inetSocketAddress(port, address.getHostAddress()),
                                port,
                                uri.getHost(),
                                path + query)
                        .ssl(tls)
                        .timeout(TIMEOUT.toMillis())
                        .putHeader("Accept", "application/json")
                        .as(BodyCodec.pipe(body))
                        .send()
                        .await();
        if (response.statusCode() != 200) {
            throw new java.io.IOException("it answered " + response.statusCode());
        }
        return body.bytes().toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        web.close();
    }
}
