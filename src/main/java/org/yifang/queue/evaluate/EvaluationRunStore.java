package org.yifang.queue.evaluate;

import static org.yifang.generated.Tables.QUEUE_EVALUATION_RUN;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.time.Duration;
import java.time.Instant;

/// All SQL of evaluations under way.
public final class EvaluationRunStore {
    /// An instance that was not heard of for so long reckons no more.
    static final Duration SILENT = Duration.ofSeconds(60);

    private static final Duration KEPT = Duration.ofDays(1);

    private final Database database;
    private final String region;

    public EvaluationRunStore(Database database, String region) {
        this.database = database;
        this.region = region;
    }

    /// A run as last told.
    ///
    /// @param silent whether nobody was heard of for too long
    record Run(String progress, boolean failed, boolean silent) {}

    @Nullable Run find(EvaluationQuestion question, Instant now) {
        for (Row row :
                database.run(
                        SQL.select(
                                        QUEUE_EVALUATION_RUN.PROGRESS,
                                        QUEUE_EVALUATION_RUN.FAILED,
                                        QUEUE_EVALUATION_RUN.BEAT_AT)
                                .from(QUEUE_EVALUATION_RUN)
                                .where(is(question))
                                .limit(1))) {
            return new Run(
                    Rows.get(row, QUEUE_EVALUATION_RUN.PROGRESS),
                    Rows.get(row, QUEUE_EVALUATION_RUN.FAILED),
                    Rows.get(row, QUEUE_EVALUATION_RUN.BEAT_AT).isBefore(now.minus(SILENT)));
        }
        return null;
    }

    /// How many are under way anywhere.
    int count(Instant now) {
        return database.run(
                        SQL.selectCount()
                                .from(QUEUE_EVALUATION_RUN)
                                .where(QUEUE_EVALUATION_RUN.FAILED.isFalse())
                                .and(QUEUE_EVALUATION_RUN.BEAT_AT.ge(now.minus(SILENT)))
                                .limit(1))
                .iterator()
                .next()
                .getInteger(0);
    }

    /// Makes a run the caller's, unless somebody else is at it: one instance reckons a question.
    boolean claim(EvaluationQuestion question, String progress, Instant now) {
        return database.run(
                                SQL.insertInto(QUEUE_EVALUATION_RUN)
                                        .set(QUEUE_EVALUATION_RUN.PARAMETERS, question.canonical())
                                        .set(QUEUE_EVALUATION_RUN.AS_OF, question.asOf())
                                        .set(QUEUE_EVALUATION_RUN.REGION, region)
                                        .set(QUEUE_EVALUATION_RUN.PROGRESS, progress)
                                        .set(QUEUE_EVALUATION_RUN.FAILED, false)
                                        .set(QUEUE_EVALUATION_RUN.BEAT_AT, now)
                                        .onConflict(
                                                QUEUE_EVALUATION_RUN.PARAMETERS,
                                                QUEUE_EVALUATION_RUN.AS_OF)
                                        .doUpdate()
                                        .set(
                                                QUEUE_EVALUATION_RUN.PROGRESS,
                                                DSL.excluded(QUEUE_EVALUATION_RUN.PROGRESS))
                                        .set(QUEUE_EVALUATION_RUN.FAILED, false)
                                        .set(
                                                QUEUE_EVALUATION_RUN.BEAT_AT,
                                                DSL.excluded(QUEUE_EVALUATION_RUN.BEAT_AT))
                                        .where(
                                                QUEUE_EVALUATION_RUN
                                                        .FAILED
                                                        .isTrue()
                                                        .or(
                                                                QUEUE_EVALUATION_RUN.BEAT_AT.lt(
                                                                        now.minus(SILENT)))))
                        .rowCount()
                == 1;
    }

    /// Tells how far it has come, and that somebody is at it.
    void beat(EvaluationQuestion question, String progress, Instant now) {
        database.run(
                SQL.update(QUEUE_EVALUATION_RUN)
                        .set(QUEUE_EVALUATION_RUN.PROGRESS, progress)
                        .set(QUEUE_EVALUATION_RUN.BEAT_AT, now)
                        .where(is(question)));
    }

    void fail(EvaluationQuestion question) {
        database.run(
                SQL.update(QUEUE_EVALUATION_RUN)
                        .set(QUEUE_EVALUATION_RUN.FAILED, true)
                        .where(is(question)));
    }

    void end(EvaluationQuestion question) {
        database.run(SQL.deleteFrom(QUEUE_EVALUATION_RUN).where(is(question)));
    }

    /// Forgets what nobody has been at for a day: given up, and never asked again.
    void forget(Instant now) {
        database.run(
                SQL.deleteFrom(QUEUE_EVALUATION_RUN)
                        .where(QUEUE_EVALUATION_RUN.BEAT_AT.lt(now.minus(KEPT))));
    }

    private static Condition is(EvaluationQuestion question) {
        return QUEUE_EVALUATION_RUN
                .PARAMETERS
                .eq(question.canonical())
                .and(QUEUE_EVALUATION_RUN.AS_OF.eq(question.asOf()));
    }
}
