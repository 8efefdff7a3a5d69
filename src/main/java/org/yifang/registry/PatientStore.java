package org.yifang.registry;

import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.selectOne;
import static org.yifang.generated.Tables.PATIENT;
import static org.yifang.generated.Tables.PATIENT_NAMED;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.CommonTableExpression;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.export.ExportSource.Window;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.data.BytesColumn;
import org.yifang.platform.data.Columns;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Prepared;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/// All SQL that touches `patient`.
final class PatientStore {
    /// What [Patients] makes a patient of.
    static final List<Field<?>> COLUMNS =
            List.of(
                    PATIENT.ID,
                    PATIENT.PATIENT_KEY,
                    PATIENT.PERSON,
                    PATIENT.NAME_DIFFERS,
                    PATIENT.VERSION,
                    PATIENT.UPDATED_AT);

    /// A person whom documents name differently.
    private record Flagged(UUID id, Instant at) {}

    private static final Prepared<Flagged> FLAG =
            Prepared.of(v ->
                    SQL.update(PATIENT)
                            .set(PATIENT.NAME_DIFFERS, true)
                            .set(PATIENT.VERSION, PATIENT.VERSION.plus(1))
                            .set(PATIENT.UPDATED_AT, v.of(PATIENT.UPDATED_AT, Flagged::at))
                            .where(PATIENT.ID.eq(v.of(PATIENT.ID, Flagged::id)))
                            .andNot(PATIENT.NAME_DIFFERS));

    private static final Statement FIND =
            Statement.of(p ->
                    SQL.select(COLUMNS).from(PATIENT).where(PATIENT.ID.eq(p.like(PATIENT.ID))));

    /// A person on the way into the table; all but the id is sealed or an index.
    ///
    /// @param indexKey number of the key that the indexes are under
    record NewPatient(
            int indexKey,
            byte[] identifierIndex,
            UUID id,
            String region,
            PersonIndexes found,
            byte[] patientKey,
            byte[] person,
            Instant at) {}

    private static final Columns<NewPatient> NEW =
            Columns.<NewPatient>of(PATIENT)
                    .set(PATIENT.IDENTIFIER_INDEX, NewPatient::identifierIndex)
                    .set(PATIENT.INDEX_KEY, NewPatient::indexKey)
                    .set(PATIENT.ID, NewPatient::id)
                    .set(PATIENT.REGION, NewPatient::region)
                    .set(PATIENT.NAME_INDEX, one -> one.found().name())
                    .set(PATIENT.PHONE_INDEX, one -> one.found().phone())
                    .set(PATIENT.BIRTH_INDEX, one -> one.found().birth())
                    .set(PATIENT.GENDER_INDEX, one -> one.found().gender())
                    .set(PATIENT.PATIENT_KEY, NewPatient::patientKey)
                    .set(PATIENT.PERSON, NewPatient::person)
                    .set(PATIENT.VERSION, _ -> 1L)
                    .set(PATIENT.CREATED_AT, NewPatient::at)
                    .set(PATIENT.UPDATED_AT, NewPatient::at);

    private static final List<Field<?>> ANSWER =
            List.of(
                    PATIENT.ID,
                    PATIENT.PATIENT_KEY,
                    PATIENT.NAME_INDEX,
                    PATIENT.NAME_DIFFERS,
                    PATIENT.INDEX_KEY);

    /// A row found or made.
    ///
    /// @param indexKey number of the key that `nameIndex` is under
    record Found(UUID id, byte[] patientKey, byte[] nameIndex, boolean nameDiffers, int indexKey) {}

    private static Found found(Row row) {
        return new Found(
                Rows.get(row, PATIENT.ID),
                Rows.get(row, PATIENT.PATIENT_KEY),
                Rows.get(row, PATIENT.NAME_INDEX),
                Rows.get(row, PATIENT.NAME_DIFFERS),
                Rows.get(row, PATIENT.INDEX_KEY));
    }

    private static final Prepared<NewPatient> FIND_OR_CREATE =
            Prepared.of(PatientStore::findOrCreate);

    /// The row of the person with this identity number, which may be under several keys; made when
    /// there is none. Waits.
    static Found findOrCreate(Tx tx, List<byte[]> identifierIndexes, NewPatient one) {
        return found(
                identifierIndexes.size() == 1
                        ? findOrCreate(tx, one)
                        : first(
                                        tx.run(
                                                SQL.select(ANSWER)
                                                        .from(PATIENT)
                                                        .where(
                                                                PATIENT.IDENTIFIER_INDEX.in(
                                                                        identifierIndexes))))
                                .orElseGet(() -> findOrCreate(tx, one)));
    }

    private static Row findOrCreate(Tx tx, NewPatient one) {
        return FIND_OR_CREATE.start(tx, one).await().iterator().next();
    }

    /// A person who is known is only read. One who is not is inserted; when another transaction
    /// does so first, the conflict waits for it and answers with its row.
    private static Query findOrCreate(Prepared.Values<NewPatient> v) {
        CommonTableExpression<?> found =
                name("found")
                        .as(
                                SQL.select(ANSWER)
                                        .from(PATIENT)
                                        .where(
                                                PATIENT.IDENTIFIER_INDEX.eq(
                                                        v.of(
                                                                PATIENT.IDENTIFIER_INDEX,
                                                                NewPatient::identifierIndex))));
        CommonTableExpression<?> made =
                name("made")
                        .as(
                                SQL.insertInto(PATIENT, NEW.fields())
                                        .select(
                                                SQL.select(v.of(NEW))
                                                        .where(notExists(selectOne().from(found))))
                                        .onConflict(PATIENT.IDENTIFIER_INDEX)
                                        .doUpdate()
                                        .set(PATIENT.UPDATED_AT, PATIENT.UPDATED_AT)
                                        .returning(ANSWER));
        return SQL.with(found, made)
                .select(found.fields())
                .from(found)
                .unionAll(SQL.select(made.fields()).from(made));
    }

    /// Notes that documents name a person differently; travels with the commit.
    static void flag(Tx tx, UUID id, Instant now) {
        var _ = FLAG.start(tx, new Flagged(id, now));
    }

    /// How an organization's documents name a patient.
    ///
    /// @param indexKey number of the key that the indexes are under
    record Named(
            UUID patient,
            UUID organization,
            byte[] person,
            int indexKey,
            PersonIndexes found,
            Instant at) {}

    private static final Insert<Named> INSERT_NAMED =
            Insert.into(PATIENT_NAMED)
                    .set(PATIENT_NAMED.PATIENT_ID, Named::patient)
                    .set(PATIENT_NAMED.ORGANIZATION_ID, Named::organization)
                    .set(PATIENT_NAMED.PERSON, Named::person)
                    .set(PATIENT_NAMED.INDEX_KEY, Named::indexKey)
                    .set(PATIENT_NAMED.NAME_INDEX, one -> one.found().name())
                    .set(PATIENT_NAMED.PHONE_INDEX, one -> one.found().phone())
                    .set(PATIENT_NAMED.BIRTH_INDEX, one -> one.found().birth())
                    .set(PATIENT_NAMED.GENDER_INDEX, one -> one.found().gender())
                    .set(PATIENT_NAMED.UPDATED_AT, Named::at)
                    .orReplace(PATIENT_NAMED.PATIENT_ID, PATIENT_NAMED.ORGANIZATION_ID);

    /// Keeps how an organization names somebody; travels with the commit.
    static void named(Tx tx, Named named) {
        INSERT_NAMED.start(tx, named);
    }

    static Optional<Row> find(Database database, UUID id) {
        return first(database.run(FIND, id));
    }

    static Optional<UUID> idOf(Database database, List<byte[]> identifierIndexes) {
        return first(
                        database.run(
                                SQL.select(PATIENT.ID)
                                        .from(PATIENT)
                                        .where(PATIENT.IDENTIFIER_INDEX.in(identifierIndexes))))
                .map(row -> Rows.get(row, PATIENT.ID));
    }

    /// The rows of these, in no order.
    static List<Row> all(Database database, Collection<UUID> some) {
        return StreamSupport.stream(
                        database.run(
                                        SQL.select(COLUMNS)
                                                .from(PATIENT)
                                                .where(PATIENT.ID.in(some))
                                                .limit(some.size()))
                                .spliterator(),
                        false)
                .toList();
    }

    /// A patient out of a row of [#COLUMNS].
    ///
    /// @param seal opens who it is
    static Patient patient(Row row, Seal seal) {
        UUID id = Rows.get(row, PATIENT.ID);
        byte[] key = Rows.get(row, PATIENT.PATIENT_KEY);
        byte[] person = Rows.get(row, PATIENT.PERSON);
        return new Patient(
                id,
                Person.ofBytes(seal.patientKey(key).open(person, Patients.place(id))),
                key,
                Rows.get(row, PATIENT.NAME_DIFFERS),
                Rows.get(row, PATIENT.VERSION),
                Rows.get(row, PATIENT.UPDATED_AT));
    }

    /// The keys of all patients, wrapped.
    static BytesColumn keys() {
        return new BytesColumn("patients' keys", PATIENT, PATIENT.ID, PATIENT.PATIENT_KEY);
    }

    private static Optional<Row> first(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false).findFirst();
    }

    private static Condition asked(Window window) {
        Condition known = PATIENT.CREATED_AT.le(window.until());
        return window.since() == null ? known : known.and(PATIENT.UPDATED_AT.gt(window.since()));
    }

    /// How many an export asks for.
    static long count(Database database, Window window) {
        return database.run(SQL.selectCount().from(PATIENT).where(asked(window)))
                .iterator()
                .next()
                .getLong(0);
    }

    /// The ids of those that an export asks for, in order.
    ///
    /// @param after only greater ones, or null
    static List<UUID> page(Database database, Window window, @Nullable String after, int most) {
        List<UUID> ids = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.select(PATIENT.ID)
                                .from(PATIENT)
                                .where(asked(window))
                                .and(
                                        after == null
                                                ? DSL.noCondition()
                                                : PATIENT.ID.gt(UUID.fromString(after)))
                                .orderBy(PATIENT.ID)
                                .limit(DSL.inline(most)))) {
            ids.add(Rows.get(row, PATIENT.ID));
        }
        return ids;
    }

    /// A person who is about to be erased.
    ///
    /// @param erasedAt null before
    record Erasable(byte[] patientKey, @Nullable Instant erasedAt) {}

    /// The person with this id, locked. Waits.
    static Optional<Erasable> lockErasable(Tx tx, UUID id) {
        return first(
                        tx.run(
                                SQL.select(PATIENT.PATIENT_KEY, PATIENT.ERASED_AT)
                                        .from(PATIENT)
                                        .where(PATIENT.ID.eq(id))
                                        .forUpdate()))
                .map(row ->
                        new Erasable(
                                Rows.get(row, PATIENT.PATIENT_KEY),
                                Rows.find(row, PATIENT.ERASED_AT)));
    }

    /// Leaves nothing of a person but the id; travels with the commit.
    ///
    /// @param nothing an index that finds nobody, another each time
    static void erase(Tx tx, UUID id, byte[] nothing, byte[] noName, Instant now) {
        tx.start(
                SQL.update(PATIENT)
                        .set(PATIENT.PATIENT_KEY, Seal.erased())
                        .set(PATIENT.PERSON, new byte[0])
                        .set(PATIENT.IDENTIFIER_INDEX, nothing)
                        .set(PATIENT.NAME_INDEX, noName)
                        .setNull(PATIENT.PHONE_INDEX)
                        .setNull(PATIENT.BIRTH_INDEX)
                        .setNull(PATIENT.GENDER_INDEX)
                        .set(PATIENT.ERASED_AT, now)
                        .set(PATIENT.VERSION, PATIENT.VERSION.plus(1))
                        .set(PATIENT.UPDATED_AT, now)
                        .where(PATIENT.ID.eq(id)));
        // How organizations named the person cannot be opened any more, and is not found either.
        tx.start(
                SQL.update(PATIENT_NAMED)
                        .setNull(PATIENT_NAMED.NAME_INDEX)
                        .setNull(PATIENT_NAMED.PHONE_INDEX)
                        .setNull(PATIENT_NAMED.BIRTH_INDEX)
                        .setNull(PATIENT_NAMED.GENDER_INDEX)
                        .where(PATIENT_NAMED.PATIENT_ID.eq(id)));
    }

    private PatientStore() {}
}
