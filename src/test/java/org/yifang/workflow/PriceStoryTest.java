package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// A patient compares, chooses, and is charged; over HTTP on the real service.
class PriceStoryTest {
    private static TestService service;
    private static Story story;

    /// What a comparison showed as the best way with one stop.
    private record Shown(
            String pharmacy, Client counter, List<String> offers, List<BigDecimal> prices) {}

    @BeforeAll
    static void start() throws InterruptedException {
        service = TestService.own(java.util.Map.of());
        story = new Story(service);
        // The shelves of the demonstration are filled beside the start.
        Client bureau = new Client(service, "bureau-1");
        for (int i = 0; i < 300; i++) {
            int offers =
                    bureau.get("/fhir/ChargeItemDefinition?_summary=count")
                            .body()
                            .path("total")
                            .asInt();
            if (offers == 12 * drugs(bureau)) {
                return;
            }
            Thread.sleep(200);
        }
        throw new IllegalStateException("the demonstration has no offers");
    }

    private static int drugs(Client bureau) {
        return bureau.get("/fhir/Medication?_summary=count").body().path("total").asInt();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Shown compared(Rx rx) {
        Reply reply = story.patient().call(rx.path() + "/$compare-prices");
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        JsonNode oneStop = reply.body().path("parameter").get(1);
        assertThat(part(oneStop, "kind").path("valueCode").asText()).isEqualTo("one-stop");
        List<String> offers = new ArrayList<>();
        List<BigDecimal> prices = new ArrayList<>();
        String pharmacy = "";
        for (JsonNode part : oneStop.path("part")) {
            if (part.path("name").asText().equals("line")) {
                offers.add(part(part, "offer").at("/valueReference/reference").asText());
                prices.add(part(part, "price").at("/valueMoney/value").decimalValue());
                pharmacy = part(part, "pharmacy").at("/valueReference/reference").asText();
            }
        }
        JsonNode seller = story.hospital.get("/fhir/" + pharmacy).body();
        String number = "";
        for (JsonNode one : seller.path("identifier")) {
            number =
                    one.path("system").asText().endsWith("nhsa-org")
                            ? one.path("value").asText()
                            : number;
        }
        Client counter = new Client(service, "pharmacy-" + Integer.parseInt(number.substring(7)));
        return new Shown(pharmacy, counter, offers, prices);
    }

    private static JsonNode part(JsonNode of, String name) {
        for (JsonNode one : of.path("part")) {
            if (one.path("name").asText().equals(name)) {
                return one;
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }

    private static Reply choose(Rx rx, String pharmacy) {
        return story.patient()
                .call(
                        rx.path() + "/$choose-pharmacy",
                        "{\"name\":\"pharmacy\",\"valueReference\":{\"reference\":\""
                                + pharmacy
                                + "\"}}");
    }

    /// Packs on hand, and packs kept for patients.
    private static List<Integer> stock(String offer) {
        JsonNode stock =
                story.patient()
                        .get("/fhir/" + offer.replace("ChargeItemDefinition", "Observation"))
                        .body();
        return List.of(
                stock.at("/valueQuantity/value").asInt(),
                stock.at("/component/0/valueQuantity/value").asInt());
    }

    private static String priced(String dispense, BigDecimal yuan) {
        return dispense.replace(
                "\"resourceType\":\"MedicationDispense\",",
                "\"resourceType\":\"MedicationDispense\",\"extension\":[{\"url\":\""
                        + Story.EXTENSION
                        + "price-charged\",\"valueMoney\":{\"value\":"
                        + yuan.toPlainString()
                        + ",\"currency\":\"CNY\"}}],");
    }

    @Test
    void a_pharmacy_keeps_packs_until_they_are_dispensed_and_its_prices_are_compared() {
        Rx rx = story.prescribed();
        Shown shown = compared(rx);
        List<Integer> before = stock(shown.offers().get(0));
        assertThat(choose(rx, shown.pharmacy()).status()).isEqualTo(200);
        assertThat(stock(shown.offers().get(0))).containsExactly(before.get(0), before.get(1) + 1);
        // The same choice again keeps no more.
        assertThat(choose(rx, shown.pharmacy()).status()).isEqualTo(200);
        assertThat(stock(shown.offers().get(0))).containsExactly(before.get(0), before.get(1) + 1);

        String token = story.claimed(shown.counter(), rx);
        BigDecimal dearer = shown.prices().get(1).add(new BigDecimal("0.01"));
        Reply dispensed =
                story.dispense(
                        shown.counter(),
                        rx,
                        token,
                        false,
                        priced(story.dispense(rx.lines().get(0), 0, "7"), shown.prices().get(0)),
                        priced(story.dispense(rx.lines().get(1), 1, "7"), dearer));
        assertThat(dispensed.status()).as(dispensed.raw().body()).isEqualTo(200);
        assertThat(stock(shown.offers().get(0))).containsExactly(before.get(0) - 1, before.get(1));

        Reply charged = story.patient().get(rx.path() + "/$charged-prices");
        assertThat(charged.status()).as(charged.raw().body()).isEqualTo(200);
        JsonNode lines = charged.body().path("parameter");
        assertThat(part(lines.get(0), "honoured").path("valueBoolean").asBoolean()).isTrue();
        assertThat(part(lines.get(1), "honoured").path("valueBoolean").asBoolean(true)).isFalse();
        assertThat(part(lines.get(1), "shown").at("/valueMoney/value").decimalValue())
                .isEqualByComparingTo(shown.prices().get(1));
        Reply board = new Client(service, "bureau-1").get("/fhir/$honoured-prices");
        assertThat(board.parameter("breach").isMissingNode()).isFalse();
        assertThat(part(board.parameter("pharmacy"), "rate").path("valueDecimal").asDouble())
                .isPositive()
                .isLessThan(1);
        assertThat(board.raw().body()).doesNotContain(rx.id()).doesNotContain("MedicationDispense");

        String dispense =
                part(lines.get(0), "dispense")
                        .at("/valueReference/reference")
                        .asText()
                        .replace("MedicationDispense/", "");
        assertThat(story.takeBack(shown.counter(), dispense, "7", "never-left-counter").status())
                .isEqualTo(200);
        assertThat(stock(shown.offers().get(0))).containsExactly(before.get(0), before.get(1));
    }

    private static BigDecimal share(BigDecimal pack, int units) {
        return pack.multiply(BigDecimal.valueOf(units))
                .divide(BigDecimal.valueOf(7), 2, java.math.RoundingMode.CEILING);
    }

    private static String traced(String dispense, String code) {
        return dispense.replace(
                "\"extension\":[",
                "\"extension\":[{\"url\":\""
                        + Story.EXTENSION
                        + "trace-code\",\"valueString\":\""
                        + code
                        + "\"},");
    }

    @Test
    void a_split_pack_is_not_charged_twice_over() {
        Rx rx = story.prescribed();
        Shown shown = compared(rx);
        String token = story.claimed(shown.counter(), rx);
        String line = rx.lines().getFirst();
        BigDecimal pack = shown.prices().getFirst().setScale(2);
        String code = "8456789" + System.nanoTime();
        Reply dear =
                story.dispense(
                        shown.counter(),
                        rx,
                        token,
                        true,
                        traced(priced(story.dispense(line, 0, "3"), pack), code));
        assertThat(dear.status()).as(dear.raw().body()).isEqualTo(200);
        assertThat(dear.parameter("warnings").at("/resource/issue/0/details/coding/0/code"))
                .isEqualTo(Client.JSON.valueToTree("RX-2209"));
        assertThat(dear.parameter("warnings").at("/resource/issue/0/details/text").asText())
                .contains("`" + pack + "`", "`" + share(pack, 3) + "`");
        Reply fair =
                story.dispense(
                        shown.counter(),
                        rx,
                        token,
                        true,
                        traced(priced(story.dispense(line, 0, "4"), share(pack, 4)), code));
        assertThat(fair.status()).as(fair.raw().body()).isEqualTo(200);
        assertThat(fair.parameter("warnings").isMissingNode()).isTrue();

        JsonNode lines =
                story.patient().get(rx.path() + "/$charged-prices").body().path("parameter");
        assertThat(part(lines.get(0), "honoured").path("valueBoolean").asBoolean(true)).isFalse();
        assertThat(part(lines.get(0), "shown").at("/valueMoney/value").decimalValue())
                .isEqualByComparingTo(share(pack, 3));
        assertThat(part(lines.get(1), "honoured").path("valueBoolean").asBoolean()).isTrue();
    }

    @Test
    void a_split_that_only_the_flag_tells_of_is_charged_its_share_too() {
        Rx rx = story.prescribed();
        Shown shown = compared(rx);
        String token = story.claimed(shown.counter(), rx);
        String dispense =
                priced(story.dispense(rx.lines().getFirst(), 0, "3"), shown.prices().getFirst());
        String flagged =
                dispense.replace(
                        "\"extension\":[",
                        "\"extension\":[{\"url\":\""
                                + Story.EXTENSION
                                + "split-pack\",\"valueBoolean\":true},");
        Reply warned = story.dispense(shown.counter(), rx, token, true, flagged);
        assertThat(warned.raw().body()).contains("RX-2209");
    }

    @Test
    void packs_are_let_go_when_the_choice_is_freed_or_the_prescription_cancelled() {
        Rx rx = story.prescribed();
        Shown shown = compared(rx);
        List<Integer> before = stock(shown.offers().get(1));
        choose(rx, shown.pharmacy());
        assertThat(stock(shown.offers().get(1)).get(1)).isEqualTo(before.get(1) + 1);
        assertThat(story.patient().call(rx.path() + "/$choose-pharmacy").status()).isEqualTo(200);
        assertThat(stock(shown.offers().get(1)).get(1)).isEqualTo(before.get(1));
        choose(rx, shown.pharmacy());
        assertThat(stock(shown.offers().get(1)).get(1)).isEqualTo(before.get(1) + 1);
        assertThat(story.cancel(rx).status()).isEqualTo(200);
        assertThat(stock(shown.offers().get(1)).get(1)).isEqualTo(before.get(1));
        assertThat(story.patient().call(rx.path() + "/$compare-prices").code())
                .isEqualTo("RX-2005");
    }

    @Test
    void what_circulates_is_compared_at_another_hospitals_pharmacy_too() {
        // At its very door: the pharmacy of the other hospital is number 12.
        Reply reply =
                story.patient()
                        .call(
                                story.prescribed().path() + "/$compare-prices",
                                "{\"name\":\"latitude\",\"valueDecimal\":29.7158}",
                                "{\"name\":\"longitude\",\"valueDecimal\":113.8894}",
                                "{\"name\":\"radius-km\",\"valueDecimal\":0.05}");
        JsonNode stop = part(reply.parameter("option"), "stop");
        String pharmacy = part(stop, "pharmacy").at("/valueReference/reference").asText();
        assertThat(story.hospital.get("/fhir/" + pharmacy).raw().body()).contains("P42128100012");
    }

    @Test
    void nothing_is_compared_while_the_prescription_is_on_hold() {
        Rx rx = story.prescribed();
        story.hospital.call(rx.path() + "/$suspend", Story.reason("query"));
        assertThat(story.patient().call(rx.path() + "/$compare-prices").code())
                .isEqualTo("RX-2007");
    }

    @Test
    void what_others_were_charged_is_not_for_another_patient_or_pharmacy() {
        Rx rx = story.prescribed();
        Client other = new Client(service, "hospital-2");
        assertThat(other.get(rx.path() + "/$charged-prices").status()).isEqualTo(404);
        assertThat(story.pharmacy.get(rx.path() + "/$charged-prices").status()).isEqualTo(403);
        assertThat(other.call(rx.path() + "/$compare-prices").status()).isEqualTo(404);
        assertThat(story.pharmacy.call(rx.path() + "/$compare-prices").status()).isEqualTo(404);
    }

    @Test
    void an_offer_and_its_stock_are_what_the_fhir_library_would_write() {
        String id =
                story.pharmacy
                        .get("/fhir/ChargeItemDefinition?_count=1")
                        .body()
                        .at("/entry/0/resource/id")
                        .asText();
        Rewritten.isTheSame(story.pharmacy, "/fhir/ChargeItemDefinition/" + id);
        Rewritten.isTheSame(story.pharmacy, "/fhir/Observation/" + id);
    }

    @Test
    void the_report_counts_what_was_dispensed() {
        Rx rx = story.prescribed();
        Shown shown = compared(rx);
        String token = story.claimed(shown.counter(), rx);
        story.dispense(
                shown.counter(),
                rx,
                token,
                true,
                priced(story.dispense(rx.lines().get(0), 0, "7"), shown.prices().get(0)));
        Reply report =
                new Client(service, "bureau-1")
                        .get(
                                "/fhir/Measure/drug-price-change/$evaluate-measure"
                                        + "?baselineStart=2020-01-01&baselineEnd=2020-12-31"
                                        + "&periodStart=2026-01-01&periodEnd=2027-12-31");
        assertThat(report.status()).as(report.raw().body()).isEqualTo(200);
        assertThat(report.raw().body())
                .contains("no-baseline-sales")
                .doesNotContain("no-current-sales");
    }
}
