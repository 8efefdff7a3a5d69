package org.yifang.audit.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.sqlclient.Row;

import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.audit.verify.Reconciliation.Kind;
import org.yifang.audit.verify.Reconciliation.Mismatch;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Compares what the database checks itself by, views, functions and triggers, with the migrations:
/// who replaces the one that finds what he did is found by that.
final class SchemaViews {
    /// The migrations that define them, in their order; a test looks for others.
    static final List<String> MIGRATIONS =
            List.of(
                    "V010__audit.sql",
                    "V011__audit_questions.sql",
                    "V013__audit_periods.sql",
                    "V015__audit_hidden.sql",
                    "V016__audit_organization.sql",
                    "V017__audit_many_patients.sql",
                    "V070__audit_content.sql",
                    "V072__audit_ledger.sql",
                    "V073__audit_check.sql",
                    "V075__audit_guard_off.sql",
                    "V105__audit_texts.sql",
                    "V106__audit_task_intact.sql",
                    "V125__audit_plans.sql");

    private static final Pattern VIEW =
            Pattern.compile(
                    "^CREATE (?:OR REPLACE )?VIEW (audit_\\w+) AS\\s(.*?);$",
                    Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern FUNCTION =
            Pattern.compile(
                    "^CREATE (?:OR REPLACE )?FUNCTION (audit_\\w+)\\(.*?\\$\\$(.*?)\\$\\$;$",
                    Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern DROPPED =
            Pattern.compile("^DROP (?:VIEW|FUNCTION) (audit_\\w+)", Pattern.MULTILINE);

    private static final int ROUNDS_MOST = 4;

    private final Database database;

    SchemaViews(Database database) {
        this.database = database;
    }

    /// Views and functions that are not those of the migrations. Asks none of them.
    List<Mismatch> replaced() {
        List<Mismatch> all = new ArrayList<>();
        functions(all);
        views(all);
        return all;
    }

    /// Tables whose ledger is off or does something else.
    List<Mismatch> guardsOff() {
        List<Mismatch> all = new ArrayList<>();
        for (Row row :
                database.run(
                        Database.SQL.resultQuery(
                                "select table_name, what from audit_guard_off() limit 1000"))) {
            all.add(
                    new Mismatch(
                            Kind.TRIGGER_OFF,
                            row.getString("table_name"),
                            "The ledger of `%s` is off or does something else: `%s`."
                                    .formatted(
                                            row.getString("table_name"), row.getString("what"))));
        }
        return all;
    }

    private void functions(List<Mismatch> all) {
        defined(FUNCTION)
                .forEach((name, body) -> {
                    boolean there = false;
                    for (Row row :
                            database.run(
                                    Database.SQL.resultQuery(
                                            "select prosrc from pg_proc where proname = {0} and"
                                                    + " pronamespace ="
                                                    + " current_schema()::regnamespace",
                                            DSL.val(name)))) {
                        there |= body.equals(row.getString("prosrc"));
                    }
                    if (!there) {
                        all.add(replaced("function", name));
                    }
                });
    }

    private void views(List<Mismatch> all) {
        defined(VIEW)
                .forEach((name, query) -> {
                    if (!database.inTransaction(tx -> isAsWritten(tx, name, query))) {
                        all.add(replaced("view", name));
                    }
                });
    }

    /// Whether a view stands as PostgreSQL itself writes our query, so that neither version nor
    /// layout matters; or as it writes what it wrote, since a view out of a dump went that way.
    /// What stands there is only compared: who replaced it would else say what is run.
    private static boolean isAsWritten(Tx tx, String name, String query) {
        String held = definition(tx, name);
        String before = "";
        String now = query;
        for (int i = 0; i < ROUNDS_MOST && !now.equals(before); i++) {
            before = now;
            // The name is its own, and it ends with the transaction's undoing.
            tx.run(Database.SQL.query("create temporary view audit_as_written as " + before));
            now = Objects.requireNonNull(definition(tx, "audit_as_written"));
            tx.run(Database.SQL.query("drop view audit_as_written"));
            if (now.equals(held)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String definition(Tx tx, String view) {
        return tx.run(
                        Database.SQL.resultQuery(
                                "select rtrim(pg_get_viewdef(to_regclass({0})), ';') as definition",
                                DSL.val(view)))
                .iterator()
                .next()
                .getString("definition");
    }

    private static Mismatch replaced(String kind, String name) {
        return new Mismatch(
                Kind.CHECK_REPLACED,
                name,
                "The %s `%s`, by which the log is checked, is not that of the migrations."
                        .formatted(kind, name));
    }

    /// What the migrations define last under each name.
    private static Map<String, String> defined(Pattern what) {
        Map<String, String> last = new LinkedHashMap<>();
        for (String file : MIGRATIONS) {
            String sql = read(file);
            Matcher dropped = DROPPED.matcher(sql);
            while (dropped.find()) {
                last.remove(dropped.group(1));
            }
            Matcher found = what.matcher(sql);
            while (found.find()) {
                last.put(found.group(1), found.group(2));
            }
        }
        return last;
    }

    private static String read(String file) {
        try (InputStream in = SchemaViews.class.getResourceAsStream("/sql/" + file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
