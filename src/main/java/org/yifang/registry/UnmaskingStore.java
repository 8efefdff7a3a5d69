package org.yifang.registry;

import static org.yifang.generated.Tables.UNMASKING;
import static org.yifang.platform.data.Database.SQL;

import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.UUID;

/// For how long whom may be seen without a mask, and by whom.
final class UnmaskingStore {
    private static final Field<Instant> NOW = DSL.field("clock_timestamp()", SQLDataType.INSTANT);

    private record Granted(String client, String person, UUID patient) {}

    private static final Insert<Granted> GRANT =
            Insert.into(UNMASKING)
                    .set(UNMASKING.CLIENT, Granted::client)
                    .set(UNMASKING.PERSON, Granted::person)
                    .set(UNMASKING.PATIENT_ID, Granted::patient)
                    .always(
                            UNMASKING.UNTIL,
                            DSL.field(
                                    "clock_timestamp() + interval '"
                                            + Unmasking.FOR.toMinutes()
                                            + " minutes'",
                                    SQLDataType.INSTANT))
                    .orReplace(UNMASKING.CLIENT, UNMASKING.PERSON, UNMASKING.PATIENT_ID)
                    .returning(UNMASKING.UNTIL);

    /// Grants it for a while, from now. Waits.
    ///
    /// @return until when
    static Instant grant(Tx tx, String client, String person, UUID patient) {
        var rows = GRANT.start(tx, new Granted(client, person, patient)).await();
        return Rows.get(rows.iterator().next(), UNMASKING.UNTIL);
    }

    static boolean isGranted(Database database, String client, String person, UUID patient) {
        return database.run(
                                SQL.select(UNMASKING.UNTIL)
                                        .from(UNMASKING)
                                        .where(UNMASKING.CLIENT.eq(client))
                                        .and(UNMASKING.PERSON.eq(person))
                                        .and(UNMASKING.PATIENT_ID.eq(patient))
                                        .and(UNMASKING.UNTIL.gt(NOW)))
                        .size()
                > 0;
    }

    /// Drops what no longer holds.
    static void forgetOld(Tx tx) {
        tx.run(SQL.deleteFrom(UNMASKING).where(UNMASKING.UNTIL.lt(NOW)));
    }

    private UnmaskingStore() {}
}
