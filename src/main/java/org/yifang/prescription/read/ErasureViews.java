package org.yifang.prescription.read;

import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.selectOne;
import static org.yifang.generated.Tables.LEGAL_HOLD;
import static org.yifang.generated.Tables.PATIENT;
import static org.yifang.generated.Tables.PRESCRIPTION;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Select;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;
import org.yifang.prescription.life.State;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Which people may be erased as far as their prescriptions go, for the registry, which knows none.
public final class ErasureViews {
    private static final List<String> ENDED =
            List.of(
                    State.REVIEW_REFUSED.code(),
                    State.DISPENSED.code(),
                    State.CANCELLED.code(),
                    State.REST_CANCELLED.code(),
                    State.EXPIRED.code(),
                    State.REST_EXPIRED.code());

    private ErasureViews() {}

    /// What stands against erasing a person now, a full sentence, or null.
    public static @Nullable String against(Tx tx, UUID patient) {
        Condition own = PRESCRIPTION.PATIENT_ID.eq(patient);
        if (any(tx, own.and(PRESCRIPTION.STATE.notIn(ENDED)))) {
            return "a prescription of the person is open; let it end or cancel it first.";
        }
        return any(tx, own.and(held()))
                ? "a prescription of the person is held as evidence."
                : null;
    }

    private static Condition held() {
        return PRESCRIPTION.ID.in(SQL.select(LEGAL_HOLD.TASK_ID).from(LEGAL_HOLD));
    }

    private static Select<?> standsAgainst(Instant since) {
        return selectOne()
                .from(PRESCRIPTION)
                .where(PRESCRIPTION.PATIENT_ID.eq(PATIENT.ID))
                .and(
                        PRESCRIPTION
                                .CREATED_AT
                                .ge(since)
                                .or(PRESCRIPTION.STATE.notIn(ENDED))
                                .or(held()));
    }

    private static boolean any(Tx tx, Condition which) {
        return tx.run(SQL.select(PRESCRIPTION.ID).from(PRESCRIPTION).where(which).limit(1)).size()
                > 0;
    }

    /// People for whom nothing was prescribed since then.
    public static List<UUID> quietSince(Tx tx, Instant since, int most) {
        List<UUID> found = new ArrayList<>();
        for (Row row :
                tx.run(
                        SQL.select(PATIENT.ID)
                                .from(PATIENT)
                                .where(PATIENT.ERASED_AT.isNull())
                                .and(PATIENT.CREATED_AT.lt(since))
                                .and(notExists(standsAgainst(since)))
                                .orderBy(PATIENT.ID)
                                .limit(most))) {
            found.add(Rows.get(row, PATIENT.ID));
        }
        return found;
    }
}
