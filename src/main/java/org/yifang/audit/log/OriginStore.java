package org.yifang.audit.log;

import static org.yifang.generated.Tables.AUDIT_ORIGIN;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Query;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.SealedColumn;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// All SQL of the names that the log has had, and of going on under another.
final class OriginStore {
    /// A name of the log as stored.
    record Origin(
            String name,
            byte[] keySealed,
            long fromSize,
            @Nullable String predecessor,
            @Nullable String predecessorNote) {}

    static @Nullable Origin find(LogStore.Runner run, String name) {
        for (Row row :
                run.apply(
                        SQL.select(
                                        AUDIT_ORIGIN.ORIGIN,
                                        AUDIT_ORIGIN.KEY_SEALED,
                                        AUDIT_ORIGIN.FROM_SIZE,
                                        AUDIT_ORIGIN.PREDECESSOR,
                                        AUDIT_ORIGIN.PREDECESSOR_NOTE)
                                .from(AUDIT_ORIGIN)
                                .where(AUDIT_ORIGIN.ORIGIN.eq(name))
                                .limit(1))) {
            return new Origin(
                    Rows.get(row, AUDIT_ORIGIN.ORIGIN),
                    Rows.get(row, AUDIT_ORIGIN.KEY_SEALED),
                    Rows.get(row, AUDIT_ORIGIN.FROM_SIZE),
                    Rows.find(row, AUDIT_ORIGIN.PREDECESSOR),
                    Rows.find(row, AUDIT_ORIGIN.PREDECESSOR_NOTE));
        }
        return null;
    }

    static Query insert(Origin origin, @Nullable String reason, Instant now) {
        return SQL.insertInto(AUDIT_ORIGIN)
                .set(AUDIT_ORIGIN.ORIGIN, origin.name())
                .set(AUDIT_ORIGIN.KEY_SEALED, origin.keySealed())
                .set(AUDIT_ORIGIN.STARTED_AT, now)
                .set(AUDIT_ORIGIN.FROM_SIZE, origin.fromSize())
                .set(AUDIT_ORIGIN.PREDECESSOR, origin.predecessor())
                .set(AUDIT_ORIGIN.PREDECESSOR_NOTE, origin.predecessorNote())
                .set(AUDIT_ORIGIN.REASON, reason);
    }

    /// A name of the log as told to everyone.
    record PublishedOrigin(
            String name,
            Instant started,
            long fromSize,
            @Nullable String predecessor,
            @Nullable String predecessorNote,
            @Nullable String reason) {}

    /// Every name that the log has had, oldest first.
    static List<PublishedOrigin> all(LogStore.Runner run, int limit) {
        List<PublishedOrigin> all = new ArrayList<>();
        for (Row row :
                run.apply(
                        SQL.select(
                                        AUDIT_ORIGIN.ORIGIN,
                                        AUDIT_ORIGIN.STARTED_AT,
                                        AUDIT_ORIGIN.FROM_SIZE,
                                        AUDIT_ORIGIN.PREDECESSOR,
                                        AUDIT_ORIGIN.PREDECESSOR_NOTE,
                                        AUDIT_ORIGIN.REASON)
                                .from(AUDIT_ORIGIN)
                                .orderBy(AUDIT_ORIGIN.STARTED_AT)
                                .limit(limit))) {
            all.add(
                    new PublishedOrigin(
                            Rows.get(row, AUDIT_ORIGIN.ORIGIN),
                            Rows.get(row, AUDIT_ORIGIN.STARTED_AT),
                            Rows.get(row, AUDIT_ORIGIN.FROM_SIZE),
                            Rows.find(row, AUDIT_ORIGIN.PREDECESSOR),
                            Rows.find(row, AUDIT_ORIGIN.PREDECESSOR_NOTE),
                            Rows.find(row, AUDIT_ORIGIN.REASON)));
        }
        return all;
    }

    /// Keeps everyone else from starting a log until this transaction ends.
    static void lockLog(Tx tx) {
        tx.run(SQL.query("lock table audit_log in exclusive mode"));
    }

    /// Waits for every writer of events, and keeps them and the log out until this transaction
    /// ends.
    static void lockLogAndEvents(Tx tx) {
        tx.run(SQL.query("lock table audit_event, audit_log in exclusive mode"));
    }

    /// The number of this transaction.
    static String txid(Tx tx) {
        return tx.run(SQL.resultQuery("select pg_current_xact_id()::text as now"))
                .iterator()
                .next()
                .getString("now");
    }

    static SealedColumn sealed(String place) {
        return SealedColumn.bytes(
                "keys of the audit log",
                AUDIT_ORIGIN,
                List.of(AUDIT_ORIGIN.ORIGIN),
                AUDIT_ORIGIN.KEY_SEALED,
                _ -> place);
    }

    private OriginStore() {}
}
