package org.yifang.export;

import static org.yifang.generated.Tables.AUDIT_EXPORT;
import static org.yifang.generated.Tables.AUDIT_EXPORT_PART;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// All SQL of exports.
final class ExportStore {
    private static final List<Field<?>> COLUMNS =
            List.of(
                    AUDIT_EXPORT.ID,
                    AUDIT_EXPORT.CLIENT,
                    AUDIT_EXPORT.REQUEST,
                    AUDIT_EXPORT.TYPES,
                    AUDIT_EXPORT.SINCE,
                    AUDIT_EXPORT.UNTIL,
                    AUDIT_EXPORT.PSEUDONYM_KEY,
                    AUDIT_EXPORT.STATUS,
                    AUDIT_EXPORT.TYPE_NUMBER,
                    AUDIT_EXPORT.TOTAL,
                    AUDIT_EXPORT.PASSED,
                    AUDIT_EXPORT.REACHED,
                    AUDIT_EXPORT.NEXT_PART,
                    AUDIT_EXPORT.FAILURES,
                    AUDIT_EXPORT.EXPIRES_AT,
                    AUDIT_EXPORT.CREATED_AT);

    private static final Field<Integer> FILE =
            DSL.field(
                    "{0} / {1}",
                    SQLDataType.INTEGER,
                    AUDIT_EXPORT_PART.NUMBER,
                    DSL.inline(ExportLimits.FILE_PARTS));

    /// A file of an export.
    record File(String type, int number, long resources) {}

    private final Database database;
    private final String region;

    ExportStore(Database database, String region) {
        this.database = database;
        this.region = region;
    }

    void insert(Tx tx, ExportJob job) {
        tx.run(
                SQL.insertInto(AUDIT_EXPORT)
                        .set(AUDIT_EXPORT.ID, job.id())
                        .set(AUDIT_EXPORT.REGION, region)
                        .set(AUDIT_EXPORT.CLIENT, job.client())
                        .set(AUDIT_EXPORT.REQUEST, job.request())
                        .set(AUDIT_EXPORT.TYPES, String.join(" ", job.types()))
                        .set(AUDIT_EXPORT.SINCE, job.since())
                        .set(AUDIT_EXPORT.UNTIL, job.until())
                        .set(AUDIT_EXPORT.PSEUDONYM_KEY, job.pseudonymKey())
                        .set(AUDIT_EXPORT.STATUS, job.status().code())
                        .set(AUDIT_EXPORT.EXPIRES_AT, job.expiresAt())
                        .set(AUDIT_EXPORT.CREATED_AT, job.createdAt()));
    }

    /// How many exports of a client are kept.
    int count(Tx tx, String client) {
        return tx.run(
                        SQL.select(AUDIT_EXPORT.ID)
                                .from(AUDIT_EXPORT)
                                .where(AUDIT_EXPORT.CLIENT.eq(client))
                                .limit(ExportLimits.OF_ONE_CLIENT))
                .size();
    }

    /// An export of this client, null when there is none.
    @Nullable ExportJob find(UUID id, String client, Instant now) {
        return first(
                database.run(
                        SQL.select(COLUMNS)
                                .from(AUDIT_EXPORT)
                                .where(AUDIT_EXPORT.ID.eq(id))
                                .and(AUDIT_EXPORT.CLIENT.eq(client))
                                .and(AUDIT_EXPORT.EXPIRES_AT.gt(now))));
    }

    /// Deletes an export of this client with everything written; whoever works on it notices.
    boolean delete(UUID id, String client) {
        return database.run(
                                SQL.deleteFrom(AUDIT_EXPORT)
                                        .where(AUDIT_EXPORT.ID.eq(id))
                                        .and(AUDIT_EXPORT.CLIENT.eq(client)))
                        .rowCount()
                == 1;
    }

    void deleteExpired(Instant now) {
        database.run(SQL.deleteFrom(AUDIT_EXPORT).where(AUDIT_EXPORT.EXPIRES_AT.le(now)));
    }

    /// Takes the oldest export that nobody works on; null when there is none. Leases go by the
    /// database's clock, which all instances share.
    @Nullable ExportJob take(UUID worker) {
        Condition free =
                AUDIT_EXPORT
                        .LEASE_UNTIL
                        .isNull()
                        .or(AUDIT_EXPORT.LEASE_UNTIL.lt(in(Duration.ZERO)));
        var oldest =
                SQL.select(AUDIT_EXPORT.ID)
                        .from(AUDIT_EXPORT)
                        .where(AUDIT_EXPORT.STATUS.eq(DSL.inline(ExportJob.Status.RUNNING.code())))
                        .and(free)
                        .orderBy(AUDIT_EXPORT.CREATED_AT)
                        .limit(1)
                        .forUpdate()
                        .skipLocked();
        return first(
                database.run(
                        SQL.update(AUDIT_EXPORT)
                                .set(AUDIT_EXPORT.WORKER, worker)
                                .set(AUDIT_EXPORT.LEASE_UNTIL, in(ExportLimits.LEASE))
                                .where(AUDIT_EXPORT.ID.eq(oldest))
                                .returning(COLUMNS)));
    }

    /// A moment from now by the database's clock.
    private static Field<Instant> in(Duration later) {
        return DSL.field(
                "clock_timestamp() + {0} * interval '1 ms'",
                AUDIT_EXPORT.LEASE_UNTIL.getDataType(), DSL.inline(later.toMillis()));
    }

    /// Whether everything up to the moment of the request is there: no transaction of that time
    /// still runs, and each of its events has its place in the log.
    boolean isSettled(ExportJob job) {
        for (Row row :
                database.run(
                        SQL.resultQuery(
                                "select pg_snapshot_xmin(pg_current_snapshot()) > e.after_txid"
                                        + " and l.last_txid >= e.after_txid as settled"
                                        + " from audit_export e cross join audit_log l"
                                        + " where e.id = {0}",
                                DSL.val(job.id())))) {
            return row.getBoolean("settled");
        }
        return false;
    }

    /// Writes a part and how far the export is now, together.
    ///
    /// @param content gzip; null when nothing was found
    /// @return false when the export is another's by now, or deleted; then nothing was written
    boolean advance(
            UUID worker,
            ExportJob before,
            ExportJob after,
            ExportSource.@Nullable Page page,
            byte @Nullable [] content) {
        return database.inTransaction(tx -> {
            boolean ours =
                    tx.run(
                                            SQL.update(AUDIT_EXPORT)
                                                    .set(
                                                            AUDIT_EXPORT.TYPE_NUMBER,
                                                            after.typeNumber())
                                                    .set(AUDIT_EXPORT.TOTAL, after.total())
                                                    .set(AUDIT_EXPORT.PASSED, after.passed())
                                                    .set(AUDIT_EXPORT.REACHED, after.reached())
                                                    .set(AUDIT_EXPORT.NEXT_PART, after.nextPart())
                                                    .set(
                                                            AUDIT_EXPORT.LEASE_UNTIL,
                                                            in(ExportLimits.LEASE))
                                                    .where(AUDIT_EXPORT.ID.eq(before.id()))
                                                    .and(AUDIT_EXPORT.WORKER.eq(worker))
                                                    .and(
                                                            AUDIT_EXPORT.STATUS.eq(
                                                                    ExportJob.Status.RUNNING
                                                                            .code())))
                                    .rowCount()
                            == 1;
            if (ours && page != null && content != null) {
                tx.run(
                        SQL.insertInto(AUDIT_EXPORT_PART)
                                .set(AUDIT_EXPORT_PART.EXPORT_ID, before.id())
                                .set(AUDIT_EXPORT_PART.TYPE, before.type())
                                .set(AUDIT_EXPORT_PART.NUMBER, before.nextPart())
                                .set(AUDIT_EXPORT_PART.RESOURCES, page.resources().size())
                                .set(
                                        AUDIT_EXPORT_PART.PATIENTS,
                                        page.patients().toArray(UUID[]::new))
                                .set(
                                        AUDIT_EXPORT_PART.CONTENT,
                                        database.texts().seal().apply(content)));
            }
            return ours;
        });
    }

    /// Ends an export; its pseudonyms can be traced back no more.
    void end(UUID worker, ExportJob job, ExportJob.Status status, Instant expires) {
        database.run(
                SQL.update(AUDIT_EXPORT)
                        .set(AUDIT_EXPORT.STATUS, status.code())
                        .setNull(AUDIT_EXPORT.PSEUDONYM_KEY)
                        .setNull(AUDIT_EXPORT.LEASE_UNTIL)
                        .set(AUDIT_EXPORT.EXPIRES_AT, expires)
                        .where(AUDIT_EXPORT.ID.eq(job.id()))
                        .and(AUDIT_EXPORT.WORKER.eq(worker)));
    }

    /// Lets another instance, or this one, go on from `again`.
    void release(UUID worker, ExportJob job, int failures, Duration again) {
        database.run(
                SQL.update(AUDIT_EXPORT)
                        .set(AUDIT_EXPORT.LEASE_UNTIL, in(again))
                        .set(AUDIT_EXPORT.FAILURES, failures)
                        .setNull(AUDIT_EXPORT.WORKER)
                        .where(AUDIT_EXPORT.ID.eq(job.id()))
                        .and(AUDIT_EXPORT.WORKER.eq(worker)));
    }

    List<File> files(UUID job) {
        List<File> files = new ArrayList<>();
        Field<Integer> number = FILE.as("file");
        Field<Long> resources =
                DSL.sum(AUDIT_EXPORT_PART.RESOURCES).cast(SQLDataType.BIGINT).as("resources");
        for (Row row :
                database.run(
                        SQL.select(AUDIT_EXPORT_PART.TYPE, number, resources)
                                .from(AUDIT_EXPORT_PART)
                                .where(AUDIT_EXPORT_PART.EXPORT_ID.eq(job))
                                .groupBy(AUDIT_EXPORT_PART.TYPE, FILE)
                                .orderBy(AUDIT_EXPORT_PART.TYPE, number))) {
            files.add(
                    new File(
                            Rows.get(row, AUDIT_EXPORT_PART.TYPE),
                            Rows.get(row, number),
                            Rows.get(row, resources)));
        }
        return files;
    }

    /// Whose data a file holds; null when there is no such file.
    @Nullable Set<UUID> patients(UUID job, String type, int file) {
        Set<UUID> patients = new LinkedHashSet<>();
        RowSet<Row> rows =
                database.run(
                        SQL.select(AUDIT_EXPORT_PART.PATIENTS)
                                .from(AUDIT_EXPORT_PART)
                                .where(AUDIT_EXPORT_PART.EXPORT_ID.eq(job))
                                .and(AUDIT_EXPORT_PART.TYPE.eq(type))
                                .and(FILE.eq(file)));
        for (Row row : rows) {
            patients.addAll(List.of(row.getArrayOfUUIDs("patients")));
        }
        return rows.size() == 0 ? null : patients;
    }

    /// A part of a file, gzip; null behind the last.
    byte @Nullable [] part(UUID job, String type, int number) {
        for (Row row :
                database.run(
                        SQL.select(AUDIT_EXPORT_PART.CONTENT)
                                .from(AUDIT_EXPORT_PART)
                                .where(AUDIT_EXPORT_PART.EXPORT_ID.eq(job))
                                .and(AUDIT_EXPORT_PART.TYPE.eq(type))
                                .and(AUDIT_EXPORT_PART.NUMBER.eq(number)))) {
            byte[] content = Rows.get(row, AUDIT_EXPORT_PART.CONTENT);
            return isGzip(content) ? content : database.texts().open().apply(content);
        }
        return null;
    }

    /// The version before wrote parts in clear; none of them lives longer than a day.
    private static boolean isGzip(byte[] content) {
        return content[0] == (byte) 0x1f && content[1] == (byte) 0x8b;
    }

    private static @Nullable ExportJob first(RowSet<Row> rows) {
        for (Row row : rows) {
            return new ExportJob(
                    Rows.get(row, AUDIT_EXPORT.ID),
                    Rows.get(row, AUDIT_EXPORT.CLIENT),
                    Rows.get(row, AUDIT_EXPORT.REQUEST),
                    List.of(Rows.get(row, AUDIT_EXPORT.TYPES).split(" ")),
                    Rows.find(row, AUDIT_EXPORT.SINCE),
                    Rows.get(row, AUDIT_EXPORT.UNTIL),
                    Rows.find(row, AUDIT_EXPORT.PSEUDONYM_KEY),
                    ExportJob.Status.valueOf(
                            Rows.get(row, AUDIT_EXPORT.STATUS).toUpperCase(java.util.Locale.ROOT)),
                    Rows.get(row, AUDIT_EXPORT.TYPE_NUMBER),
                    Rows.find(row, AUDIT_EXPORT.TOTAL),
                    Rows.get(row, AUDIT_EXPORT.PASSED),
                    Rows.find(row, AUDIT_EXPORT.REACHED),
                    Rows.get(row, AUDIT_EXPORT.NEXT_PART),
                    Rows.get(row, AUDIT_EXPORT.FAILURES),
                    Rows.get(row, AUDIT_EXPORT.EXPIRES_AT),
                    Rows.get(row, AUDIT_EXPORT.CREATED_AT));
        }
        return null;
    }
}
