package org.yifang.notify;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.platform.Caller;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.edge.Shares;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/// `GET /events`: the topics pushed to pages and light clients as server-sent events.
///
/// `topic` (several, by commas) and `task` narrow it down; `Last-Event-ID`, or the parameter of
/// that name for clients that cannot set headers, resumes.
public final class EventRoutes {
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final Events events;
    private final FhirRouter.Authentication callers;
    private final Shares shares =
            new Shares(EventLimits.WATCHERS_MOST, EventLimits.WATCHERS_PER_ADDRESS);

    /// @param callers who calls now, by bearer token or session, asked again while the connection
    ///   stays open
    public EventRoutes(Events events, FhirRouter.Authentication callers) {
        this.events = events;
        this.callers = callers;
    }

    public void mount(Router router) {
        router.get("/events").handler(this::watch);
    }

    private void watch(RoutingContext http) {
        try {
            Caller known = callers.caller(http);
            if (events.watching(known.clientId()) >= EventLimits.WATCHERS_OF_ONE) {
                throw tooMany("client");
            }
            Set<Topic> topics = topics(http.request().getParam("topic"));
            Set<UUID> focuses = focuses(http.queryParam("task"));
            Long resumed = resumed(http);
            open(http, topics, focuses, from(resumed));
        } catch (Throwable failure) {
            Outcomes.answer(http, failure);
        }
    }

    /// A number that is not given yet, of before a database was set back, would hear nothing until
    /// it is. The database is asked only where what is known here does not answer.
    private long from(@Nullable Long resumed) {
        if (resumed != null && resumed <= events.known()) {
            return resumed;
        }
        long last = events.last();
        return resumed == null ? last : Math.min(resumed, last);
    }

    private void open(RoutingContext http, Set<Topic> topics, Set<UUID> focuses, long from) {
        HttpServerResponse response = http.response();
        Watcher watcher = new Watcher(http, callers, topics, focuses, from);
        String address = Edge.address(http);
        switch (shares.take(address)) {
            case TAKEN -> {}
            case ALL_TAKEN -> throw busy();
            case SHARE_TAKEN -> throw tooMany("address");
        }
        AtomicBoolean left = new AtomicBoolean();
        Runnable leaving =
                () -> {
                    if (left.compareAndSet(false, true)) {
                        shares.giveBack(address);
                    }
                };
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                // A compressor would hold events back until it has enough of them.
                .putHeader("Content-Encoding", "identity")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no");
        response.endHandler(_ -> leaving.run());
        response.closeHandler(_ -> {
            watcher.leave();
            leaving.run();
        });
        response.exceptionHandler(_ -> {
            watcher.leave();
            leaving.run();
        });
        if (response.closed()) {
            leaving.run();
            return;
        }
        // The number at which it begins, so that a client that is told nothing yet can resume.
        response.write("retry: 3000\nid: " + from + "\n: since " + from + "\n\n");
        events.join(watcher);
    }

    private static Set<Topic> topics(@Nullable String asked) {
        Set<Topic> topics = new HashSet<>();
        if (asked != null) {
            for (String one : asked.split(",", -1)) {
                topics.add(
                        Topic.find(one.strip())
                                .orElseThrow(() ->
                                        unreadable(
                                                "topic",
                                                one.strip(),
                                                "topics such as `prescription-status`, with"
                                                        + " commas between them")));
            }
        }
        return topics;
    }

    private static Set<UUID> focuses(List<String> asked) {
        Set<UUID> ids = new HashSet<>();
        for (String one : asked) {
            if (!UUID_TEXT.matcher(one).matches()) {
                throw unreadable("task", one, "the id of a Task");
            }
            ids.add(UUID.fromString(one));
        }
        return ids;
    }

    private static @Nullable Long resumed(RoutingContext http) {
        String last = http.request().getHeader("Last-Event-ID");
        if (last == null) {
            last = http.request().getParam("Last-Event-ID");
        }
        if (last == null || last.isBlank()) {
            return null;
        }
        if (!last.matches("\\d{1,18}")) {
            throw unreadable("Last-Event-ID", last, "the `id` of the last event that you got");
        }
        return Long.parseLong(last);
    }

    private static Problem unreadable(String name, String value, String right) {
        return new Problem(
                ProblemCode.PARAMETER_UNREADABLE,
                "`" + name + "` is `" + value + "`.",
                "Send " + right + ".");
    }

    private static Problem tooMany(String whose) {
        Bound.WATCHERS.reached();
        return new Problem(
                List.of(
                        new Problem.Finding(
                                ProblemCode.TOO_MANY_REQUESTS,
                                "This " + whose + " watches by as many connections as it may.",
                                "Close one before you open another.")),
                Map.of("Retry-After", String.valueOf(Problem.RETRY_AFTER_SECONDS)));
    }

    private static Problem busy() {
        Bound.WATCHERS.reached();
        return new Problem(
                List.of(
                        new Problem.Finding(
                                ProblemCode.BUSY,
                                "As many connections watch as may.",
                                "Close one, or come again later.")),
                Map.of("Retry-After", String.valueOf(Problem.RETRY_AFTER_SECONDS)));
    }
}
