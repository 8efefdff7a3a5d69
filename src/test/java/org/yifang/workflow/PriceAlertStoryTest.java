package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import io.vertx.core.Vertx;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.catalogue.Catalogue;
import org.yifang.platform.data.Database;
import org.yifang.prescription.ComparableViews;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// A patient waits for prices of what is to be had; over HTTP on the real service.
class PriceAlertStoryTest {
    private static TestService service;
    private static Story story;

    @BeforeAll
    static void start() {
        service = TestService.shared();
        story = new Story(service);
    }

    /// @param yuan empty to wait no more
    private static Reply waits(Rx rx, String line, String yuan) {
        String reference =
                "{\"name\":\"line\",\"valueReference\":{\"reference\":\"MedicationRequest/"
                        + line
                        + "\"}}";
        String path = rx.path() + "/$price-alert";
        return yuan.isEmpty()
                ? story.patient().call(path, reference)
                : story.patient()
                        .call(
                                path,
                                reference,
                                "{\"name\":\"unit-price\",\"valueDecimal\":" + yuan + "}");
    }

    private static List<String> waited(Reply reply) {
        List<String> lines = new ArrayList<>();
        for (JsonNode one : reply.body().path("parameter")) {
            if (one.path("name").asText().equals("alert")) {
                // Its first part is the line.
                lines.add(one.at("/part/0/valueReference/reference").asText());
            }
        }
        return lines;
    }

    @Test
    void a_line_that_is_handed_out_is_waited_for_no_more() {
        Rx rx = story.prescribed();
        Rx other = story.prescribed();
        String out = rx.lines().get(0);
        String open = rx.lines().get(1);
        assertThat(waits(rx, out, "0.01").status()).isEqualTo(200);
        assertThat(waited(waits(rx, open, "0.01"))).hasSize(2);
        String token = story.claimed(story.pharmacy, rx);
        Reply dispensed =
                story.dispense(story.pharmacy, rx, token, true, story.dispense(out, 0, "7"));
        assertThat(dispensed.status()).as(dispensed.raw().body()).isEqualTo(200);
        Vertx vertx = Vertx.vertx();
        Database database = new Database(vertx, service.database(), 2);
        try {
            ComparableViews lines = new ComparableViews(database, Catalogue.open(database));
            assertThat(lines.stillOpen(List.of(UUID.fromString(out), UUID.fromString(open))))
                    .containsExactly(UUID.fromString(open));
        } finally {
            database.close().await();
            vertx.close().await();
        }
        assertThat(waited(story.patient().call(rx.path() + "/$compare-prices")))
                .containsExactly("MedicationRequest/" + open);
        assertThat(waits(rx, out, "0.02").status()).isEqualTo(400);
        assertThat(waits(rx, other.lines().getFirst(), "").status()).isEqualTo(400);
        Reply ended = waits(rx, out, "");
        assertThat(ended.status()).as(ended.raw().body()).isEqualTo(200);
        assertThat(waited(ended)).containsExactly("MedicationRequest/" + open);
    }
}
