package org.yifang.price.index;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.function;
import static org.jooq.impl.DSL.inline;
import static org.yifang.generated.Tables.PRICE_REPORT;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;

import org.jooq.Field;
import org.yifang.platform.data.Altered;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// Keeps the reports on prices: a question as of a moment has one answer.
final class PriceReportStore {
    /// A dispense writes for milliseconds; longer than this is a database in trouble.
    private static final Duration SETTLES = Duration.ofSeconds(5);

    private static final long LOOK_AGAIN_MILLIS = 20;

    private static final Field<Boolean> INTACT =
            function(
                            "audit_row_intact",
                            Boolean.class,
                            inline("price_report"),
                            PRICE_REPORT.ID.cast(String.class))
                    .as("intact");

    private final Vertx vertx;
    private final Database database;

    PriceReportStore(Vertx vertx, Database database) {
        this.vertx = vertx;
        this.database = database;
    }

    /// Waits until every transaction has ended that may still record a sale as of this moment or an
    /// earlier one: each takes its transaction number before it looks at the clock.
    void settled() {
        Field<String> next = field("pg_snapshot_xmax(pg_current_snapshot())::text", String.class);
        Field<String> oldest = field("pg_snapshot_xmin(pg_current_snapshot())::text", String.class);
        long until = number(next);
        Instant patience = Instant.now().plus(SETTLES);
        while (number(oldest) < until) {
            if (Instant.now().isAfter(patience)) {
                throw new Problem(
                        ProblemCode.BUSY, "Sales of this moment are still being written.");
            }
            vertx.timer(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS).await();
        }
    }

    private long number(Field<String> field) {
        return Long.parseLong(database.run(SQL.select(field)).iterator().next().getString(0));
    }

    /// The report that was given to this question.
    Optional<byte[]> find(PriceQuestion question) {
        for (Row row :
                database.run(
                        SQL.select(PRICE_REPORT.ID, PRICE_REPORT.REPORT, INTACT)
                                .from(PRICE_REPORT)
                                .where(PRICE_REPORT.QUERY.eq(question.text())))) {
            if (!Rows.get(row, INTACT)) {
                throw new Altered("The report `" + Rows.get(row, PRICE_REPORT.ID) + "`");
            }
            return Optional.of(Rows.get(row, PRICE_REPORT.REPORT));
        }
        return Optional.empty();
    }

    /// A report to be kept.
    record StoredReport(UUID id, PriceQuestion question, long seed, byte[] json) {}

    void keep(StoredReport kept, String region, Instant now) {
        database.change(
                SQL.insertInto(PRICE_REPORT)
                        .set(PRICE_REPORT.ID, kept.id)
                        .set(PRICE_REPORT.REGION, region)
                        .set(PRICE_REPORT.QUERY, kept.question.text())
                        .set(PRICE_REPORT.SEED, kept.seed)
                        .set(PRICE_REPORT.AS_OF, kept.question.asOf())
                        .set(PRICE_REPORT.REPORT, kept.json)
                        .set(PRICE_REPORT.CREATED_AT, now)
                        .onConflictDoNothing());
    }
}
