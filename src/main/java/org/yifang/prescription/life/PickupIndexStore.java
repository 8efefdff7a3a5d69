package org.yifang.prescription.life;

import static org.yifang.generated.Tables.PATIENT;
import static org.yifang.generated.Tables.PRESCRIPTION;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.get;

import io.vertx.sqlclient.Row;

import org.jooq.impl.DSL;
import org.yifang.identity.seal.BlindIndex;
import org.yifang.identity.seal.BlindIndexes;
import org.yifang.identity.seal.IndexRotation;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.platform.data.Update;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/// What finds prescriptions by their pick-up codes, reckoned anew for the rotation of the key.
public final class PickupIndexStore implements IndexRotation.Indexed {
    /// An index, and the number of the key that it is under.
    private record Reckoned(UUID prescription, int key, byte[] index) {}

    private static final Update<Reckoned> REWRITE =
            Update.of(PRESCRIPTION)
                    .set(PRESCRIPTION.PICKUP_INDEX_KEY, Reckoned::key)
                    .set(PRESCRIPTION.PICKUP_CODE_INDEX, Reckoned::index)
                    .where(PRESCRIPTION.ID, Reckoned::prescription);

    private final Unsealing unsealing;

    public PickupIndexStore(Unsealing unsealing) {
        this.unsealing = unsealing;
    }

    /// The index of a pick-up code.
    public static byte[] of(BlindIndex index, String code) {
        return index.of("pickup-code", code);
    }

    @Override
    public String name() {
        return "pick-up codes";
    }

    @Override
    public long count(Database database, int number) {
        return database.run(
                        SQL.select(DSL.count().as("n"))
                                .from(PRESCRIPTION)
                                .where(PRESCRIPTION.PICKUP_INDEX_KEY.ne(number)))
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
                        SQL.select(
                                        PRESCRIPTION.ID,
                                        PRESCRIPTION.PICKUP_CODE_INDEX,
                                        PRESCRIPTION.PICKUP_CODE,
                                        PRESCRIPTION.DOCUMENT_KEY,
                                        PATIENT.PATIENT_KEY)
                                .from(PRESCRIPTION)
                                .join(PATIENT)
                                .on(PATIENT.ID.eq(PRESCRIPTION.PATIENT_ID))
                                .where(PRESCRIPTION.ID.gt(after))
                                .and(PRESCRIPTION.PICKUP_INDEX_KEY.ne(under.number()))
                                .orderBy(PRESCRIPTION.ID)
                                .limit(most)
                                .forUpdate()
                                .of(PRESCRIPTION))) {
            last = get(row, PRESCRIPTION.ID);
            var _ = REWRITE.start(tx, new Reckoned(last, under.number(), index(row, last, under)));
            changed++;
        }
        return new IndexRotation.Page(last, changed);
    }

    /// The code of an erased person's prescription opens nothing, under any key.
    private byte[] index(Row row, UUID id, BlindIndexes.Writing under) {
        byte[] patientKey = get(row, PATIENT.PATIENT_KEY);
        if (Arrays.equals(patientKey, Seal.erased())) {
            return get(row, PRESCRIPTION.PICKUP_CODE_INDEX);
        }
        byte[] code =
                unsealing
                        .key(patientKey, get(row, PRESCRIPTION.DOCUMENT_KEY))
                        .open(get(row, PRESCRIPTION.PICKUP_CODE), "pickup-code/" + id);
        return of(under.index(), new String(code, StandardCharsets.UTF_8));
    }
}
