package org.yifang.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.TestDatabase;
import org.yifang.platform.config.DatabaseAddress;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

/// A start that fails half-way says why in its last line and by its exit code.
final class FailedStartTest {
    @TempDir Path folder;

    @Test
    void what_fails_after_the_first_steps_is_told() throws Exception {
        DatabaseAddress at = TestDatabase.migrated();
        try (Connection connection =
                        DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                Statement sql = connection.createStatement()) {
            sql.execute("ALTER TABLE signing_key RENAME TO mislaid");
        }
        Map<String, String> settings =
                Map.of(
                        "YIFANG_DATABASE_URL",
                        at.jdbcUrl().replace("jdbc:", ""),
                        "YIFANG_DATABASE_USER",
                        at.user(),
                        "YIFANG_DATABASE_PASSWORD",
                        at.password());
        try (ServiceProcess service = ServiceProcess.launch(folder, settings)) {
            assertThat(service.exitCode(Duration.ofMinutes(2))).as(service.log()).isEqualTo(70);
            assertThat(service.log().lines().toList())
                    .doesNotContain("Yifang has stopped.")
                    .last()
                    .asString()
                    .contains("signing_key");
        }
    }
}
