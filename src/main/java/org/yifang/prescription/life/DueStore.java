package org.yifang.prescription.life;

import static org.yifang.generated.Tables.PRESCRIPTION;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Field;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Finds prescriptions that wait for nobody but the clock, each for one instance of the service.
final class DueStore {
    /// Prescriptions whose review is overdue and nobody has been told.
    List<UUID> lockOverdue(Tx tx, Instant now, int most) {
        List<UUID> overdue = new ArrayList<>();
        for (Row row :
                tx.run(
                        SQL.select(PRESCRIPTION.ID)
                                .from(PRESCRIPTION)
                                .where(PRESCRIPTION.STATE.eq(inline(State.AWAITING_REVIEW.code())))
                                .and(PRESCRIPTION.REVIEW_TOLD.isNull())
                                .and(PRESCRIPTION.REVIEW_DUE.le(now))
                                .orderBy(PRESCRIPTION.REVIEW_DUE)
                                .limit(most)
                                .forUpdate()
                                .skipLocked())) {
            overdue.add(Rows.get(row, PRESCRIPTION.ID));
        }
        return overdue;
    }

    /// Notes that its hospital has been told, whatever reason its Task shows next.
    void toldOverdue(Tx tx, UUID id, Instant now) {
        tx.start(
                SQL.update(PRESCRIPTION)
                        .set(PRESCRIPTION.REVIEW_TOLD, now)
                        .where(PRESCRIPTION.ID.eq(id)));
    }

    /// What of a patient's prescriptions nobody has claimed, and what rests.
    List<UUID> lockUnclaimed(Tx tx, UUID patient, int most) {
        List<UUID> unclaimed = new ArrayList<>();
        for (Row row :
                tx.run(
                        SQL.select(PRESCRIPTION.ID)
                                .from(PRESCRIPTION)
                                .where(PRESCRIPTION.PATIENT_ID.eq(patient))
                                .and(
                                        PRESCRIPTION.STATE.in(
                                                State.AWAITING_REVIEW.code(),
                                                State.AWAITING_CLAIM.code(),
                                                State.REST_AWAITING_CLAIM.code(),
                                                State.AWAITING_NEXT_FILL.code(),
                                                State.SUSPENDED.code()))
                                .orderBy(PRESCRIPTION.ID)
                                .limit(most)
                                .forUpdate())) {
            unclaimed.add(Rows.get(row, PRESCRIPTION.ID));
        }
        return unclaimed;
    }

    private static Field<String> inline(String text) {
        return org.jooq.impl.DSL.inline(text);
    }

    /// Prescriptions that time alone has changed, oldest first; those that another instance works
    /// on are left to it.
    List<UUID> lockDue(Tx tx, Instant now, int most) {
        List<UUID> due = new ArrayList<>();
        for (Row row :
                tx.run(
                        SQL.select(PRESCRIPTION.ID)
                                .from(PRESCRIPTION)
                                .where(PRESCRIPTION.NEXT_DUE.le(now))
                                .orderBy(PRESCRIPTION.NEXT_DUE)
                                .limit(most)
                                .forUpdate()
                                .skipLocked())) {
            due.add(Rows.get(row, PRESCRIPTION.ID));
        }
        return due;
    }
}
