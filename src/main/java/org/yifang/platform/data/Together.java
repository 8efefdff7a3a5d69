package org.yifang.platform.data;

import io.vertx.pgclient.PgException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.Limits;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Several transactions of one thread that are one: each begins and commits as if it were alone.
///
/// @param after what waits for the commit
record Together(Database database, Tx tx, List<Runnable> after) {
    private static final Logger LOG = LoggerFactory.getLogger(Together.class);
    private static final String UNIQUE_VIOLATION = "23505";
    private static final ScopedValue<Together> NOW = ScopedValue.newInstance();

    /// The transaction that is open on this thread, or null.
    static @Nullable Tx in(Database database) {
        Together now = now(database);
        return now == null ? null : now.tx;
    }

    private static @Nullable Together now(Database database) {
        return NOW.isBound() && NOW.get().database == database ? NOW.get() : null;
    }

    static <T> T run(Database database, Supplier<T> work) {
        if (now(database) != null) {
            // Part of one that goes on: what waits for the commit waits for that one's.
            return work.get();
        }
        List<Runnable> after = new ArrayList<>();
        T done = committed(database, work, after);
        after.forEach(Together::follow);
        return done;
    }

    private static <T> T committed(Database database, Supplier<T> work, List<Runnable> after) {
        for (int attempt = 1; ; attempt++) {
            try {
                return database.inTransaction(tx -> {
                    // Of an attempt that failed nothing is left to be done.
                    after.clear();
                    Together together = new Together(database, tx, after);
                    return ScopedValue.where(NOW, together).call(work::get);
                });
            } catch (PgException failure) {
                // Somebody else took a key first: the next attempt finds what has it.
                boolean overtaken = UNIQUE_VIOLATION.equals(failure.getSqlState());
                if (!overtaken || attempt == Limits.TRANSACTION_ATTEMPTS) {
                    throw failure;
                }
            }
        }
    }

    static void after(Database database, Runnable work) {
        Together now = now(database);
        if (now == null) {
            follow(work);
        } else {
            now.after.add(work);
        }
    }

    /// Nothing that follows a commit makes an error of what was done.
    private static void follow(Runnable work) {
        try {
            work.run();
        } catch (Exception failure) {
            LOG.warn("what follows a commit was not done", failure);
        }
    }
}
