package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.yifang.workflow.Subscribing.active;
import static org.yifang.workflow.Subscribing.content;
import static org.yifang.workflow.Subscribing.delete;
import static org.yifang.workflow.Subscribing.filter;
import static org.yifang.workflow.Subscribing.made;
import static org.yifang.workflow.Subscribing.number;
import static org.yifang.workflow.Subscribing.put;
import static org.yifang.workflow.Subscribing.wish;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Receiver.Event;
import org.yifang.workflow.Receiver.Notified;
import org.yifang.workflow.Subscribing.Made;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Subscriptions: made, told, changed, ended, each by its owner and for nobody else.
class SubscriptionTest {
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

    @Test
    void an_address_is_shaken_hands_with_and_told_of_every_change_in_order() throws Exception {
        try (Receiver his = new Receiver()) {
            Made made =
                    made(story.hospital, "prescription-status", his.url(), SubscriptionTest::plain);
            assertThat(made.reply().raw().headers().firstValue("Location").orElseThrow())
                    .endsWith("/fhir/Subscription/" + made.id());
            assertThat(made.secret()).hasSizeGreaterThan(40);
            Notified shaken = his.untilType("handshake");
            assertThat(shaken.value("status", "valueCode")).isEqualTo("requested");
            assertThat(shaken.value("events-since-subscription-start", "valueString"))
                    .isEqualTo("0");
            made.until("active");
            assertThat(story.hospital.get(made.path()).raw().body()).doesNotContain(made.secret());
            Story.Rx rx = story.prescribed();
            String token = story.claimed(story.pharmacy, rx);
            story.dispenseAll(story.pharmacy, rx, token);
            his.untilEvents(3);
            List<Notified> told =
                    his.all().stream().filter(one -> !one.events().isEmpty()).toList();
            assertThat(told)
                    .allSatisfy(one -> {
                        assertThat(one.bundle().path("type").asText()).isEqualTo("history");
                        assertThat(one.type()).isEqualTo("event-notification");
                        assertThat(one.bundle().path("entry")).hasSize(2);
                        assertThat(one.bundle().at("/entry/1/fullUrl").asText())
                                .endsWith("/fhir/Task/" + rx.id());
                        assertThat(one.bundle().at("/entry/1/resource").isMissingNode()).isTrue();
                    });
            assertThat(his.events()).extracting(Event::number).containsExactly(1L, 2L, 3L);
            JsonNode status = story.hospital.get(made.path() + "/$status").body();
            assertThat(status.path("type").asText()).isEqualTo("searchset");
            assertThat(status.toString())
                    .contains("query-status", "\"valueString\":\"3\"", "active");
            JsonNode found = story.hospital.get("/fhir/Subscription?url=" + his.url()).body();
            assertThat(found.path("entry")).hasSize(1);
        }
    }

    @Test
    void what_a_notification_holds_is_what_was_asked_for() throws Exception {
        try (Receiver empty = new Receiver();
                Receiver full = new Receiver()) {
            active(story.hospital, "prescription-status", empty.url(), w -> content(w, "empty"));
            active(
                    story.hospital,
                    "prescription-status",
                    full.url(),
                    w -> {
                        content(w, "full-resource");
                        number(w, "max-count", "valuePositiveInt", 10);
                    });
            Story.Rx rx = story.prescribed();
            Notified told = full.until(one -> Subscribing.tells(one, rx));
            JsonNode task = told.bundle().at("/entry/1/resource");
            assertThat(task.path("resourceType").asText()).isEqualTo("Task");
            assertThat(task.path("id").asText()).isEqualTo(rx.id());
            Notified mute = empty.until(one -> !one.events().isEmpty());
            assertThat(mute.body()).doesNotContain(rx.id());
            assertThat(mute.bundle().path("entry")).hasSize(1);
            assertThat(
                            story.count(
                                    "SELECT count(*) FROM audit_event WHERE interaction = 'read'"
                                            + " AND request LIKE 'notify-%'"
                                            + " AND task_id = ?::uuid",
                                    rx.id()))
                    .isPositive();
        }
    }

    @Test
    void filters_leave_out_what_is_not_wanted() throws Exception {
        Story.Rx first = story.prescribed();
        String patient = first.task().at("/for/reference").asText();
        String pharmacy = story.organization("P42128100001");
        try (Receiver of = new Receiver();
                Receiver nobody = new Receiver();
                Receiver owner = new Receiver()) {
            active(
                    story.hospital,
                    "prescription-status",
                    of.url(),
                    w -> filter(w, "Task?patient=" + patient));
            active(
                    story.hospital,
                    "prescription-status",
                    nobody.url(),
                    w -> filter(w, "Task?patient=Patient/" + UUID.randomUUID()));
            active(
                    story.hospital,
                    "prescription-status",
                    owner.url(),
                    w -> filter(w, "Task?owner=Organization/" + pharmacy));
            Story.Rx rx = story.prescribed();
            story.claimed(story.otherPharmacy, rx);
            Story.Rx here = story.prescribed();
            story.claimed(story.pharmacy, here);
            of.until(one -> Subscribing.tells(one, here));
            owner.until(one -> Subscribing.tells(one, here));
            assertThat(owner.all()).noneMatch(one -> Subscribing.tells(one, rx));
            assertThat(nobody.events()).isEmpty();
        }
    }

    @Test
    void nobody_is_told_of_what_is_another_s() throws Exception {
        try (Receiver his = new Receiver();
                Receiver stranger = new Receiver();
                Receiver patient = new Receiver();
                Receiver another = new Receiver()) {
            Client second = new Client(service, "hospital-2");
            Client other =
                    new Client(service, "patient-app", Map.of("patient", "421281196711031029"));
            Made own =
                    active(
                            story.hospital,
                            "prescription-status",
                            his.url(),
                            SubscriptionTest::plain);
            active(second, "prescription-status", stranger.url(), SubscriptionTest::plain);
            Story.Rx before = story.prescribed();
            String victim = before.task().at("/for/reference").asText();
            active(
                    second,
                    "prescription-status",
                    stranger.url(),
                    w -> filter(w, "Task?patient=" + victim));
            active(story.patient(), "prescription-status", patient.url(), SubscriptionTest::plain);
            active(other, "prescription-status", another.url(), SubscriptionTest::plain);
            ObjectNode hostile = wish("prescription-status", another.url());
            filter(hostile, "Task?patient=" + victim);
            assertThat(Subscribing.create(other, hostile).code()).isEqualTo("RX-6003");
            ObjectNode posing = wish("prescription-status", stranger.url());
            filter(posing, "Task?requester=" + story.organization("H42128100001"));
            assertThat(Subscribing.create(second, posing).code()).isEqualTo("RX-6003");
            Story.Rx rx = story.prescribed();
            his.until(one -> Subscribing.tells(one, rx));
            patient.until(one -> Subscribing.tells(one, rx));
            assertThat(stranger.events()).isEmpty();
            assertThat(another.events()).isEmpty();
            for (Client one : List.of(second, story.patient(), other, story.pharmacy)) {
                assertThat(one.get(own.path()).status()).isEqualTo(404);
                assertThat(one.get(own.path() + "/$status").status()).isEqualTo(404);
                assertThat(one.get(own.path() + "/$events").status()).isEqualTo(404);
                assertThat(one.call(own.path() + "/$rotate-secret").status()).isEqualTo(404);
                assertThat(one.call(own.path() + "/$redeliver").status()).isEqualTo(404);
                assertThat(delete(one, own.path()).status()).isEqualTo(404);
                assertThat(
                                put(one, own.path(), wish("claim-lost", his.url()).toString(), "1")
                                        .status())
                        .isEqualTo(404);
                assertThat(one.get("/fhir/Subscription").raw().body()).doesNotContain(own.id());
            }
        }
    }

    @Test
    void what_may_no_longer_be_read_at_the_moment_of_telling_is_told_as_a_number_only()
            throws Exception {
        Client reviewer = story.reviewer;
        try (Receiver reviews = new Receiver()) {
            active(reviewer, "prescription-status", reviews.url(), SubscriptionTest::plain);
            reviews.does((call, what) -> Receiver.status(call, 503));
            Story.Rx rx = story.prescribed(story.unreviewed());
            reviews.until(one -> Subscribing.tells(one, rx));
            story.cancel(rx);
            reviews.does(Receiver.TAKES);
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            reviews.all().getLast().events().stream()
                                    .anyMatch(one -> one.focus().isEmpty()));
        }
    }

    @Test
    void the_signature_proves_who_sent_it_and_a_rotation_leaves_two_for_a_day() throws Exception {
        try (Receiver his = new Receiver()) {
            Made made =
                    active(
                            story.hospital,
                            "prescription-status",
                            his.url(),
                            SubscriptionTest::plain);
            story.prescribed();
            his.untilEvents(1);
            Notified first = his.until(one -> !one.events().isEmpty());
            assertThat(first.signature()).matches("t=\\d+,v1=[0-9a-f]{64}");
            assertThat(first.signature()).endsWith(mac(made.secret(), first));
            Reply rotated = story.hospital.call(made.path() + "/$rotate-secret");
            assertThat(rotated.status()).as(rotated.raw().body()).isEqualTo(200);
            String fresh = rotated.body().at("/extension/0/valueString").asText();
            assertThat(fresh).isNotEqualTo(made.secret());
            story.prescribed();
            his.untilEvents(2);
            Notified both = his.all().getLast();
            assertThat(both.signature())
                    .contains("v1=" + mac(fresh, both))
                    .contains("v1=" + mac(made.secret(), both));
            service.clock().forward(Duration.ofHours(25));
            story.prescribed();
            his.untilEvents(3);
            Notified later = his.all().getLast();
            assertThat(later.signature())
                    .contains("v1=" + mac(fresh, later))
                    .doesNotContain(mac(made.secret(), later));
            assertThat(
                            story.count(
                                    "SELECT count(*) FROM subscription WHERE position(?::bytea in"
                                            + " secret) > 0",
                                    fresh))
                    .isZero();
        }
    }

    private static String mac(String secret, Notified one) throws Exception {
        String t = one.signature().substring(2, one.signature().indexOf(','));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal((t + "." + one.body()).getBytes(UTF_8)));
    }

    private static void plain(ObjectNode wish) {}
}
