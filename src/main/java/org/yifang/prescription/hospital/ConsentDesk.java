package org.yifang.prescription.hospital;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.Access;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.prescription.life.Act;
import org.yifang.prescription.life.Action;
import org.yifang.prescription.life.PrescriptionDesk;
import org.yifang.registry.Consent;
import org.yifang.registry.ConsentStore;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Records what a patient allows, and lets it be felt at once: a denied circulation holds every
/// prescription that nobody has claimed, and a permitted one lets those go on.
public final class ConsentDesk {
    /// What came of a call.
    ///
    /// @param made whether it is new
    public record Result(Consent consent, boolean made) {}

    private final PrescriptionDesk desk;
    private final ConsentStore consents;
    private final Uuid7 ids;
    private final Audit audit;

    public ConsentDesk(PrescriptionDesk desk, ConsentStore consents, Uuid7 ids, Audit audit) {
        this.desk = desk;
        this.consents = consents;
        this.ids = ids;
        this.audit = audit;
    }

    /// Records a consent; the same once more changes nothing.
    ///
    /// @throws Problem `RX-1409` when the patient has said something else of it before
    public Result create(Caller caller, UUID patient, Consent.Category category, boolean deny) {
        return desk.database()
                .inTransaction(tx -> {
                    Instant now = desk.now();
                    Consent before = consents.lock(tx, patient, category).orElse(null);
                    if (before != null) {
                        if (before.deny() != deny) {
                            throw new Problem(
                                    ProblemCode.KEY_REUSED,
                                    "The patient has said something else of `"
                                            + category.code()
                                            + "`.",
                                    "Change that by PUT Consent/"
                                            + before.id()
                                            + " with `If-Match`.");
                        }
                        record(tx, caller, before, 'R');
                        return new Result(before, false);
                    }
                    Consent made =
                            new Consent(
                                    ids.get(), patient, category, deny, by(caller), 1, now, now);
                    consents.add(tx, made);
                    record(tx, caller, made, 'C');
                    felt(tx, caller, made);
                    return new Result(made, true);
                });
    }

    /// Changes a consent.
    ///
    /// @throws Problem `RX-1012` when another version is meant
    public Consent update(
            Caller caller,
            UUID id,
            UUID patient,
            Consent.Category category,
            boolean deny,
            long version) {
        return desk.database()
                .inTransaction(tx -> {
                    Instant now = desk.now();
                    Consent before =
                            consents.lock(tx, id)
                                    .filter(one -> one.patient().equals(patient))
                                    .orElseThrow(ConsentDesk::absent);
                    if (before.version() != version) {
                        throw new Problem(
                                ProblemCode.VERSION_MISMATCH,
                                "The consent has the version " + before.version() + ".",
                                "Read it again and send `If-Match` with that version.");
                    }
                    if (before.category() != category) {
                        throw new Problem(
                                ProblemCode.PROFILE_BROKEN,
                                "The consent is about `" + before.category().code() + "`.",
                                "Create another for another category.");
                    }
                    Consent next = before.told(deny, by(caller), now);
                    consents.replace(tx, next);
                    record(tx, caller, next, 'U');
                    felt(tx, caller, next);
                    return next;
                });
    }

    public static Problem absent() {
        return new Problem(
                ProblemCode.NOT_FOUND,
                "There is no such Consent or Patient for this caller.",
                "Check the id.");
    }

    private static @Nullable UUID by(Caller caller) {
        return caller.is(Role.PATIENT) ? null : caller.organizationId();
    }

    private void felt(Tx tx, Caller caller, Consent consent) {
        if (consent.category() == Consent.Category.CIRCULATION) {
            desk.circulation(tx, Act.of(caller, Action.CONSENT), consent.patient(), consent.deny());
        }
    }

    private void record(Tx tx, Caller caller, Consent consent, char act) {
        audit.append(
                tx,
                new Access(
                        caller,
                        caller.address(),
                        caller.requestId(),
                        act == 'U' ? "update" : "create",
                        "Consent",
                        act,
                        null,
                        List.of(consent.patient()),
                        List.of(),
                        List.of("Consent/" + consent.id()),
                        consent.category().code() + " " + consent.provision(),
                        null));
    }
}
