package org.yifang.identity.client;

import static org.yifang.generated.Tables.LOGIN_FAILURE;
import static org.yifang.platform.data.Database.SQL;

import org.jooq.impl.DSL;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Counts wrong secrets, passwords and codes over all instances, since guessing may be spread.
public final class LoginFailureStore {
    /// The contract counts over ten minutes.
    public static final Duration WINDOW = Duration.ofMinutes(10);

    /// Codes are counted over their whole life, which ends with their prescription's.
    private static final Duration KEPT = Duration.ofDays(100);

    private static final Statement COUNT =
            Statement.of(p ->
                    SQL.select(
                                    DSL.coalesce(DSL.sum(LOGIN_FAILURE.FAILURES), BigDecimal.ZERO)
                                            .cast(Long.class)
                                            .as("failures"))
                            .from(LOGIN_FAILURE)
                            .where(LOGIN_FAILURE.SUBJECT.eq(p.like(LOGIN_FAILURE.SUBJECT)))
                            .and(LOGIN_FAILURE.MINUTE.ge(p.like(LOGIN_FAILURE.MINUTE))));

    /// One more, of somebody at a time.
    private record Failed(String subject, Instant at) {
        private Instant minute() {
            return at.truncatedTo(ChronoUnit.MINUTES);
        }
    }

    private static final Insert<Failed> ADD =
            Insert.into(LOGIN_FAILURE)
                    .set(LOGIN_FAILURE.SUBJECT, Failed::subject)
                    .set(LOGIN_FAILURE.MINUTE, Failed::minute)
                    .add(LOGIN_FAILURE.FAILURES, _ -> 1)
                    .orReplace(LOGIN_FAILURE.SUBJECT, LOGIN_FAILURE.MINUTE);

    private static final Statement FORGET =
            Statement.of(p ->
                    SQL.deleteFrom(LOGIN_FAILURE)
                            .where(LOGIN_FAILURE.MINUTE.lt(p.like(LOGIN_FAILURE.MINUTE))));

    private final Database database;

    public LoginFailureStore(Database database) {
        this.database = database;
    }

    /// How many there were of one subject within a time. Waits.
    public int count(String subject, Instant now, Duration within) {
        var rows = database.run(COUNT, subject, now.minus(within));
        return rows.iterator().next().getLong("failures").intValue();
    }

    /// As [#count], within the transaction that decides on it: of many tries at once each sees
    /// those before it, where they wait for the same row.
    public int count(Tx tx, String subject, Instant now, Duration within) {
        var rows = tx.run(COUNT, subject, now.minus(within));
        return rows.iterator().next().getLong("failures").intValue();
    }

    /// Notes one more, if the transaction commits.
    public void add(Tx tx, String subject, Instant now) {
        ADD.start(tx, new Failed(subject, now));
    }

    /// Notes one more. Waits.
    public void add(String subject, Instant now) {
        database.run(ADD.one(), ADD.values(new Failed(subject, now)));
    }

    /// Drops what no count looks at any more. Waits.
    public void forget(Instant now) {
        database.run(FORGET, now.minus(KEPT));
    }
}
