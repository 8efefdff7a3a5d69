package org.yifang.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.Alone;
import org.yifang.workflow.Receiver;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/// The real service is killed while it tells: every event comes, and those of a prescription in
/// their order.
@Alone
final class NotifyKillTest {
    private static final int ROUNDS = Integer.getInteger("yifang.test.rounds", 30);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final RandomGenerator random = new SplittableRandom(11);

    @Test
    void a_kill_loses_no_event() throws Exception {
        killed(1);
    }

    @Test
    @Tag("soak")
    void thirty_kills_under_load_lose_no_event() throws Exception {
        killed(ROUNDS);
    }

    private void killed(int rounds) throws Exception {
        try (ServiceProcess service = ServiceProcess.start(folder);
                Receiver his = new Receiver()) {
            JsonNode made = send(service, "POST", "/fhir/Subscription", wish(his.url()));
            for (int round = 0; round < rounds; round++) {
                day(service, his, "7" + round);
            }
            String path = "/fhir/Subscription/" + made.path("id").asText() + "/$status";
            long last = last(send(service, "GET", path, ""));
            assertThat(last).isGreaterThan(40);
            await().atMost(Duration.ofMinutes(2))
                    .until(() ->
                            his.events().stream().map(Receiver.Event::number).distinct().count()
                                    >= last);
            assertThat(his.events().stream().map(Receiver.Event::number).distinct().sorted())
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, last).boxed().toList());
            // Its own prescriptions: it is told which one.
            assertThat(his.events()).noneMatch(one -> one.focus().isEmpty());
            inOrder(his);
        }
    }

    /// The first time that each came, the events of one prescription came in their order.
    private static void inOrder(Receiver his) {
        Map<String, Long> reached = new HashMap<>();
        Map<Long, Boolean> seen = new HashMap<>();
        for (Receiver.Event one : his.events()) {
            if (seen.put(one.number(), true) == null) {
                Long before = reached.put(one.focus(), one.number());
                assertThat(before == null || before < one.number()).as(one.focus()).isTrue();
            }
        }
    }

    private void day(ServiceProcess service, Receiver his, String seed) throws Exception {
        int before = his.events().size();
        CompletableFuture<Commands> day =
                CompletableFuture.supplyAsync(() ->
                        Commands.simulate(
                                "--url",
                                service.url(),
                                "--seed",
                                seed,
                                "--prescriptions",
                                "60",
                                "--speed",
                                "max",
                                "--clients",
                                "8",
                                "--patience",
                                "240",
                                "--journal",
                                folder.resolve("journal-" + seed).toString()));
        int after = before + random.nextInt(10, 40);
        await().atMost(Duration.ofMinutes(2)).until(() -> his.events().size() > after);
        service.kill();
        service.startAgain();
        day.join();
    }

    private static long last(JsonNode status) {
        for (JsonNode one : status.at("/entry/0/resource/parameter")) {
            if (one.path("name").asText().equals("events-since-subscription-start")) {
                return one.path("valueString").asLong();
            }
        }
        return 0;
    }

    private JsonNode send(ServiceProcess service, String method, String path, String body)
            throws Exception {
        String basic = Base64.getEncoder().encodeToString("hospital-1:hospital-1".getBytes(UTF_8));
        JsonNode token =
                sent(
                        HttpRequest.newBuilder(URI.create(service.url() + "/auth/token"))
                                .header("Authorization", "Basic " + basic)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "grant_type=client_credentials")));
        return sent(
                HttpRequest.newBuilder(URI.create(service.url() + path))
                        .header("Authorization", "Bearer " + token.path("access_token").asText())
                        .header("Content-Type", "application/fhir+json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private JsonNode sent(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> reply =
                http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(reply.statusCode()).as(reply.body()).isIn(200, 201);
        return JSON.readTree(reply.body());
    }

    private static String wish(String address) {
        return "{\"resourceType\":\"Subscription\",\"status\":\"requested\",\"reason\":\"to know\","
                + "\"criteria\":\"https://yifang.org/fhir/SubscriptionTopic/"
                + "prescription-status\","
                + "\"channel\":{\"type\":\"rest-hook\",\"endpoint\":\""
                + address
                + "\","
                + "\"payload\":\"application/fhir+json\"}}";
    }
}
