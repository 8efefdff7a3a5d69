package org.yifang.queue.history;

import static org.yifang.generated.Tables.QUEUE_AGGREGATE;
import static org.yifang.generated.Tables.QUEUE_EXPECTED;
import static org.yifang.generated.Tables.QUEUE_HISTORY;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.QueueStage;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// All SQL of files of the past: the file with its hash, the units and the monthly figures that it
/// told. Their tickets are written as all tickets are.
final class HistoryStore {
    private static final Insert<Sealed> SEAL =
            Insert.into(QUEUE_HISTORY)
                    .set(QUEUE_HISTORY.ID, Sealed::id)
                    .set(QUEUE_HISTORY.REGION, Sealed::region)
                    .set(QUEUE_HISTORY.ORGANIZATION_ID, Sealed::organization)
                    .set(QUEUE_HISTORY.SOURCE, Sealed::source)
                    .set(QUEUE_HISTORY.KIND, one -> one.kind().code())
                    .set(QUEUE_HISTORY.FILE_HASH, Sealed::sha256)
                    .set(QUEUE_HISTORY.ACCEPTED, Sealed::accepted)
                    .set(QUEUE_HISTORY.RECEIVED_AT, Sealed::receivedAt);

    /// A unit once told stands: it cannot be taken over by another sender.
    private static final Insert<FileRow<Unit>> EXPECT =
            Insert.into(QUEUE_EXPECTED)
                    .set(QUEUE_EXPECTED.ORGANIZATION, (FileRow<Unit> one) -> one.row.organization())
                    .set(QUEUE_EXPECTED.STAGE, one -> one.row.stage().code())
                    .set(QUEUE_EXPECTED.DAY, one -> one.row.day())
                    .set(QUEUE_EXPECTED.UNIT, one -> one.row.unit())
                    .set(QUEUE_EXPECTED.SOURCE, one -> one.row.source())
                    .set(QUEUE_EXPECTED.REGION, one -> one.file.region())
                    .set(QUEUE_EXPECTED.SENDER, one -> one.file.source())
                    .set(QUEUE_EXPECTED.HISTORY_ID, one -> one.file.id())
                    .set(QUEUE_EXPECTED.RECEIVED_AT, one -> one.file.receivedAt())
                    .orNothing(
                            QUEUE_EXPECTED.DAY,
                            QUEUE_EXPECTED.ORGANIZATION,
                            QUEUE_EXPECTED.STAGE,
                            QUEUE_EXPECTED.SOURCE,
                            QUEUE_EXPECTED.UNIT);

    /// Figures told anew correct those that stand, which are kept (`queue_aggregate_before`); the
    /// same again change nothing.
    private static final Insert<FileRow<Month>> TELL_MONTH =
            Insert.into(QUEUE_AGGREGATE)
                    .set(
                            QUEUE_AGGREGATE.ORGANIZATION,
                            (FileRow<Month> one) -> one.row.organization())
                    .set(QUEUE_AGGREGATE.QUEUE, one -> one.row.queue())
                    .set(QUEUE_AGGREGATE.DEPARTMENT, one -> one.row.department())
                    .set(QUEUE_AGGREGATE.MONTH, one -> one.row.month())
                    .set(QUEUE_AGGREGATE.REGION, one -> one.file.region())
                    .set(QUEUE_AGGREGATE.TICKETS, one -> one.row.tickets())
                    .set(QUEUE_AGGREGATE.MEDIAN_SECONDS, one -> one.row.medianSeconds())
                    .set(QUEUE_AGGREGATE.P90_SECONDS, one -> one.row.p90Seconds())
                    .set(QUEUE_AGGREGATE.REGISTRATIONS, one -> one.row.registrations())
                    .set(QUEUE_AGGREGATE.PRESCRIPTIONS, one -> one.row.prescriptions())
                    .set(QUEUE_AGGREGATE.HISTORY_ID, one -> one.file.id())
                    .set(QUEUE_AGGREGATE.RECEIVED_AT, one -> one.file.receivedAt())
                    .orReplace(
                            QUEUE_AGGREGATE.ORGANIZATION,
                            QUEUE_AGGREGATE.QUEUE,
                            QUEUE_AGGREGATE.DEPARTMENT,
                            QUEUE_AGGREGATE.MONTH);

    /// A file with its hash.
    ///
    /// @param organization who sent it
    /// @param source the client that sent it
    record Sealed(
            UUID id,
            String region,
            UUID organization,
            String source,
            HistoryKind kind,
            byte[] sha256,
            int accepted,
            Instant receivedAt) {}

    /// A row and the file that it came with.
    private record FileRow<T>(Sealed file, T row) {}

    /// A unit that tickets are linked to.
    record Unit(String organization, LocalDate day, QueueStage stage, String unit, String source) {}

    /// The figures of a month.
    record Month(
            String organization,
            LocalDate month,
            String queue,
            String department,
            @Nullable Long tickets,
            @Nullable Integer medianSeconds,
            @Nullable Integer p90Seconds,
            @Nullable Long registrations,
            @Nullable Long prescriptions) {}

    /// Seals a file.
    static void seal(Tx tx, Sealed file) {
        SEAL.start(tx, file).await();
    }

    /// Counts rows of a sealed file that were taken in, in the transaction that writes them.
    static void count(Tx tx, UUID file, int accepted) {
        tx.run(
                SQL.update(QUEUE_HISTORY)
                        .set(QUEUE_HISTORY.ACCEPTED, QUEUE_HISTORY.ACCEPTED.plus(accepted))
                        .where(QUEUE_HISTORY.ID.eq(file)));
    }

    /// Writes the units of a file that are not known yet.
    ///
    /// @return how many there were
    static int expect(Tx tx, Sealed file, List<Unit> units) {
        return many(tx, EXPECT, file, units);
    }

    /// Writes the months of a file that are not known yet or were told otherwise.
    ///
    /// @param months each once
    /// @return how many there were
    static int tell(Tx tx, Sealed file, List<Month> months) {
        return many(tx, TELL_MONTH, file, months);
    }

    private static <T> int many(Tx tx, Insert<FileRow<T>> insert, Sealed file, List<T> rows) {
        int written = 0;
        for (int from = 0; from < rows.size(); from += QueueLimits.HISTORY_BATCH) {
            int to = Math.min(from + QueueLimits.HISTORY_BATCH, rows.size());
            List<FileRow<T>> some =
                    rows.subList(from, to).stream().map(row -> new FileRow<>(file, row)).toList();
            var answer = insert.startAll(tx, some).await();
            for (var each = answer; each != null; each = each.next()) {
                written += each.rowCount();
            }
        }
        return written;
    }

    /// When the first file of a source was received.
    static Optional<Instant> received(Tx tx, String source) {
        for (Row row :
                tx.run(
                        SQL.select(QUEUE_HISTORY.RECEIVED_AT)
                                .from(QUEUE_HISTORY)
                                .where(QUEUE_HISTORY.SOURCE.eq(source))
                                .orderBy(QUEUE_HISTORY.RECEIVED_AT)
                                .limit(1))) {
            return Optional.of(Rows.get(row, QUEUE_HISTORY.RECEIVED_AT));
        }
        return Optional.empty();
    }

    private HistoryStore() {}
}
