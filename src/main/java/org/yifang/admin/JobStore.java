package org.yifang.admin;

import static org.yifang.generated.Tables.ADMIN_JOB;
import static org.yifang.platform.data.Database.SQL;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.yifang.platform.Job;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.SealedColumn;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// All SQL that touches the table `admin_job`.
final class JobStore {
    /// An instance that did not say so for as long is taken for dead: a step takes some seconds.
    private static final String DEAD_AFTER = "interval '30 seconds'";

    private static final Condition FREE =
            ADMIN_JOB
                    .STATE
                    .eq(JobState.WAITING.code())
                    .or(
                            ADMIN_JOB
                                    .STATE
                                    .eq(JobState.RUNNING.code())
                                    .and("alive_at < clock_timestamp() - " + DEAD_AFTER));

    private static final int LISTED_MOST = 100;

    /// A job as it stands.
    record Row(
            UUID id,
            String kind,
            String input,
            String state,
            String position,
            long done,
            long total,
            String note,
            String requestedBy,
            Instant createdAt,
            Instant updatedAt) {}

    private final Database database;

    JobStore(Database database) {
        this.database = database;
    }

    /// Notes a job that is asked for; empty when one of its kind is under way.
    boolean insert(Tx tx, UUID id, String kind, String input, String by, Instant now) {
        return tx.run(
                                SQL.insertInto(ADMIN_JOB)
                                        .set(ADMIN_JOB.ID, id)
                                        .set(ADMIN_JOB.KIND, kind)
                                        .set(ADMIN_JOB.INPUT, input)
                                        .set(ADMIN_JOB.STATE, JobState.WAITING.code())
                                        .set(ADMIN_JOB.POSITION, "")
                                        .set(ADMIN_JOB.DONE, 0L)
                                        .set(ADMIN_JOB.TOTAL, 0L)
                                        .set(ADMIN_JOB.NOTE, "")
                                        .set(ADMIN_JOB.REQUESTED_BY, by)
                                        .set(ADMIN_JOB.CREATED_AT, now)
                                        .set(ADMIN_JOB.UPDATED_AT, now)
                                        .onConflictDoNothing())
                        .rowCount()
                == 1;
    }

    /// Whether a job of a kind was asked for since.
    boolean anySince(Tx tx, String kind, Instant since) {
        return tx.run(
                                SQL.select(ADMIN_JOB.ID)
                                        .from(ADMIN_JOB)
                                        .where(ADMIN_JOB.KIND.eq(kind))
                                        .and(ADMIN_JOB.CREATED_AT.gt(since))
                                        .limit(1))
                        .rowCount()
                > 0;
    }

    /// The job of a kind that is under way.
    Optional<Row> underWay(Tx tx, String kind) {
        return first(
                tx.run(
                        SQL.select(ADMIN_JOB.fields())
                                .from(ADMIN_JOB)
                                .where(ADMIN_JOB.KIND.eq(kind))
                                .and(
                                        ADMIN_JOB.STATE.in(
                                                JobState.WAITING.code(),
                                                JobState.RUNNING.code()))));
    }

    /// Which kinds of jobs nobody does just now.
    Set<String> free() {
        Set<String> kinds = new HashSet<>();
        database.run(SQL.selectDistinct(ADMIN_JOB.KIND).from(ADMIN_JOB).where(FREE))
                .forEach(row -> kinds.add(Rows.get(row, ADMIN_JOB.KIND)));
        return kinds;
    }

    /// Says why a job that nobody does waits.
    void noteWaiting(String kind, String why, Instant now) {
        database.run(
                SQL.update(ADMIN_JOB)
                        .set(ADMIN_JOB.NOTE, why)
                        .set(ADMIN_JOB.UPDATED_AT, now)
                        .where(ADMIN_JOB.KIND.eq(kind))
                        .and(FREE)
                        .and(ADMIN_JOB.NOTE.ne(why)));
    }

    /// Leaves a job to another instance, where the last step left it.
    void leave(UUID id, UUID instance, String why, Instant now) {
        database.run(
                SQL.update(ADMIN_JOB)
                        .set(ADMIN_JOB.STATE, JobState.WAITING.code())
                        .setNull(ADMIN_JOB.RUNNER)
                        .set(ADMIN_JOB.NOTE, why)
                        .set(ADMIN_JOB.UPDATED_AT, now)
                        .where(ADMIN_JOB.ID.eq(id))
                        .and(ADMIN_JOB.RUNNER.eq(instance)));
    }

    /// Takes a job that nobody does, by the database's clock.
    Optional<Row> take(UUID instance, Collection<String> kinds) {
        return database.inTransaction(tx -> {
            var one =
                    tx.run(
                                    SQL.select(ADMIN_JOB.ID)
                                            .from(ADMIN_JOB)
                                            .where(ADMIN_JOB.KIND.in(kinds))
                                            .and(FREE)
                                            .orderBy(ADMIN_JOB.CREATED_AT)
                                            .limit(1)
                                            .forUpdate()
                                            .skipLocked())
                            .iterator();
            if (!one.hasNext()) {
                return Optional.<Row>empty();
            }
            UUID id = Rows.get(one.next(), ADMIN_JOB.ID);
            tx.run(
                    SQL.update(ADMIN_JOB)
                            .set(ADMIN_JOB.STATE, JobState.RUNNING.code())
                            .set(ADMIN_JOB.RUNNER, instance)
                            .set(ADMIN_JOB.ALIVE_AT, now())
                            .where(ADMIN_JOB.ID.eq(id)));
            return first(
                    tx.run(
                            SQL.select(ADMIN_JOB.fields())
                                    .from(ADMIN_JOB)
                                    .where(ADMIN_JOB.ID.eq(id))));
        });
    }

    /// Notes a step; false when another instance has taken the job over.
    boolean noteStep(UUID id, UUID instance, Job.Step step, Instant now) {
        return database.run(
                                SQL.update(ADMIN_JOB)
                                        .set(ADMIN_JOB.POSITION, step.position())
                                        .set(ADMIN_JOB.DONE, step.done())
                                        .set(ADMIN_JOB.TOTAL, step.total())
                                        .set(ADMIN_JOB.NOTE, step.note())
                                        .set(ADMIN_JOB.ALIVE_AT, now())
                                        .set(ADMIN_JOB.UPDATED_AT, now)
                                        .where(ADMIN_JOB.ID.eq(id))
                                        .and(ADMIN_JOB.RUNNER.eq(instance)))
                        .rowCount()
                == 1;
    }

    void end(UUID id, UUID instance, JobState state, Job.Step step, String note, Instant now) {
        database.run(
                SQL.update(ADMIN_JOB)
                        .set(ADMIN_JOB.STATE, state.code())
                        .set(ADMIN_JOB.POSITION, step.position())
                        .set(ADMIN_JOB.DONE, step.done())
                        .set(ADMIN_JOB.TOTAL, step.total())
                        .set(ADMIN_JOB.NOTE, note)
                        .set(ADMIN_JOB.UPDATED_AT, now)
                        .where(ADMIN_JOB.ID.eq(id))
                        .and(ADMIN_JOB.RUNNER.eq(instance)));
    }

    Optional<Row> find(UUID id) {
        return first(
                database.run(
                        SQL.select(ADMIN_JOB.fields()).from(ADMIN_JOB).where(ADMIN_JOB.ID.eq(id))));
    }

    /// The newest.
    List<Row> newest() {
        List<Row> all = new ArrayList<>();
        database.run(
                        SQL.select(ADMIN_JOB.fields())
                                .from(ADMIN_JOB)
                                .orderBy(ADMIN_JOB.CREATED_AT.desc(), ADMIN_JOB.ID)
                                .limit(LISTED_MOST))
                .forEach(row -> all.add(row(row)));
        return all;
    }

    /// Why people were erased, for the rotation of the master key.
    static SealedColumn sealedReasons() {
        return SealedColumn.member(
                "reasons of erasures",
                ADMIN_JOB,
                List.of(ADMIN_JOB.ID),
                ADMIN_JOB.INPUT,
                "\"reason\":\"",
                Administration.ERASURE_REASON);
    }

    /// The database's clock: those of the instances may differ.
    private static Field<Instant> now() {
        return DSL.field("clock_timestamp()", ADMIN_JOB.ALIVE_AT.getDataType());
    }

    private static Optional<Row> first(Iterable<io.vertx.sqlclient.Row> rows) {
        var all = rows.iterator();
        return all.hasNext() ? Optional.of(row(all.next())) : Optional.empty();
    }

    private static Row row(io.vertx.sqlclient.Row row) {
        return new Row(
                Rows.get(row, ADMIN_JOB.ID),
                Rows.get(row, ADMIN_JOB.KIND),
                Rows.get(row, ADMIN_JOB.INPUT),
                Rows.get(row, ADMIN_JOB.STATE),
                Rows.get(row, ADMIN_JOB.POSITION),
                Rows.get(row, ADMIN_JOB.DONE),
                Rows.get(row, ADMIN_JOB.TOTAL),
                Rows.get(row, ADMIN_JOB.NOTE),
                Rows.get(row, ADMIN_JOB.REQUESTED_BY),
                Rows.get(row, ADMIN_JOB.CREATED_AT),
                Rows.get(row, ADMIN_JOB.UPDATED_AT));
    }
}
