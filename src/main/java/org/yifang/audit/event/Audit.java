package org.yifang.audit.event;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.fhir.rest.Access;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.platform.Batches;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.BytesColumn;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Writes the audit log: with a change in its transaction, or by itself before an answer leaves.
public final class Audit implements FhirRouter.Auditing {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    /// An event of the service itself, which nobody called for.
    private static Access changes(@Nullable String change) {
        return new Access(
                null,
                "",
                "service",
                "operation",
                "changes",
                'U',
                null,
                List.of(),
                List.of(),
                List.of(),
                change,
                null);
    }

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
    /// wait; the transaction does not commit without it. It is written last, wherever in the
    /// transaction this is called, since it commits to all that was changed.
    ///
    /// @return the id of the AuditEvent (of the first, when one call needs several)
    @Override
    public UUID append(Tx tx, Access access) {
        List<Event> events = Event.of(access, 1, ids, ids.now());
        tx.atEnd(() -> {
            EventStore.Written insert = store.insert(events);
            var _ = tx.start(insert.statement(), insert.values());
        });
        return events.getFirst().id();
    }

    /// For a transaction in which nobody told of anything: when it changed what the ledger follows,
    /// as an import of thousands of prices does in parts, an event commits to that.
    private void tellChanges(Tx tx) {
        if (EventStore.isLedgerOpen(tx)) {
            EventStore.Written insert = store.insert(Event.of(changes(null), 1, ids, ids.now()));
            var _ = tx.start(insert.statement(), insert.values());
        }
    }

    /// Takes what was in the tables before they had a ledger as it stands, once in the life of a
    /// database, and has every later transaction commit to what it changes.
    public void begin(Instant now) {
        PartitionStore.make(database, now);
        database.inTransaction(tx -> {
            EventStore.beginLedger(tx)
                    .ifPresent(before -> append(tx, changes("ledger before " + before)));
            return null;
        });
        database.beforeUntold(this::tellChanges);
        store.sealOld(database);
    }

    /// Records a call that changes nothing; returns when the record is durable. Concurrent calls
    /// share one commit.
    ///
    /// @throws Problem when it cannot be written: then nothing may be answered either
    @Override
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

    /// Takes the name and its salt out of the events that an erased person caused: nobody can open
    /// the commitment any more, and the tree stays whole.
    public static void eraseActor(Tx tx, UUID patient) {
        EventStore.eraseActor(tx, patient);
    }

    /// What the log tells of people in words, sealed, for the rotation of the master key.
    public static BytesColumn sealedTexts() {
        return TextStore.sealedTexts();
    }

    /// The sealed names of people in the log, for the rotation of the master key; no commitment is
    /// to how they are sealed.
    public static BytesColumn sealedNames() {
        return TextStore.sealedNames();
    }
}
