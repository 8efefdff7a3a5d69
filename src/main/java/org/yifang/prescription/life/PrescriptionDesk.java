package org.yifang.prescription.life;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Caller;
import org.yifang.platform.Once;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.prescription.life.Decision.*;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// The only door through which a prescription changes: lock the row, settle what time has done, ask
/// the rule, record the answer.
public final class PrescriptionDesk {
    /// Makes the answer to a command out of the row after it. It runs before the commit: what
    /// cannot be answered is not done either.
    public interface Shown {
        byte[] of(Tx tx, PrescriptionRow row);
    }

    /// What came of a command.
    ///
    /// @param row after it
    /// @param refused why nothing was done, or null
    /// @param shown the answer, empty when it was refused
    public record Outcome(PrescriptionRow row, @Nullable Refused refused, byte[] shown) {
        /// The row, once the refusal has been recorded.
        ///
        /// @throws Problem when it was refused
        public PrescriptionRow orThrow() {
            if (refused != null) {
                throw new Problem(refused.findings());
            }
            return row;
        }
    }

    /// What changes beside the state of a row: the reason shown, the reviewer.
    @FunctionalInterface
    public interface Beside {
        PrescriptionRow of(PrescriptionRow row, Instant now);
    }

    private final Database database;
    private final PrescriptionViews views = new PrescriptionViews();
    private final DueStore due = new DueStore();
    private final StateChanges changes;
    private final Unsealing unsealing;
    private final Terms terms;
    private final InstantSource clock;

    /// @param audit appends to the audit log in the same transaction
    /// @param moments hears of every change in the same transaction
    public PrescriptionDesk(
            Database database,
            Unsealing unsealing,
            Terms terms,
            InstantSource clock,
            Audit audit,
            MomentListener moments) {
        this.database = database;
        this.unsealing = unsealing;
        this.changes = new StateChanges(terms, unsealing, audit, moments);
        this.terms = terms;
        this.clock = clock;
    }

    /// A handler of calls on a Task that answers one which was done already under its
    /// `Idempotency-Key` with the Task as it is, whatever would be said of the call today.
    public Operation.Handler once(Operation.Handler handler) {
        return exchange -> {
            Caller caller = exchange.caller();
            Once once = caller.once();
            if (once == null || !OnceStore.isDone(database, caller, once)) {
                return handler.handle(exchange);
            }
            return exchange.recorded(() -> {
                PrescriptionRow row = read(exchange.id());
                return Answer.ok(task(row, caller))
                        .withVersion(row.version(), row.updatedAt())
                        .touching(List.of(row.frame().patient()), List.of(row.id()));
            });
        };
    }

    /// The Task as the caller reads it.
    public byte[] task(PrescriptionRow row, Caller caller) {
        return unsealing.task(row, caller, terms, row.updatedAt());
    }

    public Database database() {
        return database;
    }

    public Terms terms() {
        return terms;
    }

    public Instant now() {
        return clock.instant();
    }

    /// Whether a prescription exists for a caller at all.
    private interface Reached {
        boolean by(Tx tx, PrescriptionRow row, Instant now);
    }

    /// Applies a command to the prescription with this id.
    ///
    /// @throws Problem `RX-1004` when it does not exist for the caller
    public Outcome apply(Act act, UUID id, Beside beside, CommandRule rule) {
        return apply(
                act,
                tx -> views.lock(tx, id),
                (tx, row, now) -> SightViews.reaches(tx, act.caller(), row, now),
                beside,
                rule,
                (tx, row) -> task(row, act.caller()));
    }

    /// Applies a command to the prescription of a token that proves the right to it.
    public Outcome applyByToken(Act act, UUID id, CommandRule rule, Shown shown) {
        return apply(
                act,
                tx -> views.lock(tx, id),
                (tx, row, now) -> true,
                because(Reason.NONE),
                rule,
                shown);
    }

    /// As above, where the answer is more than the Task and nothing changes beside the state but
    /// the reason.
    public Outcome apply(Act act, UUID id, Reason reason, CommandRule rule, Shown shown) {
        return apply(
                act,
                tx -> views.lock(tx, id),
                (tx, row, now) -> SightViews.reaches(tx, act.caller(), row, now),
                because(reason),
                rule,
                shown);
    }

    /// Applies a command to the prescription with this pick-up code, whose bearer may; empty when
    /// there is none.
    ///
    /// @param codeIndexes of the code, the oldest key first: one that comes under a newer key in
    ///   this moment is found by that one then
    /// @param named the one that it has to be, null for any
    public Optional<Outcome> applyByCode(
            Act act,
            List<byte[]> codeIndexes,
            @Nullable UUID named,
            CommandRule rule,
            Shown shown) {
        try {
            return Optional.of(
                    apply(
                            act,
                            tx -> views.lockByCode(tx, codeIndexes),
                            (tx, row, now) -> named == null || row.id().equals(named),
                            because(Reason.NONE),
                            rule,
                            shown));
        } catch (Problem problem) {
            if (problem.code() == ProblemCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw problem;
        }
    }

    private Outcome apply(
            Act act,
            Function<Tx, Optional<PrescriptionRow>> lock,
            Reached reached,
            Beside beside,
            CommandRule rule,
            Shown shown) {
        return database.inTransaction(tx -> {
            Instant now = clock.instant();
            PrescriptionRow found =
                    lock.apply(tx)
                            .filter(row -> reached.by(tx, row, now))
                            .orElseThrow(PrescriptionDesk::notFound);
            PrescriptionRow row = changes.settle(tx, found, now);
            Caller caller = act.caller();
            Once once = caller.once();
            // Two at once under one key: the row was locked meanwhile.
            if (once != null && OnceStore.isDone(tx, caller, once)) {
                changes.record(tx, act, row, null, null);
                return new Outcome(row, null, shown.of(tx, row));
            }
            Decision decision = rule.decide(tx, row, now);
            // What is so already is answered first, whatever version it was asked of.
            if (!(decision instanceof Unchanged)) {
                requireVersion(caller, row.version());
            }
            if (once != null && !(decision instanceof Refused)) {
                OnceStore.done(tx, caller, once, "Task/" + row.id(), now);
            }
            return switch (decision) {
                case Changed(var next) -> {
                    PrescriptionRow told = sealed(row, beside.of(row, now));
                    PrescriptionRow after = changes.change(tx, act, row, told, next, now);
                    yield new Outcome(after, null, shown.of(tx, after));
                }
                case Unchanged _ -> {
                    changes.record(tx, act, row, null, null);
                    yield new Outcome(row, null, shown.of(tx, row));
                }
                // A refusal is evidence too.
                case Refused refused -> {
                    changes.record(tx, act, row, refused.code(), null);
                    yield new Outcome(row, refused, new byte[0]);
                }
            };
        });
    }

    /// @throws Problem `RX-1012` when the caller calls on another version than this
    public static void requireVersion(Caller caller, long at) {
        if (caller.expected() != null && caller.expected() != at) {
            throw new Problem(
                    ProblemCode.VERSION_MISMATCH,
                    "It is at version `" + at + "`.",
                    "Read it again and decide on that.");
        }
    }

    /// The holder tells of a moment at its counter: the patient arrived, paid, the drugs are ready.
    public Outcome progress(Caller caller, UUID id, Action moment, Instant at) {
        return apply(
                Act.of(caller, Action.PROGRESS),
                id,
                PrescriptionDesk::unchanged,
                (tx, row, now) -> {
                    UUID pharmacy = caller.organizationId();
                    Decision decision =
                            ClaimRules.progress(
                                    row.prescription(),
                                    pharmacy,
                                    moment == Action.PREPARED ? at : null);
                    if (!(decision instanceof Refused)) {
                        changes.tell(tx, row, moment, pharmacy, at);
                    }
                    return decision;
                });
    }

    /// A prescription as it stands, for the answer to a command that has just run.
    public PrescriptionRow read(UUID id) {
        return database.inTransaction(tx -> read(tx, id));
    }

    /// A prescription as it stands in a transaction.
    public PrescriptionRow read(Tx tx, UUID id) {
        return views.lock(tx, id).orElseThrow();
    }

    /// What is said now is sealed; what was said before is.
    @SuppressWarnings("ReferenceEquality") // The same words said again are said now, and sealed.
    private PrescriptionRow sealed(PrescriptionRow before, PrescriptionRow told) {
        PrescriptionRow next = told;
        Reason reason = told.frame().reason();
        if (reason != before.frame().reason()) {
            Reason sealed = reason.sealed(text -> unsealing.sealed(before, text));
            next = next.withFrame(next.frame().withReason(sealed));
        }
        return told.reviews() == before.reviews()
                ? next
                : next.withReviews(
                        told.reviews().sealingLast(text -> unsealing.sealed(before, text)));
    }

    static PrescriptionRow withoutReason(PrescriptionRow row) {
        return row.withFrame(row.frame().withReason(Reason.NONE));
    }

    /// Nothing changes beside the state.
    public static PrescriptionRow unchanged(PrescriptionRow row, Instant now) {
        return row;
    }

    /// The reason that the Task shows from now on.
    public static Beside because(Reason reason) {
        return (row, now) -> row.withFrame(row.frame().withReason(reason));
    }

    /// Records a refusal that was decided before a prescription was found.
    public void refused(Act act, UUID task, ProblemCode problem) {
        database.inTransaction(tx -> {
            changes.refused(tx, act, task, problem);
            return null;
        });
    }

    /// Holds what nobody has claimed of a patient's prescriptions, or lets go on what was held.
    public void circulation(Tx tx, Act act, UUID patient, boolean denied) {
        Instant now = clock.instant();
        for (UUID id : due.lockUnclaimed(tx, patient, CirculationRules.HELD_MOST)) {
            PrescriptionRow found = views.lock(tx, id).orElse(null);
            if (found == null) {
                continue;
            }
            PrescriptionRow row = changes.settle(tx, found, now);
            Reason reason = denied ? CirculationRules.WITHDRAWN : Reason.NONE;
            if (CirculationRules.decide(row, denied) instanceof Changed(var next)) {
                changes.change(tx, act, row, because(reason).of(row, now), next, now);
            }
        }
    }

    static Problem notFound() {
        return new Problem(
                ProblemCode.NOT_FOUND,
                "There is no such Task for this caller.",
                "Check the id, and that the prescription is the caller's.");
    }
}
