package org.yifang.identity.seal;

import static org.yifang.generated.Tables.MASTER_KEY;
import static org.yifang.platform.data.Database.SQL;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.security.MessageDigest;
import java.util.SortedMap;

/// Which keys outside the database instances were started with: by it an instance knows that it
/// lacks the newest one.
public final class MasterKeyStore {
    private static final String SEAL = "seal";
    private static final String INDEX = "index";

    /// Notes the keys of this instance. Waits.
    ///
    /// @throws Config.Invalid when the database knows another sealing key by one of the numbers:
    ///   what either sealed the other would not open
    public static void register(Database database, MasterKeys keys) {
        keys.sealingFingerprints().forEach((number, print) -> known(database, number, print));
        // That an index key is the right one is looked at where people are looked for.
        keys.indexKeys()
                .forEach((number, key) ->
                        registered(database, INDEX, number, BlindIndexes.fingerprint(key)));
    }

    private static void known(Database database, int number, byte[] fingerprint) {
        byte[] held = registered(database, SEAL, number, fingerprint);
        if (!MessageDigest.isEqual(fingerprint, held)) {
            throw new Config.Invalid(
                    ("`seal.%d` is not the key that this database knows by this number. Give each"
                                    + " instance the same, and a new key a new number.")
                            .formatted(number));
        }
    }

    private static byte[] registered(
            Database database, String purpose, int number, byte[] fingerprint) {
        database.run(
                SQL.insertInto(MASTER_KEY)
                        .set(MASTER_KEY.PURPOSE, purpose)
                        .set(MASTER_KEY.NUMBER, number)
                        .set(MASTER_KEY.FINGERPRINT, fingerprint)
                        .onConflictDoNothing());
        return Rows.get(
                database.run(
                                SQL.select(MASTER_KEY.FINGERPRINT)
                                        .from(MASTER_KEY)
                                        .where(MASTER_KEY.PURPOSE.eq(purpose))
                                        .and(MASTER_KEY.NUMBER.eq(number)))
                        .iterator()
                        .next(),
                MASTER_KEY.FINGERPRINT);
    }

    /// Why who has sealing keys up to `mine` cannot bring all under the newest one; null when that
    /// is the newest. Waits.
    static @Nullable String sealingMissing(Database database, int mine) {
        return missing(database, SEAL, mine);
    }

    /// The same of index keys.
    static @Nullable String indexMissing(Database database, SortedMap<Integer, byte[]> mine) {
        return missing(database, INDEX, mine.lastKey());
    }

    private static @Nullable String missing(Database database, String purpose, int mine) {
        var newest =
                database.run(
                                SQL.select(MASTER_KEY.NUMBER)
                                        .from(MASTER_KEY)
                                        .where(MASTER_KEY.PURPOSE.eq(purpose))
                                        .and(MASTER_KEY.NUMBER.gt(mine))
                                        .orderBy(MASTER_KEY.NUMBER.desc())
                                        .limit(1))
                        .iterator();
        return newest.hasNext()
                ? "waits for an instance that has `%s.%d` among its master keys"
                        .formatted(purpose, Rows.get(newest.next(), MASTER_KEY.NUMBER))
                : null;
    }

    private MasterKeyStore() {}
}
