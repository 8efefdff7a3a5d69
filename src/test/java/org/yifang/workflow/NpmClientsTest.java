package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.TestService;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// FHIR's libraries for JavaScript against the running service; see `src/test/npm`.
@Tag("soak")
class NpmClientsTest {
    @TempDir Path folder;

    private record Done(int code, String said) {}

    private Done run(String... command) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            return new Done(-1, "too slow");
        }
        return new Done(process.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
    }

    private boolean isThere() throws IOException, InterruptedException {
        for (String file : List.of("package.json", "smoke.mjs")) {
            Files.copy(Path.of("src/test/npm").resolve(file), folder.resolve(file));
        }
        try {
            return run("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund").code() == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    @Test
    void libraries_for_javascript_work() throws Exception {
        boolean there = isThere();
        if (!there) {
            System.out.println("npm is missing or reaches no registry: its clients were not run");
        }
        assumeTrue(there);
        int port;
        // Links of pages are followed as they stand: the service has to know its own port.
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (TestService service = TestService.own(Map.of("YIFANG_PORT", String.valueOf(port)))) {
            Story story = new Story(service);
            for (int i = 0; i < 5; i++) {
                story.prescribed();
            }
            Done done =
                    run(
                            "node",
                            "smoke.mjs",
                            "http://localhost:" + port + "/fhir",
                            story.hospital.token());
            assertThat(done.said())
                    .contains("fhir-kit-client: works")
                    .contains("fhirclient: works")
                    .contains("@medplum/core: works");
            assertThat(done.code()).isZero();
        }
    }
}
