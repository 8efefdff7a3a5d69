package org.yifang.notify;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

import org.yifang.fhir.rest.FhirRouter;
import org.yifang.platform.Caller;
import org.yifang.platform.problem.Problem;

import java.util.Set;
import java.util.UUID;

/// One open connection of `/events`: what it wants, what it may know, and how far it has been told.
/// Only the round of its instance touches its position.
final class Watcher {
    private final HttpServerResponse response;
    private final Caller caller;
    private final FhirRouter.Authentication callers;
    private final RoutingContext http;
    private final Set<Topic> topics;
    private final Set<UUID> focuses;
    private long position;
    private volatile boolean gone;

    /// @param callers who is calling now; throws when the token or session is over
    /// @param focuses only events about these, all when empty
    Watcher(
            RoutingContext http,
            FhirRouter.Authentication callers,
            Set<Topic> topics,
            Set<UUID> focuses,
            long position) {
        this.response = http.response();
        this.caller = callers.caller(http);
        this.callers = callers;
        this.http = http;
        this.topics = topics;
        this.focuses = focuses;
        this.position = position;
    }

    Caller caller() {
        return caller;
    }

    long position() {
        return position;
    }

    boolean isGone() {
        return gone || response.closed();
    }

    void leave() {
        gone = true;
    }

    /// Tells an event, if it is for this one. Whoever does not read is dropped: it resumes where it
    /// was.
    void tell(OutboxStore.Numbered one) {
        if (one.number() <= position) {
            return;
        }
        position = one.number();
        if (!isWanted(one.happening()) || !one.happening().isFor(caller)) {
            return;
        }
        write(
                "id: "
                        + one.number()
                        + "\nevent: "
                        + one.happening().topic().code()
                        + "\ndata: "
                        + json(one).encode()
                        + "\n\n");
    }

    /// What was told up to here concerns it not; a reconnection begins behind it.
    void reached(long number) {
        position = Math.max(position, number);
    }

    private boolean isWanted(Happening happening) {
        return (topics.isEmpty() || topics.contains(happening.topic()))
                && (focuses.isEmpty() || focuses.contains(happening.focusId()));
    }

    private static JsonObject json(OutboxStore.Numbered one) {
        Happening what = one.happening();
        JsonObject json =
                new JsonObject()
                        .put("event-number", one.number())
                        .put("topic", what.topic().canonical())
                        .put("timestamp", what.at().toString())
                        .put(
                                "focus",
                                new JsonObject()
                                        .put("reference", what.focusType() + "/" + what.focusId()));
        if (what.state() != null) {
            json.put("state", what.state());
        }
        return what.before() == null ? json : json.put("before", what.before());
    }

    /// Says that we live, and ends when its token or session is over.
    void comment() {
        try {
            var _ = callers.caller(http);
        } catch (Problem over) {
            gone = true;
            response.end("event: over\ndata: {}\n\n");
            return;
        }
        // With the number reached, so that a resumed connection skips what was not for it.
        write("id: " + position + "\n: alive\n\n");
    }

    void write(String text) {
        if (isGone()) {
            return;
        }
        if (response.writeQueueFull()) {
            gone = true;
            response.reset();
            return;
        }
        response.write(text);
    }
}
