package org.yifang.identity.seal;

import static org.yifang.generated.Tables.KEPT_SECRET;
import static org.yifang.platform.data.Database.SQL;

import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.SealedColumn;

import java.util.List;

/// The secret of a deployment that outlives the keys outside the database: what vouches for stored
/// Tasks and events is made of it, and claim tokens. It begins as the first index key, by which the
/// version before made both.
public final class KeptSecretStore {
    private static final String NAME = "first";
    private static final String PLACE = "kept-secret/";

    /// The secret; at the first start it is put down. Waits.
    public static byte[] open(Database database, MasterKeys keys) {
        Seal seal = new Seal(keys);
        database.run(
                SQL.insertInto(KEPT_SECRET)
                        .set(KEPT_SECRET.NAME, NAME)
                        .set(KEPT_SECRET.SEALED, seal.seal(keys.firstIndexKey(), PLACE + NAME))
                        .onConflictDoNothing());
        byte[] sealed =
                Rows.get(
                        database.run(
                                        SQL.select(KEPT_SECRET.SEALED)
                                                .from(KEPT_SECRET)
                                                .where(KEPT_SECRET.NAME.eq(NAME)))
                                .iterator()
                                .next(),
                        KEPT_SECRET.SEALED);
        return seal.open(sealed, PLACE + NAME);
    }

    /// For the rotation of the master key.
    public static SealedColumn sealed() {
        return SealedColumn.bytes(
                "the kept secret",
                KEPT_SECRET,
                List.of(KEPT_SECRET.NAME),
                KEPT_SECRET.SEALED,
                row -> PLACE + Rows.get(row, KEPT_SECRET.NAME));
    }

    private KeptSecretStore() {}
}
