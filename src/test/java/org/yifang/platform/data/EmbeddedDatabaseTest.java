package org.yifang.platform.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.platform.config.Config;
import org.yifang.platform.config.DatabaseAddress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// The PostgreSQL that comes along: whom it lets in, and that it comes back.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EmbeddedDatabaseTest {
    @TempDir static Path folder;

    private static EmbeddedDatabase database;

    @BeforeAll
    static void start() {
        database = EmbeddedDatabase.start(folder);
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    private static void connect(DatabaseAddress address, String password) throws SQLException {
        DriverManager.getConnection(address.jdbcUrl(), address.user(), password).close();
    }

    private static long postmaster() throws IOException {
        return Long.parseLong(
                Files.readAllLines(folder.resolve("postgresql/postmaster.pid")).getFirst().strip());
    }

    @Test
    @Order(1)
    void lets_nobody_in_without_the_password_in_its_folder() throws Exception {
        DatabaseAddress address = database.address();
        connect(address, address.password());
        assertThatThrownBy(() -> connect(address, "")).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> connect(address, "postgres")).isInstanceOf(SQLException.class);
        assertThat(Files.getPosixFilePermissions(folder.resolve("postgresql-password")))
                .containsExactlyInAnyOrder(
                        PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    @Test
    @Order(2)
    void others_may_not_write_to_its_programs() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("binaries"))) {
            assertThat(all.filter(one -> !Files.isSymbolicLink(one)))
                    .allSatisfy(one ->
                            assertThat(Files.getPosixFilePermissions(one))
                                    .doesNotContain(
                                            PosixFilePermission.OTHERS_WRITE,
                                            PosixFilePermission.GROUP_WRITE));
        }
    }

    @Test
    @Order(3)
    void is_started_again_at_the_same_address_when_it_is_killed() throws IOException {
        DatabaseAddress before = database.address();
        long killed = postmaster();
        ProcessHandle.of(killed).orElseThrow().destroyForcibly();
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    assertThat(postmaster()).isNotEqualTo(killed);
                    connect(before, before.password());
                });
        assertThat(database.address()).isEqualTo(before);
    }

    @Test
    @Order(4)
    void a_folder_of_a_version_that_let_everybody_in_gets_a_password() throws Exception {
        String before = database.address().password();
        database.close();
        Files.delete(folder.resolve("postgresql-password"));
        database = EmbeddedDatabase.start(folder);
        DatabaseAddress now = database.address();
        connect(now, now.password());
        assertThat(now.password()).isNotEqualTo(before);
        assertThatThrownBy(() -> connect(now, before)).isInstanceOf(SQLException.class);
    }

    @Test
    @Order(5)
    void a_folder_that_is_none_is_told_in_one_line() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> EmbeddedDatabase.start(file))
                .isInstanceOf(Config.Invalid.class)
                .hasMessageContaining("YIFANG_DATA")
                .hasMessageNotContaining("\n");
    }

    /// The pseudo terminals' folder: it lets nobody make a file in it, not even root, whom the
    /// rights of a folder do not bind.
    @Test
    @Order(6)
    void a_folder_that_nobody_may_write_to_is_told_in_one_line() {
        Path terminals = Path.of("/dev/pts");
        assumeTrue(Files.isDirectory(terminals), "no Linux");
        for (ThrowingCallable start :
                List.<ThrowingCallable>of(
                        () -> EmbeddedDatabase.requireWritable(terminals),
                        () -> EmbeddedDatabase.start(terminals))) {
            assertThatThrownBy(start)
                    .isInstanceOf(Config.Invalid.class)
                    .hasMessage(
                            "YIFANG_DATA is `/dev/pts`; it must be a folder that this service can"
                                    + " write to (this user may not write there).");
        }
    }
}
