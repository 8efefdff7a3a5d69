package org.yifang.registry;

import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.selectOne;
import static org.yifang.generated.Tables.PATIENT;
import static org.yifang.generated.Tables.PATIENT_NAMED;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.CommonTableExpression;
import org.jooq.Field;
import org.jooq.Param;
import org.jooq.Query;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.identity.seal.BlindIndex;
import org.yifang.identity.seal.Seal;
import org.yifang.identity.seal.SealingRotation;
import org.yifang.platform.data.BytesColumn;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/// All patients, one per identity number, sealed.
public final class Patients {
    /// A patient found or made.
    ///
    /// @param patientKey the patient's key, wrapped
    /// @param nameDiffers whether the registry knows this identity number by another name: the
    ///   document is accepted with a warning and keeps its own
    /// @param isNew whether nothing was prescribed for this person before
    public record Known(UUID id, byte[] patientKey, boolean nameDiffers, boolean isNew) {}

    /// What [#patient] reads.
    static final List<Field<?>> COLUMNS =
            List.of(
                    PATIENT.ID,
                    PATIENT.PATIENT_KEY,
                    PATIENT.PERSON,
                    PATIENT.NAME_DIFFERS,
                    PATIENT.VERSION,
                    PATIENT.UPDATED_AT);

    /// Whose documents name a patient, and how, in one order.
    static final Field<UUID[]> NAMED_BY =
            DSL.field(
                            SQL.select(
                                            DSL.arrayAgg(PATIENT_NAMED.ORGANIZATION_ID)
                                                    .orderBy(PATIENT_NAMED.ORGANIZATION_ID))
                                    .from(PATIENT_NAMED)
                                    .where(PATIENT_NAMED.PATIENT_ID.eq(PATIENT.ID)))
                    .as("named_by");

    static final Field<byte[][]> NAMED_AS =
            DSL.field(
                            SQL.select(
                                            DSL.arrayAgg(PATIENT_NAMED.PERSON)
                                                    .orderBy(PATIENT_NAMED.ORGANIZATION_ID))
                                    .from(PATIENT_NAMED)
                                    .where(PATIENT_NAMED.PATIENT_ID.eq(PATIENT.ID)))
                    .as("named_as");

    private static final Statement FIND_OR_CREATE = Statement.of(Patients::findOrCreate);

    private static final Statement FLAG =
            Statement.of(p ->
                    SQL.update(PATIENT)
                            .set(PATIENT.NAME_DIFFERS, true)
                            .set(PATIENT.VERSION, PATIENT.VERSION.plus(1))
                            .set(PATIENT.UPDATED_AT, p.like(PATIENT.UPDATED_AT))
                            .where(PATIENT.ID.eq(p.like(PATIENT.ID)))
                            .andNot(PATIENT.NAME_DIFFERS));

    private static final Statement FIND =
            Statement.of(p ->
                    SQL.select(COLUMNS).from(PATIENT).where(PATIENT.ID.eq(p.like(PATIENT.ID))));

    private final Database database;
    private final Seal seal;
    private final BlindIndex index;
    private final Supplier<UUID> ids;

    /// @param ids makes UUIDv7
    public Patients(Database database, Seal seal, BlindIndex index, Supplier<UUID> ids) {
        this.database = database;
        this.seal = seal;
        this.index = index;
        this.ids = ids;
    }

    /// The patient with this identity number; made when there is none, also when two documents name
    /// it at the same moment. One round trip. Another name is flagged in the registry, for good.
    ///
    /// @param region GB/T 2260, six digits
    public Known findOrCreate(Tx tx, Person person, String region, Instant now) {
        UUID fresh = ids.get();
        byte[] key = seal.newPatientKey();
        byte[] name = index.name(person.name());
        byte[] sealed = seal.patientKey(key).seal(person.toBytes(), place(fresh));
        @Nullable Object[] values = {
            index.identifier(person.system(), person.number()),
            fresh,
            region,
            name,
            person.phone() == null ? null : index.phone(person.phone()),
            key,
            sealed,
            now
        };
        Row row = tx.run(FIND_OR_CREATE, values).iterator().next();
        UUID id = Rows.get(row, PATIENT.ID);
        boolean differs = !Arrays.equals(Rows.get(row, PATIENT.NAME_INDEX), name);
        if (differs && !Rows.get(row, PATIENT.NAME_DIFFERS)) {
            var _ = tx.start(FLAG, now, id);
        }
        return new Known(id, Rows.get(row, PATIENT.PATIENT_KEY), differs, id.equals(fresh));
    }

    /// Keeps how an organization's documents name a patient.
    public void named(Tx tx, Known patient, UUID organization, Person person, Instant now) {
        byte[] sealed =
                seal.patientKey(patient.patientKey())
                        .seal(person.toBytes(), place(patient.id(), organization));
        NAMED.start(tx, new Named(patient.id(), organization, sealed, now));
    }

    /// How an organization's documents name a patient.
    private record Named(UUID patient, UUID organization, byte[] person, Instant at) {}

    private static final Insert<Named> NAMED =
            Insert.into(PATIENT_NAMED)
                    .set(PATIENT_NAMED.PATIENT_ID, Named::patient)
                    .set(PATIENT_NAMED.ORGANIZATION_ID, Named::organization)
                    .set(PATIENT_NAMED.PERSON, Named::person)
                    .set(PATIENT_NAMED.UPDATED_AT, Named::at)
                    .orReplace(PATIENT_NAMED.PATIENT_ID, PATIENT_NAMED.ORGANIZATION_ID);

    /// The patient with this id. Waits.
    public Optional<Patient> find(UUID id) {
        return first(database.run(FIND, id)).map(this::patient);
    }

    /// The id of the patient with this identity number. Waits.
    ///
    /// @param system of the number, [IdentityCard#SYSTEM] for the identity card
    public Optional<UUID> idOf(String system, String number) {
        return first(
                        database.run(
                                SQL.select(PATIENT.ID)
                                        .from(PATIENT)
                                        .where(
                                                PATIENT.IDENTIFIER_INDEX.eq(
                                                        index.identifier(system, number)))))
                .map(row -> Rows.get(row, PATIENT.ID));
    }

    /// These patients, in no order. Waits.
    public List<Patient> all(Collection<UUID> some) {
        return StreamSupport.stream(
                        database.run(
                                        SQL.select(COLUMNS)
                                                .from(PATIENT)
                                                .where(PATIENT.ID.in(some))
                                                .limit(some.size()))
                                .spliterator(),
                        false)
                .map(this::patient)
                .toList();
    }

    /// A patient out of a row that holds this table's columns.
    Patient patient(Row row) {
        UUID id = Rows.get(row, PATIENT.ID);
        byte[] key = Rows.get(row, PATIENT.PATIENT_KEY);
        byte[] sealed = Rows.get(row, PATIENT.PERSON);
        return new Patient(
                id,
                Person.ofBytes(seal.patientKey(key).open(sealed, place(id))),
                key,
                Rows.get(row, PATIENT.NAME_DIFFERS),
                Rows.get(row, PATIENT.VERSION),
                Rows.get(row, PATIENT.UPDATED_AT));
    }

    /// A patient out of such a row with [#NAMED_BY] and [#NAMED_AS], as the organization's own
    /// documents name the person. Of documents before those were kept the registry's name stands
    /// for all, unless two have differed.
    Patient patient(Row row, UUID organization) {
        Patient patient = patient(row);
        UUID[] by = Rows.find(row, NAMED_BY);
        byte[][] as = Rows.find(row, NAMED_AS);
        for (int i = 0; by != null && as != null && i < by.length; i++) {
            if (by[i].equals(organization)) {
                byte[] person =
                        seal.patientKey(patient.patientKey())
                                .open(as[i], place(patient.id(), organization));
                return patient.as(Person.ofBytes(person));
            }
        }
        return patient.nameDiffers() ? patient.as(patient.person().unnamed()) : patient;
    }

    private static String place(UUID id, UUID organization) {
        return "Patient/" + id + "/" + organization;
    }

    /// The keys of all patients, for the rotation of the master key.
    public SealingRotation.Sealed sealedKeys() {
        return new SealingRotation.Sealed(
                new BytesColumn("patients' keys", PATIENT, PATIENT.ID, PATIENT.PATIENT_KEY),
                seal::rewrapPatientKey);
    }

    private static Optional<Row> first(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false).findFirst();
    }

    private static String place(UUID id) {
        return "Patient/" + id;
    }

    /// A person who is known is only read. One who is not is inserted; when another transaction
    /// does so first, the conflict waits for it and answers with its row.
    private static Query findOrCreate(Statement.Parameters p) {
        Param<byte[]> identifier = p.like(PATIENT.IDENTIFIER_INDEX);
        Field<?>[] answer = {
            PATIENT.ID, PATIENT.PATIENT_KEY, PATIENT.NAME_INDEX, PATIENT.NAME_DIFFERS
        };
        CommonTableExpression<?> found =
                name("found")
                        .as(
                                SQL.select(answer)
                                        .from(PATIENT)
                                        .where(PATIENT.IDENTIFIER_INDEX.eq(identifier)));
        Param<UUID> id = p.like(PATIENT.ID);
        Param<String> region = p.like(PATIENT.REGION);
        Param<byte[]> nameIndex = p.like(PATIENT.NAME_INDEX);
        Param<byte[]> phoneIndex = p.like(PATIENT.PHONE_INDEX);
        Param<byte[]> key = p.like(PATIENT.PATIENT_KEY);
        Param<byte[]> person = p.like(PATIENT.PERSON);
        Param<Instant> now = p.like(PATIENT.CREATED_AT);
        CommonTableExpression<?> made =
                name("made")
                        .as(
                                SQL.insertInto(
                                                PATIENT,
                                                PATIENT.IDENTIFIER_INDEX,
                                                PATIENT.ID,
                                                PATIENT.REGION,
                                                PATIENT.NAME_INDEX,
                                                PATIENT.PHONE_INDEX,
                                                PATIENT.PATIENT_KEY,
                                                PATIENT.PERSON,
                                                PATIENT.VERSION,
                                                PATIENT.CREATED_AT,
                                                PATIENT.UPDATED_AT)
                                        .select(
                                                SQL.select(
                                                                identifier,
                                                                id,
                                                                region,
                                                                nameIndex,
                                                                phoneIndex,
                                                                key,
                                                                person,
                                                                inline(1L),
                                                                now,
                                                                now)
                                                        .where(notExists(selectOne().from(found))))
                                        .onConflict(PATIENT.IDENTIFIER_INDEX)
                                        .doUpdate()
                                        .set(PATIENT.UPDATED_AT, PATIENT.UPDATED_AT)
                                        .returning(answer));
        return SQL.with(found, made)
                .select(found.fields())
                .from(found)
                .unionAll(SQL.select(made.fields()).from(made));
    }
}
