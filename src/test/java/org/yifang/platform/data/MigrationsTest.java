package org.yifang.platform.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.yifang.CutConnection;
import org.yifang.TestDatabase;
import org.yifang.platform.config.Config;
import org.yifang.platform.config.DatabaseAddress;

import java.io.IOException;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// What an operator reads when the database is not one for this service.
class MigrationsTest {
    @Test
    void a_database_of_another_version_is_refused_in_one_line() throws SQLException {
        DatabaseAddress address = TestDatabase.migrated();
        try (var connection =
                        DriverManager.getConnection(
                                address.jdbcUrl(), address.user(), address.password());
                var statement = connection.createStatement()) {
            statement.execute(
                    "UPDATE flyway_schema_history SET checksum = 1 WHERE version = '005'");
        }
        assertThatThrownBy(() -> Migrations.apply(address))
                .isInstanceOf(Config.Invalid.class)
                .hasMessageContaining("another version of Yifang")
                .hasMessageContaining(address.toString())
                .hasMessageNotContainingAny("\n", "jdbc:");
    }

    @Test
    void a_database_that_is_not_there_is_named_without_the_password() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        DatabaseAddress nobody =
                new DatabaseAddress("127.0.0.1", free, "yifang", "yifang", "a-secret-word");
        assertThatThrownBy(() -> Migrations.apply(nobody, Duration.ZERO))
                .isInstanceOf(DatabaseAway.class)
                .hasMessageContaining("cannot be reached")
                .hasMessageContaining("127.0.0.1:" + free)
                .hasMessageNotContainingAny("\n", "a-secret-word");
    }

    @Test
    void a_wrong_password_is_not_tried_again() {
        DatabaseAddress here = TestDatabase.empty();
        DatabaseAddress nobody =
                new DatabaseAddress(
                        here.host(), here.port(), here.database(), "nobody-at-all", "wrong");
        long began = System.nanoTime();
        assertThatThrownBy(() -> Migrations.apply(nobody, Duration.ofMinutes(5)))
                .isInstanceOf(Config.Invalid.class)
                .hasMessageContaining("nobody-at-all")
                .hasMessageNotContainingAny("\n", "wrong");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void a_database_that_does_not_exist_is_told_as_such() {
        DatabaseAddress here = TestDatabase.empty();
        DatabaseAddress none =
                new DatabaseAddress(
                        here.host(), here.port(), "not_made", here.user(), here.password());
        assertThatThrownBy(() -> Migrations.apply(none, Duration.ofMinutes(5)))
                .isInstanceOf(Config.Invalid.class)
                .hasMessageContaining("does not exist");
    }

    private static Connection connected(DatabaseAddress address) throws SQLException {
        Connection connection =
                DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        connection.setAutoCommit(false);
        return connection;
    }

    /// Waits until migrations are applied, and lets none of them end while `holder` is open.
    private static void hold(Connection holder) throws SQLException {
        try (Statement statement = holder.createStatement()) {
            await().until(() -> isBegun(statement));
            statement.execute("LOCK TABLE flyway_schema_history IN EXCLUSIVE MODE");
        }
    }

    private static boolean isBegun(Statement statement) throws SQLException {
        try (ResultSet found =
                statement.executeQuery("SELECT to_regclass('flyway_schema_history') IS NOT NULL")) {
            found.next();
            return found.getBoolean(1);
        }
    }

    @Test
    void a_database_that_goes_away_meanwhile_may_come_again() throws Exception {
        DatabaseAddress address = TestDatabase.empty();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                CutConnection way = new CutConnection(address);
                Connection holder = connected(address)) {
            Future<Integer> start = threads.submit(() -> Migrations.apply(way.address()));
            hold(holder);
            way.cut();
            assertThatThrownBy(start::get)
                    .cause()
                    .isInstanceOf(DatabaseAway.class)
                    .hasMessageContaining("went away while it was brought up to date")
                    .hasMessageNotContainingAny("\n", "A migration", address.password());
        }
        assertThat(Migrations.apply(address)).isPositive();
    }

    @Test
    void what_takes_longer_than_its_user_may_is_not_tried_again() throws Exception {
        DatabaseAddress address = TestDatabase.empty();
        String database = '"' + address.database() + '"';
        execute(address, "ALTER DATABASE " + database + " SET statement_timeout = '1s'");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection holder = connected(address)) {
            Future<Integer> start = threads.submit(() -> Migrations.apply(address));
            hold(holder);
            assertThatThrownBy(start::get)
                    .cause()
                    .isInstanceOf(Config.Invalid.class)
                    .hasMessageContaining("statement timeout");
        }
    }

    @Test
    void a_database_that_another_instance_holds_may_be_tried_again() throws Exception {
        DatabaseAddress address = TestDatabase.empty();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection holder = connected(address)) {
            Future<Integer> other = threads.submit(() -> Migrations.apply(address));
            hold(holder);
            assertThatThrownBy(() -> Migrations.apply(address, Duration.ZERO, 1))
                    .isInstanceOf(DatabaseAway.class)
                    .hasMessageContaining("by another instance")
                    .hasMessageNotContainingAny("\n", "A migration");
            holder.rollback();
            assertThat(other.get()).isPositive();
        }
    }

    private static void execute(DatabaseAddress address, String sql) throws SQLException {
        try (Connection connection = connected(address);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            connection.commit();
        }
    }

    @Test
    void a_migration_that_fails_is_told_as_such() throws Exception {
        DatabaseAddress address = TestDatabase.migrated();
        execute(address, "DELETE FROM flyway_schema_history WHERE version = '001'");
        assertThatThrownBy(() -> Migrations.apply(address))
                .isInstanceOf(Config.Invalid.class)
                .hasMessageContaining("A migration of the database " + address + " failed")
                .hasMessageContaining("already exists")
                .hasMessageNotContaining("\n");
    }

    @Test
    void a_database_that_something_else_is_in_is_refused_before_any_migration() throws Exception {
        DatabaseAddress address = TestDatabase.empty();
        execute(address, "CREATE TABLE something_else ()");
        assertThatThrownBy(() -> Migrations.apply(address))
                .isInstanceOf(Config.Invalid.class)
                .hasMessageContaining("cannot be brought up to date")
                .hasMessageNotContainingAny("\n", "A migration");
    }
}
