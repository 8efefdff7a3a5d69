package org.yifang.queue.intake;

import static org.yifang.generated.Tables.QUEUE_VISIT;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.hl7.fhir.r4.model.Encounter;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.rest.Access;
import org.yifang.platform.Caller;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.queue.ticket.Arriving.Outcome;
import org.yifang.queue.ticket.Arriving.Result;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/// Takes visits in: each is kept as it stands now, and what its statuses say goes into the log of
/// events as every other event does.
public final class VisitDesk {
    private final Database database;
    private final QueueDesk desk;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final String region;

    public VisitDesk(
            Database database,
            QueueDesk desk,
            InstantSource clock,
            Supplier<UUID> ids,
            String region) {
        this.database = database;
        this.desk = desk;
        this.clock = clock;
        this.ids = ids;
        this.region = region;
    }

    /// A visit as it is kept.
    ///
    /// @param isNew whether nobody had sent it before
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    public record Kept(UUID id, byte[] json, long version, Instant updatedAt, boolean isNew) {}

    /// Takes a visit in; the same again changes nothing.
    ///
    /// @throws Problem `RX-1409` when it tells another time for what was told before, or what
    ///   contradicts it
    Kept take(Caller caller, Visit visit, String number) {
        Instant now = clock.instant();
        return database.inTransaction(tx -> {
            List<Result> results = desk.take(tx, caller, visit.events(), now);
            List<Finding> faults =
                    results.stream().filter(VisitDesk::isRefused).map(VisitDesk::fault).toList();
            if (!faults.isEmpty()) {
                throw new Problem(faults);
            }
            Kept kept = keep(tx, caller, visit, number, now);
            desk.record(
                    tx,
                    new Access(
                            caller,
                            caller.address(),
                            caller.requestId(),
                            "create",
                            "Encounter",
                            kept.isNew() ? 'C' : 'U',
                            null,
                            List.of(),
                            List.of(),
                            List.of("Encounter/" + kept.id()),
                            null,
                            null));
            return kept;
        });
    }

    /// A visit that is still to come is no visit: its events would be put aside, unnoticed.
    private static boolean isRefused(Result result) {
        return result.outcome() == Outcome.REFUSED || result.outcome() == Outcome.QUARANTINED;
    }

    private static Finding fault(Result result) {
        return new Finding(
                ProblemCode.KEY_REUSED,
                "The visit `" + result.ticket() + "`: " + result.issue(),
                "Send times that can be; what was told before unchanged, and only add to it.",
                "Encounter.statusHistory",
                false);
    }

    private Kept keep(Tx tx, Caller caller, Visit visit, String number, Instant now) {
        UUID id = ids.get();
        long version = 1;
        for (Row row :
                tx.run(
                        SQL.select(
                                        QUEUE_VISIT.ID,
                                        QUEUE_VISIT.VERSION,
                                        QUEUE_VISIT.UPDATED_AT,
                                        QUEUE_VISIT.CONTENT)
                                .from(QUEUE_VISIT)
                                .where(QUEUE_VISIT.ORGANIZATION_ID.eq(caller.organizationId()))
                                .and(QUEUE_VISIT.IDENTIFIER_SYSTEM.eq(visit.system()))
                                .and(QUEUE_VISIT.IDENTIFIER.eq(number))
                                .forUpdate())) {
            id = Rows.get(row, QUEUE_VISIT.ID);
            version = Rows.get(row, QUEUE_VISIT.VERSION);
            Instant updated = Rows.get(row, QUEUE_VISIT.UPDATED_AT);
            byte[] before = Rows.get(row, QUEUE_VISIT.CONTENT);
            if (Arrays.equals(json(caller, visit, id, version, updated), before)) {
                return new Kept(id, before, version, updated, false);
            }
            version++;
        }
        byte[] json = json(caller, visit, id, version, now);
        tx.run(
                SQL.insertInto(
                                QUEUE_VISIT,
                                QUEUE_VISIT.ID,
                                QUEUE_VISIT.REGION,
                                QUEUE_VISIT.ORGANIZATION_ID,
                                QUEUE_VISIT.IDENTIFIER_SYSTEM,
                                QUEUE_VISIT.IDENTIFIER,
                                QUEUE_VISIT.STATUS,
                                QUEUE_VISIT.STARTED_AT,
                                QUEUE_VISIT.CONTENT,
                                QUEUE_VISIT.VERSION,
                                QUEUE_VISIT.CREATED_AT,
                                QUEUE_VISIT.UPDATED_AT)
                        .values(
                                id,
                                region,
                                caller.organizationId(),
                                visit.system(),
                                number,
                                visit.status(),
                                visit.started(),
                                json,
                                version,
                                now,
                                now)
                        .onConflict(QUEUE_VISIT.ID)
                        .doUpdate()
                        .set(QUEUE_VISIT.STATUS, visit.status())
                        .set(QUEUE_VISIT.STARTED_AT, visit.started())
                        .set(QUEUE_VISIT.CONTENT, json)
                        .set(QUEUE_VISIT.VERSION, version)
                        .set(QUEUE_VISIT.UPDATED_AT, now));
        return new Kept(id, json, version, now, version == 1);
    }

    private static byte[] json(Caller caller, Visit visit, UUID id, long version, Instant updated) {
        Encounter encounter = visit.kept(caller.organizationId().toString());
        encounter.setId(id.toString());
        encounter
                .getMeta()
                .setVersionId(String.valueOf(version))
                .setLastUpdated(Date.from(updated));
        return Fhir.json(encounter);
    }
}
