package org.yifang.prescription.life;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.rest.Access;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Caller;
import org.yifang.platform.Once;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.prescription.life.Decision.*;
import org.yifang.prescription.life.PrescriptionRow.TaskFrame;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// The only door through which a prescription changes: lock the row, settle what time has done, ask
/// the rule, record the answer.
public final class PrescriptionDesk {
    /// Decides on a locked and settled prescription.
    public interface Rule {
        Decision decide(Tx tx, PrescriptionRow row, Instant now);
    }

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

    private final Database database;
    private final PrescriptionStore store;
    private final PrescriptionReader reader = new PrescriptionReader();
    private final DuePrescriptions due = new DuePrescriptions();
    private final Unsealing opening;
    private final Terms terms;
    private final InstantSource clock;
    private final BiConsumer<Tx, Access> audit;
    private final BiConsumer<Tx, Moment> moments;

    /// @param audit appends to the audit log in the same transaction
    /// @param moments hears of every change in the same transaction
    public PrescriptionDesk(
            Database database,
            Unsealing opening,
            Terms terms,
            InstantSource clock,
            BiConsumer<Tx, Access> audit,
            BiConsumer<Tx, Moment> moments) {
        this.database = database;
        this.opening = opening;
        this.store = new PrescriptionStore(terms, opening);
        this.terms = terms;
        this.clock = clock;
        this.audit = audit;
        this.moments = moments;
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
            PrescriptionRow row = read(exchange.id());
            return Answer.ok(task(row, caller))
                    .withVersion(row.version(), row.updatedAt())
                    .touching(List.of(row.frame().patient()), List.of(row.id()));
        };
    }

    /// Drops the `Idempotency-Key`s that nobody sends again. Waits.
    public void forgetOldKeys() {
        OnceStore.forget(database, clock.instant());
    }

    /// The Task as the caller reads it.
    public byte[] task(PrescriptionRow row, Caller caller) {
        return opening.task(row, caller, terms, row.updatedAt());
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
    /// @param beside what changes beside the state: the reason shown, the reviewer
    /// @throws Problem `RX-1004` when it does not exist for the caller
    public Outcome apply(Act act, UUID id, UnaryOperator<PrescriptionRow> beside, Rule rule) {
        return apply(act, id, (row, now) -> beside.apply(row), rule);
    }

    /// As above, where what changes beside the state has its moment.
    public Outcome apply(
            Act act,
            UUID id,
            BiFunction<PrescriptionRow, Instant, PrescriptionRow> beside,
            Rule rule) {
        return apply(
                act,
                tx -> reader.lock(tx, id),
                (tx, row, now) -> Sight.reaches(tx, act.caller(), row, now),
                beside,
                rule,
                (tx, row) -> task(row, act.caller()));
    }

    /// Applies a command to the prescription of a token that proves the right to it.
    public Outcome applyByToken(Act act, UUID id, Rule rule, Shown shown) {
        return apply(
                act,
                tx -> reader.lock(tx, id),
                (tx, row, now) -> true,
                (row, now) -> withoutReason(row),
                rule,
                shown);
    }

    /// As above, where the answer is more than the Task and nothing changes beside the state but
    /// the reason.
    public Outcome apply(Act act, UUID id, Reason reason, Rule rule, Shown shown) {
        return apply(
                act,
                tx -> reader.lock(tx, id),
                (tx, row, now) -> Sight.reaches(tx, act.caller(), row, now),
                (row, now) -> because(reason).apply(row),
                rule,
                shown);
    }

    /// Applies a command to the prescription with this pick-up code, whose bearer may; empty when
    /// there is none.
    ///
    /// @param named the one that it has to be, null for any
    public Optional<Outcome> applyByCode(
            Act act, byte[] codeIndex, @Nullable UUID named, Rule rule, Shown shown) {
        try {
            return Optional.of(
                    apply(
                            act,
                            tx -> reader.lockByCode(tx, codeIndex),
                            (tx, row, now) -> named == null || row.id().equals(named),
                            (row, now) -> withoutReason(row),
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
            BiFunction<PrescriptionRow, Instant, PrescriptionRow> beside,
            Rule rule,
            Shown shown) {
        return database.inTransaction(tx -> {
            Instant now = clock.instant();
            PrescriptionRow found =
                    lock.apply(tx)
                            .filter(row -> reached.by(tx, row, now))
                            .orElseThrow(PrescriptionDesk::notFound);
            PrescriptionRow row = settle(tx, found, now);
            Caller caller = act.caller();
            Once once = caller.once();
            // Two at once under one key: the row was locked meanwhile.
            if (once != null && OnceStore.isDone(tx, caller, once)) {
                record(tx, act, row, null, null);
                return new Outcome(row, null, shown.of(tx, row));
            }
            Decision decision = rule.decide(tx, row, now);
            if (once != null && !(decision instanceof Refused)) {
                OnceStore.done(tx, caller, once, "Task/" + row.id(), now);
            }
            return switch (decision) {
                case Changed(var next) -> {
                    PrescriptionRow after = change(tx, act, row, next, beside, now);
                    yield new Outcome(after, null, shown.of(tx, after));
                }
                case Unchanged _ -> {
                    record(tx, act, row, null, null);
                    yield new Outcome(row, null, shown.of(tx, row));
                }
                // A refusal is evidence too.
                case Refused refused -> {
                    record(tx, act, row, refused.code(), null);
                    yield new Outcome(row, refused, new byte[0]);
                }
            };
        });
    }

    /// The holder tells of a moment at its counter: the patient arrived, paid, the drugs are ready.
    public Outcome progress(Caller caller, UUID id, Action moment, Instant at) {
        return apply(
                Act.of(caller, Action.PROGRESS),
                id,
                row -> row,
                (tx, row, now) -> {
                    Refused not = ClaimRules.notOpen(row.prescription());
                    Claim claim = row.prescription().facts().claim();
                    if (not != null) {
                        return not;
                    }
                    boolean holds =
                            claim != null
                                    && claim.ended() == null
                                    && claim.pharmacy().equals(caller.organizationId());
                    if (!holds) {
                        return ClaimRules.notClaimed();
                    }
                    moments.accept(
                            tx,
                            new Moment(
                                    row.frame().rxNumber(),
                                    row.frame().createdAt(),
                                    moment,
                                    row.prescription().state(),
                                    row.prescription(),
                                    caller.organizationId(),
                                    at,
                                    null));
                    return new Unchanged(row.prescription());
                });
    }

    private PrescriptionRow change(
            Tx tx,
            Act act,
            PrescriptionRow row,
            Prescription next,
            BiFunction<PrescriptionRow, Instant, PrescriptionRow> beside,
            Instant now) {
        PrescriptionRow after = store.replace(tx, beside.apply(row, now), next, now);
        State before = row.prescription().state();
        String change = before.path() + " -> " + next.state().path();
        // The auditor reads no prescription, so what was reviewed stands in the event itself.
        String review = after.reviews().newSince(row.reviews());
        record(tx, act, after, null, review == null ? change : change + "; " + review);
        moments.accept(
                tx, moment(row, act.action(), before, next, act.caller().organizationId(), now));
        return after;
    }

    /// Writes down what time has done since the row was stored, step by step: a lease that ended
    /// before validity did has both in its history.
    private PrescriptionRow settle(Tx tx, PrescriptionRow stored, Instant now) {
        PrescriptionRow row = stored;
        while (true) {
            Prescription next = TimeRules.step(row.prescription(), now, terms);
            if (next == row.prescription()) {
                return row;
            }
            row = settled(tx, row, next, now);
        }
    }

    private PrescriptionRow settled(Tx tx, PrescriptionRow row, Prescription next, Instant now) {
        State before = row.prescription().state();
        PrescriptionRow after = store.replace(tx, withoutReason(row), next, now);
        audit.accept(
                tx,
                new Access(
                                null,
                                "",
                                "time",
                                "operation",
                                Action.TIME.code(),
                                'U',
                                null,
                                List.of(row.frame().patient()),
                                List.of(row.id()),
                                List.of(),
                                before.path() + " -> " + next.state().path(),
                                null)
                        .committingTo(content(after)));
        moments.accept(tx, moment(row, Action.TIME, before, next, null, now));
        return after;
    }

    private static Moment moment(
            PrescriptionRow row,
            Action action,
            State before,
            Prescription after,
            @Nullable UUID organization,
            Instant at) {
        TaskFrame frame = row.frame();
        return new Moment(
                frame.rxNumber(), frame.createdAt(), action, before, after, organization, at, null);
    }

    private void record(
            Tx tx,
            Act act,
            PrescriptionRow row,
            @Nullable ProblemCode problem,
            @Nullable String change) {
        Access access =
                Access.operation(
                        act.caller(),
                        act.action().code(),
                        'E',
                        problem,
                        List.of(row.frame().patient()),
                        List.of(row.id()),
                        act.told(change));
        // What changes no state may change what was handed out.
        audit.accept(tx, problem == null ? access.committingTo(content(row)) : access);
    }

    /// What an event commits to of a prescription; see `sql/V070__audit_content.sql`.
    private static String content(PrescriptionRow row) {
        return "Task/" + row.id() + "/" + row.version();
    }

    /// A prescription as it stands, for the answer to a command that has just run.
    public PrescriptionRow read(UUID id) {
        return database.inTransaction(tx -> reader.lock(tx, id)).orElseThrow();
    }

    public static PrescriptionRow withoutReason(PrescriptionRow row) {
        return row.withFrame(row.frame().withReason(Reason.NONE));
    }

    public static UnaryOperator<PrescriptionRow> because(Reason reason) {
        return row -> row.withFrame(row.frame().withReason(reason));
    }

    /// Records a refusal that was decided before a prescription was found.
    public void refused(Act act, UUID task, ProblemCode problem) {
        database.inTransaction(tx -> {
            audit.accept(
                    tx,
                    Access.operation(
                            act.caller(),
                            act.action().code(),
                            'E',
                            problem,
                            List.of(),
                            List.of(task),
                            act.told(null)));
            return null;
        });
    }

    /// Brings prescriptions up to date that time alone has changed. Safe in several instances at
    /// once: each takes rows that no other works on.
    ///
    /// @return how many changed
    public int sweep(int most) {
        return database.inTransaction(tx -> {
            Instant now = clock.instant();
            List<UUID> ids = due.lockDue(tx, now, most);
            for (UUID id : ids) {
                reader.lock(tx, id).ifPresent(row -> settle(tx, row, now));
            }
            return ids.size();
        });
    }

    /// Holds what nobody has claimed of a patient's prescriptions, or lets go on what was held.
    public void circulation(Tx tx, Act act, UUID patient, boolean denied) {
        Instant now = clock.instant();
        for (UUID id : due.lockUnclaimed(tx, patient, CirculationRules.HELD_MOST)) {
            PrescriptionRow found = reader.lock(tx, id).orElse(null);
            if (found == null) {
                continue;
            }
            PrescriptionRow row = settle(tx, found, now);
            Reason reason = denied ? CirculationRules.WITHDRAWN : Reason.NONE;
            if (CirculationRules.decide(row, denied) instanceof Changed(var next)) {
                change(tx, act, row, next, (one, at) -> because(reason).apply(one), now);
            }
        }
    }

    /// Tells hospitals of reviews that are overdue: their Tasks change, with the reason
    /// `review-overdue`, so that whoever polls or subscribes sees it. From the due time on the
    /// county's pool of reviewers sees them too; nothing is ever approved by time.
    ///
    /// @return how many
    public int tellOverdue(int most) {
        return database.inTransaction(tx -> {
            Instant now = clock.instant();
            List<UUID> overdue = due.lockOverdue(tx, now, most);
            for (UUID id : overdue) {
                reader.lock(tx, id).ifPresent(row -> overdue(tx, row, now));
            }
            return overdue.size();
        });
    }

    private void overdue(Tx tx, PrescriptionRow row, Instant now) {
        Reason reason = Reason.own("review-reason", "review-overdue");
        PrescriptionRow told = row.withFrame(row.frame().withReason(reason));
        PrescriptionRow after = store.replace(tx, told, row.prescription(), now);
        due.toldOverdue(tx, row.id(), now);
        audit.accept(
                tx,
                new Access(
                                null,
                                "",
                                "time",
                                "operation",
                                Action.REVIEW_OVERDUE.code(),
                                'U',
                                null,
                                List.of(row.frame().patient()),
                                List.of(row.id()),
                                List.of(),
                                null,
                                null)
                        .committingTo(content(after)));
        State state = row.prescription().state();
        moments.accept(
                tx, moment(row, Action.REVIEW_OVERDUE, state, row.prescription(), null, now));
    }

    static Problem notFound() {
        return new Problem(
                ProblemCode.NOT_FOUND,
                "There is no such Task for this caller.",
                "Check the id, and that the prescription is the caller's.");
    }
}
