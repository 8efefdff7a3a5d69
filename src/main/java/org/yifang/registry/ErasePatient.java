package org.yifang.registry;

import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.Access;
import org.yifang.identity.seal.Seal;
import org.yifang.notify.subscription.PatientSubscriptionStore;
import org.yifang.platform.Job;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/// Erases a person: the key of all that was sealed for the person is destroyed, and what finds the
/// person by number, name or telephone; apps that were told of the person are told no more. What
/// was handed out stays, of nobody; the audit tree stays whole, since it never held the person.
public final class ErasePatient implements Job {
    /// Says why a person may not be erased now.
    @FunctionalInterface
    public interface Obstacle {
        /// A full sentence, or null when nothing stands against it.
        @Nullable String against(Tx tx, UUID patient);
    }

    private static final int INDEX_BYTES = 32;

    private final Database database;
    private final Seal seal;
    private final Audit audit;
    private final InstantSource clock;
    private final Obstacle obstacle;
    private final SecureRandom random = new SecureRandom();

    /// @param obstacle an open prescription, a legal hold
    public ErasePatient(
            Database database, Seal seal, Audit audit, InstantSource clock, Obstacle obstacle) {
        this.database = database;
        this.seal = seal;
        this.audit = audit;
        this.clock = clock;
        this.obstacle = obstacle;
    }

    @Override
    public String kind() {
        return "erase";
    }

    /// The input is `{"patient": "<id of the Patient>"}`. Why stays with the job: the log keeps
    /// everything for ever, and a reason may tell who it was.
    @Override
    public Step step(JsonObject input, Step before) {
        UUID patient = UUID.fromString(input.getString("patient"));
        String note = database.inTransaction(tx -> erase(tx, patient));
        return new Step("1", 1, 1, true, note);
    }

    /// Erases a person in the caller's transaction; says what came of it.
    public String erase(Tx tx, UUID patient) {
        PatientStore.Erasable found = PatientStore.lockErasable(tx, patient).orElse(null);
        if (found == null) {
            return "There is no such Patient.";
        }
        if (found.erasedAt() != null) {
            return "The person was erased before.";
        }
        String against = obstacle.against(tx, patient);
        if (against != null) {
            return "Nothing was erased: " + against;
        }
        Audit.eraseActor(tx, patient);
        PatientSubscriptionStore.erase(tx, database, seal, patient, clock.instant());
        seal.forget(found.patientKey());
        PatientStore.erase(tx, patient, nothing(), nothing(), clock.instant());
        audit.append(
                tx,
                new Access(
                        null,
                        "",
                        "erase",
                        "operation",
                        "erase",
                        'D',
                        null,
                        List.of(patient),
                        List.of(),
                        List.of(),
                        "erased",
                        null));
        return "Erased.";
    }

    /// Finds nobody, and is told from no other.
    private byte[] nothing() {
        byte[] bytes = new byte[INDEX_BYTES];
        random.nextBytes(bytes);
        return bytes;
    }
}
