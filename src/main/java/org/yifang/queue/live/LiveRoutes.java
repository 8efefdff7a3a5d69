package org.yifang.queue.live;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Listener;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.edge.Shares;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.QueueRow;
import org.yifang.queue.ticket.WaitPrediction;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/// Pushes to pages and telephones how a queue stands, as server-sent events: numbers only, nobody's
/// name, so it is open to everyone who stands in front of the counter anyway.
///
/// `GET /queue?organization={number}` tells the queues there are, `GET /queue/live` with the same
/// parameter pushes all of them, `GET /queue/{id}/live` one, optionally with `?ticket={Task id}`
/// for the number ahead of one ticket.
public final class LiveRoutes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveRoutes.class);
    private static final Pattern ID =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final int WATCHERS_MOST = 2000;

    /// Of one address: the screens and telephones of a hospital behind one.
    private static final int WATCHERS_PER_ADDRESS = 200;

    /// A proxy closes what is silent for a minute.
    private static final long AT_LEAST_EVERY_MILLIS = 20_000;

    private static final long TELL_MILLIS = 500;

    /// Fewer waits say nothing about how well they are foretold.
    private static final int TRIED_LEAST = 30;

    private record Watcher(HttpServerResponse response, Optional<UUID> ticket) {}

    private final Vertx vertx;
    private final LiveQueues live;
    private final Listener listener;
    private final long timer;
    private final Map<UUID, Set<Watcher>> watchers = new ConcurrentHashMap<>();
    private final Set<UUID> changed = ConcurrentHashMap.newKeySet();
    private final long pushTimer;
    private final long tellTimer;
    private final AtomicBoolean telling = new AtomicBoolean();
    private final Shares shares = new Shares(WATCHERS_MOST, WATCHERS_PER_ADDRESS);

    /// Hears of changes in every instance of the service by the database.
    public LiveRoutes(Vertx vertx, Database database, LiveQueues live) {
        this.vertx = vertx;
        this.live = live;
        this.listener = database.listen("queue", this::hearAgain, this::heard);
        this.timer =
                vertx.setPeriodic(
                        AT_LEAST_EVERY_MILLIS, _ -> watchers.keySet().forEach(changed::add));
        this.pushTimer =
                vertx.setPeriodic(QueueLimits.STANDING_FRESH.toMillis(), _ -> pushChanged());
        this.tellTimer = vertx.setPeriodic(TELL_MILLIS, _ -> tellChanged());
    }

    private void tellChanged() {
        if (telling.compareAndSet(false, true)) {
            Thread.ofVirtual()
                    .name("queues-changed")
                    .start(() -> {
                        try {
                            live.tellChanged();
                        } catch (Exception failure) {
                            // Every watcher is told every twenty seconds anyway.
                            LOG.warn("nobody was told of changed queues: {}", failure.toString());
                        } finally {
                            telling.set(false);
                        }
                    });
        }
    }

    public void mount(Router router) {
        router.get("/queue").handler(this::list);
        router.get("/queue/live").handler(this::watchAll);
        router.get("/queue/:id/live").handler(this::watch);
    }

    /// The queues of an organization, so that a page knows what it can watch.
    private void list(RoutingContext http) {
        String number = http.request().getParam("organization");
        JsonArray queues = new JsonArray();
        if (number != null) {
            for (QueueRow queue : live.queuesOf(number)) {
                JsonObject one =
                        new JsonObject()
                                .put("id", queue.id().toString())
                                .put("queue", queue.code())
                                .put("department", queue.department());
                QueueNames.of(queue.code()).ifPresent(name -> one.put("name", name));
                queues.add(queue.stage() == null ? one : one.put("stage", queue.stage().code()));
            }
        }
        http.json(new JsonObject().put("queues", queues));
    }

    private void hearAgain() {
        watchers.keySet()
                .forEach(id -> {
                    live.outdated(id);
                    changed.add(id);
                });
    }

    private void heard(String queue) {
        if (ID.matcher(queue).matches()) {
            UUID id = UUID.fromString(queue);
            live.outdated(id);
            changed.add(id);
        }
    }

    private void watch(RoutingContext http) {
        String id = http.pathParam("id");
        String ticket = http.request().getParam("ticket");
        boolean readable =
                ID.matcher(id).matches() && (ticket == null || ID.matcher(ticket).matches());
        if (!readable) {
            http.response().setStatusCode(404).end();
            return;
        }
        Optional<UUID> ahead = Optional.ofNullable(ticket).map(UUID::fromString);
        push(http, List.of(UUID.fromString(id)), ahead);
    }

    /// All queues of an organization over one connection: a browser has six for all pages together.
    private void watchAll(RoutingContext http) {
        String number = http.request().getParam("organization");
        List<UUID> queues =
                number == null
                        ? List.of()
                        : live.queuesOf(number).stream().map(QueueRow::id).toList();
        if (queues.isEmpty()) {
            http.response().setStatusCode(404).end();
        } else {
            push(http, queues, Optional.empty());
        }
    }

    private void push(RoutingContext http, List<UUID> queues, Optional<UUID> ticket) {
        HttpServerResponse response = http.response();
        String address = Edge.address(http);
        Shares.Answer share = shares.take(address);
        if (share != Shares.Answer.TAKEN) {
            Bound.WATCHERS.reached();
            response.putHeader("Retry-After", "3")
                    .setStatusCode(share == Shares.Answer.ALL_TAKEN ? 503 : 429)
                    .end();
            return;
        }
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                // A compressor would hold events back until it has enough of them.
                .putHeader("Content-Encoding", "identity")
                .putHeader("Cache-Control", "no-store");
        response.write("retry: 3000\n\n");
        Watcher watcher = new Watcher(response, ticket);
        for (UUID queue : queues) {
            watchers.computeIfAbsent(queue, _ -> ConcurrentHashMap.newKeySet()).add(watcher);
        }
        AtomicBoolean gone = new AtomicBoolean();
        Runnable leaving =
                () -> {
                    queues.forEach(queue -> leave(queue, watcher));
                    if (gone.compareAndSet(false, true)) {
                        shares.giveBack(address);
                    }
                };
        response.closeHandler(_ -> leaving.run());
        response.endHandler(_ -> leaving.run());
        response.exceptionHandler(_ -> leaving.run());
        changed.addAll(queues);
    }

    private void leave(UUID queue, Watcher watcher) {
        watchers.computeIfPresent(
                queue,
                (_, all) -> {
                    all.remove(watcher);
                    return all.isEmpty() ? null : all;
                });
    }

    private void pushChanged() {
        for (UUID queue : Set.copyOf(changed)) {
            changed.remove(queue);
            Set<Watcher> here = watchers.get(queue);
            if (here != null) {
                // Reading waits for the database, which a timer's event loop must not.
                Thread.ofVirtual().name("queue-push").start(() -> tell(queue, here));
            }
        }
    }

    private void tell(UUID queue, Set<Watcher> here) {
        try {
            push(queue, here);
        } catch (Exception failure) {
            // With the next round its watchers are told.
            changed.add(queue);
            if (!Database.isToldAway(failure) && !Database.isAway(failure)) {
                LOG.warn("the queue {} was not pushed: {}", queue, failure.toString());
            }
        }
    }

    private void push(UUID queue, Set<Watcher> here) {
        Optional<LiveQueues.Now> now = live.now(queue);
        for (Watcher watcher : here) {
            if (watcher.response().writeQueueFull()) {
                // It reads no more; what is kept for it would only grow. It may come again.
                watcher.response().reset();
                continue;
            }
            if (now.isEmpty()) {
                watcher.response().end("event: unknown\ndata: {}\n\n");
                continue;
            }
            JsonObject told = told(now.get());
            watcher.ticket().flatMap(live::ahead).ifPresent(ahead -> told.put("ahead", ahead));
            watcher.response().write("event: standing\ndata: " + told.encode() + "\n\n");
        }
    }

    private static JsonObject told(LiveQueues.Now now) {
        WaitPrediction wait = now.prediction();
        PastWaits.Calibration calibration = now.calibration();
        JsonObject told =
                new JsonObject()
                        .put("queue", now.queue().code())
                        .put("id", now.queue().id().toString())
                        .put("inLine", now.inLine())
                        .put("calling", new JsonArray(now.calling()))
                        .put("next", new JsonArray(now.next()))
                        .put("waitLowSeconds", wait.lowSeconds())
                        .put("waitLikelySeconds", wait.likelySeconds())
                        .put("waitHighSeconds", wait.highSeconds())
                        .put("at", now.at().toString());
        if (calibration.count() >= TRIED_LEAST) {
            told.put("rangeHeld", Math.round(1000 * calibration.coverage()) / 1000.0)
                    .put("meanErrorSeconds", Math.round(calibration.meanAbsoluteErrorSeconds()))
                    .put("triedOn", calibration.count());
        }
        return told;
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        vertx.cancelTimer(pushTimer);
        vertx.cancelTimer(tellTimer);
        listener.close();
    }
}
