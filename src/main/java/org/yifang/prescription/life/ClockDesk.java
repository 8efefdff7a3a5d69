package org.yifang.prescription.life;

import org.yifang.audit.event.Audit;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/// Writes down what time alone has done to prescriptions that nobody asks for. Safe in several
/// instances at once: each takes rows that no other works on.
public final class ClockDesk {
    private final Database database;
    private final PrescriptionViews views = new PrescriptionViews();
    private final DueStore due = new DueStore();
    private final StateChanges changes;
    private final InstantSource clock;

    /// @param moments hears of every change in the same transaction
    public ClockDesk(
            Database database,
            Terms terms,
            InstantSource clock,
            Audit audit,
            MomentListener moments) {
        this.database = database;
        this.changes = new StateChanges(terms, audit, moments);
        this.clock = clock;
    }

    /// Brings prescriptions up to date that time alone has changed.
    ///
    /// @return how many changed
    public int sweep(int most) {
        return database.inTransaction(tx -> {
            Instant now = clock.instant();
            List<UUID> ids = due.lockDue(tx, now, most);
            for (UUID id : ids) {
                views.lock(tx, id).ifPresent(row -> changes.settle(tx, row, now));
            }
            return ids.size();
        });
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
                views.lock(tx, id).ifPresent(row -> overdue(tx, row, now));
            }
            return overdue.size();
        });
    }

    private void overdue(Tx tx, PrescriptionRow row, Instant now) {
        Reason reason = Reason.own("review-reason", "review-overdue");
        PrescriptionRow told = row.withFrame(row.frame().withReason(reason));
        changes.byTime(tx, told, row.prescription(), Action.REVIEW_OVERDUE, null, now);
        due.toldOverdue(tx, row.id(), now);
    }

    /// Drops the `Idempotency-Key`s that nobody sends again. Waits.
    public void forgetOldKeys() {
        OnceStore.forget(database, clock.instant());
    }
}
