package org.yifang.price.feed;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.codec.BodyCodec;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.BoundedBody;
import org.yifang.platform.Limits;
import org.yifang.platform.Outbound;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// Fetches what lies at a feed's address.
final class FeedClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int IDLE_SECONDS = 15;

    /// What came back.
    ///
    /// @param changed false for 304: what was taken last is still what lies there
    record Fetched(boolean changed, String mediaType, @Nullable String etag, BoundedBody body) {}

    /// Why nothing came back.
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean worthAnotherTry;

        Failed(String reason, boolean worthAnotherTry) {
            super(reason, null, false, false);
            this.worthAnotherTry = worthAnotherTry;
        }

        boolean isWorthAnotherTry() {
            return worthAnotherTry;
        }

        String reason() {
            String reason = getMessage();
            return reason == null ? "it failed" : reason;
        }
    }

    private final WebClient web;
    private final Outbound outbound;
    private final BoundedBody.Shared held =
            new BoundedBody.Shared(new AtomicLong(), Limits.FEEDS_BYTES);

    FeedClient(Vertx vertx, Outbound outbound) {
        this.outbound = outbound;
        this.web =
                WebClient.create(
                        vertx,
                        new WebClientOptions()
                                .setUserAgent("yifang-prices")
                                .setConnectTimeout((int) CONNECT.toMillis())
                                .setIdleTimeout(IDLE_SECONDS)
                                // Another address is another decision of the pharmacy.
                                .setFollowRedirects(false)
                                .setDecompressionSupported(false)
                                .setKeepAlive(false));
    }

    /// Whether an address is one to be fetched from: http or https, with a host, without a person's
    /// name and password.
    static boolean isUsable(String url) {
        try {
            URI uri = new URI(url);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            return web && uri.getHost() != null && uri.getUserInfo() == null;
        } catch (java.net.URISyntaxException noUri) {
            return false;
        }
    }

    /// Waits; call from a virtual thread of its own.
    ///
    /// @param etag of what was taken last
    Fetched fetch(String url, @Nullable String etag) throws Failed {
        URI uri = URI.create(url);
        boolean tls = "https".equals(uri.getScheme());
        int port = uri.getPort() < 0 ? (tls ? 443 : 80) : uri.getPort();
        BoundedBody body = new BoundedBody(Limits.FEED_BYTES, held);
        try {
            InetAddress address = outbound.resolve(uri.getHost());
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            var request =
                    web.request(
                                    HttpMethod.GET,
                                    SocketAddress.inetSocketAddress(port, address.getHostAddress()),
                                    port,
                                    uri.getHost(),
                                    path + query)
                            .ssl(tls)
                            .timeout(Limits.FEED.toMillis())
                            .putHeader("Accept", "text/csv, application/x-ndjson")
                            .as(BodyCodec.pipe(body));
            if (etag != null) {
                request.putHeader("If-None-Match", etag);
            }
            var response = request.send().await();
            int status = response.statusCode();
            if (status != 200 && status != 304) {
                throw new Failed("it answered " + status, status >= 500 || status == 429);
            }
            String type = response.getHeader("Content-Type");
            return new Fetched(
                    status == 200,
                    type == null ? "text/csv" : type,
                    response.getHeader("ETag"),
                    body);
        } catch (Failed told) {
            body.letGo();
            throw told;
        } catch (Exception failure) {
            body.letGo();
            // A time-out of the client is a checked exception, though await() does not declare it.
            throw new Failed(String.valueOf(failure.getMessage()), true);
        }
    }

    @Override
    public void close() {
        web.close();
    }
}
