package org.yifang.platform.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.platform.config.DatabaseAddress;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/// A disk that is full ends the embedded PostgreSQL by a PANIC; when there is room again it comes
/// back by itself with everything that was committed.
class FullDiskTest {
    private static final int MEGABYTES = 260;

    @TempDir static Path folder;

    private boolean mounted;

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", folder.toString())).isTrue();
        }
    }

    private static Connection connect(DatabaseAddress address) throws SQLException {
        return DriverManager.getConnection(
                address.jdbcUrl() + "&connectTimeout=5", address.user(), address.password());
    }

    /// Takes all room that is left.
    private static Path fill() throws IOException {
        Path filler = folder.resolve("filler");
        byte[] some = new byte[64 * 1024];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(some);
            }
        } catch (IOException full) {
            return filler;
        }
    }

    /// Writes ahead until there is no room for it any more.
    private static void writeUntilItEnds(DatabaseAddress address) throws SQLException {
        try (Connection connection = connect(address);
                var statement =
                        connection.prepareStatement(
                                "insert into kept select 2, repeat(md5(random()::text), 3000)"
                                        + " from generate_series(1, 100)")) {
            for (int i = 0; i < 1_000; i++) {
                try {
                    statement.executeUpdate();
                } catch (SQLException refused) {
                    if (refused.getSQLState().startsWith("08")
                            || refused.getSQLState().startsWith("57")) {
                        throw refused;
                    }
                    // Tables find no room first; the log of writes needs some, too.
                    connection
                            .createStatement()
                            .execute(
                                    "select pg_logical_emit_message("
                                            + "false, 'x', repeat('x', 900000))");
                }
            }
        }
    }

    @Test
    void a_full_disk_that_is_freed_brings_it_back_with_all_that_was_committed() throws Exception {
        mounted =
                run("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES + "m", "yifang", "" + folder);
        assumeTrue(mounted, "only who may mount a small file system can fill one");
        try (EmbeddedDatabase database = EmbeddedDatabase.start(folder.resolve("data"))) {
            DatabaseAddress address = database.address();
            try (Connection connection = connect(address)) {
                connection.createStatement().execute("create table kept (number int, filler text)");
                connection.createStatement().execute("insert into kept values (1, '')");
            }
            Path filler = fill();
            // Its log cannot tell of the PANIC, for it lies on the same disk; who writes is cut
            // off.
            assertThatThrownBy(() -> writeUntilItEnds(address)).isInstanceOf(SQLException.class);
            Files.delete(filler);
            await().atMost(Duration.ofSeconds(90))
                    .ignoreExceptions()
                    .untilAsserted(() -> {
                        try (Connection connection = connect(address);
                                ResultSet rows =
                                        connection
                                                .createStatement()
                                                .executeQuery(
                                                        "select count(*) from kept"
                                                                + " where number = 1")) {
                            rows.next();
                            assertThat(rows.getInt(1)).isEqualTo(1);
                        }
                        connect(address)
                                .createStatement()
                                .execute("insert into kept values (3, '')");
                    });
        }
    }
}
