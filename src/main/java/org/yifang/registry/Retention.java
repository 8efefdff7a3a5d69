package org.yifang.registry;

import io.vertx.core.json.JsonObject;

import org.yifang.platform.Job;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/// Erases people of whom everything has been kept as long as it must be.
///
/// A pharmacy keeps what it sold on prescription for five years, longer than any class of
/// prescription is kept (one to three years), so five years after the last one hold for all.
public final class Retention implements Job {
    static final Duration KEPT = Duration.ofDays(5 * 365 + 2);
    private static final int STEP = 50;

    /// Finds people for whom nothing was prescribed since a moment, and nothing is open or held.
    @FunctionalInterface
    public interface Quiet {
        List<UUID> since(Tx tx, Instant since, int most);
    }

    private final Database database;
    private final ErasePatient erasing;
    private final InstantSource clock;
    private final Quiet quiet;

    public Retention(Database database, ErasePatient erasing, InstantSource clock, Quiet quiet) {
        this.database = database;
        this.erasing = erasing;
        this.clock = clock;
        this.quiet = quiet;
    }

    @Override
    public String kind() {
        return "retention";
    }

    /// Who was erased is quiet no more, so that a step needs no position.
    @Override
    public Step step(JsonObject input, Step before) {
        Instant since = clock.instant().minus(KEPT);
        int found =
                database.inTransaction(tx -> {
                    List<UUID> some = quiet.since(tx, since, STEP);
                    some.forEach(one -> erasing.erase(tx, one));
                    return some.size();
                });
        long done = before.done() + found;
        return new Step(
                String.valueOf(done), done, done, found < STEP, done + " people were erased.");
    }
}
