package org.yifang.registry;

import static org.yifang.generated.Tables.PATIENT;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.identity.seal.BlindIndexes;
import org.yifang.identity.seal.IndexRotation;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.util.Arrays;
import java.util.UUID;

/// The blind indexes of people, reckoned anew for the rotation of their key.
final class PatientIndexStore implements IndexRotation.Indexed {
    private static final Statement REWRITE =
            Statement.of(p ->
                    SQL.update(PATIENT)
                            .set(PATIENT.INDEX_KEY, p.like(PATIENT.INDEX_KEY))
                            .set(PATIENT.IDENTIFIER_INDEX, p.like(PATIENT.IDENTIFIER_INDEX))
                            .set(PATIENT.NAME_INDEX, p.like(PATIENT.NAME_INDEX))
                            .set(PATIENT.PHONE_INDEX, p.like(PATIENT.PHONE_INDEX))
                            .where(PATIENT.ID.eq(p.like(PATIENT.ID))));

    private final Patients patients;

    PatientIndexStore(Patients patients) {
        this.patients = patients;
    }

    @Override
    public String name() {
        return "people's numbers, names and telephones";
    }

    @Override
    public long count(Database database, int number) {
        return database.run(
                        SQL.select(DSL.count().as("n"))
                                .from(PATIENT)
                                .where(PATIENT.INDEX_KEY.ne(number)))
                .iterator()
                .next()
                .getLong("n");
    }

    @Override
    public IndexRotation.Page rewrite(
            Database database, UUID after, int most, BlindIndexes.Writing under) {
        return database.inTransaction(tx -> rewrite(tx, after, most, under));
    }

    private IndexRotation.Page rewrite(Tx tx, UUID after, int most, BlindIndexes.Writing under) {
        UUID last = after;
        int changed = 0;
        for (Row row :
                tx.run(
                        SQL.select(PatientStore.COLUMNS)
                                .select(
                                        PATIENT.IDENTIFIER_INDEX,
                                        PATIENT.NAME_INDEX,
                                        PATIENT.PHONE_INDEX)
                                .from(PATIENT)
                                .where(PATIENT.ID.gt(after))
                                .and(PATIENT.INDEX_KEY.ne(under.number()))
                                .orderBy(PATIENT.ID)
                                .limit(most)
                                .forUpdate())) {
            last = Rows.get(row, PATIENT.ID);
            rewrite(tx, row, under);
            changed++;
        }
        return new IndexRotation.Page(last, changed);
    }

    /// An erased person's indexes find nobody, under any key.
    private void rewrite(Tx tx, Row row, BlindIndexes.Writing under) {
        byte[] number = Rows.get(row, PATIENT.IDENTIFIER_INDEX);
        byte[] name = Rows.get(row, PATIENT.NAME_INDEX);
        byte @Nullable [] phone = Rows.find(row, PATIENT.PHONE_INDEX);
        if (!Arrays.equals(Rows.get(row, PATIENT.PATIENT_KEY), Seal.erased())) {
            Person person = patients.patient(row).person();
            number = under.index().identifier(person.system(), person.number());
            name = under.index().name(person.name());
            phone = person.phone() == null ? null : under.index().phone(person.phone());
        }
        var _ = tx.start(REWRITE, under.number(), number, name, phone, Rows.get(row, PATIENT.ID));
    }
}
