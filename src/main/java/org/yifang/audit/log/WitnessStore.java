package org.yifang.audit.log;

import static org.yifang.generated.Tables.AUDIT_CHECKPOINT;
import static org.yifang.generated.Tables.AUDIT_COSIGNATURE;
import static org.yifang.generated.Tables.AUDIT_LOG;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// All SQL of what witnesses are shown and of what they confirmed.
final class WitnessStore {
    private static final int LINES_MAX = 16;

    /// The newest checkpoint of the log, as signed by the log alone.
    record Newest(String origin, long size, String note) {}

    /// Null before the first checkpoint of the log as it is named now.
    static @Nullable Newest newest(LogStore.Runner run) {
        for (Row row :
                run.apply(
                        SQL.select(AUDIT_CHECKPOINT.NOTE, AUDIT_CHECKPOINT.SIZE)
                                .select(AUDIT_CHECKPOINT.ORIGIN)
                                .from(AUDIT_CHECKPOINT)
                                .join(AUDIT_LOG)
                                .on(AUDIT_LOG.ORIGIN.eq(AUDIT_CHECKPOINT.ORIGIN))
                                .orderBy(AUDIT_CHECKPOINT.SIZE.desc())
                                .limit(1))) {
            return new Newest(
                    Rows.get(row, AUDIT_CHECKPOINT.ORIGIN),
                    Rows.get(row, AUDIT_CHECKPOINT.SIZE),
                    Rows.get(row, AUDIT_CHECKPOINT.NOTE));
        }
        return null;
    }

    /// The cosignatures on one checkpoint, as they came.
    static List<String> lines(LogStore.Runner run, String origin, long size) {
        List<String> lines = new ArrayList<>();
        for (Row row :
                run.apply(
                        SQL.select(AUDIT_COSIGNATURE.LINE)
                                .from(AUDIT_COSIGNATURE)
                                .where(AUDIT_COSIGNATURE.ORIGIN.eq(origin))
                                .and(AUDIT_COSIGNATURE.SIZE.eq(size))
                                .orderBy(AUDIT_COSIGNATURE.WITNESS)
                                .limit(LINES_MAX))) {
            lines.add(Rows.get(row, AUDIT_COSIGNATURE.LINE));
        }
        return lines;
    }

    /// Whether a checkpoint is kept whose signed text is `text`.
    static boolean isPublished(LogStore.Runner run, Checkpoint checkpoint, String text) {
        return run.apply(
                                SQL.select(AUDIT_CHECKPOINT.SIZE)
                                        .from(AUDIT_CHECKPOINT)
                                        .where(AUDIT_CHECKPOINT.ORIGIN.eq(checkpoint.origin()))
                                        .and(AUDIT_CHECKPOINT.SIZE.eq(checkpoint.size()))
                                        .and(AUDIT_CHECKPOINT.NOTE.startsWith(text + "\n"))
                                        .limit(1))
                        .size()
                > 0;
    }

    /// Keeps a cosignature; a witness has one on each checkpoint, and the first stays.
    static void insert(
            Database database, Checkpoint checkpoint, SignedNote.Signed line, Instant now) {
        database.run(
                SQL.insertInto(AUDIT_COSIGNATURE)
                        .set(AUDIT_COSIGNATURE.ORIGIN, checkpoint.origin())
                        .set(AUDIT_COSIGNATURE.SIZE, checkpoint.size())
                        .set(AUDIT_COSIGNATURE.WITNESS, line.name())
                        .set(AUDIT_COSIGNATURE.LINE, line.line())
                        .set(AUDIT_COSIGNATURE.RECEIVED_AT, now)
                        .onConflictDoNothing());
    }

    /// The size of the largest checkpoint that a witness confirmed; 0 before its first.
    static long lastCosigned(LogStore.Runner run, String witness, String origin) {
        for (Row row :
                run.apply(
                        SQL.select(AUDIT_COSIGNATURE.SIZE)
                                .from(AUDIT_COSIGNATURE)
                                .where(AUDIT_COSIGNATURE.ORIGIN.eq(origin))
                                .and(AUDIT_COSIGNATURE.WITNESS.eq(witness))
                                .orderBy(AUDIT_COSIGNATURE.SIZE.desc())
                                .limit(1))) {
            return Rows.get(row, AUDIT_COSIGNATURE.SIZE);
        }
        return 0;
    }

    private WitnessStore() {}
}
