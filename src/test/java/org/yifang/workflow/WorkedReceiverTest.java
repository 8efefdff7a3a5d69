package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.TestService;
import org.yifang.workflow.Subscribing.Made;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// The receiver that docs/integrators.md prints, run as it says, in a process of its own.
class WorkedReceiverTest {
    private static final String BEGIN = "```java\nimport com.sun.net.httpserver";

    @Test
    void the_printed_receiver_takes_what_is_ours_and_nothing_else(@TempDir Path folder)
            throws Exception {
        String page = Files.readString(Path.of("docs/integrators.md"));
        int from = page.indexOf(BEGIN) + "```java\n".length();
        Path source = folder.resolve("Receiver.java");
        Files.writeString(source, page.substring(from, page.indexOf("```", from)));
        Path secret = folder.resolve("secret.txt");
        int port = port();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process his =
                new ProcessBuilder(java, source.toString(), String.valueOf(port), secret.toString())
                        .redirectErrorStream(true)
                        .start();
        List<String> said = new CopyOnWriteArrayList<>();
        Thread.ofVirtual().start(() -> listen(his, said));
        try (TestService service =
                TestService.own(Map.of("YIFANG_OUTBOUND_ALLOWED", "127.0.0.0/8"))) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> said.contains("listening on " + port));
            Story story = new Story(service);
            String address = "http://127.0.0.1:" + port + "/";
            Made made =
                    Subscribing.made(story.hospital, "prescription-status", address, wish -> {});
            Files.writeString(secret, made.secret() + "\n");
            made.until("active");
            assertThat(said).contains("handshake");
            Story.Rx rx = story.prescribed();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> said.contains("event-notification Task/" + rx.id()));
            for (String forged :
                    List.of("t=1,v1=" + "0".repeat(64), "t=1", "v1=" + "0".repeat(64), "nothing")) {
                assertThat(
                                Client.send(
                                                HttpRequest.newBuilder(URI.create(address))
                                                        .header("X-Yifang-Signature", forged)
                                                        .POST(
                                                                HttpRequest.BodyPublishers.ofString(
                                                                        "{}")))
                                        .status())
                        .isEqualTo(401);
            }
        } finally {
            his.destroy();
        }
    }

    private static void listen(Process process, List<String> said) {
        try (BufferedReader lines = process.inputReader()) {
            lines.lines().forEach(said::add);
        } catch (IOException ended) {
            said.add("ended");
        }
    }

    private static int port() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }
}
