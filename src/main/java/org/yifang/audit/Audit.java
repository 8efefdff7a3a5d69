package org.yifang.audit;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.fhir.Access;
import org.yifang.platform.Database;
import org.yifang.platform.Problem;
import org.yifang.platform.ProblemCode;
import org.yifang.platform.Tx;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Writes the audit log: with a change in its transaction, or by itself before an answer leaves.
public final class Audit {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    /// What waits for its batch.
    private record Waiting(List<Event> events, Promise<Void> durable) {}

    private final Database database;
    private final EventStore store;
    private final Supplier<UUID> ids;
    private final RefusalCounts refusals = new RefusalCounts();
    private final ConcurrentLinkedQueue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger writing = new AtomicInteger();

    /// @param ids makes UUIDv7; an event's time is that of its id
    /// @param region GB/T 2260, six digits
    public Audit(Database database, NameSeal seal, Supplier<UUID> ids, String region) {
        this.database = database;
        this.store = new EventStore(seal, region);
        this.ids = ids;
    }

    /// Records a call in the transaction of its change: both are durable, or neither. Does not
    /// wait; the transaction does not commit without it.
    ///
    /// @return the id of the AuditEvent (of the first, when one call needs several)
    public UUID append(Tx tx, Access access) {
        List<Event> events = Event.of(access, 1, ids);
        EventStore.Insert insert = store.insert(events);
        var _ = tx.start(insert.statement(), insert.values());
        return events.getFirst().id();
    }

    /// Records a call that changes nothing; returns when the record is durable. Concurrent calls
    /// share one commit.
    ///
    /// @throws Problem when it cannot be written: then nothing may be answered either
    public void record(Access access) {
        recording(access).await();
    }

    /// As [#record] without waiting. Refusals of unauthenticated calls are only counted here, and
    /// written once per address and minute.
    public Future<Void> recording(Access access) {
        if (access.caller() == null && access.problem() != null) {
            refusals.count(access);
            return Future.succeededFuture();
        }
        return recording(Event.of(access, 1, ids));
    }

    private Future<Void> recording(List<Event> events) {
        if (waiting.addAndGet(events.size()) > AuditLimits.WAITING) {
            waiting.addAndGet(-events.size());
            return Future.failedFuture(
                    new Problem(
                            ProblemCode.BUSY,
                            "The audit log cannot take more calls now; nothing was answered.",
                            "Send the same request again after a moment."));
        }
        Promise<Void> durable = Promise.promise();
        queue.add(new Waiting(events, durable));
        writeNext();
        return durable.future();
    }

    /// Starts a batch unless enough are under way; each that ends starts the next.
    private void writeNext() {
        while (!queue.isEmpty()) {
            if (writing.incrementAndGet() > AuditLimits.BATCHES_AT_ONCE) {
                writing.decrementAndGet();
                // The batch that ended meanwhile may have seen the queue empty.
                if (writing.get() >= AuditLimits.BATCHES_AT_ONCE) {
                    return;
                }
            } else {
                write(drain());
            }
        }
    }

    private List<Waiting> drain() {
        List<Waiting> batch = new ArrayList<>();
        int events = 0;
        while (events < AuditLimits.BATCH) {
            Waiting next = queue.poll();
            if (next == null) {
                break;
            }
            batch.add(next);
            events += next.events.size();
        }
        waiting.addAndGet(-events);
        return batch;
    }

    private void write(List<Waiting> batch) {
        if (batch.isEmpty()) {
            writing.decrementAndGet();
            return;
        }
        List<Event> events = batch.stream().flatMap(one -> one.events.stream()).toList();
        Future<?> written;
        try {
            EventStore.Insert insert = store.insert(events);
            written = database.start(insert.statement(), insert.values());
        } catch (RuntimeException failure) {
            written = Future.failedFuture(failure);
        }
        written.onComplete(outcome -> {
            writing.decrementAndGet();
            writeNext();
            if (outcome.failed()) {
                LOG.warn("{} audit events not written", events.size(), outcome.cause());
            }
            for (Waiting one : batch) {
                if (outcome.succeeded()) {
                    one.durable.complete();
                } else {
                    one.durable.fail(outcome.cause());
                }
            }
        });
    }

    /// Writes the refusals counted so far; called every minute, and when the service ends.
    public Future<Void> writeRefusals() {
        List<Event> events = new ArrayList<>();
        refusals.drain()
                .forEach(counted -> events.addAll(Event.of(counted.first(), counted.times(), ids)));
        return events.isEmpty() ? Future.succeededFuture() : recording(events);
    }
}
