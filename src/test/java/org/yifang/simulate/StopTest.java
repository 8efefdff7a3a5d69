package org.yifang.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// SIGTERM ends the service within thirty seconds, whatever it is about.
@Tag("soak")
class StopTest {
    private static final Duration MOST = Duration.ofSeconds(30);

    @TempDir Path folder;

    private static long postmaster(Path data) throws IOException {
        return Long.parseLong(
                Files.readAllLines(data.resolve("postgresql/postmaster.pid")).getFirst().strip());
    }

    /// The postmaster and all its children.
    private static void signal(String signal, long postmaster) throws Exception {
        ProcessHandle first = ProcessHandle.of(postmaster).orElseThrow();
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        command.add(String.valueOf(postmaster));
        first.descendants().forEach(one -> command.add(String.valueOf(one.pid())));
        new ProcessBuilder(command).start().waitFor();
    }

    private static Socket hanging(String url, String head) throws IOException {
        URI uri = URI.create(url);
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    private static void assertEnds(ServiceProcess service, String state) throws Exception {
        Instant began = Instant.now();
        assertThat(service.endsWithin(MOST)).as("ends while " + state).isTrue();
        System.out.printf("ended %s while %s%n", Duration.between(began, Instant.now()), state);
    }

    @Test
    void in_every_state() throws Exception {
        try (ServiceProcess service = ServiceProcess.start(folder)) {
            Path data = folder.resolve("data");
            List<Socket> open = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                // Half a head, half a body, one who watches, one who reads nothing.
                open.add(hanging(service.url(), "GET / HTTP/1.1\r\nHost:"));
                open.add(
                        hanging(
                                service.url(),
                                "POST /auth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na"));
                open.add(
                        hanging(
                                service.url(),
                                "GET /queue/live?organization=H42128100001 HTTP/1.1\r\nHost:"
                                        + " x\r\n\r\n"));
                open.add(
                        hanging(
                                service.url(),
                                "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(50)));
            }
            assertEnds(service, "callers hang");
            for (Socket socket : open) {
                socket.close();
            }
            service.startAgain();
            long postmaster = postmaster(data);
            signal("STOP", postmaster);
            for (int i = 0; i < 20; i++) {
                hanging(
                        service.url(),
                        "GET /fhir/Task HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n\r\n");
            }
            try {
                assertEnds(service, "the database hangs");
            } finally {
                ProcessHandle.of(postmaster)
                        .ifPresent(one -> {
                            one.descendants().forEach(ProcessHandle::destroyForcibly);
                            one.destroyForcibly();
                        });
            }
            for (int millis : new int[] {100, 1_500, 4_000}) {
                service.launchAgain();
                Thread.sleep(millis);
                assertEnds(service, "it has been starting for " + millis + " ms");
            }
            service.startAgain();
            assertEnds(service, "nothing happens");
        }
    }
}
