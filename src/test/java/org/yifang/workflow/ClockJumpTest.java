package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.yifang.workflow.Story.string;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Somebody sets the clock of the machine: no claim ends by it, the log has the real time, calls go
/// on, and operators are told.
final class ClockJumpTest {
    private static TestService service;

    @BeforeAll
    static void start() {
        service = TestService.byDatabaseClock();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static JsonNode ready() {
        Reply reply =
                Client.send(
                        HttpRequest.newBuilder(URI.create(service.url() + "/health/ready")).GET());
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        return reply.body();
    }

    private static String clockPart() {
        for (JsonNode part : ready().path("parts")) {
            if (part.path("part").asText().equals("clock")) {
                return part.path("status").asText();
            }
        }
        return "";
    }

    @Test
    void a_machine_whose_clock_jumps_changes_nothing_and_is_told_of() {
        Story story = new Story(service);
        Story.Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        Client auditor = new Client(service, "auditor-1");
        for (Duration jump : new Duration[] {Duration.ofHours(5), Duration.ofDays(-900)}) {
            service.clock().forward(jump);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> clockPart().endsWith("the database's"));
            assertThat(story.claim(story.otherPharmacy, rx).status())
                    .as("the claim of the other has not ended")
                    .isEqualTo(409);
            Reply renewed =
                    story.pharmacy.call(rx.path() + "/$renew", string("claim-token", token));
            assertThat(renewed.status()).as(renewed.raw().body()).isEqualTo(200);
            JsonNode newest =
                    auditor.get("/fhir/AuditEvent?_count=1&_sort=-date").body().at("/entry/0");
            assertThat(Instant.parse(newest.at("/resource/recorded").asText()))
                    .isCloseTo(Instant.now(), within(2, ChronoUnit.MINUTES));
        }
        service.clock().forward(Duration.ofDays(900).minusHours(5));
        await().atMost(Duration.ofSeconds(20)).until(() -> clockPart().equals("ready"));
        assertThat(story.state(rx)).isEqualTo("in-progress/claimed");
        assertThat(story.prescribed().id()).isNotEmpty();
    }
}
