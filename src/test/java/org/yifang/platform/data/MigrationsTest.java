package org.yifang.platform.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.platform.config.Config;
import org.yifang.platform.config.DatabaseAddress;

import java.io.IOException;
import java.net.ServerSocket;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

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
}
