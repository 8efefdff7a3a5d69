package org.yifang.identity.seal;

import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;
import org.yifang.identity.seal.IndexKeyStore.State;
import org.yifang.identity.seal.IndexKeyStore.StoredKey;
import org.yifang.platform.Job;
import org.yifang.platform.data.Database;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.UUID;

/// Brings the blind indexes under the newest index key while the service serves. The key is
/// announced first, so that an instance without it stops looking for people; then new rows are
/// under it; then the old ones are reckoned anew, page by page; and when none is left, the keys
/// before are retired. A step done twice changes nothing the second time.
public final class IndexRotation implements Job {
    /// Some times longer than an instance takes to ask which keys there are.
    private static final Duration NOTICE = Duration.ofSeconds(5);

    private static final int NOTICES = 3;
    private static final int STEP = 200;
    private static final UUID FIRST = new UUID(0, 0);
    private static final String ANNOUNCE = "announce";
    private static final String ROWS = "rows";
    private static final String SETTLE = "settle";

    /// Rows with blind indexes.
    public interface Indexed {
        /// What it is, for the operator.
        String name();

        /// How many rows are not under the key of this number.
        long count(Database database, int number);

        /// Reckons the indexes of the next rows that are not under this key anew.
        Page rewrite(Database database, UUID after, int most, BlindIndexes.Writing under);
    }

    /// What a step did.
    ///
    /// @param last the last row it looked at
    public record Page(UUID last, int changed) {}

    private final Database database;
    private final MasterKeys keys;
    private final BlindIndexes indexes;
    private final List<Indexed> rows;
    private final InstantSource clock;
    private final Duration notice;

    public IndexRotation(
            Database database,
            MasterKeys keys,
            BlindIndexes indexes,
            List<Indexed> rows,
            InstantSource clock) {
        this(database, keys, indexes, rows, clock, NOTICE);
    }

    /// @param notice how long a part of the time lasts that is given to instances to hear of a key
    public IndexRotation(
            Database database,
            MasterKeys keys,
            BlindIndexes indexes,
            List<Indexed> rows,
            InstantSource clock,
            Duration notice) {
        this.database = database;
        this.keys = keys;
        this.indexes = indexes;
        this.rows = List.copyOf(rows);
        this.clock = clock;
        this.notice = notice;
    }

    @Override
    public String kind() {
        return "keys-index";
    }

    /// An instance that lacks the newest key would bring nothing under it.
    @Override
    public @Nullable String obstacle() {
        return MasterKeyStore.indexMissing(database, keys.indexKeys());
    }

    /// The position is `announce/<how often waited>`, `rows/<which>/<last row>/<how many changed>`
    /// or `settle/<how often waited>/<how many changed>`.
    @Override
    public Step step(JsonObject input, Step before) {
        String[] at = before.position().split("/", -1);
        return switch (at[0]) {
            case ANNOUNCE -> waited(before, Integer.parseInt(at[1]));
            case ROWS ->
                    rows(
                            before,
                            Integer.parseInt(at[1]),
                            UUID.fromString(at[2]),
                            Long.parseLong(at[3]));
            case SETTLE -> settle(before, Integer.parseInt(at[1]), Long.parseLong(at[2]));
            default -> announce();
        };
    }

    private Step announce() {
        int target = indexes.newest();
        boolean already =
                database.inTransaction(tx -> {
                    SortedMap<Integer, StoredKey> held = IndexKeyStore.lock(tx);
                    StoredKey one = held.get(target);
                    if (one == null) {
                        byte[] key = Objects.requireNonNull(keys.indexKeys().get(target));
                        IndexKeyStore.insert(
                                tx,
                                target,
                                new StoredKey(BlindIndexes.fingerprint(key), State.ANNOUNCED),
                                clock.instant());
                    }
                    return one != null
                            && one.state() == State.WRITES
                            && held.values().stream()
                                    .noneMatch(other -> other.state() == State.READ);
                });
        return already
                ? new Step("done", 0, 0, true, nothing(target))
                : new Step(ANNOUNCE + "/0", 0, left(target), false, "announced to every instance");
    }

    private Step waited(Step before, int times) {
        pause();
        if (times + 1 < NOTICES) {
            return next(before, ANNOUNCE + "/" + (times + 1), 0, before.note());
        }
        database.inTransaction(tx -> {
            SortedMap<Integer, StoredKey> held = IndexKeyStore.lock(tx);
            if (held.values().stream().anyMatch(one -> one.state() == State.ANNOUNCED)) {
                IndexKeyStore.move(tx, State.WRITES, State.READ, clock.instant());
                IndexKeyStore.move(tx, State.ANNOUNCED, State.WRITES, clock.instant());
            }
            return null;
        });
        return next(before, ROWS + "/0/" + FIRST + "/0", 0, "new rows are under the new key");
    }

    private Step rows(Step before, int which, UUID after, long changed) {
        if (which == rows.size()) {
            return next(before, SETTLE + "/0/" + changed, 0, "looks whether any is left");
        }
        Indexed one = rows.get(which);
        Page page = one.rewrite(database, after, STEP, target());
        long now = changed + page.changed();
        boolean last = page.changed() < STEP;
        String position =
                last
                        ? ROWS + "/" + (which + 1) + "/" + FIRST + "/" + now
                        : ROWS + "/" + which + "/" + page.last() + "/" + now;
        return next(before, position, page.changed(), "at " + one.name());
    }

    private Step settle(Step before, int times, long changed) {
        pause();
        if (times + 1 < NOTICES) {
            return next(before, SETTLE + "/" + (times + 1) + "/" + changed, 0, before.note());
        }
        int target = target().number();
        if (left(target) > 0) {
            return next(before, ROWS + "/0/" + FIRST + "/" + changed, 0, "some more came");
        }
        database.inTransaction(tx -> {
            IndexKeyStore.lock(tx);
            IndexKeyStore.move(tx, State.READ, State.RETIRED, clock.instant());
            return null;
        });
        return new Step(
                "done",
                before.done(),
                before.done(),
                true,
                ("%d rows are under `index.%d` now. The index keys before are needed for backups of"
                                + " before only; take them out of the keys of every instance.")
                        .formatted(changed, target));
    }

    /// The key that writes; this instance has it, or another one goes on.
    private BlindIndexes.Writing target() {
        return database.inTransaction(indexes::writing);
    }

    private long left(int target) {
        return rows.stream().mapToLong(one -> one.count(database, target)).sum();
    }

    private static Step next(Step before, String position, int more, String note) {
        long done = before.done() + more;
        return new Step(position, done, Math.max(before.total(), done), false, note);
    }

    private void pause() {
        try {
            Thread.sleep(notice);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Problem(ProblemCode.BUSY, "The service ends.");
        }
    }

    private static String nothing(int target) {
        return ("All was under `index.%d` already. For a new key add `index.%d` to the keys of"
                        + " every instance, restart them one after the other, and run this again.")
                .formatted(target, target + 1);
    }
}
