package org.yifang.prescription.life;

import static org.jooq.impl.DSL.inline;
import static org.yifang.generated.Tables.PRESCRIPTION;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.get;

import io.vertx.sqlclient.Row;

import org.yifang.notify.Happening;
import org.yifang.notify.OutboxStore;
import org.yifang.notify.Topic;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Tells patients a day before that an open prescription or fill is over, once for each end: one
/// that is claimed and comes back open is not told again.
public final class ExpiringStore {
    private static final Duration BEFORE = Duration.ofHours(24);

    private final Database database;

    public ExpiringStore(Database database) {
        this.database = database;
    }

    /// Safe in several instances at once: each takes what no other works on.
    ///
    /// @return how many were told of
    public int tell(Instant now, int most) {
        return database.inTransaction(tx -> {
            int told = 0;
            for (Row row :
                    tx.run(
                            SQL.select(
                                            PRESCRIPTION.ID,
                                            PRESCRIPTION.PATIENT_ID,
                                            PRESCRIPTION.STATE,
                                            PRESCRIPTION.NEXT_DUE)
                                    .from(PRESCRIPTION)
                                    .where(
                                            PRESCRIPTION.STATE.in(
                                                    inline(State.AWAITING_CLAIM.code()),
                                                    inline(State.REST_AWAITING_CLAIM.code())))
                                    .and(
                                            PRESCRIPTION.EXPIRY_TOLD.isDistinctFrom(
                                                    PRESCRIPTION.NEXT_DUE))
                                    .and(PRESCRIPTION.NEXT_DUE.le(now.plus(BEFORE)))
                                    .and(PRESCRIPTION.NEXT_DUE.gt(now))
                                    .orderBy(PRESCRIPTION.NEXT_DUE)
                                    .limit(most)
                                    .forUpdate()
                                    .skipLocked())) {
                tell(tx, row, now);
                told++;
            }
            return told;
        });
    }

    private static void tell(Tx tx, Row row, Instant now) {
        var _ =
                tx.start(
                        SQL.update(PRESCRIPTION)
                                .set(PRESCRIPTION.EXPIRY_TOLD, PRESCRIPTION.NEXT_DUE)
                                .where(PRESCRIPTION.ID.eq(get(row, PRESCRIPTION.ID))));
        State state = State.of(get(row, PRESCRIPTION.STATE));
        OutboxStore.append(
                tx,
                new Happening(
                        Topic.PRESCRIPTION_EXPIRING,
                        now,
                        "Task",
                        get(row, PRESCRIPTION.ID),
                        state.path(),
                        state.path(),
                        null,
                        null,
                        get(row, PRESCRIPTION.PATIENT_ID),
                        List.of(),
                        false));
    }
}
