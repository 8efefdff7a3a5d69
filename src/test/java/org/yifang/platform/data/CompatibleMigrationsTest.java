package org.yifang.platform.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.platform.config.DatabaseAddress;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The version before works on the database of this one, so that an upgrade needs no pause: what it
/// reads is still there, and what it writes is still taken.
class CompatibleMigrationsTest {
    /// The last migration of the version before.
    private static final String BEFORE = "035";

    private static final String COLUMNS =
            """
            select c.table_name || '.' || c.column_name || ' ' || c.udt_name
              from information_schema.columns c join information_schema.tables t
                   using (table_schema, table_name)
             where table_schema = 'public' and t.table_type = 'BASE TABLE'
            """;

    /// What an insert of the version before would have to give, and does not know of.
    private static final String DEMANDED =
            """
            select c.table_name || '.' || c.column_name
              from information_schema.columns c
             where table_schema = 'public' and is_nullable = 'NO' and column_default is null
               and is_identity = 'NO' and is_generated = 'NEVER'
            """;

    /// What an insert of the version before could come to break: its tables' constraints.
    private static final String CONSTRAINTS =
            """
            select conrelid::regclass || ': ' || pg_get_constraintdef(oid)
              from pg_constraint
             where connamespace = 'public'::regnamespace and conrelid <> 0 and conparentid = 0
               and contype in ('c', 'u', 'p', 'x')
            """;

    private static final List<Set<String>> BEFORE_FACTS = new ArrayList<>();
    private static final List<Set<String>> FACTS = new ArrayList<>();
    private static final Set<String> OLD_TABLES = new TreeSet<>();

    @BeforeAll
    static void migrate_in_two_steps() throws SQLException {
        DatabaseAddress address = TestDatabase.empty();
        Flyway.configure()
                .dataSource(address.jdbcUrl(), address.user(), address.password())
                .locations("classpath:sql")
                .target(MigrationVersion.fromVersion(BEFORE))
                .load()
                .migrate();
        try (Connection connection =
                DriverManager.getConnection(
                        address.jdbcUrl(), address.user(), address.password())) {
            for (String question : List.of(COLUMNS, DEMANDED, CONSTRAINTS)) {
                BEFORE_FACTS.add(facts(connection, question));
            }
            OLD_TABLES.addAll(
                    facts(
                            connection,
                            "select table_name from information_schema.tables"
                                    + " where table_schema = 'public'"));
            Migrations.apply(address);
            for (String question : List.of(COLUMNS, DEMANDED, CONSTRAINTS)) {
                FACTS.add(facts(connection, question));
            }
        }
    }

    private static Set<String> facts(Connection connection, String question) throws SQLException {
        Set<String> facts = new TreeSet<>();
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(question)) {
            while (rows.next()) {
                facts.add(rows.getString(1));
            }
        }
        return facts;
    }

    private static boolean isOfOldTable(String fact) {
        return OLD_TABLES.contains(fact.split("[.:]", 2)[0]);
    }

    @Test
    void every_column_that_it_reads_is_there_and_of_the_same_type() {
        assertThat(FACTS.get(0)).containsAll(BEFORE_FACTS.get(0));
    }

    @Test
    void no_column_that_it_does_not_know_has_to_be_given() {
        Set<String> demanded = new TreeSet<>(FACTS.get(1));
        demanded.removeAll(BEFORE_FACTS.get(1));
        demanded.removeIf(column -> !isOfOldTable(column));
        assertThat(demanded).isEmpty();
    }

    @Test
    void no_constraint_of_its_tables_is_narrower() {
        Set<String> added = new TreeSet<>(FACTS.get(2));
        added.removeAll(BEFORE_FACTS.get(2));
        added.removeIf(constraint ->
                !isOfOldTable(constraint) || isWidened(constraint) || isOfNewColumns(constraint));
        assertThat(added).isEmpty();
    }

    /// What only binds columns that the version before does not write: they stay null.
    private static boolean isOfNewColumns(String constraint) {
        String table = constraint.split("[.:]", 2)[0];
        String bound = constraint.replaceAll("'[^']*'", "");
        return BEFORE_FACTS.get(0).stream()
                .filter(column -> column.startsWith(table + "."))
                .map(column -> column.substring(table.length() + 1).split(" ")[0])
                .noneMatch(column -> bound.matches("(?s).*[( ]" + column + "[ ),=].*"));
    }

    /// A check in the place of an earlier one that lists further values lets all of them in.
    private static boolean isWidened(String constraint) {
        Set<String> values = values(constraint);
        return BEFORE_FACTS.get(2).stream()
                .filter(before -> !FACTS.get(2).contains(before))
                .filter(before -> start(before).equals(start(constraint)))
                .anyMatch(before -> !values.isEmpty() && values.containsAll(values(before)));
    }

    private static String start(String constraint) {
        int quote = constraint.indexOf('\'');
        return quote < 0 ? constraint : constraint.substring(0, quote);
    }

    private static Set<String> values(String constraint) {
        return new TreeSet<>(
                java.util.regex.Pattern.compile("'([^']*)'::text")
                        .matcher(constraint)
                        .results()
                        .map(found -> found.group(1))
                        .toList());
    }
}
