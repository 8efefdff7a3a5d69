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

    private static void plain(ObjectNode wish) {}
}
