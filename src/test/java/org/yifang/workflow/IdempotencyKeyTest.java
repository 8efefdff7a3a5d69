package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/// The same call again changes nothing, also where a later call has changed things since.
class IdempotencyKeyTest {
    private final Story story = new Story(TestService.shared());

    private static Reply post(Client client, String path, String key, String parameter) {
        String body = "{\"resourceType\":\"Parameters\",\"parameter\":[" + parameter + "]}";
        return Client.send(
                client.request(path)
                        .header("Content-Type", "application/fhir+json")
                        .header("Idempotency-Key", key)
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static String reason(String code) {
        return "{\"name\":\"reason\",\"valueCodeableConcept\":{\"coding\":[{\"code\":\""
                + code
                + "\"}]}}";
    }

    @Test
    void a_suspension_sent_again_does_not_undo_the_resumption() {
        Rx rx = story.prescribed();
        String key = UUID.randomUUID().toString();
        String suspend = rx.path() + "/$suspend";
        assertThat(post(story.hospital, suspend, key, reason("query")).status()).isEqualTo(200);
        story.hospital.call(rx.path() + "/$resume");
        Reply again = post(story.hospital, suspend, key, reason("query"));
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body().path("id").asText()).isEqualTo(rx.id());
        assertThat(story.state(rx)).isEqualTo("ready/awaiting-claim");
        assertThat(post(story.hospital, suspend, "another", reason("query")).status())
                .isEqualTo(200);
        assertThat(story.state(rx)).isEqualTo("on-hold/suspended");
    }

    @Test
    void the_same_key_with_other_content_is_a_conflict() {
        Rx rx = story.prescribed();
        String suspend = rx.path() + "/$suspend";
        assertThat(post(story.hospital, suspend, "k1", reason("query")).status()).isEqualTo(200);
        Reply other = post(story.hospital, suspend, "k1", reason("other"));
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.code()).isEqualTo("RX-1409");
        Rx another = story.prescribed();
        assertThat(
                        post(story.hospital, another.path() + "/$suspend", "k1", reason("other"))
                                .status())
                .isEqualTo(200);
    }

    @Test
    void what_was_refused_may_be_tried_again_under_its_key() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        String renew = rx.path() + "/$renew";
        String wrong = "{\"name\":\"claim-token\",\"valueString\":\"wrong\"}";
        assertThat(post(story.pharmacy, renew, "r1", wrong).code()).isEqualTo("RX-2003");
        String right = "{\"name\":\"claim-token\",\"valueString\":\"" + token + "\"}";
        assertThat(post(story.pharmacy, renew, "r1", right).status()).isEqualTo(200);
        String release = rx.path() + "/$release";
        assertThat(post(story.pharmacy, release, "r2", right + "," + reason("other")).status())
                .isEqualTo(200);
        assertThat(post(story.pharmacy, renew, "r1", right).status()).isEqualTo(200);
        assertThat(story.state(rx)).isEqualTo("ready/awaiting-claim");
    }

    @Test
    void fifty_at_once_under_one_key_are_one() throws Exception {
        Rx rx = story.prescribed();
        List<Callable<Reply>> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            calls.add(() -> post(story.hospital, rx.path() + "/$suspend", "f", reason("query")));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : threads.invokeAll(calls)) {
                assertThat(answer.get().status()).isEqualTo(200);
            }
        }
        assertThat(story.hospital.get(rx.path() + "/_history").body().path("total").asInt())
                .isEqualTo(2);
    }

    @Test
    void a_key_that_is_too_long_is_told() {
        Rx rx = story.prescribed();
        Reply reply =
                post(story.hospital, rx.path() + "/$suspend", "x".repeat(256), reason("query"));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.raw().body()).contains("Idempotency-Key");
    }

    @Test
    void a_prescription_sent_again_after_its_validity_gets_its_first_answer() {
        try (TestService service = TestService.own(Map.of())) {
            Story own = new Story(service);
            var document = own.document();
            Rx rx = own.prescribed(document);
            service.clock().forward(Duration.ofDays(9));
            Reply again = own.submit(document);
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.body().path("id").asText()).isEqualTo(rx.id());
            document.put("id", "other");
            document.putObject("meta").put("source", "https://example.org");
            Story.lines(document).getFirst().put("status", "draft");
            assertThat(own.submit(document).status()).isEqualTo(422);
        }
    }
}
