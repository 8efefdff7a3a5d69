package org.yifang.platform.data;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Limits;
import org.yifang.platform.operate.Readiness;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks the database whether it takes writes, by writing: a standby, a full disk and a commit that
/// waits for a standby in vain all answer a mere question.
public final class DatabaseHealth implements Readiness.Check {
    /// A number for a transaction has to be written down and flushed.
    private static final String COMMIT = "SELECT pg_current_xact_id()";

    /// Grows a file of the data folder by a few pages and gives them back.
    private static final String GROW =
            "CREATE TEMPORARY TABLE readiness ON COMMIT DROP AS"
                    + " SELECT repeat('x', 500) AS filler FROM generate_series(1, 200)";

    private final Database database;

    public DatabaseHealth(Database database) {
        this.database = database;
    }

    @Override
    public @Nullable String unwell() {
        try {
            boolean refused = database.isDiskRefusing();
            database.probe(refused ? GROW : COMMIT)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(Limits.READINESS_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
            if (refused) {
                database.diskTakesAgain();
            }
            return null;
        } catch (TimeoutException slow) {
            return "the database does not answer";
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return "the service ends";
        } catch (java.util.concurrent.ExecutionException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            return Database.isDiskRefusing(cause)
                    ? "the disk of the database takes no writes"
                    : "the database does not answer";
        }
    }
}
