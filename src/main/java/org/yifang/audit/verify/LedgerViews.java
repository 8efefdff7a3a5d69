package org.yifang.audit.verify;

import static org.yifang.generated.Tables.AUDIT_GUARDED;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.ResultQuery;
import org.jooq.impl.DSL;
import org.yifang.audit.verify.Reconciliation.Kind;
import org.yifang.audit.verify.Reconciliation.Mismatch;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.util.ArrayList;
import java.util.List;

/// Compares the rows of guarded tables with the ledger, and the ledger with what the events of its
/// transactions committed to; see `sql/V072__audit_ledger.sql`.
final class LedgerViews {
    private static final int PAGE = 1000;

    private final Database database;
    private final List<Mismatch> all = new ArrayList<>();

    LedgerViews(Database database) {
        this.database = database;
    }

    /// Everything that does not fit. At most 1000 of each kind and table.
    List<Mismatch> run() {
        ledger();
        untold();
        for (Row row :
                database.run(
                        SQL.selectDistinct(AUDIT_GUARDED.TABLE_NAME)
                                .from(AUDIT_GUARDED)
                                .orderBy(AUDIT_GUARDED.TABLE_NAME)
                                .limit(PAGE))) {
            rows(Rows.get(row, AUDIT_GUARDED.TABLE_NAME));
        }
        return all;
    }

    private void ledger() {
        for (Row row : database.run(ask("select * from audit_ledger_altered() limit 1000"))) {
            all.add(
                    new Mismatch(
                            Kind.LEDGER_ALTERED,
                            "AuditEvent/" + row.getUUID("event_id"),
                            ("What the ledger has of the event `%s` (`%s`, %d rows) is not what"
                                            + " the event committed to.")
                                    .formatted(
                                            row.getUUID("event_id"),
                                            row.getString("tables"),
                                            row.getLong("rows_told"))));
        }
    }

    private void untold() {
        for (Row row :
                database.run(
                        ask(
                                "select table_name, key, txid::text as txid"
                                        + " from audit_ledger_untold() limit 1000"))) {
            String what = named(row.getString("table_name"), row.getString("key"));
            all.add(
                    new Mismatch(
                            Kind.CHANGE_WITHOUT_EVENT,
                            what,
                            "No event commits to the change of `%s` in the transaction %s."
                                    .formatted(what, row.getString("txid"))));
        }
    }

    private void rows(String table) {
        for (Row row :
                database.run(
                        SQL.resultQuery(
                                "select key, what from audit_ledger_differs({0}) limit 1000",
                                DSL.val(table)))) {
            String what = named(table, row.getString("key"));
            all.add(
                    switch (row.getString("what")) {
                        case "gone" ->
                                new Mismatch(
                                        Kind.CONTENT_ALTERED,
                                        what,
                                        "`%s` is gone, and no event tells of that."
                                                .formatted(what));
                        case "added" ->
                                new Mismatch(
                                        Kind.CHANGE_WITHOUT_EVENT,
                                        what,
                                        "`%s` was added, and no event commits to it."
                                                .formatted(what));
                        default ->
                                new Mismatch(
                                        Kind.CONTENT_ALTERED,
                                        what,
                                        "`%s` is not what its last change committed to."
                                                .formatted(what));
                    });
        }
    }

    private static String named(String table, String key) {
        return table + "/" + key;
    }

    private static ResultQuery<?> ask(String sql) {
        return SQL.resultQuery(sql);
    }
}
