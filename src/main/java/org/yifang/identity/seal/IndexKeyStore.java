package org.yifang.identity.seal;

import static org.yifang.generated.Tables.BLIND_INDEX_KEY;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/// All SQL of which keys the blind indexes are under.
final class IndexKeyStore {
    /// What a key is for just now.
    enum State {
        /// Every instance must have it.
        ANNOUNCED,
        /// New rows are under it.
        WRITES,
        /// Some rows still are.
        READ,
        /// No row is.
        RETIRED;

        String code() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// A key as the database knows it.
    record StoredKey(byte[] fingerprint, State state) {}

    /// All keys by number, locked until the transaction ends: whoever registers a person waits.
    static SortedMap<Integer, StoredKey> lock(Tx tx) {
        tx.run(SQL.query("lock table blind_index_key in share row exclusive mode"));
        return read(tx.run(SQL.selectFrom(BLIND_INDEX_KEY).forUpdate()));
    }

    static SortedMap<Integer, StoredKey> read(Database database) {
        return read(database.run(SQL.selectFrom(BLIND_INDEX_KEY)));
    }

    private static SortedMap<Integer, StoredKey> read(Iterable<Row> rows) {
        SortedMap<Integer, StoredKey> all = new TreeMap<>();
        for (Row row : rows) {
            String state = Rows.get(row, BLIND_INDEX_KEY.STATE);
            all.put(
                    Rows.get(row, BLIND_INDEX_KEY.NUMBER),
                    new StoredKey(
                            Rows.get(row, BLIND_INDEX_KEY.FINGERPRINT),
                            State.valueOf(state.toUpperCase(java.util.Locale.ROOT))));
        }
        return all;
    }

    /// The key that new rows are under, which stays so until the transaction ends.
    static int writing(Tx tx) {
        return Rows.get(
                tx.run(
                                SQL.select(BLIND_INDEX_KEY.NUMBER)
                                        .from(BLIND_INDEX_KEY)
                                        .where(BLIND_INDEX_KEY.STATE.eq(State.WRITES.code()))
                                        .forKeyShare())
                        .iterator()
                        .next(),
                BLIND_INDEX_KEY.NUMBER);
    }

    static void insert(Tx tx, int number, StoredKey one, Instant now) {
        tx.run(
                SQL.insertInto(BLIND_INDEX_KEY)
                        .set(BLIND_INDEX_KEY.NUMBER, number)
                        .set(BLIND_INDEX_KEY.FINGERPRINT, one.fingerprint())
                        .set(BLIND_INDEX_KEY.STATE, one.state().code())
                        .set(BLIND_INDEX_KEY.CHANGED_AT, now)
                        .onConflictDoNothing());
    }

    static void move(Tx tx, State from, State to, Instant now) {
        tx.run(
                SQL.update(BLIND_INDEX_KEY)
                        .set(BLIND_INDEX_KEY.STATE, to.code())
                        .set(BLIND_INDEX_KEY.CHANGED_AT, now)
                        .where(BLIND_INDEX_KEY.STATE.eq(from.code())));
    }

    private IndexKeyStore() {}
}
