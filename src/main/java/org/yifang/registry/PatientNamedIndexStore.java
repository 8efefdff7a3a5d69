package org.yifang.registry;

import static org.yifang.generated.Tables.PATIENT;
import static org.yifang.generated.Tables.PATIENT_NAMED;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.yifang.identity.seal.BlindIndexes;
import org.yifang.identity.seal.IndexRotation;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;
import org.yifang.platform.data.Update;

import java.util.UUID;

/// The blind indexes of people as each organization names them, reckoned anew for the rotation of
/// their key, and for the first time where there are none.
final class PatientNamedIndexStore implements IndexRotation.Indexed {
    private record Rewritten(UUID patient, UUID organization, int key, PersonIndexes found) {}

    private static final Update<Rewritten> REWRITE =
            Update.of(PATIENT_NAMED)
                    .set(PATIENT_NAMED.INDEX_KEY, Rewritten::key)
                    .set(PATIENT_NAMED.NAME_INDEX, one -> one.found().name())
                    .set(PATIENT_NAMED.PHONE_INDEX, one -> one.found().phone())
                    .set(PATIENT_NAMED.BIRTH_INDEX, one -> one.found().birth())
                    .set(PATIENT_NAMED.GENDER_INDEX, one -> one.found().gender())
                    .where(PATIENT_NAMED.PATIENT_ID, Rewritten::patient)
                    .where(PATIENT_NAMED.ORGANIZATION_ID, Rewritten::organization);

    private final Patients patients;

    PatientNamedIndexStore(Patients patients) {
        this.patients = patients;
    }

    @Override
    public String name() {
        return "people as organizations name them";
    }

    /// Who was erased is found by nothing, under any key.
    private static Condition others(int number) {
        return PATIENT_NAMED
                .INDEX_KEY
                .isDistinctFrom(number)
                .and(
                        PATIENT_NAMED.PATIENT_ID.in(
                                SQL.select(PATIENT.ID)
                                        .from(PATIENT)
                                        .where(PATIENT.ID.eq(PATIENT_NAMED.PATIENT_ID))
                                        .and(PATIENT.ERASED_AT.isNull())));
    }

    @Override
    public long count(Database database, int number) {
        return database.run(
                        SQL.select(DSL.count().as("n")).from(PATIENT_NAMED).where(others(number)))
                .iterator()
                .next()
                .getLong("n");
    }

    @Override
    public IndexRotation.Page rewrite(
            Database database, UUID after, int most, BlindIndexes.Writing under) {
        return rewrite(database, after, most, under, others(under.number()));
    }

    /// Those that have no indexes yet.
    IndexRotation.Page fill(Database database, UUID after, int most, BlindIndexes.Writing under) {
        Condition none = PATIENT_NAMED.INDEX_KEY.isNull().and(others(under.number()));
        return rewrite(database, after, most, under, none);
    }

    /// People page by page, each with all who name them.
    private IndexRotation.Page rewrite(
            Database database, UUID after, int most, BlindIndexes.Writing under, Condition which) {
        return database.inTransaction(tx -> {
            UUID last = after;
            int changed = 0;
            var people =
                    SQL.selectDistinct(PATIENT_NAMED.PATIENT_ID)
                            .from(PATIENT_NAMED)
                            .where(PATIENT_NAMED.PATIENT_ID.gt(after))
                            .and(which)
                            .orderBy(PATIENT_NAMED.PATIENT_ID)
                            .limit(most);
            for (Row row :
                    tx.run(
                            SQL.select(
                                            PATIENT_NAMED.PATIENT_ID,
                                            PATIENT_NAMED.ORGANIZATION_ID,
                                            PATIENT_NAMED.PERSON,
                                            PATIENT.PATIENT_KEY)
                                    .from(PATIENT_NAMED)
                                    .join(PATIENT)
                                    .on(PATIENT.ID.eq(PATIENT_NAMED.PATIENT_ID))
                                    .where(PATIENT_NAMED.PATIENT_ID.in(people))
                                    .and(PATIENT.ERASED_AT.isNull())
                                    .orderBy(PATIENT_NAMED.PATIENT_ID)
                                    .forUpdate())) {
                last = Rows.get(row, PATIENT_NAMED.PATIENT_ID);
                rewrite(tx, row, under);
                changed++;
            }
            return new IndexRotation.Page(last, changed);
        });
    }

    private void rewrite(Tx tx, Row row, BlindIndexes.Writing under) {
        UUID id = Rows.get(row, PATIENT_NAMED.PATIENT_ID);
        UUID organization = Rows.get(row, PATIENT_NAMED.ORGANIZATION_ID);
        Person person =
                patients.named(
                        Rows.get(row, PATIENT.PATIENT_KEY),
                        Rows.get(row, PATIENT_NAMED.PERSON),
                        id,
                        organization);
        PersonIndexes found = PersonIndexes.of(under.index(), person);
        var _ = REWRITE.start(tx, new Rewritten(id, organization, under.number(), found));
    }
}
