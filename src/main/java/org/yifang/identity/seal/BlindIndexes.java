package org.yifang.identity.seal;

import org.jspecify.annotations.Nullable;
import org.yifang.identity.seal.IndexKeyStore.State;
import org.yifang.identity.seal.IndexKeyStore.StoredKey;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/// The blind indexes of a deployment: one, or while their key is replaced several. A value is
/// looked for under each key that this instance has; where the database holds rows under one that
/// it does not have, it looks for nothing at all rather than overlook somebody.
public final class BlindIndexes {
    /// The index that new rows are under.
    public record Writing(int number, BlindIndex index) {}

    private record Seen(int writes, @Nullable Integer missing) {}

    private final @Nullable Database database;
    private final SortedMap<Integer, BlindIndex> known;
    private volatile Seen seen;

    private BlindIndexes(@Nullable Database database, MasterKeys keys, Seen seen) {
        this.database = database;
        this.seen = seen;
        SortedMap<Integer, BlindIndex> all = new TreeMap<>();
        keys.indexKeys().forEach((number, key) -> all.put(number, new BlindIndex(key)));
        this.known = Collections.unmodifiableSortedMap(all);
    }

    /// Those of this instance, compared with what the database holds; on its first start the lowest
    /// number is noted as the one that it is under. Waits.
    ///
    /// @throws Config.Invalid when rows are under a key that this instance does not have
    public static BlindIndexes open(Database database, MasterKeys keys, InstantSource clock) {
        SortedMap<Integer, byte[]> configured = keys.indexKeys();
        SortedMap<Integer, StoredKey> held =
                database.inTransaction(tx -> {
                    SortedMap<Integer, StoredKey> before = IndexKeyStore.lock(tx);
                    if (before.isEmpty()) {
                        StoredKey first =
                                new StoredKey(fingerprint(keys.firstIndexKey()), State.WRITES);
                        IndexKeyStore.insert(tx, configured.firstKey(), first, clock.instant());
                        before.put(configured.firstKey(), first);
                    }
                    return before;
                });
        held.forEach((number, one) -> {
            byte[] key = configured.get(number);
            if (key == null && one.state() != State.RETIRED) {
                throw new Config.Invalid(
                        ("The master keys have no `index.%d`, and people are indexed under it:"
                                        + " without it they would not be found.")
                                .formatted(number));
            }
            if (key != null && !MessageDigest.isEqual(fingerprint(key), one.fingerprint())) {
                throw new Config.Invalid(
                        "`index.%d` is not the key that this database knows by this number."
                                .formatted(number));
            }
        });
        return new BlindIndexes(database, keys, seen(held, configured));
    }

    /// Those of one key, which nobody replaces.
    public static BlindIndexes fixed(MasterKeys keys) {
        return new BlindIndexes(null, keys, new Seen(keys.indexKeys().firstKey(), null));
    }

    private static Seen seen(SortedMap<Integer, StoredKey> held, Map<Integer, ?> configured) {
        int writes = 0;
        Integer missing = null;
        for (Map.Entry<Integer, StoredKey> one : held.entrySet()) {
            State state = one.getValue().state();
            writes = state == State.WRITES ? one.getKey() : writes;
            missing =
                    state != State.RETIRED && !configured.containsKey(one.getKey())
                            ? one.getKey()
                            : missing;
        }
        return new Seen(writes, missing);
    }

    /// Asks the database anew which keys there are. Waits.
    public void reload() {
        if (database != null) {
            seen = seen(IndexKeyStore.read(database), known);
        }
    }

    /// Why nobody is looked for here, null while all is well; asks the database anew. Waits.
    public @Nullable String unwell() {
        reload();
        Integer missing = seen.missing();
        return missing == null
                ? null
                : "people are indexed under `index." + missing + "`, which is not configured here";
    }

    /// A value under each key, the oldest first: a row that comes under a newer key meanwhile is
    /// found by one or the other, when they are tried in this order or all at once.
    public List<byte[]> all(Function<BlindIndex, byte[]> of) {
        mustBeComplete();
        List<byte[]> values = new ArrayList<>();
        for (BlindIndex one : known.values()) {
            values.add(of.apply(one));
        }
        return values;
    }

    /// The index of a number that a row says it is under.
    BlindIndex numbered(int number) {
        BlindIndex one = known.get(number);
        if (one == null) {
            throw incomplete(number);
        }
        return one;
    }

    /// As [#all] for the index of one row.
    public byte[] of(int number, Function<BlindIndex, byte[]> of) {
        return of.apply(numbered(number));
    }

    /// Whether there is one key only, so that nothing can be under another.
    public boolean isOne() {
        return known.size() == 1;
    }

    /// What a new row is under, as far as this instance knows.
    public Writing writing() {
        mustBeComplete();
        int number = seen.writes();
        return new Writing(number, numbered(number));
    }

    /// What new rows are under until the transaction ends. Where there is one key only, a trigger
    /// refuses a row that is under another than the one that writes.
    public Writing writing(Tx tx) {
        if (isOne()) {
            return writing();
        }
        mustBeComplete();
        int number = IndexKeyStore.writing(tx);
        return new Writing(number, numbered(number));
    }

    /// The highest number that this instance has.
    int newest() {
        return known.lastKey();
    }

    static byte[] fingerprint(byte[] key) {
        return new BlindIndex(key).of("fingerprint", "");
    }

    private void mustBeComplete() {
        Integer missing = seen.missing();
        if (missing != null) {
            throw incomplete(missing);
        }
    }

    private static Problem incomplete(int number) {
        return new Problem(
                ProblemCode.DATABASE_AWAY,
                "This instance cannot look for people just now: it has no `index." + number + "`.",
                "Another instance can; try again.");
    }
}
