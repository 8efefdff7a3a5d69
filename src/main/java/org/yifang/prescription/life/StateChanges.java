package org.yifang.prescription.life;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.Access;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.prescription.life.PrescriptionRow.TaskFrame;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Writes what becomes of a locked prescription: its next state, the audit event, and the moment
/// for whoever listens, all in the caller's transaction.
final class StateChanges {
    private final PrescriptionStore store;
    private final Terms terms;
    private final Audit audit;
    private final MomentListener moments;

    StateChanges(Terms terms, Unsealing unsealing, Audit audit, MomentListener moments) {
        this.store = new PrescriptionStore(terms, unsealing);
        this.terms = terms;
        this.audit = audit;
        this.moments = moments;
    }

    /// What a command changed.
    ///
    /// @param told the row before, with what changes beside the state
    PrescriptionRow change(
            Tx tx,
            Act act,
            PrescriptionRow row,
            PrescriptionRow told,
            Prescription next,
            Instant now) {
        PrescriptionRow after = store.replace(tx, told, next, now);
        State before = row.prescription().state();
        String change = before.path() + " -> " + next.state().path();
        // The auditor reads no prescription, so what was reviewed stands in the event itself.
        String review = after.reviews().newSince(row.reviews());
        record(tx, act, after, null, review == null ? change : change + "; " + review);
        moments.hear(
                tx, moment(row, act.action(), before, next, act.caller().organizationId(), now));
        return after;
    }

    /// Writes down what time has done since the row was stored, step by step: a lease that ended
    /// before validity did has both in its history.
    PrescriptionRow settle(Tx tx, PrescriptionRow stored, Instant now) {
        PrescriptionRow row = stored;
        while (true) {
            Prescription next = TimeRules.step(row.prescription(), now, terms);
            if (next.equals(row.prescription())) {
                return row;
            }
            String change = row.prescription().state().path() + " -> " + next.state().path();
            row = byTime(tx, PrescriptionDesk.withoutReason(row), next, Action.TIME, change, now);
        }
    }

    /// What time alone changed.
    ///
    /// @param told the row before, with what changes beside the state
    PrescriptionRow byTime(
            Tx tx,
            PrescriptionRow told,
            Prescription next,
            Action action,
            @Nullable String change,
            Instant now) {
        State before = told.prescription().state();
        PrescriptionRow after = store.replace(tx, told, next, now);
        audit.append(
                tx,
                new Access(
                                null,
                                "",
                                "time",
                                "operation",
                                action.code(),
                                'U',
                                null,
                                List.of(told.frame().patient()),
                                List.of(told.id()),
                                List.of(),
                                change,
                                null)
                        .committingTo(content(after)));
        moments.hear(tx, moment(told, action, before, next, null, now));
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

    /// Tells of a moment at the holder's counter, which changes no state.
    void tell(Tx tx, PrescriptionRow row, Action moment, UUID organization, Instant at) {
        Prescription prescription = row.prescription();
        moments.hear(tx, moment(row, moment, prescription.state(), prescription, organization, at));
    }

    /// Records a command, done or refused.
    void record(
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
        audit.append(tx, problem == null ? access.committingTo(content(row)) : access);
    }

    /// Records a refusal that was decided before a prescription was found.
    void refused(Tx tx, Act act, UUID task, ProblemCode problem) {
        audit.append(
                tx,
                Access.operation(
                        act.caller(),
                        act.action().code(),
                        'E',
                        problem,
                        List.of(),
                        List.of(task),
                        act.told(null)));
    }

    /// What an event commits to of a prescription; see `sql/V070__audit_content.sql`.
    private static String content(PrescriptionRow row) {
        return "Task/" + row.id() + "/" + row.version();
    }
}
