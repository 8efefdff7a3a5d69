package org.yifang.simulate;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.VertxSetup;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Semaphore;

/// The service as an outside system sees it: calls over HTTP that are repeated while the service is
/// busy or away, since every operation of the contract may be repeated.
final class Remote implements AutoCloseable {
    static final String FHIR_JSON = "application/fhir+json";

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /// The service did not answer for longer than the caller is ready to wait.
    static final class Away extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Away(String operation, Duration patience, @Nullable Throwable cause) {
            super("%s: no answer within %d s".formatted(operation, patience.toSeconds()), cause);
        }
    }

    private final Vertx vertx = Vertx.vertx(VertxSetup.options());
    private final WebClient web;
    private final String url;
    private final Duration patience;
    private final Semaphore permits;
    private final Tally tally;
    private final Tokens tokens;

    /// @param url where the service is, without a slash at the end
    /// @param clients how many calls may be under way at once
    /// @param patience how long a call is repeated while the service is away
    Remote(String url, int clients, Duration patience, Tally tally) {
        this.url = url;
        this.patience = patience;
        this.permits = new Semaphore(clients);
        this.tally = tally;
        this.web =
                WebClient.create(
                        vertx,
                        new WebClientOptions().setUserAgent("yifang-simulate"),
                        new PoolOptions().setHttp1MaxSize(clients));
        this.tokens = new Tokens(this::fetchToken);
    }

    /// Reads a resource or a search.
    Answer get(String operation, Tokens.Sender who, String path) {
        return call(operation, who, HttpMethod.GET, path, null, "");
    }

    /// Posts a resource.
    Answer post(String operation, Tokens.Sender who, String path, JsonObject resource) {
        return post(operation, who, path, resource.toBuffer(), "");
    }

    /// Posts a resource as it is.
    ///
    /// @param key the `Idempotency-Key`, or empty where the content itself names its key
    Answer post(String operation, Tokens.Sender who, String path, Buffer resource, String key) {
        return call(operation, who, HttpMethod.POST, path, resource, key);
    }

    /// An access token for calls that do not go through here.
    String token(Tokens.Sender who) {
        return tokens.of(who);
    }

    private Answer call(
            String operation,
            Tokens.Sender who,
            HttpMethod method,
            String path,
            @Nullable Buffer body,
            String key) {
        Answer answer = patiently(operation, () -> authorized(who, method, path, key), body);
        if (answer.status() == 401) {
            tally.note("token no longer taken");
            tokens.forget(who);
            answer = patiently(operation, () -> authorized(who, method, path, key), body);
        }
        return answer;
    }

    private HttpRequest<Buffer> authorized(
            Tokens.Sender who, HttpMethod method, String path, String key) {
        HttpRequest<Buffer> request =
                web.requestAbs(method, url + path)
                        .bearerTokenAuthentication(tokens.of(who))
                        .putHeader("Accept", FHIR_JSON)
                        .putHeader("Accept-Language", "en");
        if (method.equals(HttpMethod.POST)) {
            request.putHeader("Content-Type", FHIR_JSON);
        }
        if (!key.isEmpty()) {
            request.putHeader("Idempotency-Key", key);
        }
        return request;
    }

    private Answer fetchToken(Tokens.Sender who) {
        String id = who.client().id();
        Buffer form = who.form();
        Answer answer =
                patiently(
                        "token",
                        () ->
                                web.requestAbs(HttpMethod.POST, url + "/auth/token")
                                        .basicAuthentication(id, id)
                                        .putHeader(
                                                "Content-Type",
                                                "application/x-www-form-urlencoded"),
                        form);
        if (!answer.isGood()) {
            tally.unexpected("token", id, "200", answer);
        }
        return answer;
    }

    private interface Prepare {
        HttpRequest<Buffer> request();
    }

    private Answer patiently(String operation, Prepare prepare, @Nullable Buffer body) {
        long deadline = System.nanoTime() + patience.toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            Throwable cause = null;
            try {
                Answer answer = once(operation, prepare.request(), body);
                if (answer.status() != 429 && answer.status() != 503) {
                    return answer;
                }
                tally.note("asked to wait by " + answer.status());
                pause = Duration.ofSeconds(Math.max(1, answer.retryAfterSeconds()));
            } catch (Away away) {
                throw away;
            } catch (Exception lost) {
                cause = lost;
                tally.note("connection lost");
            }
            if (System.nanoTime() + pause.toNanos() > deadline) {
                throw new Away(operation, patience, cause);
            }
            sleep(pause);
            pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
        }
    }

    private Answer once(String operation, HttpRequest<Buffer> request, @Nullable Buffer body) {
        permits.acquireUninterruptibly();
        long sent = System.nanoTime();
        HttpResponse<Buffer> response;
        try {
            // No timer for the wait in the client's pool, which holds as many as there are permits:
            // Vert.x tells a waiter a second time when its timer comes late.
            request.connectTimeout(0).idleTimeout(ANSWER_WITHIN.toMillis());
            response = (body == null ? request.send() : request.sendBuffer(body)).await();
        } finally {
            permits.release();
        }
        tally.answered(operation, NANOSECONDS.toMicros(System.nanoTime() - sent));
        return Answer.of(
                response.statusCode(),
                Objects.requireNonNullElse(response.getHeader("Location"), ""),
                Objects.requireNonNullElse(response.getHeader("Retry-After"), ""),
                Objects.requireNonNullElse(response.bodyAsString(), ""));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /// Lets a virtual thread wait; an interrupt ends the day.
    static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The simulation was interrupted.", interrupted);
        }
    }

    @Override
    public void close() {
        web.close();
        vertx.close().await();
    }
}
