package org.yifang.platform.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.platform.config.Config;
import org.yifang.platform.config.DatabaseAddress;

import java.io.IOException;
import java.net.ServerSocket;
import java.sql.DriverManager;
import java.sql.SQLException;

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
        assertThatThrownBy(() -> Migrations.apply(nobody, 0))
                .isInstanceOf(Config.Invalid.class)
                .hasMessageContaining("cannot be reached")
                .hasMessageContaining("127.0.0.1:" + free)
                .hasMessageNotContainingAny("\n", "a-secret-word");
    }
}
