package org.yifang.price.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.generated.Tables.OUTBOX;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/// When a price that a patient waits for is looked at: beside rounds, and while nothing is left of
/// its line.
class PriceAlertTest {
    private static final String DRUG = PriceFixture.AMLODIPINE;
    private static final String LINE = "MedicationRequest/" + new UUID(1, 1);
    private static final AtomicInteger LATER = new AtomicInteger();

    private static PriceFixture county;
    private static PriceActs acts;

    @BeforeAll
    static void open() {
        county = new PriceFixture();
        acts = new PriceActs(county, DRUG);
        county.open = List.of(county.line(1, DRUG, 7));
        for (int pharmacy = 1; pharmacy <= 5; pharmacy++) {
            String yuan = "%.2f".formatted(6.3 + 0.7 * pharmacy);
            acts.sell(pharmacy, yuan, PriceFixture.NOON.minusSeconds(1000));
        }
    }

    @AfterAll
    static void close() {
        county.close();
    }

    @AfterEach
    void asBefore() {
        county.prescriptions = _ -> county.open;
        county.handedOut.clear();
        sellNow("9.10");
    }

    @Test
    void a_wait_that_begins_while_a_round_passes_is_looked_at_by_the_next() {
        beginsBesideARound(new UUID(9, 1), county.alerts);
    }

    @Test
    void a_wait_that_begins_elsewhere_while_a_round_passes_is_looked_at_by_the_next() {
        beginsBesideARound(new UUID(9, 2), county.alertsOfAnInstance());
    }

    private static void beginsBesideARound(UUID task, PriceAlerts rounds) {
        // Another one waits for the same drug, so that rounds look at its prices.
        acts.waitsFor(new UUID(9, 9), LINE, "0.1");
        rounds.tell(PriceFixture.NOON);
        var looks = new AtomicInteger();
        county.prescriptions =
                of -> {
                    if (of.equals(task) && looks.incrementAndGet() == 2) {
                        // The prices were read before, and the wait is not kept yet.
                        sellNow("4.90");
                        CompletableFuture.supplyAsync(() -> rounds.tell(PriceFixture.NOON)).join();
                    }
                    return county.open;
                };
        HttpResponse<String> waits = acts.waitsFor(task, LINE, "0.75");
        assertThat(waits.statusCode()).as(waits.body()).isEqualTo(200);
        assertThat(waits.body()).contains("alert").doesNotContain("reached");
        assertThat(rounds.tell(PriceFixture.NOON)).isEqualTo(1);
        assertThat(events(task)).isEqualTo(1);
    }

    @Test
    void a_line_that_is_handed_out_is_waited_for_no_more_until_more_of_it_is_to_be_had() {
        UUID task = new UUID(9, 3);
        Comparison.Line line = county.line(3, DRUG, 7);
        county.prescriptions =
                of -> of.equals(task) ? List.of(county.open.getFirst(), line) : county.open;
        assertThat(acts.waitsFor(task, "MedicationRequest/" + line.id(), "0.75").body())
                .contains("alert");
        county.handedOut.add(line.id());
        sellNow("4.90");
        assertThat(county.alerts.tell(PriceFixture.NOON)).isZero();
        assertThat(county.get("/Task/" + task + "/$price-course", "patient").body())
                .doesNotContain("alert");
        assertThat(compared(task)).contains("option").doesNotContain("alert");
        // The next fill.
        county.handedOut.remove(line.id());
        assertThat(county.alerts.tell(PriceFixture.NOON)).isEqualTo(1);
        assertThat(events(task)).isEqualTo(1);
        assertThat(compared(task)).contains("reached-unit-price");
    }

    @Test
    void a_wait_for_a_line_that_is_handed_out_can_be_ended_and_none_begun() {
        UUID task = new UUID(9, 4);
        Comparison.Line line = county.line(4, DRUG, 7);
        county.prescriptions = of -> of.equals(task) ? List.of(line) : county.open;
        String reference = "MedicationRequest/" + line.id();
        assertThat(acts.waitsFor(task, reference, "0.1").body()).contains("alert");
        county.handedOut.add(line.id());
        assertThat(acts.waitsFor(task, reference, "0.2").statusCode()).isEqualTo(400);
        assertThat(acts.waitsFor(task, LINE, "").statusCode()).isEqualTo(400);
        HttpResponse<String> ended = acts.waitsFor(task, reference, "");
        assertThat(ended.statusCode()).as(ended.body()).isEqualTo(200);
        assertThat(acts.waitsFor(task, reference, "").statusCode()).isEqualTo(200);
        assertThat(county.alerts.ofTask(task, List.of(line)).await()).isEmpty();
    }

    @Test
    void a_line_that_is_handed_out_beside_the_call_is_not_waited_for() {
        UUID task = new UUID(9, 5);
        var looks = new AtomicInteger();
        county.prescriptions =
                of ->
                        of.equals(task) && looks.incrementAndGet() > 1
                                ? List.of(county.line(2, DRUG, 7))
                                : county.open;
        HttpResponse<String> refused = acts.waitsFor(task, LINE, "0.1");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(refused.body()).contains("不是该处方中未完成的药品行");
        assertThat(county.alerts.ofTask(task, county.open).await()).isEmpty();
    }

    /// The fourth pharmacy's price changes; each time is later than the one before.
    private static void sellNow(String yuan) {
        acts.sell(4, yuan, PriceFixture.NOON.minusSeconds(500 - LATER.incrementAndGet()));
    }

    private static String compared(UUID task) {
        return county.post(
                        "/Task/" + task + "/$compare-prices",
                        "patient",
                        "application/fhir+json",
                        "{\"resourceType\":\"Parameters\"}".getBytes(StandardCharsets.UTF_8))
                .body();
    }

    private static int events(UUID task) {
        return county.database
                .run(
                        org.yifang.platform.data.Database.SQL
                                .select(OUTBOX.SEQ)
                                .from(OUTBOX)
                                .where(OUTBOX.TOPIC.eq("price-reached"))
                                .and(OUTBOX.FOCUS_ID.eq(task)))
                .rowCount();
    }
}
