package org.yifang.notify;

import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.function;
import static org.jooq.impl.DSL.inline;
import static org.yifang.generated.Tables.OUTBOX;
import static org.yifang.generated.Tables.OUTBOX_LAST;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.find;
import static org.yifang.platform.data.Rows.get;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Keeps what happened until everybody was told: written in the transaction of the change, so that
/// nothing is told that was not done, and nothing done is forgotten.
public final class OutboxStore {
    /// How long an event can be asked for again.
    public static final Duration KEPT = Duration.ofDays(30);

    /// What the database tells its own instance after such a transaction, see [Tx#afterCommit].
    static final String WRITTEN = "outbox written";

    /// Events numbered in one transaction: short enough that no writer waits for it.
    private static final int NUMBERED_MOST = 1000;

    private static final Insert<Happening> APPEND =
            Insert.into(OUTBOX)
                    .set(OUTBOX.TOPIC, (Happening one) -> one.topic().code())
                    .set(OUTBOX.AT, Happening::at)
                    .set(OUTBOX.FOCUS_TYPE, Happening::focusType)
                    .set(OUTBOX.FOCUS_ID, Happening::focusId)
                    .set(OUTBOX.STATE, Happening::state)
                    .set(OUTBOX.STATE_BEFORE, Happening::before)
                    .set(OUTBOX.HOSPITAL_ID, Happening::hospitalId)
                    .set(OUTBOX.HOSPITAL, Happening::hospital)
                    .set(OUTBOX.PATIENT_ID, Happening::patientId)
                    .set(OUTBOX.PHARMACIES, one -> one.pharmacies().toArray(UUID[]::new))
                    .set(OUTBOX.REVIEWERS_TOLD, Happening::reviewersTold);

    private static final Statement NUMBER =
            Statement.of(p ->
                    SQL.select(
                            function("outbox_number", Long.class, inline(NUMBERED_MOST))
                                    .as("number")));

    private static final List<Field<?>> COLUMNS =
            List.of(
                    OUTBOX.NUMBER,
                    OUTBOX.TOPIC,
                    OUTBOX.AT,
                    OUTBOX.FOCUS_TYPE,
                    OUTBOX.FOCUS_ID,
                    OUTBOX.STATE,
                    OUTBOX.STATE_BEFORE,
                    OUTBOX.HOSPITAL_ID,
                    OUTBOX.HOSPITAL,
                    OUTBOX.PATIENT_ID,
                    OUTBOX.PHARMACIES,
                    OUTBOX.REVIEWERS_TOLD);

    private static final Statement AFTER =
            Statement.of(p ->
                    SQL.select(COLUMNS)
                            .from(OUTBOX)
                            .where(OUTBOX.NUMBER.gt(p.like(OUTBOX.NUMBER)))
                            .and(OUTBOX.NUMBER.le(p.like(OUTBOX.NUMBER)))
                            .orderBy(OUTBOX.NUMBER)
                            .limit(inline(EventLimits.PAGE)));

    private static final Statement THESE =
            Statement.of(p ->
                    SQL.select(COLUMNS)
                            .from(OUTBOX)
                            .where(OUTBOX.NUMBER.eq(any(p.array(OUTBOX.NUMBER)))));

    private static final Statement LAST =
            Statement.of(p -> SQL.select(OUTBOX_LAST.NUMBER).from(OUTBOX_LAST));

    private static final Statement FORGET =
            Statement.of(p -> SQL.deleteFrom(OUTBOX).where(OUTBOX.AT.lt(p.like(OUTBOX.AT))));

    /// Times are those of the database, which the service goes by.
    private static final Statement BEHIND =
            Statement.of(_ ->
                    SQL.select(
                            coalesce(
                                    field(
                                            "extract(epoch from clock_timestamp() - {0})",
                                            Double.class,
                                            field(
                                                    SQL.select(OUTBOX.AT)
                                                            .from(OUTBOX)
                                                            .where(OUTBOX.NUMBER.isNull())
                                                            .orderBy(OUTBOX.SEQ)
                                                            .limit(inline(1)))),
                                    inline(0.0))));

    /// An event with its number.
    public record Numbered(long number, Happening happening) {}

    private final Database database;

    public OutboxStore(Database database) {
        this.database = database;
    }

    /// Writes an event in the transaction of its change. Does not wait.
    public static void append(Tx tx, Happening one) {
        var _ = APPEND.start(tx, one);
        tx.afterCommit(WRITTEN);
    }

    /// Numbers what was committed since; safe in several instances at once.
    ///
    /// @return the last number given
    long number() {
        return database.run(NUMBER).iterator().next().getLong(0);
    }

    /// The last number given.
    long last() {
        return database.run(LAST).iterator().next().getLong(0);
    }

    /// How long the oldest has waited that has no number yet, by the database's clock.
    double behindSeconds() {
        return database.run(BEHIND).iterator().next().getDouble(0);
    }

    /// Events after one and up to another, in their order, at most [EventLimits#PAGE].
    List<Numbered> between(long after, long upTo) {
        return numbered(database.run(AFTER, after, upTo));
    }

    /// As [#between] in a transaction.
    public static List<Numbered> between(Tx tx, long after, long upTo) {
        return numbered(tx.run(AFTER, after, upTo));
    }

    /// The last number given, in a transaction.
    public static long last(Tx tx) {
        return tx.run(LAST).iterator().next().getLong(0);
    }

    /// What happened by these numbers, as far as it is kept.
    public Map<Long, Happening> these(Collection<Long> numbers) {
        Map<Long, Happening> all = new HashMap<>();
        for (Row row : database.run(THESE, (Object) numbers.toArray(Long[]::new))) {
            all.put(get(row, OUTBOX.NUMBER), happening(row));
        }
        return all;
    }

    private static List<Numbered> numbered(RowSet<Row> rows) {
        List<Numbered> all = new ArrayList<>();
        for (Row row : rows) {
            all.add(new Numbered(get(row, OUTBOX.NUMBER), happening(row)));
        }
        return all;
    }

    void forget(Instant now) {
        database.run(FORGET, now.minus(KEPT));
    }

    private static Happening happening(Row row) {
        return new Happening(
                Topic.find(get(row, OUTBOX.TOPIC)).orElseThrow(),
                get(row, OUTBOX.AT),
                get(row, OUTBOX.FOCUS_TYPE),
                get(row, OUTBOX.FOCUS_ID),
                find(row, OUTBOX.STATE),
                find(row, OUTBOX.STATE_BEFORE),
                find(row, OUTBOX.HOSPITAL_ID),
                find(row, OUTBOX.HOSPITAL),
                find(row, OUTBOX.PATIENT_ID),
                Arrays.asList(get(row, OUTBOX.PHARMACIES)),
                get(row, OUTBOX.REVIEWERS_TOLD));
    }
}
