package org.yifang.notify.deliver;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.notify.deliver.Receivers.Called;
import org.yifang.notify.subscription.EventStore;
import org.yifang.notify.subscription.EventStore.Event;
import org.yifang.notify.subscription.LaneStore;
import org.yifang.notify.subscription.LaneStore.Left;
import org.yifang.notify.subscription.Notification;
import org.yifang.notify.subscription.Notification.NotifiedEvent;
import org.yifang.notify.subscription.Subscription;
import org.yifang.notify.subscription.Subscription.Status;
import org.yifang.platform.Caller;
import org.yifang.platform.data.Database;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// Tells one Subscription what waits for it, until nothing is left or its address fails: events of
/// different prescriptions side by side, those of one in their order.
final class Lane {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private final Telegraph with;
    private final LaneStore.Lane claimed;
    private final UUID instance;
    private final Dispatcher dispatcher;
    private final AtomicInteger failures;
    private volatile @Nullable Instant failingSince;
    private volatile String fault = "";
    private volatile Instant sentAt;

    /// @param dispatcher knows whether this instance still holds what it took
    Lane(Telegraph with, LaneStore.Lane claimed, UUID instance, Dispatcher dispatcher) {
        this.with = with;
        this.claimed = claimed;
        this.instance = instance;
        this.dispatcher = dispatcher;
        this.failures = new AtomicInteger(claimed.failures());
        this.failingSince = claimed.failingSince();
        this.sentAt = claimed.sentAt();
    }

    /// @return whether there is something to do at once
    boolean run() {
        Left left;
        try {
            left = tell();
        } catch (Exception own) {
            // Not the receiver's fault: it is told again soon.
            if (!Database.isToldAway(own) && !Database.isAway(own)) {
                LOG.warn("a Subscription was not told: {}", own.toString());
            }
            left = left(now().plus(DeliveryLimits.OWN_PAUSE), null);
        }
        return with.lanes().leave(instance, claimed.id(), left, now());
    }

    private Instant now() {
        return with.clock().instant();
    }

    private Left left(@Nullable Instant due, @Nullable Instant blocked) {
        return new Left(due, failures.get(), failingSince, blocked, sentAt);
    }

    private Left tell() {
        while (dispatcher.holds()) {
            Subscription one = with.subscriptions().find(claimed.id()).orElse(null);
            if (one == null || one.isOver(now())) {
                return left(null, null);
            }
            String host = Objects.requireNonNullElse(uri(one).getHost(), "");
            Optional<Caller> owner =
                    with.owners().now(one.owner(), host, "notify-" + UUID.randomUUID());
            if (owner.isEmpty()) {
                return left(now().plus(DeliveryLimits.OWNER_PAUSE), null);
            }
            List<Event> due = one.shaken() ? with.events().due(one.id(), now()) : List.of();
            if (due.isEmpty()) {
                Notification.Type silent = silent(one);
                if (silent == null) {
                    return left(rest(one), null);
                }
                if (!signal(one, silent)) {
                    return blocked(one);
                }
            } else {
                boolean probe = isBroken();
                page(one, owner.get(), probe ? due.subList(0, 1) : due);
                if (isBroken()) {
                    return blocked(one);
                }
                if (!probe && due.size() < EventStore.PAGE && beat(one) == null) {
                    // That was all; what came meanwhile has made the Subscription due anew.
                    return left(rest(one), null);
                }
            }
        }
        return left(now(), null);
    }

    /// Whether its address has failed so often that it is only probed.
    private boolean isBroken() {
        return failures.get() >= DeliveryLimits.FAILURES;
    }

    /// What is due though nothing happened.
    private Notification.@Nullable Type silent(Subscription one) {
        if (!one.shaken()) {
            return Notification.Type.HANDSHAKE;
        }
        Instant beat = beat(one);
        return beat != null && !beat.isAfter(now()) ? Notification.Type.HEARTBEAT : null;
    }

    private @Nullable Instant beat(Subscription one) {
        Integer period = one.request().heartbeat();
        return period == null ? null : sentAt.plusSeconds(period);
    }

    /// When there is something to do though nothing happens.
    private @Nullable Instant rest(Subscription one) {
        Instant next = with.events().next(one.id());
        Instant beat = beat(one);
        return next == null || beat != null && beat.isBefore(next) ? beat : next;
    }

    private boolean signal(Subscription one, Notification.Type type) {
        long total = type == Notification.Type.HANDSHAKE ? 0 : claimed.last();
        byte[] body = new Notification(with.base(), one, type, total, List.of(), now()).json();
        Called called = post(one, body);
        if (!called.isTaken()) {
            return false;
        }
        with.subscriptions().stand(one, Status.ACTIVE, true, null, now());
        return true;
    }

    /// Its address is left alone for a while; what has waited a day is parked.
    private Left blocked(Subscription one) {
        Instant since = failingSince;
        boolean given =
                !one.shaken()
                        && since != null
                        && since.plus(DeliveryLimits.HANDSHAKE).isBefore(now());
        with.subscriptions()
                .stand(one, given ? Status.OFF : Status.ERROR, one.shaken(), fault, now());
        if (one.shaken()) {
            with.events().park(one.id(), now());
        }
        int pauses = Math.max(1, failures.get() - DeliveryLimits.FAILURES + 1);
        Instant until = now().plus(with.backoff().after(one.shaken() ? pauses : failures.get()));
        return left(until, until);
    }

    /// Tells a page, by some calls at once where one does not hold it: a prescription's events all
    /// by one of them.
    private void page(Subscription one, Caller owner, List<Event> page) {
        int calls = Math.ceilDiv(page.size(), one.most());
        int most = Math.min(calls, DeliveryLimits.CALLS_AT_ONCE);
        Map<Integer, List<Event>> tracks = new TreeMap<>();
        for (Event event : page) {
            int track = Math.floorMod(event.focus().hashCode(), most);
            tracks.computeIfAbsent(track, _ -> new ArrayList<>()).add(event);
        }
        Future.join(tracks.values().stream().map(its -> beside(one, owner, its)).toList()).await();
    }

    private Future<Void> beside(Subscription one, Caller owner, List<Event> events) {
        Promise<Void> done = Promise.promise();
        Thread.ofVirtual()
                .name("notify-call")
                .start(() -> {
                    try {
                        track(one, owner, events);
                        done.complete();
                    } catch (Throwable failure) {
                        done.fail(failure);
                    }
                });
        return done.future();
    }

    private void track(Subscription one, Caller owner, List<Event> events) {
        Set<UUID> stuck = new HashSet<>();
        int from = 0;
        while (from < events.size() && dispatcher.holds()) {
            List<Event> batch = batch(one, events.subList(from, events.size()), stuck);
            if (batch.isEmpty()) {
                return;
            }
            List<NotifiedEvent> told = with.telling().of(batch, one.request().content(), owner);
            int fit = fit(told);
            batch = batch.subList(0, fit);
            told = told.subList(0, fit);
            long last = batch.getLast().number();
            byte[] body =
                    new Notification(with.base(), one, Notification.Type.EVENTS, last, told, now())
                            .json();
            if (post(one, body).isTaken()) {
                with.events().told(one.id(), batch);
                taken(one, batch);
            } else {
                int attempts = batch.getFirst().attempts() + 1;
                Instant again = now().plus(with.backoff().after(attempts));
                with.events().failed(one.id(), batch, again, now());
                batch.forEach(event -> stuck.add(event.focus()));
                if (isBroken()) {
                    return;
                }
            }
            from = events.indexOf(batch.getLast()) + 1;
        }
    }

    /// The next events for one call. One that failed before goes alone, so that it takes no others
    /// with it; behind one that failed now nothing of its prescription goes.
    private static List<Event> batch(Subscription one, Collection<Event> rest, Set<UUID> stuck) {
        List<Event> batch = new ArrayList<>();
        for (Event event : rest) {
            boolean alone = event.attempts() > 0;
            if (stuck.contains(event.focus())) {
                if (!batch.isEmpty()) {
                    break;
                }
            } else if (batch.isEmpty() || !alone && batch.size() < one.most()) {
                batch.add(event);
                if (alone) {
                    break;
                }
            } else {
                break;
            }
        }
        return batch;
    }

    /// How many of them one call may hold, at least one.
    private static int fit(List<NotifiedEvent> told) {
        int bytes = 0;
        int count = 0;
        for (NotifiedEvent one : told) {
            bytes += one.resource() == null ? 0 : one.resource().length;
            if (count > 0 && bytes > DeliveryLimits.BODY_BYTES) {
                break;
            }
            count++;
        }
        return count;
    }

    private Called post(Subscription one, byte[] body) {
        Integer seconds = one.request().timeout();
        Duration most = seconds == null ? DeliveryLimits.TIMEOUT : Duration.ofSeconds(seconds);
        String signature = with.secrets().signature(one, body, now());
        Called called = with.receivers().post(uri(one), body, signature, most);
        with.meters().called(series(one), called.isTaken());
        if (called.isTaken()) {
            boolean wasBroken = failures.getAndSet(0) >= DeliveryLimits.FAILURES;
            failingSince = null;
            sentAt = now();
            if (wasBroken && one.shaken()) {
                with.subscriptions().stand(one, Status.ACTIVE, true, null, now());
                with.events().sooner(one.id(), now());
            }
        } else {
            failures.incrementAndGet();
            fault = Objects.requireNonNullElse(called.fault(), "");
            if (failingSince == null) {
                failingSince = now();
            }
        }
        return called;
    }

    private void taken(Subscription one, List<Event> batch) {
        for (Event event : batch) {
            with.meters().told(event.at(), now());
        }
        LOG.debug("told {} events to {}", batch.size(), one.id());
    }

    private static String series(Subscription one) {
        return one.owner().patientId() == null
                ? one.owner().organization()
                : one.owner().role().code();
    }

    private static URI uri(Subscription one) {
        return URI.create(one.request().endpoint());
    }
}
