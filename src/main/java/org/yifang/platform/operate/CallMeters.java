package org.yifang.platform.operate;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Counts and times every call by what it was, in whose role and how it ended; never by a person, a
/// client or a path that a caller made up.
public final class CallMeters {
    private static final String OPERATION = "yifang.operation";
    private static final String ROLE = "yifang.role";

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private record Kind(String operation, String role, String outcome) {}

    private final MeterRegistry registry;
    private final Map<Kind, Counter> counters = new ConcurrentHashMap<>();
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    public CallMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /// Says what a call is and in whose role it is made, out of names that the code knows.
    public static void name(RoutingContext http, String operation, String role) {
        http.put(OPERATION, operation).put(ROLE, role);
    }

    /// The first handler of every router.
    public void handle(RoutingContext http) {
        long began = System.nanoTime();
        http.addEndHandler(over -> record(http, began, over.failed()));
        http.next();
    }

    private void record(RoutingContext http, long began, boolean gone) {
        String operation = operation(http);
        String role = http.get(ROLE, "none");
        String outcome = gone ? "gone" : outcome(http.response());
        counters.computeIfAbsent(new Kind(operation, role, outcome), this::counter).increment();
        timers.computeIfAbsent(operation, this::timer)
                .record(Duration.ofNanos(System.nanoTime() - began));
    }

    private Counter counter(Kind kind) {
        return Counter.builder("yifang.calls")
                .description("Calls by what they were, in whose role, and how they ended")
                .tag("operation", kind.operation())
                .tag("role", kind.role())
                .tag("outcome", kind.outcome())
                .register(registry);
    }

    private Timer timer(String operation) {
        return Timer.builder("yifang.call.duration")
                .description("From the head of a call to the end of its answer")
                .tag("operation", operation)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /// The name that was given, else the route as it is written in the code.
    private static String operation(RoutingContext http) {
        String named = http.get(OPERATION);
        if (named != null) {
            return named;
        }
        String path = http.currentRoute() == null ? null : http.currentRoute().getPath();
        return path == null || http.response().getStatusCode() == 404 ? "other" : path;
    }

    private static String outcome(HttpServerResponse response) {
        int status = response.getStatusCode();
        if (status == 429 || status == 503) {
            return "busy";
        }
        return status >= 500 ? "failed" : status >= 400 ? "refused" : "done";
    }
}
