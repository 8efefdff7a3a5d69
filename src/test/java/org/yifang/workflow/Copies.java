package org.yifang.workflow;

import org.yifang.platform.config.DatabaseAddress;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Fills tables with copies of the one row that they hold, past triggers and references: as many
/// rows as a county has after a year, in seconds.
final class Copies implements AutoCloseable {
    private final Connection connection;
    private final Statement statement;

    /// @param fresh a query whose rows, called `f`, each make a copy
    Copies(DatabaseAddress at, String fresh) throws SQLException {
        connection = DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
        statement = connection.createStatement();
        statement.execute("SET session_replication_role = replica");
        statement.execute("CREATE TEMP TABLE fresh AS " + fresh);
    }

    /// @param different what differs from the first row (`o`), by column: an expression over `f`
    void of(String table, Map<String, String> different) throws SQLException {
        make(statement, table, different);
        statement.execute("ANALYZE " + table);
    }

    /// As [#of], where a table `fresh` is there already.
    static void make(Statement statement, String table, Map<String, String> different)
            throws SQLException {
        List<String> columns = new ArrayList<>();
        try (var rows =
                statement.executeQuery(
                        "SELECT column_name FROM information_schema.columns WHERE table_name = '"
                                + table
                                + "' AND is_generated = 'NEVER'")) {
            while (rows.next()) {
                columns.add(rows.getString(1));
            }
        }
        List<String> values =
                columns.stream().map(one -> different.getOrDefault(one, "o." + one)).toList();
        statement.execute(
                "INSERT INTO %1$s (%2$s) SELECT %3$s FROM (SELECT * FROM %1$s LIMIT 1) o, fresh f"
                        .formatted(table, String.join(", ", columns), String.join(", ", values)));
    }

    /// The one text that a query finds.
    String text(String query) throws SQLException {
        try (var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    void change(String update) throws SQLException {
        statement.execute(update);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
