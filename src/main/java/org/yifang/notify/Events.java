package org.yifang.notify;

import io.vertx.core.Vertx;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Listener;
import org.yifang.platform.operate.Sweep;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/// Numbers what happened and tells it to everybody who watches this instance, in rounds: one at a
/// time, woken by the database, and every quarter of a second in any case.
public final class Events implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    private final Vertx vertx;
    private final OutboxStore outbox;
    private final InstantSource clock;
    private final Listener listener;
    private final Runnable unlisten;
    private volatile Runnable numbered = () -> {};
    private final long timer;
    private final long commentTimer;
    private final AtomicBoolean inRound = new AtomicBoolean();
    private final AtomicBoolean again = new AtomicBoolean();
    private final AtomicBoolean commentDue = new AtomicBoolean();
    private final Queue<Watcher> joining = new ConcurrentLinkedQueue<>();
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final List<Watcher> behind = new ArrayList<>();
    private long position = -1;
    private volatile long told = -1;
    private Instant forgotten = Instant.EPOCH;

    public Events(Vertx vertx, Database database, InstantSource clock) {
        this.vertx = vertx;
        this.outbox = new OutboxStore(database);
        this.clock = clock;
        this.listener = database.listen("outbox", this::wake, _ -> wake());
        // What was written here is numbered here at once; the rest by whoever comes first.
        this.unlisten = database.committed().listen(OutboxStore.WRITTEN, this::wake);
        this.timer = vertx.setPeriodic(EventLimits.ROUND.toMillis(), _ -> wake());
        this.commentTimer =
                vertx.setPeriodic(
                        EventLimits.COMMENT.toMillis() / 2,
                        _ -> {
                            commentDue.set(true);
                            wake();
                        });
    }

    /// Tells `work` after each round of every instance in which something may be new.
    public void whenNumbered(Runnable work) {
        numbered = work;
    }

    /// The last number given. Waits.
    long last() {
        return outbox.last();
    }

    /// The last number that this instance knows of; asks nobody. What is read after it was asked
    /// shows at least what happened up to it.
    public long known() {
        return told;
    }

    long watching(String clientId) {
        return watchers.stream().filter(one -> one.caller().clientId().equals(clientId)).count();
    }

    void join(Watcher watcher) {
        joining.add(watcher);
        wake();
    }

    private void wake() {
        again.set(true);
        if (inRound.compareAndSet(false, true)) {
            Thread.ofVirtual().name("events").start(this::rounds);
        }
    }

    private void rounds() {
        try {
            while (again.getAndSet(false)) {
                round();
                Sweep.OUTBOX.done();
            }
        } catch (Exception failure) {
            Sweep.OUTBOX.failed();
            // The next round begins where this one ended.
            if (!Database.isToldAway(failure) && !Database.isAway(failure)) {
                LOG.warn("events were not told: {}", failure.toString());
            }
        } finally {
            inRound.set(false);
        }
    }

    private void round() {
        long last = outbox.number();
        if (last != told) {
            told = last;
            numbered.run();
        }
        if (position < 0 || watchers.isEmpty()) {
            position = last;
        }
        take();
        tellNews(last);
        tellThoseBehind();
        watchers.removeIf(Watcher::isGone);
        behind.removeIf(Watcher::isGone);
        if (commentDue.getAndSet(false)) {
            watchers.forEach(Watcher::comment);
        }
        Instant now = clock.instant();
        if (forgotten.plus(EventLimits.FORGETTING).isBefore(now)) {
            outbox.forget(now);
            forgotten = now;
        }
    }

    private void take() {
        for (Watcher one = joining.poll(); one != null; one = joining.poll()) {
            watchers.add(one);
            if (one.position() < position) {
                behind.add(one);
            }
        }
    }

    private void tellNews(long last) {
        while (position < last) {
            List<OutboxStore.Numbered> news = outbox.between(position, last);
            for (Watcher watcher : watchers) {
                if (!behind.contains(watcher)) {
                    news.forEach(watcher::tell);
                }
            }
            position = news.size() < EventLimits.PAGE ? last : news.getLast().number();
        }
    }

    /// One page each, so that one who was away for long keeps nobody waiting.
    private void tellThoseBehind() {
        for (Watcher watcher : List.copyOf(behind)) {
            List<OutboxStore.Numbered> missed = outbox.between(watcher.position(), position);
            missed.forEach(watcher::tell);
            if (missed.size() < EventLimits.PAGE) {
                watcher.reached(position);
                behind.remove(watcher);
            } else {
                again.set(true);
            }
        }
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        vertx.cancelTimer(commentTimer);
        unlisten.run();
        listener.close();
    }
}
