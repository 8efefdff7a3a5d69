package org.yifang.prescription.life;

import static org.yifang.generated.Tables.IDEMPOTENCY_KEY;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.yifang.platform.Caller;
import org.yifang.platform.Once;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
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

    /// What was done under a key.
    private record Done(Caller caller, Once once, String answer, Instant at) {}

    private static final Insert<Done> INSERT =
            Insert.into(IDEMPOTENCY_KEY)
                    .set(IDEMPOTENCY_KEY.CLIENT_ID, (Done done) -> done.caller().clientId())
                    .set(IDEMPOTENCY_KEY.OPERATION, done -> done.once().operation())
                    .set(IDEMPOTENCY_KEY.KEY, done -> done.once().key())
                    .set(IDEMPOTENCY_KEY.CONTENT, done -> done.once().content())
                    .set(IDEMPOTENCY_KEY.ANSWER, Done::answer)
                    .set(IDEMPOTENCY_KEY.CREATED_AT, Done::at);

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
        INSERT.start(tx, new Done(caller, once, answer, now));
    }

    /// Drops what nobody sends again. Waits.
    static void forget(Database database, Instant now) {
        database.run(FORGET, now.minus(KEPT));
    }

    private OnceStore() {}
}
