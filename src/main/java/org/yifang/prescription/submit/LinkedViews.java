package org.yifang.prescription.submit;

import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.selectOne;
import static org.yifang.generated.Tables.PRESCRIPTION;
import static org.yifang.generated.Tables.PRESCRIPTION_CLAIM;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/// Which prescriptions an organization may name when it tells of something else: those that it
/// issued, holds or held.
public final class LinkedViews {
    private static final Field<UUID[]> UUIDS = DSL.field("x", SQLDataType.UUID.array());

    private static Condition heldBy(Field<UUID> pharmacy) {
        return exists(
                selectOne()
                        .from(PRESCRIPTION_CLAIM)
                        .where(PRESCRIPTION_CLAIM.PRESCRIPTION_ID.eq(PRESCRIPTION.ID))
                        .and(PRESCRIPTION_CLAIM.PHARMACY_ID.eq(pharmacy)));
    }

    private static final Statement FIND =
            Statement.of(p ->
                    SQL.select(PRESCRIPTION.ID, PRESCRIPTION.PATIENT_ID)
                            .from(PRESCRIPTION)
                            .where(PRESCRIPTION.ID.eq(DSL.any(p.like(UUIDS))))
                            .and(
                                    PRESCRIPTION
                                            .HOSPITAL_ID
                                            .eq(p.like(PRESCRIPTION.HOSPITAL_ID))
                                            .or(heldBy(p.like(PRESCRIPTION_CLAIM.PHARMACY_ID)))));

    /// The patient of each of `tasks` that is such a prescription.
    public static Map<UUID, UUID> patients(Tx tx, UUID organization, Collection<UUID> tasks) {
        Map<UUID, UUID> patients = new HashMap<>();
        UUID[] asked = tasks.toArray(UUID[]::new);
        for (Row row : tx.run(FIND, asked, organization, organization)) {
            patients.put(Rows.get(row, PRESCRIPTION.ID), Rows.get(row, PRESCRIPTION.PATIENT_ID));
        }
        return patients;
    }

    private LinkedViews() {}
}
