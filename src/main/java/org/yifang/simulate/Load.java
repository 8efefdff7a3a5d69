package org.yifang.simulate;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.OutboundCall;
import org.yifang.platform.VertxSetup;

import java.io.PrintWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Keeps a fixed number of calls under way on one event loop: cheap enough to share its machine
/// with the service that it measures.
final class Load implements AutoCloseable {
    /// One request to send; reads have no body.
    record Call(HttpMethod method, String path, @Nullable Buffer body) {}

    private static final int SIGNIFICANT_DIGITS = 3;
    private static final int WITHOUT_END = Integer.MAX_VALUE;

    private final Vertx vertx = Vertx.vertx(VertxSetup.options().setEventLoopPoolSize(1));
    private final Context loop = vertx.getOrCreateContext();
    private final HttpClient http;
    private final URI url;
    private final int clients;
    private volatile String authorization = "";
    private volatile boolean stopped;

    Load(String url, int clients) {
        this.url = URI.create(url);
        this.clients = clients;
        this.http =
                vertx.createHttpClient(
                        new HttpClientOptions().setKeepAlive(true),
                        new PoolOptions().setHttp1MaxSize(clients));
    }

    /// The token that every call carries from now on; it must outlast the next run.
    void token(String token) {
        this.authorization = "Bearer " + token;
    }

    /// Sends calls for so long and waits for the last answer.
    ///
    /// @param ids receives the ids in `Location` of what was created
    Result run(Supplier<@Nullable Call> calls, int seconds, List<String> ids) {
        Promise<Result> done = Promise.promise();
        loop.runOnContext(_ -> new Run(calls, seconds, ids, done).start());
        return done.future().await();
    }

    /// Sends calls until there are no more, and waits for the last answer.
    ///
    /// @param calls gives null when that was all
    Result runAll(Supplier<@Nullable Call> calls) {
        return run(calls, WITHOUT_END, new ArrayList<>());
    }

    /// Ends the runs by time, this one and those after it, with the calls that are under way.
    void stop() {
        stopped = true;
    }

    /// One run; lives on the event loop only.
    private final class Run {
        private final Supplier<@Nullable Call> calls;
        private final List<String> ids;
        private final Promise<Result> done;
        private final Histogram micros = new Histogram(SIGNIFICANT_DIGITS);
        private final Map<String, Integer> answers = new TreeMap<>();
        private final long began = System.nanoTime();
        private final long end;
        private final int seconds;
        private int underWay;

        Run(Supplier<@Nullable Call> calls, int seconds, List<String> ids, Promise<Result> done) {
            this.calls = calls;
            this.ids = ids;
            this.done = done;
            this.seconds = seconds;
            this.end = began + SECONDS.toNanos(seconds);
        }

        void start() {
            underWay = clients;
            for (int i = 0; i < clients; i++) {
                next();
            }
        }

        private void next() {
            Call call =
                    System.nanoTime() >= end || (stopped && seconds != WITHOUT_END)
                            ? null
                            : calls.get();
            if (call == null) {
                underWay--;
                if (underWay == 0) {
                    done.complete(new Result(micros, answers, System.nanoTime() - began));
                }
                return;
            }
            long sent = System.nanoTime();
            send(call)
                    .onComplete(
                            status -> {
                                micros.recordValue(NANOSECONDS.toMicros(System.nanoTime() - sent));
                                answers.merge(status, 1, Integer::sum);
                                next();
                            },
                            lost -> {
                                answers.merge(lost.getClass().getSimpleName(), 1, Integer::sum);
                                next();
                            });
        }

        private Future<String> send(Call call) {
            RequestOptions options =
                    new RequestOptions()
                            .setMethod(call.method())
                            .setHost(url.getHost())
                            .setPort(url.getPort() < 0 ? 80 : url.getPort())
                            .setURI(call.path())
                            // As many connections as calls: nobody waits for one.
                            .setConnectTimeout(0)
                            .putHeader("Authorization", authorization)
                            .putHeader("Accept", Remote.FHIR_JSON);
            return http.request(options)
                    .compose(request -> {
                        if (call.body() != null) {
                            request.putHeader("Content-Type", Remote.FHIR_JSON);
                        }
                        return OutboundCall.send(request, call.body(), this::answered);
                    });
        }

        private Future<String> answered(HttpClientResponse response) {
            String location = response.getHeader("Location");
            if (response.statusCode() == 201 && location != null) {
                ids.add(location);
            }
            return response.end().map(_ -> Integer.toString(response.statusCode()));
        }
    }

    /// What a run has shown.
    ///
    /// @param micros how long each answer took
    /// @param answers how often each status, or each way of losing a call, came
    public record Result(Histogram micros, Map<String, Integer> answers, long nanos) {
        static void printHeader(PrintWriter out) {
            out.printf(
                    "%n%-24s %10s %9s %9s %9s %9s  answers%n",
                    "operation", "per second", "p50 ms", "p95 ms", "p99 ms", "max ms");
        }

        /// Whether every call was answered with this status.
        boolean only(int status) {
            return answers.keySet().equals(Set.of(Integer.toString(status)));
        }

        /// One line; only answers with the good status count as throughput.
        void print(PrintWriter out, String operation, int good) {
            int counted = answers.getOrDefault(Integer.toString(good), 0);
            out.printf(
                    "%-24s %10.1f %9.1f %9.1f %9.1f %9.1f  %s%n",
                    operation,
                    counted / (nanos / 1e9),
                    micros.getValueAtPercentile(50) / 1000.0,
                    micros.getValueAtPercentile(95) / 1000.0,
                    micros.getValueAtPercentile(99) / 1000.0,
                    micros.getMaxValue() / 1000.0,
                    answers);
            out.flush();
        }
    }

    @Override
    public void close() {
        http.close();
        vertx.close().await();
    }
}
