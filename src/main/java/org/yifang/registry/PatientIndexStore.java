package org.yifang.registry;

import static org.yifang.generated.Tables.PATIENT;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.identity.seal.BlindIndexes;
import org.yifang.identity.seal.IndexRotation;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;
import org.yifang.platform.data.Update;

import java.util.Arrays;
import java.util.UUID;

/// The blind indexes of people, reckoned anew for the rotation of their key.
final class PatientIndexStore implements IndexRotation.Indexed {
    private record Rewritten(
            UUID id,
            int key,
            byte[] number,
            byte[] name,
            byte @Nullable [] phone,
            byte @Nullable [] birth,
            byte @Nullable [] gender) {}

    private static final Update<Rewritten> REWRITE =
            Update.of(PATIENT)
                    .set(PATIENT.INDEX_KEY, Rewritten::key)
                    .set(PATIENT.IDENTIFIER_INDEX, Rewritten::number)
                    .set(PATIENT.NAME_INDEX, Rewritten::name)
                    .set(PATIENT.PHONE_INDEX, Rewritten::phone)
                    .set(PATIENT.BIRTH_INDEX, Rewritten::birth)
                    .set(PATIENT.GENDER_INDEX, Rewritten::gender)
                    .where(PATIENT.ID, Rewritten::id);

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
        Condition others = PATIENT.INDEX_KEY.ne(under.number());
        return database.inTransaction(tx -> rewrite(tx, after, most, under, others));
    }

    /// Those that were written before birth date and gender were indexed.
    IndexRotation.Page fill(Database database, UUID after, int most, BlindIndexes.Writing under) {
        Condition without = PATIENT.BIRTH_INDEX.isNull().and(PATIENT.ERASED_AT.isNull());
        return database.inTransaction(tx -> rewrite(tx, after, most, under, without));
    }

    private IndexRotation.Page rewrite(
            Tx tx, UUID after, int most, BlindIndexes.Writing under, Condition which) {
        UUID last = after;
        int changed = 0;
        for (Row row :
                tx.run(
                        SQL.select(PatientStore.COLUMNS)
                                .select(PATIENT.IDENTIFIER_INDEX, PATIENT.NAME_INDEX)
                                .from(PATIENT)
                                .where(PATIENT.ID.gt(after))
                                .and(which)
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
        byte @Nullable [] phone = null;
        byte @Nullable [] birth = null;
        byte @Nullable [] gender = null;
        if (!Arrays.equals(Rows.get(row, PATIENT.PATIENT_KEY), Seal.erased())) {
            Person person = patients.patient(row).person();
            PersonIndexes found = PersonIndexes.of(under.index(), person);
            number = under.index().identifier(person.system(), person.number());
            name = found.name();
            phone = found.phone();
            birth = found.birth();
            gender = found.gender();
        }
        UUID id = Rows.get(row, PATIENT.ID);
        var _ =
                REWRITE.start(
                        tx, new Rewritten(id, under.number(), number, name, phone, birth, gender));
    }
}
