package org.yifang.notify.subscription;

import static org.yifang.generated.Tables.SUBSCRIPTION;
import static org.yifang.platform.data.Database.SQL;

import org.jooq.impl.DSL;
import org.yifang.identity.seal.Seal;
import org.yifang.notify.subscription.Subscription.Status;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Prepared;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.UUID;

/// The Subscriptions that apps made for a patient, when the registry learns of the person and when
/// the person is erased.
public final class PatientSubscriptionStore {
    /// A person whom another id stood for.
    private record Known(UUID before, UUID patient, Instant at) {}

    private static final Prepared<Known> KNOWN =
            Prepared.of(v ->
                    SQL.update(SUBSCRIPTION)
                            .set(
                                    SUBSCRIPTION.PATIENT_ID,
                                    v.of(SUBSCRIPTION.PATIENT_ID, Known::patient))
                            .set(SUBSCRIPTION.AUDIENCE, v.of(SUBSCRIPTION.AUDIENCE, Known::patient))
                            // It can name nobody but its own.
                            .set(
                                    SUBSCRIPTION.PATIENTS,
                                    DSL.field("'{}'::uuid[]", SUBSCRIPTION.PATIENTS.getDataType()))
                            .set(SUBSCRIPTION.VERSION, SUBSCRIPTION.VERSION.plus(1))
                            .set(SUBSCRIPTION.UPDATED_AT, v.of(SUBSCRIPTION.UPDATED_AT, Known::at))
                            .where(
                                    SUBSCRIPTION.PATIENT_ID.eq(
                                            v.of(SUBSCRIPTION.PATIENT_ID, Known::before))));

    /// Gives a person who was unknown the Subscriptions made before; travels with the commit.
    ///
    /// @param before the id that stood for the person
    public static void known(Tx tx, UUID before, UUID patient, Instant now) {
        var _ = KNOWN.start(tx, new Known(before, patient, now));
    }

    /// Ends those of a person who is erased: nothing of where and why is left, nor with which
    /// secret. Travels with the commit.
    public static void erase(Tx tx, Database database, Seal seal, UUID patient, Instant now) {
        byte[] nothing = seal.seal(new byte[0], WebhookSecrets.PLACE);
        var _ =
                tx.start(
                        SQL.update(SUBSCRIPTION)
                                .set(SUBSCRIPTION.STATUS, Status.OFF.code())
                                .set(SUBSCRIPTION.ENDPOINT, "")
                                .set(SUBSCRIPTION.SECRET, nothing)
                                .setNull(SUBSCRIPTION.OLD_SECRET)
                                .setNull(SUBSCRIPTION.OLD_SECRET_UNTIL)
                                .set(SUBSCRIPTION.REASON, database.texts().seal(""))
                                .setNull(SUBSCRIPTION.CONTACT)
                                .setNull(SUBSCRIPTION.ERROR)
                                .set(SUBSCRIPTION.VERSION, SUBSCRIPTION.VERSION.plus(1))
                                .set(SUBSCRIPTION.UPDATED_AT, now)
                                .where(SUBSCRIPTION.PATIENT_ID.eq(patient)));
        LaneStore.forget(tx, patient);
        tx.afterCommit(SubscriptionDesk.CHANGED);
    }

    private PatientSubscriptionStore() {}
}
