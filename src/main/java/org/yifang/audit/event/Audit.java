package org.yifang.audit.event;

import static org.yifang.generated.Tables.AUDIT_EVENT;

import io.vertx.core.Future;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.fhir.rest.Access;
import org.yifang.platform.Batches;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.BytesColumn;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Writes the audit log: with a change in its transaction, or by itself before an answer leaves.
public final class Audit {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    private final Database database;
    private final EventStore store;
    private final Uuid7 ids;
    private final RefusalCounts refusals = new RefusalCounts();
    private final Batches<List<Event>, Void> batches =
            new Batches<>(
                    "The audit log",
                    new Batches.Bounds(
                            AuditLimits.BATCH, AuditLimits.BATCHES_AT_ONCE, AuditLimits.WAITING),
                    List::size,
                    this::write);

    /// @param ids gives events their order, and knows what time it is
    /// @param region GB/T 2260, six digits
    public Audit(Database database, NameSeal seal, Uuid7 ids, String region) {
        this.database = database;
        this.store = new EventStore(seal, region);
        this.ids = ids;
    }

    /// Records a call in the transaction of its change: both are durable, or neither. Does not
    /// wait; the transaction does not commit without it.
    ///
    /// @return the id of the AuditEvent (of the first, when one call needs several)
    public UUID append(Tx tx, Access access) {
        List<Event> events = Event.of(access, 1, ids, ids.now());
        EventStore.Written insert = store.insert(events);
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
        return batches.add(Event.of(access, 1, ids, ids.now()));
    }

    private Future<Void> write(List<List<Event>> batch) {
        List<Event> events = batch.stream().flatMap(List::stream).toList();
        EventStore.Written insert = store.insert(events);
        return database.start(insert.statement(), insert.values())
                .<Void>mapEmpty()
                .onFailure(
                        failure -> LOG.warn("{} audit events not written", events.size(), failure));
    }

    /// Writes the refusals counted so far; called every minute, and when the service ends.
    public Future<Void> writeRefusals() {
        List<Event> events = new ArrayList<>();
        for (RefusalCounts.Counted counted : refusals.drain()) {
            events.addAll(Event.of(counted.first(), counted.times(), ids, ids.now()));
        }
        return events.isEmpty() ? Future.succeededFuture() : batches.add(events);
    }

    /// The sealed names of people in the log, for the rotation of the master key; no commitment is
    /// to how they are sealed.
    public static BytesColumn sealedNames() {
        return new BytesColumn(
                "names in the audit log",
                AUDIT_EVENT,
                AUDIT_EVENT.ID,
                AUDIT_EVENT.PERSON_NAME_SEALED);
    }
}
