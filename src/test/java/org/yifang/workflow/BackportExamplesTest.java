package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.workflow.Subscribing.BACKPORT;
import static org.yifang.workflow.Subscribing.TOPIC;
import static org.yifang.workflow.Subscribing.content;
import static org.yifang.workflow.Subscribing.filter;
import static org.yifang.workflow.Subscribing.number;
import static org.yifang.workflow.Subscribing.wish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The examples of HL7's Subscriptions R5 Backport 1.1, as a client that was written for another
/// server would send them, and what that package's profiles for R4 demand of a notification.
class BackportExamplesTest {
    private static TestService service;
    private static Story story;

    @BeforeAll
    static void start() {
        service = TestService.own(Map.of("YIFANG_OUTBOUND_ALLOWED", "127.0.0.0/8"));
        story = new Story(service);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /// `subscription-admission`: all that a Subscription may say, with a topic, a filter and an
    /// end.
    private static ObjectNode admission(String topic, String endpoint, String filter, String end) {
        ObjectNode example = wish(topic, endpoint);
        example.put("id", "subscription-admission").put("status", "active").put("end", end);
        example.put("reason", "R4/B Example Topic-Based Subscription for Patient Admission");
        example.withObject("/meta").putArray("profile").add(BACKPORT + "backport-subscription");
        filter(example, filter);
        number(example, "heartbeat-period", "valueUnsignedInt", 86400);
        number(example, "timeout", "valueUnsignedInt", 60);
        number(example, "max-count", "valuePositiveInt", 20);
        content(example, "id-only");
        return example;
    }

    private static String patient(Story.Rx rx) {
        JsonNode task = story.hospital.get("/fhir/Task/" + rx.id()).body();
        return task.at("/for/reference").asText().replaceFirst(".*/Patient/", "Patient/");
    }

    private static String soon() {
        return Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    @Test
    void the_example_is_refused_for_its_topic_alone_and_told_which_there_are() throws Exception {
        try (Receiver his = new Receiver()) {
            String known = "Task?patient=" + patient(story.prescribed());
            ObjectNode example = admission("x", his.url(), known, soon());
            example.put("criteria", "http://example.org/R5/SubscriptionTopic/admission");
            Reply refused = Subscribing.create(story.hospital, example);
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.body().path("issue")).hasSize(1);
            assertThat(refused.raw().body()).contains(TOPIC + "prescription-status");
        }
    }

    @Test
    void with_a_topic_of_ours_the_example_is_told_as_the_package_shows() throws Exception {
        try (Receiver his = new Receiver()) {
            Story.Rx first = story.prescribed();
            String known = "Task?patient=" + patient(first);
            ObjectNode example = admission("prescription-status", his.url(), known, soon());
            Reply made = Subscribing.create(story.hospital, example);
            assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
            assertThat(made.body().path("status").asText()).isEqualTo("requested");
            shaped(his.untilType("handshake").bundle(), "handshake", "requested");
            story.claimed(story.pharmacy, first);
            his.untilEvents(1);
            Receiver.Notified told =
                    his.all().stream().filter(one -> !one.events().isEmpty()).findFirst().get();
            shaped(told.bundle(), "event-notification", "active");
            String path = "/fhir/Subscription/" + made.body().path("id").asText();
            JsonNode status = story.hospital.get(path + "/$status").body();
            shapedStatus(status.at("/entry/0/resource"), "query-status", "active");
            JsonNode events = story.hospital.get(path + "/$events?eventsSinceNumber=1").body();
            shaped(events, "query-event", "active");
        }
    }

    @Test
    void an_end_that_is_over_and_a_channel_of_another_kind_are_refused() throws Exception {
        try (Receiver his = new Receiver()) {
            String known = "Task?patient=" + patient(story.prescribed());
            ObjectNode over =
                    admission("prescription-status", his.url(), known, "2020-12-31T12:00:00Z");
            Reply late = Subscribing.create(story.hospital, over);
            assertThat(late.status()).isEqualTo(422);
            assertThat(late.body().at("/issue/0/expression/0").asText())
                    .isEqualTo("Subscription.end");
            assertThat(late.body().path("issue")).hasSize(1);
            ObjectNode custom = admission("prescription-status", his.url(), known, soon());
            custom.withObject("/channel")
                    .withObject("/_type")
                    .putArray("extension")
                    .addObject()
                    .put("url", BACKPORT + "backport-channel-type")
                    .putObject("valueCoding")
                    .put("system", "http://example.org/subscription-channel-type")
                    .put("code", "zulip");
            Reply refused = Subscribing.create(story.hospital, custom);
            assertThat(refused.status()).as(refused.raw().body()).isEqualTo(422);
            assertThat(refused.body().path("issue")).hasSize(1);
            assertThat(refused.body().at("/issue/0/expression/0").asText())
                    .isEqualTo("Subscription.channel.type");
        }
    }

    /// Profile `backport-subscription-notification-r4`.
    private static void shaped(JsonNode bundle, String type, String status) {
        assertThat(bundle.path("resourceType").asText()).isEqualTo("Bundle");
        assertThat(bundle.path("type").asText()).isEqualTo("history");
        OffsetDateTime.parse(bundle.path("timestamp").asText());
        JsonNode first = bundle.at("/entry/0");
        assertThat(first.path("fullUrl").asText())
                .isEqualTo("urn:uuid:" + first.at("/resource/id").asText());
        assertThat(first.at("/request/method").asText()).isEqualTo("GET");
        assertThat(first.at("/request/url").asText()).endsWith("/$status");
        assertThat(first.at("/response/status").asText()).isEqualTo("200");
        shapedStatus(first.path("resource"), type, status);
        int parameters = 0;
        for (JsonNode entry : bundle.path("entry")) {
            parameters += "Parameters".equals(entry.at("/resource/resourceType").asText()) ? 1 : 0;
            assertThat(entry.path("request").isMissingNode()).isFalse();
            assertThat(entry.path("response").isMissingNode()).isFalse();
        }
        assertThat(parameters).isEqualTo(1);
    }

    /// Profile `backport-subscription-status-r4`.
    private static void shapedStatus(JsonNode parameters, String type, String status) {
        assertThat(parameters.path("resourceType").asText()).isEqualTo("Parameters");
        List<String> names = new ArrayList<>();
        for (JsonNode one : parameters.path("parameter")) {
            String name = one.path("name").asText();
            names.add(name);
            switch (name) {
                case "subscription" ->
                        assertThat(one.at("/valueReference/reference").asText())
                                .contains("Subscription/");
                case "topic" -> assertThat(one.path("valueCanonical").asText()).startsWith(TOPIC);
                case "status" -> assertThat(one.path("valueCode").asText()).isEqualTo(status);
                case "type" -> assertThat(one.path("valueCode").asText()).isEqualTo(type);
                case "events-since-subscription-start" ->
                        assertThat(one.path("valueString").asText()).matches("\\d+");
                case "notification-event" -> event(one);
                default -> throw new AssertionError("no such slice: " + name);
            }
        }
        assertThat(names).contains("subscription", "status", "type");
        assertThat(names.stream().filter(one -> !one.equals("notification-event")))
                .doesNotHaveDuplicates();
        assertThat(names.contains("notification-event"))
                .isEqualTo(type.equals("event-notification") || type.equals("query-event"));
    }

    private static void event(JsonNode event) {
        List<String> names = new ArrayList<>();
        for (JsonNode part : event.path("part")) {
            String name = part.path("name").asText();
            names.add(name);
            switch (name) {
                case "event-number" ->
                        assertThat(part.path("valueString").asText()).matches("[1-9]\\d*");
                case "timestamp" -> OffsetDateTime.parse(part.path("valueInstant").asText());
                case "focus", "additional-context" ->
                        assertThat(part.at("/valueReference/reference").asText()).isNotEmpty();
                default -> throw new AssertionError("no such part: " + name);
            }
        }
        assertThat(names).contains("event-number").doesNotHaveDuplicates();
    }
}
