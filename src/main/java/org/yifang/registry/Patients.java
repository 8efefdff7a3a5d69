package org.yifang.registry;

import io.vertx.sqlclient.Row;

import org.yifang.identity.client.UnknownPatients;
import org.yifang.identity.seal.BlindIndex;
import org.yifang.identity.seal.BlindIndexes;
import org.yifang.identity.seal.IndexRotation;
import org.yifang.identity.seal.Seal;
import org.yifang.identity.seal.SealingRotation;
import org.yifang.notify.subscription.PatientSubscriptionStore;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// All patients, one per identity number, sealed.
public final class Patients {
    /// A patient found or made.
    ///
    /// @param patientKey the patient's key, wrapped
    /// @param nameDiffers whether the registry knows this identity number by another name: the
    ///   document is accepted with a warning and keeps its own
    /// @param isNew whether nothing was prescribed for this person before
    public record RegisteredPatient(
            UUID id, byte[] patientKey, boolean nameDiffers, boolean isNew) {}

    private static final int FILLED_AT_ONCE = 500;

    private final Database database;
    private final Seal seal;
    private final BlindIndexes indexes;
    private final Uuid7 ids;
    private final UnknownPatients unknown;

    /// @param ids makes UUIDv7
    /// @param unknown ids that stood for people before anything was known of them
    public Patients(
            Database database,
            Seal seal,
            BlindIndexes indexes,
            Uuid7 ids,
            UnknownPatients unknown) {
        this.unknown = unknown;
        this.database = database;
        this.seal = seal;
        this.indexes = indexes;
        this.ids = ids;
    }

    /// The patient with this identity number; made when there is none, also when two documents name
    /// it at the same moment. One round trip. Another name is flagged in the registry, for good.
    ///
    /// @param region GB/T 2260, six digits
    public RegisteredPatient findOrCreate(Tx tx, Person person, String region, Instant now) {
        UUID fresh = ids.get();
        byte[] key = seal.newPatientKey();
        BlindIndexes.Writing under = indexes.writing(tx);
        BlindIndex index = under.index();
        byte[] sealed = seal.patientKey(key).seal(person.toBytes(), place(fresh));
        PatientStore.Found found =
                PatientStore.findOrCreate(
                        tx,
                        indexes.all(one -> one.identifier(person.system(), person.number())),
                        new PatientStore.NewPatient(
                                under.number(),
                                index.identifier(person.system(), person.number()),
                                fresh,
                                region,
                                PersonIndexes.of(index, person),
                                key,
                                sealed,
                                now));
        UUID id = found.id();
        byte[] name = indexes.of(found.indexKey(), one -> one.name(person.name()));
        boolean differs = !Arrays.equals(found.nameIndex(), name);
        if (differs && !found.nameDiffers()) {
            PatientStore.flag(tx, id, now);
        }
        boolean isNew = id.equals(fresh);
        if (isNew && person.system().equals(IdentityCard.SYSTEM)) {
            PatientSubscriptionStore.known(tx, unknown.of(person.number()), id, now);
        }
        return new RegisteredPatient(id, found.patientKey(), differs, isNew);
    }

    /// Keeps how an organization's documents name a patient.
    public void named(
            Tx tx, RegisteredPatient patient, UUID organization, Person person, Instant now) {
        byte[] sealed =
                seal.patientKey(patient.patientKey())
                        .seal(person.toBytes(), place(patient.id(), organization));
        BlindIndexes.Writing under = indexes.writing(tx);
        PatientStore.named(
                tx,
                new PatientStore.Named(
                        patient.id(),
                        organization,
                        sealed,
                        under.number(),
                        PersonIndexes.of(under.index(), person),
                        now));
    }

    /// The patient with this id. Waits.
    public Optional<Patient> find(UUID id) {
        return PatientStore.find(database, id).map(this::patient);
    }

    /// The id of the patient with this identity number. Waits.
    ///
    /// @param system of the number, [IdentityCard#SYSTEM] for the identity card
    public Optional<UUID> idOf(String system, String number) {
        return PatientStore.idOf(database, indexes.all(index -> index.identifier(system, number)));
    }

    /// By a Patient id, or by an identity card number; a person of whom nothing is known yet is
    /// none. Waits.
    public Optional<UUID> named(String named) {
        try {
            return find(UUID.fromString(named)).map(Patient::id);
        } catch (IllegalArgumentException number) {
            return idOf(IdentityCard.SYSTEM, named);
        }
    }

    /// These patients, in no order. Waits.
    public List<Patient> all(Collection<UUID> some) {
        return PatientStore.all(database, some).stream().map(this::patient).toList();
    }

    /// A patient out of a row that holds this table's columns.
    Patient patient(Row row) {
        return PatientStore.patient(row, seal);
    }

    /// A patient out of a row of [PatientResourceViews], as the organization's own documents name
    /// the person. Of documents before those were kept the registry's name stands for all, unless
    /// two have differed.
    Patient patient(Row row, UUID organization) {
        Patient patient = patient(row);
        byte[] as = PatientResourceViews.namedAs(row, organization);
        if (as != null) {
            return patient.as(named(patient.patientKey(), as, patient.id(), organization));
        }
        return patient.nameDiffers() ? patient.as(patient.person().unnamed()) : patient;
    }

    /// How an organization's documents name a patient.
    Person named(byte[] patientKey, byte[] sealed, UUID id, UUID organization) {
        return Person.ofBytes(seal.patientKey(patientKey).open(sealed, place(id, organization)));
    }

    private static String place(UUID id, UUID organization) {
        return "Patient/" + id + "/" + organization;
    }

    /// The keys of all patients, for the rotation of the master key.
    public SealingRotation.Sealed sealedKeys() {
        return new SealingRotation.Sealed(PatientStore.keys(), seal::rewrapPatientKey);
    }

    /// Their blind indexes, for the rotation of the index key.
    public List<IndexRotation.Indexed> indexed() {
        return List.of(new PatientIndexStore(this), new PatientNamedIndexStore(this));
    }

    /// Gives rows of before the indexes that they lack, so that a search finds them; nothing when
    /// there are none. Waits.
    public void fillIndexes() {
        fill(new PatientIndexStore(this)::fill);
        fill(new PatientNamedIndexStore(this)::fill);
    }

    private interface Fill {
        IndexRotation.Page next(
                Database database, UUID after, int most, BlindIndexes.Writing under);
    }

    private void fill(Fill rows) {
        IndexRotation.Page page = new IndexRotation.Page(new UUID(0, 0), 1);
        while (page.changed() > 0) {
            page = rows.next(database, page.last(), FILLED_AT_ONCE, indexes.writing());
        }
    }

    /// Where a person is sealed for.
    static String place(UUID id) {
        return "Patient/" + id;
    }
}
