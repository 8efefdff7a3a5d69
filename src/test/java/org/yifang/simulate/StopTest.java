package org.yifang.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.Alone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// SIGTERM ends the service within thirty seconds, whatever it is about.
@Timeout(1_200)
@Alone
class StopTest {
    private static final Duration MOST = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int HANGING = 20;

    /// What it says when it begins to.
    private static final String STARTS_DATABASE = "starting the embedded PostgreSQL";

    private static final String MIGRATES = "bringing the database up to date";
    private static final String WARMS_UP = "reading the profiles";

    /// Each takes seconds of all processors.
    private static final List<String> EVALUATIONS =
            List.of(
                    "/fhir/Measure/queue-time-reduction/$evaluate-measure?baselineStart=2025-01-0%d"
                            + "&baselineEnd=2025-12-31&periodStart=2026-01-01&periodEnd=2026-10-31",
                    "/fhir/Measure/drug-price-change/$evaluate-measure?baselineStart=2025-01-0%d"
                            + "&baselineEnd=2025-12-31&periodStart=2026-01-01"
                            + "&periodEnd=2026-10-31");

    @TempDir Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void letGo() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

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

    /// Sends something, and then neither sends nor reads any more.
    private void hang(ServiceProcess service, String text) throws IOException {
        URI uri = URI.create(service.url());
        Socket socket = new Socket();
        open.add(socket);
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
        socket.getOutputStream().write(text.getBytes(US_ASCII));
        socket.getOutputStream().flush();
    }

    private static void assertEnds(ServiceProcess service, String state) throws Exception {
        assertThat(service.isAlive()).as("lives while " + state).isTrue();
        Instant began = Instant.now();
        assertThat(service.endsWithin(MOST)).as("ends while " + state).isTrue();
        System.out.printf("ended in %s while %s%n", Duration.between(began, Instant.now()), state);
    }

    /// Waits until it has said something since a moment.
    private static void awaitSaid(ServiceProcess service, int since, String what) throws Exception {
        Instant until = Instant.now().plus(PATIENCE);
        while (!service.log().substring(since).contains(what)) {
            assertThat(Instant.now()).as(service.log()).isBefore(until);
            Thread.sleep(50);
        }
    }

    private void endsWhileItStarts(ServiceProcess service, String said) throws Exception {
        int since = service.log().length();
        service.launchAgain(Map.of());
        awaitSaid(service, since, said);
        assertEnds(service, "it is " + said);
    }

    /// Half a head, half a body, one who watches, one who reads nothing.
    private void callersHang(ServiceProcess service) throws IOException {
        for (int i = 0; i < HANGING; i++) {
            hang(service, "GET / HTTP/1.1\r\nHost:");
            hang(service, "POST /auth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na");
            hang(service, "GET /queue/live?organization=H42128100001 HTTP/1.1\r\nHost: x\r\n\r\n");
            hang(service, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(50));
        }
    }

    @Test
    void while_callers_hang_and_while_it_starts() throws Exception {
        try (ServiceProcess service = ServiceProcess.start(folder)) {
            callersHang(service);
            assertEnds(service, "callers hang");
            endsWhileItStarts(service, STARTS_DATABASE);
        }
    }

    @Test
    @Tag("soak")
    void while_it_starts() throws Exception {
        try (ServiceProcess service = ServiceProcess.launch(folder)) {
            // The very first start, with all the migrations before it.
            awaitSaid(service, 0, MIGRATES);
            Thread.sleep(200);
            assertEnds(service, "it migrates an empty database");
            endsWhileItStarts(service, STARTS_DATABASE);
            endsWhileItStarts(service, MIGRATES);
            endsWhileItStarts(service, WARMS_UP);
            for (int millis : new int[] {0, 100, 1_500, 4_000}) {
                service.launchAgain(Map.of());
                Thread.sleep(millis);
                assertEnds(service, "it has been starting for " + millis + " ms");
            }
            try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
                int since = service.log().length();
                service.launchAgain(
                        Map.of(
                                "YIFANG_DATABASE_URL",
                                "postgresql://127.0.0.1:" + deaf.getLocalPort() + "/yifang",
                                "YIFANG_DATABASE_USER",
                                "yifang",
                                "YIFANG_DATABASE_PASSWORD",
                                "yifang"));
                awaitSaid(service, since, "connecting to the database");
                Thread.sleep(3_000);
                assertEnds(service, "its database takes connections and says nothing");
            }
            service.startAgain();
            assertEnds(service, "nothing happens");
        }
    }

    @Test
    @Tag("soak")
    void while_the_database_is_gone_or_hangs() throws Exception {
        try (ServiceProcess service = ServiceProcess.start(folder)) {
            long postmaster = postmaster(folder.resolve("data"));
            signal("STOP", postmaster);
            for (int i = 0; i < HANGING; i++) {
                hang(
                        service,
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
            service.startAgain();
            service.killDatabase();
            assertEnds(service, "the database was killed this moment");
            service.startAgain();
            service.killDatabase();
            Thread.sleep(1_000);
            assertEnds(service, "the database is started anew");
        }
    }

    @Test
    @Tag("soak")
    void while_it_works() throws Exception {
        try (ServiceProcess service = ServiceProcess.start(folder)) {
            try (Outside outside = new Outside(service.url())) {
                for (int i = 1; i <= 5; i++) {
                    for (String evaluation : EVALUATIONS) {
                        outside.start("bureau-1", evaluation.formatted(i));
                    }
                }
                Thread.sleep(1_000);
                assertThat(outside.answered()).as("long evaluations run").isLessThan(10);
                assertEnds(service, "ten long evaluations run");
            }
            service.startAgain();
            try (Outside outside = new Outside(service.url())) {
                String file = outside.exported("auditor-1", "AuditEvent");
                for (int i = 0; i < HANGING; i++) {
                    hang(service, outside.get("auditor-1", file).repeat(50));
                }
                Thread.sleep(1_000);
                assertEnds(service, "exports go to who does not read");
            }
            service.startAgain();
            try (Outside outside = new Outside(service.url());
                    ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
                JsonNode made =
                        outside.post(
                                "hospital-1",
                                "/fhir/Subscription",
                                subscription("http://127.0.0.1:" + deaf.getLocalPort() + "/"));
                assertThat(made.path("status").asText()).isEqualTo("requested");
                deaf.setSoTimeout((int) PATIENCE.toMillis());
                open.add(deaf.accept());
                assertEnds(service, "a webhook hangs");
            }
            service.startAgain();
            try (Outside outside = new Outside(service.url())) {
                for (int i = 0; i < 2; i++) {
                    hang(service, outside.halfImport("hospital-1", "/fhir/$import-history"));
                    hang(service, outside.halfImport("pharmacy-1", "/fhir/$import-offers"));
                }
                Thread.sleep(500);
                assertEnds(service, "files are imported");
            }
        }
    }

    private static String subscription(String address) {
        return """
        {"resourceType":"Subscription","status":"requested","reason":"to know",
         "criteria":"https://yifang.org/fhir/SubscriptionTopic/prescription-status",
         "channel":{"type":"rest-hook","endpoint":"%s","payload":"application/fhir+json"}}
        """
                .formatted(address);
    }
}
