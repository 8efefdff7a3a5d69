package org.yifang.notify.deliver;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Outbound;
import org.yifang.platform.OutboundCall;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/// Calls the addresses of Subscriptions. A name is looked up and checked at every call, and the
/// connection goes to the very address that was checked; redirects are not followed; whoever takes
/// longer than it may is cut off, in the middle of its answer too.
final class Receivers implements AutoCloseable {
    /// What came of a call.
    ///
    /// @param fault what went wrong, null when it was taken: words of ours, nothing of the answer
    record Called(@Nullable String fault) {
        static final Called TAKEN = new Called((String) null);

        boolean isTaken() {
            return fault == null;
        }
    }

    private final Vertx vertx;
    private final Outbound outbound;
    private final Outbound.Names names;
    private final WorkerExecutor looking;
    private final HttpClient http;

    /// @param names says which addresses a host has now
    /// @param looking where it is waited for the name service
    Receivers(Vertx vertx, Outbound outbound, Outbound.Names names, WorkerExecutor looking) {
        this.vertx = vertx;
        this.outbound = outbound;
        this.names = names;
        this.looking = looking;
        this.http =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                .setKeepAliveTimeout((int) DeliveryLimits.TIMEOUT.toSeconds())
                                .setDecompressionSupported(false)
                                .setMaxRedirects(0),
                        // Nobody waits for a connection of another Subscription at one address.
                        new PoolOptions()
                                .setHttp1MaxSize(
                                        DeliveryLimits.LANES * DeliveryLimits.CALLS_AT_ONCE));
    }

    /// Posts a body. Waits, no longer than `most` and what the name service may take.
    Called post(URI to, byte[] body, String signature, Duration most) {
        try {
            InetAddress address =
                    looking.executeBlocking(() -> outbound.resolve(to.getHost(), names), false)
                            .timeout(DeliveryLimits.NAME.toMillis(), TimeUnit.MILLISECONDS)
                            .await();
            if (!isTls(to) && Outbound.PUBLIC.allows(address)) {
                return new Called("it would cross the internet without https");
            }
            return send(options(to, address, most), body, signature, most);
        } catch (Exception failure) {
            return new Called(told(failure));
        }
    }

    private Called send(RequestOptions options, byte[] body, String signature, Duration most) {
        long began = System.nanoTime();
        HttpClientRequest request =
                http.request(options).timeout(most.toMillis(), TimeUnit.MILLISECONDS).await();
        long left = most.toMillis() - Duration.ofNanos(System.nanoTime() - began).toMillis();
        long timer = vertx.setTimer(Math.max(1, left), _ -> request.reset());
        try {
            request.putHeader("Content-Type", "application/fhir+json")
                    .putHeader("User-Agent", "yifang-notify")
                    .putHeader("X-Yifang-Signature", signature);
            int status =
                    OutboundCall.send(
                                    request,
                                    Buffer.buffer(body),
                                    response -> answered(request, response))
                            .await();
            return status >= 200 && status < 300
                    ? Called.TAKEN
                    : new Called("it answered " + status);
        } catch (Exception failure) {
            boolean late = System.nanoTime() - began >= most.toNanos();
            return new Called(late ? "it took longer than it may" : told(failure));
        } finally {
            vertx.cancelTimer(timer);
        }
    }

    /// The status. The rest of an answer that is short leaves the connection fit for the next call;
    /// a long one is not read, and one that is cut off has said what it had to say.
    private static Future<Integer> answered(
            HttpClientRequest request, HttpClientResponse response) {
        AtomicInteger read = new AtomicInteger();
        response.handler(piece -> {
            if (read.addAndGet(piece.length()) > DeliveryLimits.ANSWER_BYTES) {
                request.reset();
            }
        });
        int status = response.statusCode();
        return response.end().transform(_ -> Future.succeededFuture(status));
    }

    private static RequestOptions options(URI to, InetAddress address, Duration most) {
        boolean tls = isTls(to);
        int port = to.getPort() < 0 ? (tls ? 443 : 80) : to.getPort();
        String query = to.getRawQuery() == null ? "" : '?' + to.getRawQuery();
        String path = to.getRawPath().isEmpty() ? "/" : to.getRawPath();
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                .setHost(to.getHost())
                .setPort(port)
                .setSsl(tls)
                .setURI(path + query)
                .setFollowRedirects(false)
                .setConnectTimeout(most.toMillis());
    }

    private static boolean isTls(URI to) {
        return "https".equals(to.getScheme());
    }

    /// What went wrong, in words that hold nothing of the address or the answer.
    private static String told(Throwable failure) {
        return switch (failure) {
            case UnknownHostException unknown when isForbidden(unknown) ->
                    "it lies in a network that may not be called from here";
            case UnknownHostException _ -> "its name is not known";
            case TimeoutException _ -> "it took longer than it may";
            case javax.net.ssl.SSLException _ -> "its certificate is not taken";
            case IOException _ -> "the connection failed";
            default -> "it could not be called: " + failure.getClass().getSimpleName();
        };
    }

    private static boolean isForbidden(UnknownHostException unknown) {
        return String.valueOf(unknown.getMessage()).endsWith("may not be called from here");
    }

    @Override
    public void close() {
        var _ = http.close();
    }
}
