package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.workflow.Subscribing.active;
import static org.yifang.workflow.Subscribing.content;
import static org.yifang.workflow.Subscribing.delete;
import static org.yifang.workflow.Subscribing.filter;
import static org.yifang.workflow.Subscribing.made;
import static org.yifang.workflow.Subscribing.number;
import static org.yifang.workflow.Subscribing.put;
import static org.yifang.workflow.Subscribing.wish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Subscribing.Made;

import java.util.List;
import java.util.Map;

/// What of Subscriptions is refused, and how their owners change and end them.
class SubscriptionLifeTest {
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://example.org/x",
                "https://user:word@example.org/x",
                "https://10.0.0.1/x",
                "https://169.254.169.254/latest",
                "https://[::1]/x",
                "http://192.168.1.1/x",
                "http://1.1.1.1/x",
                "https://[fe80::1]/x",
                "not an address",
                ""
            })
    void an_address_that_may_not_be_called_is_refused(String address) {
        Reply refused = Subscribing.create(story.hospital, wish("prescription-status", address));
        assertThat(refused.status()).isIn(400, 422);
        if (!address.isEmpty()) {
            assertThat(refused.codes()).containsExactly("RX-6001");
        }
    }

    @Test
    void everything_that_is_wrong_is_told_at_once() {
        ObjectNode wish = wish("gossip", "ftp://x");
        filter(wish, "Task?weather=fine");
        content(wish, "everything");
        number(wish, "timeout", "valueUnsignedInt", 900);
        ((ObjectNode) wish.path("channel")).put("type", "email").put("payload", "text/plain");
        Reply refused = Subscribing.create(story.hospital, wish);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.codes())
                .contains("RX-6001", "RX-6002", "RX-6003")
                .hasSizeGreaterThanOrEqualTo(7);
        assertThat(
                        Subscribing.create(
                                        story.hospital,
                                        wish("query-raised", "https://example.org/"))
                                .codes())
                .containsExactly("RX-6002");
        assertThat(
                        Subscribing.create(
                                        story.hospital,
                                        wish("prescription-available", "https://example.org/"))
                                .codes())
                .containsExactly("RX-6002");
        for (String role : List.of("bureau-1", "auditor-1", "operator-1")) {
            Client one = new Client(service, role);
            assertThat(Subscribing.create(one, wish("incident", "https://example.org/")).status())
                    .isEqualTo(403);
        }
    }

    @Test
    void its_owner_changes_ends_and_deletes_it() throws Exception {
        try (Receiver old = new Receiver();
                Receiver fresh = new Receiver()) {
            Made made =
                    active(
                            story.pharmacy,
                            "prescription-status",
                            old.url(),
                            SubscriptionLifeTest::plain);
            Reply read = story.pharmacy.get(made.path());
            String version = read.body().at("/meta/versionId").asText();
            ObjectNode changed = (ObjectNode) read.body();
            ((ObjectNode) changed.path("channel")).put("endpoint", fresh.url());
            Reply stale = put(story.pharmacy, made.path(), changed.toString(), "77");
            assertThat(stale.status()).isEqualTo(412);
            Reply moved = put(story.pharmacy, made.path(), changed.toString(), version);
            assertThat(moved.status()).as(moved.raw().body()).isEqualTo(200);
            assertThat(moved.body().path("status").asText()).isEqualTo("requested");
            fresh.untilType("handshake");
            made.until("active");
            Story.Rx rx = story.prescribed();
            story.claimed(story.pharmacy, rx);
            fresh.until(one -> Subscribing.tells(one, rx));
            JsonNode now = story.pharmacy.get(made.path()).body();
            ObjectNode off = ((ObjectNode) now.deepCopy()).put("status", "off");
            Reply ended =
                    put(
                            story.pharmacy,
                            made.path(),
                            off.toString(),
                            now.at("/meta/versionId").asText());
            assertThat(ended.body().path("status").asText()).isEqualTo("off");
            int before = fresh.all().size();
            Story.Rx unheard = story.prescribed();
            story.claimed(story.pharmacy, unheard);
            assertThat(delete(story.pharmacy, made.path()).status()).isEqualTo(204);
            assertThat(story.pharmacy.get(made.path()).status()).isEqualTo(404);
            assertThat(fresh.all()).hasSize(before);
        }
    }

    /// An app asks to be told of somebody for whom nothing was prescribed yet, and of nobody any
    /// more when the person is erased.
    @Test
    void an_app_is_told_of_the_first_prescription_and_nothing_after_the_erasure() throws Exception {
        try (Receiver told = new Receiver()) {
            String card = "421281196001010012";
            Map<String, String> herself = Map.of("patient", card);
            Made made =
                    active(
                            new Client(service, "patient-app", herself),
                            "prescription-status",
                            told.url(),
                            w ->
                                    w.withArray("contact")
                                            .addObject()
                                            .put("system", "phone")
                                            .put("value", "13800000000"));
            ObjectNode document =
                    (ObjectNode)
                            Client.JSON.readTree(
                                    story.document()
                                            .toString()
                                            .replace("421281195809210020", card)
                                            .replace("1958-09-21", "1960-01-01"));
            Story.Rx first = story.prescribed(document);
            told.until(one -> Subscribing.tells(one, first));
            // Another token: the one before names who was unknown.
            Client known =
                    new Client(service, "patient-app", Map.of("patient", card, "subject_id", "K1"));
            assertThat(known.get(made.path()).body().path("status").asText()).isEqualTo("active");
            String patient = first.task().at("/for/reference").asText().substring(8);
            assertThat(story.count(ROWS + "WHERE endpoint <> '' AND patient_id = ?::uuid", patient))
                    .isEqualTo(1);
            assertThat(story.cancel(first).status()).isEqualTo(200);
            assertThat(OperatorJobs.erase(service, patient)).isEqualTo("Erased.");
            assertThat(
                            story.count(
                                    ROWS
                                            + "JOIN subscription_lane l ON l.subscription_id = id"
                                            + " WHERE patient_id = ?::uuid AND status = 'off' AND"
                                            + " endpoint = '' AND contact IS NULL AND old_secret"
                                            + " IS NULL AND receiver = 'patient-app '",
                                    patient))
                    .isEqualTo(1);
            // The key that seals what is left can be replaced.
            assertThat(OperatorJobs.note(service, "/admin/keys/sealing/rotate", ""))
                    .contains("already");
        }
    }

    private static final String ROWS = "SELECT count(*) FROM subscription ";

    private static void plain(ObjectNode wish) {}
}
