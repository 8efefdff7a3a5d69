package org.yifang.prescription.read;

import static org.yifang.generated.Tables.LEGAL_HOLD;
import static org.yifang.generated.Tables.PRESCRIPTION;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Which prescriptions are held as evidence.
final class LegalHoldStore {
    /// Holds or lets go; returns whether that changed anything.
    static boolean set(Tx tx, UUID task, boolean hold, Instant now) {
        return tx.run(
                                hold
                                        ? SQL.insertInto(LEGAL_HOLD)
                                                .set(LEGAL_HOLD.TASK_ID, task)
                                                .set(LEGAL_HOLD.SINCE, now)
                                                .onConflictDoNothing()
                                        : SQL.deleteFrom(LEGAL_HOLD)
                                                .where(LEGAL_HOLD.TASK_ID.eq(task)))
                        .rowCount()
                > 0;
    }

    /// Whose prescription it is; nothing when there is none.
    static Optional<UUID> patient(Tx tx, UUID task) {
        for (Row row :
                tx.run(
                        SQL.select(PRESCRIPTION.PATIENT_ID)
                                .from(PRESCRIPTION)
                                .where(PRESCRIPTION.ID.eq(task))
                                .forUpdate())) {
            return Optional.of(Rows.get(row, PRESCRIPTION.PATIENT_ID));
        }
        return Optional.empty();
    }

    private LegalHoldStore() {}
}
