package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.yifang.workflow.Client.Reply;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.function.Consumer;

/// What tests of Subscriptions do again and again.
final class Subscribing {
    static final String TOPIC = "https://yifang.org/fhir/SubscriptionTopic/";
    static final String BACKPORT =
            "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/";

    /// A Subscription that was made.
    record Made(Client by, String id, String secret, Reply reply) {
        String path() {
            return "/fhir/Subscription/" + id;
        }

        String status() {
            return by.get(path()).body().path("status").asText();
        }

        void until(String status) {
            await().atMost(Duration.ofSeconds(30)).until(() -> status().equals(status));
        }
    }

    static ObjectNode wish(String topic, String endpoint) {
        ObjectNode wish = Client.JSON.createObjectNode();
        wish.put("resourceType", "Subscription").put("status", "requested");
        wish.put("reason", "to know").put("criteria", TOPIC + topic);
        wish.putObject("channel")
                .put("type", "rest-hook")
                .put("endpoint", endpoint)
                .put("payload", "application/fhir+json");
        return wish;
    }

    static void filter(ObjectNode wish, String criteria) {
        wish.withObject("/_criteria")
                .withArray("extension")
                .addObject()
                .put("url", BACKPORT + "backport-filter-criteria")
                .put("valueString", criteria);
    }

    static void content(ObjectNode wish, String content) {
        wish.withObject("/channel")
                .withObject("/_payload")
                .withArray("extension")
                .addObject()
                .put("url", BACKPORT + "backport-payload-content")
                .put("valueCode", content);
    }

    static void number(ObjectNode wish, String name, String kind, int value) {
        wish.withObject("/channel")
                .withArray("extension")
                .addObject()
                .put("url", BACKPORT + "backport-" + name)
                .put(kind, value);
    }

    static Reply create(Client by, ObjectNode wish) {
        return by.post("/fhir/Subscription", wish.toString());
    }

    static Made made(Client by, String topic, String endpoint, Consumer<ObjectNode> more) {
        ObjectNode wish = wish(topic, endpoint);
        more.accept(wish);
        Reply reply = create(by, wish);
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(201);
        return new Made(
                by,
                reply.body().path("id").asText(),
                reply.body().at("/extension/0/valueString").asText(),
                reply);
    }

    static Made active(Client by, String topic, String endpoint, Consumer<ObjectNode> more) {
        Made made = made(by, topic, endpoint, more);
        made.until("active");
        return made;
    }

    static Reply put(Client by, String path, String body, String version) {
        return Client.send(
                by.request(path)
                        .header("Content-Type", "application/fhir+json")
                        .header("If-Match", "W/\"" + version + "\"")
                        .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    static Reply delete(Client by, String path) {
        return Client.send(by.request(path).DELETE());
    }

    /// Whether a notification names this prescription.
    static boolean tells(Receiver.Notified one, Story.Rx rx) {
        return one.events().stream().anyMatch(event -> event.focus().endsWith(rx.id()));
    }

    private Subscribing() {}
}
