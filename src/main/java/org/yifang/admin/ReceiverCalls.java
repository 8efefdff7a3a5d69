package org.yifang.admin;

import io.vertx.core.json.JsonObject;

import org.yifang.notify.subscription.StandingViews;

import java.time.Instant;
import java.util.List;

/// `/admin/receivers`: how the telling of each Subscription goes, nothing of what is told.
final class ReceiverCalls {
    /// Those that fail come first; a county has some hundred.
    private static final int MOST = 1_000;

    private final StandingViews standing;

    ReceiverCalls(StandingViews standing) {
        this.standing = standing;
    }

    List<Call> all() {
        return List.of(
                Call.get(
                        "/admin/receivers",
                        "Task.r",
                        "Shows the receivers of notifications, those that fail first.",
                        (_, _, _) ->
                                AdminHttp.list(
                                        standing.receivers(MOST).stream()
                                                .map(ReceiverCalls::json)
                                                .toList())));
    }

    private static JsonObject json(StandingViews.Receiver one) {
        Instant oldest = one.oldest();
        JsonObject json =
                new JsonObject()
                        .put("subscription", one.subscription().toString())
                        .put("client", one.client())
                        .put("organization", one.organization())
                        .put("receiver", one.receiver())
                        .put("topic", one.topic())
                        .put("status", one.status())
                        .put("waiting", one.waiting())
                        .put("parked", one.parked())
                        .put("failures", one.failures());
        if (oldest != null) {
            json.put("oldest", oldest.toString());
        }
        return one.error() == null ? json : json.put("error", one.error());
    }
}
