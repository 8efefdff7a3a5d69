package org.yifang.price.offer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.price.compare.PriceFixture;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// An offer as FHIR whose price waits for a person, sent more than once.
class HeldOfferTest {
    private static PriceFixture county;

    @BeforeAll
    static void open() {
        county = new PriceFixture();
    }

    @AfterAll
    static void close() {
        county.close();
    }

    private static HttpResponse<String> send(int pharmacy, String row) {
        return county.post(
                "/$import-offers",
                "pharmacy/P421281%05d".formatted(pharmacy),
                "text/csv",
                ("code,price_yuan,pack_quantity,pack_unit,stock,price_type,observed_at\n" + row)
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static List<HeldPrice> waiting(int pharmacy, String drug) {
        return county.database.inTransaction(
                tx -> HeldPriceStore.heldOf(tx, county.pharmacy(pharmacy).id(), drug));
    }

    private static HttpResponse<String> offered(int pharmacy, String drug, String yuan) {
        return county.post(
                "/ChargeItemDefinition",
                "pharmacy/P421281%05d".formatted(pharmacy),
                "application/fhir+json",
                """
                {"resourceType":"ChargeItemDefinition","status":"active","url":"urn:offer",
                "extension":[
                {"url":"https://yifang.org/fhir/StructureDefinition/offer-pack-quantity",
                 "valueQuantity":{"value":%d,"unit":"片"}},
                {"url":"https://yifang.org/fhir/StructureDefinition/offer-observed",
                 "extension":[{"url":"at","valueInstant":"2026-11-20T09:30:00+08:00"}]}],
                "code":{"coding":[{"system":"https://yifang.org/fhir/sid/nhsa-drug","code":"%s"}]},
                "propertyGroup":[{"priceComponent":[
                {"type":"base","amount":{"value":%s,"currency":"CNY"}}]}]}
                """
                        .formatted(county.drug(drug).packFactor(), drug, yuan)
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static void decide(HeldPrice held, String decision) {
        HttpResponse<String> decided =
                county.post(
                        "/ChargeItemDefinition/" + held.eventId() + "/$decide-held-price",
                        "bureau",
                        "application/fhir+json",
                        """
                        {"resourceType":"Parameters","parameter":[
                        {"name":"decision","valueCode":"%s"},
                        {"name":"reason","valueString":"By phone."}]}
                        """
                                .formatted(decision)
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(decided.statusCode()).as(decided.body()).isEqualTo(200);
    }

    @Test
    void a_held_offer_again_is_answered_as_the_first_time_and_then_by_what_a_person_decided() {
        String drug = "XC08CAA013A001020200001";
        String pack = "," + county.drug(drug).packFactor() + ",片,5,,2026-11-20T09:00:00+08:00\n";
        for (int pharmacy = 4; pharmacy <= 8; pharmacy++) {
            assertThat(PriceFixture.count(send(pharmacy, drug + ",38.00" + pack), "accepted"))
                    .isEqualTo(1);
        }
        // Of 8 an older price is in force, of 9, 10 and 11 none.
        for (int pharmacy = 8; pharmacy <= 11; pharmacy++) {
            HttpResponse<String> first = offered(pharmacy, drug, "380.00");
            assertThat(first.statusCode()).as(first.body()).isEqualTo(409);
            assertThat(first.body()).contains("RX-4002").contains("价格已保存，待人工核实");
            HttpResponse<String> again = offered(pharmacy, drug, "380.00");
            assertThat(again.statusCode()).as(again.body()).isEqualTo(409);
            assertThat(again.body()).isEqualTo(first.body());
            assertThat(waiting(pharmacy, drug)).hasSize(1);
        }
        decide(waiting(9, drug).getFirst(), "release");
        HttpResponse<String> released = offered(9, drug, "380.00");
        assertThat(released.statusCode()).as(released.body()).isEqualTo(200);
        assertThat(released.body()).contains("\"value\":380.00");
        decide(waiting(10, drug).getFirst(), "refuse");
        HttpResponse<String> refused = offered(10, drug, "380.00");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
        assertThat(refused.body())
                .contains("RX-4002")
                .contains("该价格已经人工核实，未予放行")
                .doesNotContain("已保存");
        assertThat(waiting(10, drug)).isEmpty();
    }
}
