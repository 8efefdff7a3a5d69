package org.yifang.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;

import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.platform.data.Database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Nothing by which the log is checked escapes the check of the checks.
class SchemaViewsTest {
    private static final Pattern DEFINES =
            Pattern.compile("^CREATE (OR REPLACE )?(VIEW|FUNCTION) audit_", Pattern.MULTILINE);
    private static final Pattern TRIGGER =
            Pattern.compile("^CREATE (?:CONSTRAINT )?TRIGGER (\\w+)", Pattern.MULTILINE);

    private static List<Path> migrations() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("sql"))) {
            return files.sorted().toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Test
    void every_migration_that_defines_one_is_compared() throws IOException {
        assertThat(
                        migrations().stream()
                                .filter(file -> DEFINES.matcher(read(file)).find())
                                .map(file -> file.getFileName().toString()))
                .isSubsetOf(SchemaViews.MIGRATIONS);
    }

    @Test
    void every_trigger_that_guards_is_looked_for() throws IOException {
        assertThat(
                        migrations().stream()
                                .flatMap(file -> TRIGGER.matcher(read(file)).results())
                                .map(found -> found.group(1))
                                .filter(name ->
                                        name.matches(".*_append_only|audit_.*|.*_transition"))
                                .collect(Collectors.toSet()))
                .isSubsetOf(Triggers.OF_MIGRATIONS);
    }

    /// PostgreSQL writes a query in other words when it reads it again: two of the views come out
    /// of a dump otherwise than the migrations made them.
    @Test
    void what_comes_out_of_a_dump_is_well() {
        Vertx vertx = Vertx.vertx();
        Database database = new Database(vertx, TestDatabase.migrated(), 2);
        try {
            assertThat(new SchemaViews(database).replaced()).isEmpty();
            List<String> made = definitions(database);
            for (int times = 0; times < 2; times++) {
                definitions(database).forEach(view -> database.run(Database.SQL.query(view)));
            }
            assertThat(definitions(database)).isNotEqualTo(made);
            assertThat(new SchemaViews(database).replaced()).isEmpty();
            database.run(
                    Database.SQL.query(
                            "create or replace view audit_offer_altered as select id, pharmacy,"
                                    + " drug_code from offer where false"));
            assertThat(new SchemaViews(database).replaced())
                    .extracting(Reconciliation.Mismatch::what)
                    .containsExactly("audit_offer_altered");
        } finally {
            database.close();
            vertx.close().await();
        }
    }

    private static List<String> definitions(Database database) {
        List<String> views = new ArrayList<>();
        for (Row row :
                database.run(
                        Database.SQL.resultQuery(
                                "select format('create or replace view %I as %s', viewname,"
                                        + " definition) as view from pg_views where schemaname ="
                                        + " current_schema() and viewname like 'audit%' order by"
                                        + " viewname"))) {
            views.add(row.getString("view"));
        }
        return views;
    }
}
