package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.yifang.CutConnection;
import org.yifang.TestDatabase;
import org.yifang.TestService;
import org.yifang.platform.config.DatabaseAddress;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reports of bureau and auditors are read on a replica where there is one, nothing else is, and
/// while it is away they are read on the primary. A second way to the same server stands in for
/// replication here: it is read only, so that whatever were written by it would fail. The drill of
/// `deploy/ha` has a real standby.
final class ReplicaTest {
    @Test
    void those_who_watch_are_answered_by_the_replica_and_by_the_primary_while_it_is_away()
            throws Exception {
        DatabaseAddress address = TestDatabase.migrated();
        try (CutConnection way = new CutConnection(address);
                TestService service =
                        TestService.on(address, Map.of("YIFANG_REPLICA_URL", way.url()))) {
            Story story = new Story(service);
            Client auditor = new Client(service, "auditor-1");
            Client bureau = new Client(service, "bureau-1");
            long before = read(service, "replica");
            story.claimed(story.pharmacy, story.prescribed());
            assertThat(story.hospital.get("/fhir/Task").status()).isEqualTo(200);
            assertThat(read(service, "replica")).as("no decision, no work").isEqualTo(before);

            assertThat(auditor.get("/fhir/AuditEvent?_count=3").body().path("entry").size())
                    .isEqualTo(3);
            assertThat(bureau.get("/fhir/Organization?_count=3").status()).isEqualTo(200);
            assertThat(read(service, "replica")).isEqualTo(before + 2);
            assertThat(read(service, "primary")).isZero();

            way.cut();
            // Whether it was noticed yet or not.
            assertThat(auditor.get("/fhir/AuditEvent?_count=3").status()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(text(service, "/health/ready")).contains("the replica"));
            assertThat(auditor.get("/fhir/AuditEvent?_count=3").status()).isEqualTo(200);
            assertThat(read(service, "primary")).isPositive();
            assertThat(
                            Client.send(
                                            HttpRequest.newBuilder(
                                                    URI.create(service.url() + "/health/ready")))
                                    .status())
                    .as("nobody needs it")
                    .isEqualTo(200);

            way.join();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(text(service, "/health/ready"))
                                    .doesNotContain("the replica"));
            long back = read(service, "replica");
            assertThat(auditor.get("/fhir/AuditEvent?_count=3").status()).isEqualTo(200);
            assertThat(read(service, "replica")).isEqualTo(back + 1);
        }
    }

    @Test
    void a_replica_that_never_answers_keeps_nobody_waiting() throws Exception {
        DatabaseAddress address = TestDatabase.migrated();
        try (TestService service =
                TestService.on(
                        address, Map.of("YIFANG_REPLICA_URL", "postgresql://127.0.0.1:1/none"))) {
            Client auditor = new Client(service, "auditor-1");
            assertThat(auditor.get("/fhir/AuditEvent?_count=1").status()).isEqualTo(200);
            assertThat(read(service, "replica")).isZero();
            assertThat(text(service, "/health/ready")).contains("the replica does not answer");
        }
    }

    private static long read(TestService service, String from) {
        Matcher found =
                Pattern.compile("yifang_replica_reports_total\\{from=\"" + from + "\"} ([0-9.]+)")
                        .matcher(text(service, "/metrics"));
        assertThat(found.find()).isTrue();
        return (long) Double.parseDouble(found.group(1));
    }

    private static String text(TestService service, String path) {
        return Client.send(HttpRequest.newBuilder(URI.create(service.url() + path))).raw().body();
    }
}
