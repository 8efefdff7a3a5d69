package org.yifang.notify.deliver;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.notify.subscription.LaneStore;
import org.yifang.notify.subscription.StandingViews;
import org.yifang.platform.data.Database;
import org.yifang.platform.operate.Sweep;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/// The work of this instance: gives out what happened, and takes its share of the Subscriptions
/// that are to be told. Woken by what is written here and by what others number, and twice a second
/// in any case.
final class Dispatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /// How long calls under way are waited for at the end.
    private static final Duration LAST = Duration.ofSeconds(3);

    private final Vertx vertx;
    private final FanOut fanOut;
    private final Telegraph with;
    private final StandingViews standing;
    private final UUID instance;
    private final List<Long> timers = new ArrayList<>();
    private final AtomicBoolean inRound = new AtomicBoolean();
    private final AtomicBoolean again = new AtomicBoolean();
    private final Map<UUID, Promise<Void>> telling = new ConcurrentHashMap<>();
    private final Map<String, Integer> receivers = new ConcurrentHashMap<>();
    private volatile long renewedAt = System.nanoTime();
    private volatile boolean begun;
    private volatile boolean closing;

    Dispatcher(Vertx vertx, FanOut fanOut, Telegraph with, StandingViews standing, UUID instance) {
        this.vertx = vertx;
        this.fanOut = fanOut;
        this.with = with;
        this.standing = standing;
        this.instance = instance;
        timers.add(vertx.setPeriodic(DeliveryLimits.ROUND.toMillis(), _ -> wake()));
        every(DeliveryLimits.RENEWAL, this::renew);
        every(DeliveryLimits.UPKEEP, this::upkeep);
        every(DeliveryLimits.MEASURED, this::measure);
    }

    private void every(Duration period, Runnable work) {
        AtomicBoolean underWay = new AtomicBoolean();
        timers.add(
                vertx.setPeriodic(
                        period.toMillis(),
                        _ -> {
                            if (underWay.compareAndSet(false, true)) {
                                Thread.ofVirtual()
                                        .name("notify-keeping")
                                        .start(() -> keep(work, underWay));
                            }
                        }));
    }

    private static void keep(Runnable work, AtomicBoolean underWay) {
        try {
            work.run();
        } catch (Exception failure) {
            tell(failure);
        } finally {
            underWay.set(false);
        }
    }

    private static void tell(Exception failure) {
        if (!Database.isToldAway(failure) && !Database.isAway(failure)) {
            LOG.warn("Subscriptions wait: {}", failure.toString());
        }
    }

    /// From now on events are told: before, what they are about may not be readable yet, and would
    /// be told as if its receiver might not see it.
    void begin() {
        begun = true;
        wake();
    }

    void wake() {
        again.set(true);
        if (begun && !closing && inRound.compareAndSet(false, true)) {
            Thread.ofVirtual().name("notify").start(this::rounds);
        }
    }

    private void rounds() {
        try {
            while (again.getAndSet(false) && !closing) {
                while (fanOut.round() && !closing) {
                    claim();
                }
                claim();
                Sweep.SUBSCRIPTIONS.done();
            }
        } catch (Exception failure) {
            Sweep.SUBSCRIPTIONS.failed();
            tell(failure);
        } finally {
            inRound.set(false);
        }
    }

    private void claim() {
        int claimed = DeliveryLimits.CLAIMED;
        while (claimed == DeliveryLimits.CLAIMED && !closing) {
            int free = DeliveryLimits.LANES - telling.size();
            if (free <= 0) {
                return;
            }
            Set<String> full =
                    receivers.entrySet().stream()
                            .filter(one -> one.getValue() >= DeliveryLimits.LANES_OF_RECEIVER)
                            .map(Map.Entry::getKey)
                            .collect(Collectors.toSet());
            List<LaneStore.Lane> lanes =
                    with.lanes()
                            .claim(
                                    instance,
                                    full,
                                    Math.min(free, DeliveryLimits.CLAIMED),
                                    with.clock().instant());
            lanes.forEach(this::start);
            claimed = lanes.size();
        }
    }

    private void start(LaneStore.Lane lane) {
        Promise<Void> done = Promise.promise();
        telling.put(lane.id(), done);
        receivers.merge(lane.receiver(), 1, Integer::sum);
        Thread.ofVirtual().name("notify-lane").start(() -> run(lane, done));
    }

    private void run(LaneStore.Lane lane, Promise<Void> done) {
        boolean more = false;
        try {
            more = new Lane(with, lane, instance, this).run();
        } catch (Exception failure) {
            // Its lease ends by itself.
            tell(failure);
        } finally {
            boolean wasFull = telling.size() >= DeliveryLimits.LANES;
            telling.remove(lane.id());
            int left = receivers.merge(lane.receiver(), -1, Integer::sum);
            receivers.remove(lane.receiver(), 0);
            done.complete();
            if (more || wasFull || left == DeliveryLimits.LANES_OF_RECEIVER - 1) {
                wake();
            }
        }
    }

    /// Whether what this instance took is still its own, as far as it knows.
    boolean holds() {
        long silent = System.nanoTime() - renewedAt;
        return !closing && silent < DeliveryLimits.RENEWAL.toNanos() * 2;
    }

    private void renew() {
        with.lanes().renew(instance, with.clock().instant());
        renewedAt = System.nanoTime();
    }

    private void upkeep() {
        with.subscriptions().end(with.clock().instant());
        with.events().forget(with.clock().instant());
    }

    private void measure() {
        with.meters().measured(standing.waiting(with.clock().instant()));
    }

    @Override
    public void close() {
        closing = true;
        timers.forEach(vertx::cancelTimer);
        try {
            var _ =
                    Future.join(telling.values().stream().map(Promise::future).toList())
                            .timeout(LAST.toMillis(), TimeUnit.MILLISECONDS)
                            .await();
        } catch (Exception late) {
            LOG.info("calls of receivers were under way: others make them again");
        }
        try {
            with.lanes().leaveAll(instance, with.clock().instant());
        } catch (Exception away) {
            tell(away);
        }
    }
}
