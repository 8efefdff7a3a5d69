package org.yifang.identity.client;

import static org.yifang.generated.Tables.PATIENT_ASSERTED;
import static org.yifang.platform.data.Database.SQL;

import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Tx;

import java.time.Instant;

/// All SQL that touches the table `patient_asserted`.
final class PatientAssertedStore {
    /// A person whom an app named in an hour.
    ///
    /// @param person a blind index, so that no number stands in the table
    record Named(String client, Instant hour, byte[] person) {}

    private static final Insert<Named> INSERT =
            Insert.into(PATIENT_ASSERTED)
                    .set(PATIENT_ASSERTED.CLIENT_ID, Named::client)
                    .set(PATIENT_ASSERTED.HOUR, Named::hour)
                    .set(PATIENT_ASSERTED.PERSON, Named::person)
                    .orNothing(
                            PATIENT_ASSERTED.CLIENT_ID,
                            PATIENT_ASSERTED.HOUR,
                            PATIENT_ASSERTED.PERSON);

    /// How many others the app named in this hour, counted up to `most`.
    int others(Tx tx, Named one, int most) {
        return tx.run(
                        SQL.select(PATIENT_ASSERTED.PERSON)
                                .from(PATIENT_ASSERTED)
                                .where(PATIENT_ASSERTED.CLIENT_ID.eq(one.client()))
                                .and(PATIENT_ASSERTED.HOUR.eq(one.hour()))
                                .and(PATIENT_ASSERTED.PERSON.ne(one.person()))
                                .limit(most))
                .rowCount();
    }

    /// Notes one, and drops what the hours before counted.
    void add(Tx tx, Named one) {
        INSERT.start(tx, one);
        tx.start(
                SQL.deleteFrom(PATIENT_ASSERTED)
                        .where(PATIENT_ASSERTED.CLIENT_ID.eq(one.client()))
                        .and(PATIENT_ASSERTED.HOUR.lt(one.hour())));
    }
}
