package org.yifang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.DatabaseAway;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// What stops a start is found before anything else is done, and told in a line.
class StartChecksTest {
    @TempDir Path folder;

    private Config config(String... more) {
        Map<String, String> environment = new java.util.HashMap<>();
        environment.put("YIFANG_DATA", folder.resolve("data").toString());
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return Config.read(environment);
    }

    @Test
    void a_taken_port_is_found_before_the_database_is_started() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            String port = String.valueOf(taken.getLocalPort());
            assertThatThrownBy(() -> StartChecks.run(config("YIFANG_PORT", port)))
                    .isInstanceOf(Config.Invalid.class)
                    .hasMessage(
                            "The port "
                                    + port
                                    + " is taken: stop what listens there, or give another by"
                                    + " YIFANG_PORT.");
        }
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void a_host_that_is_not_here_is_named() {
        assertThatThrownBy(() -> StartChecks.run(config("YIFANG_HOST", "192.0.2.1")))
                .isInstanceOf(Config.Invalid.class)
                .hasMessageContaining("YIFANG_HOST is `192.0.2.1`");
    }

    /// After a power cut the database may come later than the service: 78 would end it for good.
    @Test
    void a_database_that_does_not_answer_is_tried_again_by_whatever_watches_the_process()
            throws IOException {
        StartFailure told =
                StartFailure.of(
                        new IllegalStateException(new DatabaseAway("it cannot be reached")));
        assertThat(told.exitCode()).isEqualTo(75);
        assertThat(told.text()).isEqualTo("it cannot be reached");
        assertThat(Files.readString(Path.of("deploy/systemd/yifang.service")))
                .contains("\nRestart=always\n", "\nRestartPreventExitStatus=78\n");
    }

    @Test
    void a_fault_of_ours_ends_with_the_reason_as_its_last_line() {
        StartFailure told = StartFailure.of(new IllegalStateException("the reason"));
        assertThat(told.text().lines().toList()).last().asString().endsWith("the reason");
        assertThat(told.exitCode()).isEqualTo(70);
    }
}
