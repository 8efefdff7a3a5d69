package org.yifang.prescription.life;

import static org.yifang.generated.Tables.IDEMPOTENCY_KEY;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.yifang.platform.Caller;
import org.yifang.platform.Once;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;

/// What was done under an `Idempotency-Key`; written in the transaction of what was done.
final class OnceStore {
    /// How long a key is remembered: far longer than any sender tries.
    private static final Duration KEPT = Duration.ofDays(7);

    private static final Statement FIND =
            Statement.of(p ->
                    SQL.select(IDEMPOTENCY_KEY.CONTENT)
                            .from(IDEMPOTENCY_KEY)
                            .where(IDEMPOTENCY_KEY.CLIENT_ID.eq(p.like(IDEMPOTENCY_KEY.CLIENT_ID)))
                            .and(IDEMPOTENCY_KEY.OPERATION.eq(p.like(IDEMPOTENCY_KEY.OPERATION)))
                            .and(IDEMPOTENCY_KEY.KEY.eq(p.like(IDEMPOTENCY_KEY.KEY))));

    private static final Statement INSERT =
            Statement.of(p ->
                    SQL.insertInto(IDEMPOTENCY_KEY)
                            .columns(
                                    IDEMPOTENCY_KEY.CLIENT_ID,
                                    IDEMPOTENCY_KEY.OPERATION,
                                    IDEMPOTENCY_KEY.KEY,
                                    IDEMPOTENCY_KEY.CONTENT,
                                    IDEMPOTENCY_KEY.ANSWER,
                                    IDEMPOTENCY_KEY.CREATED_AT)
                            .values(
                                    p.like(IDEMPOTENCY_KEY.CLIENT_ID),
                                    p.like(IDEMPOTENCY_KEY.OPERATION),
                                    p.like(IDEMPOTENCY_KEY.KEY),
                                    p.like(IDEMPOTENCY_KEY.CONTENT),
                                    p.like(IDEMPOTENCY_KEY.ANSWER),
                                    p.like(IDEMPOTENCY_KEY.CREATED_AT)));

    private static final Statement FORGET =
            Statement.of(p ->
                    SQL.deleteFrom(IDEMPOTENCY_KEY)
                            .where(
                                    IDEMPOTENCY_KEY.CREATED_AT.lt(
                                            p.like(IDEMPOTENCY_KEY.CREATED_AT))));

    /// Whether the caller has done this already. Waits.
    ///
    /// @throws Problem `RX-1409` when it was something else that was done under this key
    static boolean isDone(Database database, Caller caller, Once once) {
        return isSame(database.run(FIND, caller.clientId(), once.operation(), once.key()), once);
    }

    static boolean isDone(Tx tx, Caller caller, Once once) {
        return isSame(tx.run(FIND, caller.clientId(), once.operation(), once.key()), once);
    }

    private static boolean isSame(RowSet<Row> rows, Once once) {
        for (Row row : rows) {
            if (!MessageDigest.isEqual(Rows.get(row, IDEMPOTENCY_KEY.CONTENT), once.content())) {
                throw new Problem(
                        ProblemCode.KEY_REUSED,
                        "This `Idempotency-Key` was sent with other content before.",
                        "Give every new call a new key.");
            }
            return true;
        }
        return false;
    }

    /// @param answer reference to what was changed
    static void done(Tx tx, Caller caller, Once once, String answer, Instant now) {
        tx.start(
                INSERT,
                caller.clientId(),
                once.operation(),
                once.key(),
                once.content(),
                answer,
                now);
    }

    /// Drops what nobody sends again. Waits.
    static void forget(Database database, Instant now) {
        database.run(FORGET, now.minus(KEPT));
    }

    private OnceStore() {}
}
