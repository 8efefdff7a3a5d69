package org.yifang.queue.intake;

import org.yifang.fhir.rest.Access;
import org.yifang.platform.Caller;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Fault;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.queue.ticket.Arriving.Outcome;
import org.yifang.queue.ticket.Arriving.Result;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/// Takes visits in: each is kept as it stands now, and what its statuses say goes into the log of
/// events as every other event does.
public final class VisitDesk {
    private final Database database;
    private final QueueDesk desk;
    private final InstantSource clock;
    private final Uuid7 ids;
    private final String region;

    public VisitDesk(
            Database database, QueueDesk desk, InstantSource clock, Uuid7 ids, String region) {
        this.database = database;
        this.desk = desk;
        this.clock = clock;
        this.ids = ids;
        this.region = region;
    }

    /// A visit as it is kept.
    ///
    /// @param isNew whether nobody had sent it before
    public record StoredVisit(
            UUID id, byte[] json, long version, Instant updatedAt, boolean isNew) {}

    /// Takes a visit in; the same again changes nothing.
    ///
    /// @throws Problem `RX-1409` when it tells another time for what was told before, or what
    ///   contradicts it
    /// @param onlyNew whether one that was sent before stays as it is
    StoredVisit take(Caller caller, Visit visit, String number, boolean onlyNew) {
        try {
            return once(caller, visit, number, onlyNew);
        } catch (RuntimeException failure) {
            // Two at once with one number: the other was first, and is found now.
            if (Fault.isTaken(failure, "queue_visit_identifier")) {
                return once(caller, visit, number, onlyNew);
            }
            throw failure;
        }
    }

    private StoredVisit once(Caller caller, Visit visit, String number, boolean onlyNew) {
        Instant now = clock.instant();
        return database.inTransaction(tx -> {
            StoredVisit there =
                    onlyNew
                            ? VisitStore.lock(tx, caller.organizationId(), visit.system(), number)
                                    .orElse(null)
                            : null;
            if (there != null) {
                record(tx, caller, there, 'E');
                return there;
            }
            List<Result> results = desk.take(tx, caller, visit.events(), now);
            List<Finding> faults =
                    results.stream().filter(VisitDesk::isRefused).map(VisitDesk::fault).toList();
            if (!faults.isEmpty()) {
                throw new Problem(faults);
            }
            StoredVisit kept = keep(tx, caller, visit, number, now);
            record(tx, caller, kept, kept.isNew() ? 'C' : 'U');
            return kept;
        });
    }

    private void record(Tx tx, Caller caller, StoredVisit kept, char act) {
        desk.record(
                tx,
                new Access(
                        caller,
                        caller.address(),
                        caller.requestId(),
                        "create",
                        "Encounter",
                        act,
                        null,
                        List.of(),
                        List.of(),
                        List.of("Encounter/" + kept.id()),
                        null,
                        null));
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

    private StoredVisit keep(Tx tx, Caller caller, Visit visit, String number, Instant now) {
        StoredVisit before =
                VisitStore.lock(tx, caller.organizationId(), visit.system(), number).orElse(null);
        UUID id = before == null ? ids.get() : before.id();
        if (before != null) {
            byte[] again = visit.kept(id, before.version(), now, caller.organizationId());
            if (Visit.isSame(again, before.json())) {
                return before;
            }
        }
        long version = before == null ? 1 : before.version() + 1;
        byte[] json = visit.kept(id, version, now, caller.organizationId());
        StoredVisit kept = new StoredVisit(id, json, version, now, version == 1);
        VisitStore.write(
                tx, new VisitStore.VisitRow(region, caller.organizationId(), visit, number, kept));
        return kept;
    }
}
