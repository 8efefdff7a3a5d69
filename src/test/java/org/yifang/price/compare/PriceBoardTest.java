package org.yifang.price.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.price.board.PriceBoardStore;
import org.yifang.price.board.SavingsRanking;
import org.yifang.price.offer.ComparePricesTest;
import org.yifang.price.offer.PriceViews;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

class PriceBoardTest {

    private static final String P1 = "pharmacy/P42128100001";
    private static PriceFixture county;

    @BeforeAll
    static void open() {
        county = new PriceFixture();
    }

    @AfterAll
    static void close() {
        county.close();
    }

    private static HttpResponse<String> send(int pharmacy, String drug, String yuan, String at) {
        String pack = String.valueOf(county.drug(drug).packFactor());
        return county.post(
                "/$import-offers",
                "pharmacy/P421281%05d".formatted(pharmacy),
                "text/csv",
                ("code,price_yuan,pack_quantity,pack_unit,stock,price_type,observed_at\n"
                                + "%s,%s,%s,片,9,retail,%s\n".formatted(drug, yuan, pack, at))
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static String offer(int pharmacy, String drug) {
        return PriceViews.offer(county.database, county.pharmacy(pharmacy).id(), drug)
                .id()
                .toString();
    }

    private static HttpResponse<String> judge(String one, String other, String verdict) {
        return county.post(
                "/$judge-swap",
                "bureau",
                "application/fhir+json",
                """
                {"resourceType":"Parameters","parameter":[
                {"name":"one","valueCode":"%s"},{"name":"other","valueCode":"%s"},
                {"name":"verdict","valueCode":"%s"},
                {"name":"approver","valueString":"YS421281000001"},
                {"name":"reason","valueString":"another salt"}]}
                """
                        .formatted(one, other, verdict)
                        .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void every_price_stays_with_its_source_and_both_clocks() {
        String drug = PriceFixture.ATORVASTATIN;
        send(1, drug, "29.00", "2026-11-18T09:00:00+08:00");
        send(1, drug, "30.00", "2026-11-19T09:00:00+08:00");
        // Late news of an earlier price is history, not the price in force.
        send(1, drug, "28.00", "2026-11-17T09:00:00+08:00");
        HttpResponse<String> history =
                county.get("/ChargeItemDefinition/" + offer(1, drug) + "/$price-history", P1);
        assertThat(history.statusCode()).as(history.body()).isEqualTo(200);
        var events = PriceFixture.parameters(history).getParameter();
        assertThat(events)
                .extracting(event -> ComparePricesTest.money(event, "price").toPlainString())
                .containsExactly("30.00", "29.00", "28.00");
        assertThat(history.body())
                .contains("\"observed\"")
                .contains("\"received\"")
                .contains("\"origin\"");
        assertThat(county.get("/ChargeItemDefinition/" + offer(1, drug), P1).body())
                .contains("\"value\":30.00");
        assertThat(
                        county.get(
                                        "/ChargeItemDefinition/"
                                                + offer(1, drug)
                                                + "/$price-history",
                                        "pharmacy/P42128100002")
                                .statusCode())
                .isEqualTo(404);
        assertThat(
                        county.get(
                                        "/ChargeItemDefinition/"
                                                + offer(1, drug)
                                                + "/$price-history",
                                        "patient")
                                .body())
                .doesNotContain("\"origin\"");
    }

    @Test
    void a_held_price_is_listed_with_its_evidence_and_decided_once() {
        String drug = PriceFixture.AMLODIPINE;
        for (int pharmacy = 2; pharmacy <= 9; pharmacy++) {
            send(pharmacy, drug, "10.00", "2026-11-19T09:00:00+08:00");
        }
        send(10, drug, "99.00", "2026-11-19T10:00:00+08:00");
        HttpResponse<String> held = county.get("/$held-prices", "bureau");
        var first = PriceFixture.parameters(held).getParameter().getFirst();
        assertThat(ComparePricesTest.part(first, "evidence")).contains("median");
        String id = ComparePricesTest.part(first, "id");
        assertThat(county.get("/$held-prices", "pharmacy/P42128100002").body()).doesNotContain(id);
        assertThat(county.get("/$held-prices", "pharmacy/P42128100010").body()).contains(id);
        byte[] refuse =
                """
                {"resourceType":"Parameters","parameter":[
                {"name":"decision","valueCode":"refuse"},
                {"name":"reason","valueString":"A typing error."}]}
                """
                        .getBytes(StandardCharsets.UTF_8);
        String path = "/ChargeItemDefinition/" + id + "/$decide-held-price";
        assertThat(county.post(path, "bureau", "application/fhir+json", refuse).statusCode())
                .isEqualTo(200);
        assertThat(county.post(path, "bureau", "application/fhir+json", refuse).statusCode())
                .isEqualTo(404);
        assertThat(county.get("/$held-prices", "bureau").body()).doesNotContain(id);
    }

    @Test
    void products_that_a_pharmacist_has_parted_are_not_compared_any_more() {
        Drugs pair = new Drugs();
        assertThat(Equivalence.between(pair.one(), pair.other(), county.swaps.swaps()))
                .isEqualTo(Equivalence.L2);
        HttpResponse<String> parted =
                judge(pair.one().code().value(), pair.other().code().value(), "parted");
        assertThat(parted.statusCode()).as(parted.body()).isEqualTo(200);
        assertThat(parted.body()).contains("YS421281000001").contains("another salt");
        assertThat(Equivalence.between(pair.one(), pair.other(), county.swaps.swaps()))
                .isNotEqualTo(Equivalence.L2);
        judge(pair.other().code().value(), pair.one().code().value(), "withdrawn");
        assertThat(Equivalence.between(pair.one(), pair.other(), county.swaps.swaps()))
                .isEqualTo(Equivalence.L2);
        assertThat(
                        judge(pair.one().code().value(), pair.other().code().value(), "equivalent")
                                .statusCode())
                .isEqualTo(400);
        assertThat(county.get("/$swaps", "patient").body()).contains("withdrawn");
    }

    /// Two makers of one substitution set that may be compared.
    private static final class Drugs {
        private final List<org.yifang.catalogue.Drug> two =
                county.catalogue.entries().stream()
                        .map(entry -> entry.drug())
                        .filter(drug -> drug.comparableAcrossMakers())
                        .filter(drug -> makers(drug.substitutionSet()).size() > 1)
                        .findFirst()
                        .map(drug -> makers(drug.substitutionSet()))
                        .orElseThrow();

        private static List<org.yifang.catalogue.Drug> makers(String set) {
            var byMaker = new java.util.TreeMap<String, org.yifang.catalogue.Drug>();
            county.catalogue.entries().stream()
                    .map(entry -> entry.drug())
                    .filter(one -> one.substitutionSet().equals(set))
                    .filter(one -> one.comparableAcrossMakers())
                    .forEach(one -> byMaker.put(one.maker(), one));
            return List.copyOf(byMaker.values());
        }

        org.yifang.catalogue.Drug one() {
            return two.get(0);
        }

        org.yifang.catalogue.Drug other() {
            return two.get(1);
        }
    }

    @Test
    void savings_are_ranked_against_the_tenth_percentile_and_swaps_join_their_sets() {
        UUID dear = new UUID(0, 1);
        UUID cheap = new UUID(0, 2);
        var sold =
                List.of(
                        new PriceBoardStore.Sold(dear, "tablet", 100, 3000),
                        new PriceBoardStore.Sold(cheap, "tablet", 100, 1000),
                        new PriceBoardStore.Sold(dear, "capsule", 10, 400));
        SavingsRanking apart = SavingsRanking.of(sold, Swaps.NONE, 0);
        // Of two prices 10 and 30 the tenth percentile is 12.
        assertThat(apart.ranked()).hasSize(1);
        assertThat(apart.ranked().getFirst().targetFen()).isCloseTo(12, within(1e-9));
        assertThat(apart.ranked().getFirst().possibleFen()).isCloseTo(1800, within(1e-9));
        Swaps joined =
                new Swaps(
                        List.of(
                                new Swaps.Judgement(
                                        "tablet",
                                        "capsule",
                                        Swaps.Verdict.EQUIVALENT,
                                        "YS421281000001",
                                        LocalDate.of(2026, 3, 1),
                                        "the same")));
        SavingsRanking together = SavingsRanking.of(sold, joined, 0);
        assertThat(together.ranked().getFirst().units()).isEqualTo(110);
        assertThat(together.ranked().getFirst().group()).isEqualTo("capsule");
        assertThat(SavingsRanking.of(sold, Swaps.NONE, 1801).ranked()).isEmpty();
        assertThat(SavingsRanking.of(sold, Swaps.NONE, 1801).totalFen())
                .isCloseTo(1800, within(1e-9));
        HttpResponse<String> answer =
                county.get("/$price-savings?periodStart=2026-01-01&periodEnd=2026-12-31", "bureau");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
}
