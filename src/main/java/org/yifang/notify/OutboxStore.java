package org.yifang.notify;

import static org.jooq.impl.DSL.function;
import static org.jooq.impl.DSL.inline;
import static org.yifang.generated.Tables.OUTBOX;
import static org.yifang.generated.Tables.OUTBOX_LAST;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.find;
import static org.yifang.platform.data.Rows.get;

import io.vertx.sqlclient.Row;

import org.yifang.platform.data.Database;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Keeps what happened until everybody was told: written in the transaction of the change, so that
/// nothing is told that was not done, and nothing done is forgotten.
public final class OutboxStore {
    /// How long an event can be asked for again.
    static final Duration KEPT = Duration.ofDays(30);

    /// Events numbered in one transaction: short enough that no writer waits for it.
    private static final int NUMBERED_MOST = 1000;

    private static final Statement APPEND =
            Statement.of(p ->
                    SQL.insertInto(OUTBOX)
                            .set(OUTBOX.TOPIC, p.like(OUTBOX.TOPIC))
                            .set(OUTBOX.AT, p.like(OUTBOX.AT))
                            .set(OUTBOX.FOCUS_TYPE, p.like(OUTBOX.FOCUS_TYPE))
                            .set(OUTBOX.FOCUS_ID, p.like(OUTBOX.FOCUS_ID))
                            .set(OUTBOX.STATE, p.like(OUTBOX.STATE))
                            .set(OUTBOX.STATE_BEFORE, p.like(OUTBOX.STATE_BEFORE))
                            .set(OUTBOX.HOSPITAL_ID, p.like(OUTBOX.HOSPITAL_ID))
                            .set(OUTBOX.HOSPITAL, p.like(OUTBOX.HOSPITAL))
                            .set(OUTBOX.PATIENT_ID, p.like(OUTBOX.PATIENT_ID))
                            .set(OUTBOX.PHARMACIES, p.like(OUTBOX.PHARMACIES))
                            .set(OUTBOX.REVIEWERS_TOLD, p.like(OUTBOX.REVIEWERS_TOLD)));

    private static final Statement NUMBER =
            Statement.of(p ->
                    SQL.select(
                            function("outbox_number", Long.class, inline(NUMBERED_MOST))
                                    .as("number")));

    private static final Statement AFTER =
            Statement.of(p ->
                    SQL.select(
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
                                    OUTBOX.REVIEWERS_TOLD)
                            .from(OUTBOX)
                            .where(OUTBOX.NUMBER.gt(p.like(OUTBOX.NUMBER)))
                            .and(OUTBOX.NUMBER.le(p.like(OUTBOX.NUMBER)))
                            .orderBy(OUTBOX.NUMBER)
                            .limit(inline(EventLimits.PAGE)));

    private static final Statement LAST =
            Statement.of(p -> SQL.select(OUTBOX_LAST.NUMBER).from(OUTBOX_LAST));

    private static final Statement FORGET =
            Statement.of(p -> SQL.deleteFrom(OUTBOX).where(OUTBOX.AT.lt(p.like(OUTBOX.AT))));

    /// An event with its number.
    record Numbered(long number, Happening happening) {}

    private final Database database;

    public OutboxStore(Database database) {
        this.database = database;
    }

    /// Writes an event in the transaction of its change. Does not wait.
    public static void append(Tx tx, Happening one) {
        var _ =
                tx.start(
                        APPEND,
                        one.topic().code(),
                        one.at(),
                        one.focusType(),
                        one.focusId(),
                        one.state(),
                        one.before(),
                        one.hospitalId(),
                        one.hospital(),
                        one.patientId(),
                        one.pharmacies().toArray(UUID[]::new),
                        one.reviewersTold());
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

    /// Events after one and up to another, in their order, at most [EventLimits#PAGE].
    List<Numbered> between(long after, long upTo) {
        List<Numbered> all = new ArrayList<>();
        for (Row row : database.run(AFTER, after, upTo)) {
            all.add(new Numbered(get(row, OUTBOX.NUMBER), happening(row)));
        }
        return all;
    }

    /// When this pharmacy last told that the drugs of a prescription are ready. Waits.
    public Optional<Instant> readySince(UUID task, UUID pharmacy) {
        var row =
                database.run(
                        SQL.select(OUTBOX.AT, OUTBOX.PHARMACIES)
                                .from(OUTBOX)
                                .where(OUTBOX.TOPIC.eq(inline(Topic.DISPENSE_READY.code())))
                                .and(OUTBOX.FOCUS_ID.eq(task))
                                .orderBy(OUTBOX.AT.desc())
                                .limit(inline(1)));
        if (row.size() == 0) {
            return Optional.empty();
        }
        Row last = row.iterator().next();
        return Arrays.asList(get(last, OUTBOX.PHARMACIES)).contains(pharmacy)
                ? Optional.of(get(last, OUTBOX.AT))
                : Optional.empty();
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
