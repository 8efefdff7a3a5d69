package org.yifang.price.offer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.fhir.Fhir;
import org.yifang.price.compare.PriceFixture;

import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

class OfferImportTest {
    private static final String HEADER =
            "code,price_yuan,pack_quantity,pack_unit,stock,price_type,observed_at\n";
    private static final String P1 = "pharmacy/P42128100001";
    private static final String CSV = "text/csv";

    private static PriceFixture county;

    @BeforeAll
    static void open() {
        county = new PriceFixture();
    }

    @AfterAll
    static void close() {
        county.close();
    }

    private static HttpResponse<String> send(int pharmacy, String rows) {
        return county.post(
                "/$import-offers",
                "pharmacy/P421281%05d".formatted(pharmacy),
                CSV,
                (HEADER + rows).getBytes(StandardCharsets.UTF_8));
    }

    private static String row(String code, String yuan, String at) {
        return code + "," + yuan + ",7,片,12,retail," + at + "\n";
    }

    @Test
    void the_same_file_again_changes_nothing() {
        String rows =
                row(PriceFixture.AMLODIPINE, "9.80", "2026-11-20T09:00:00+08:00")
                        + row(PriceFixture.ATORVASTATIN, "29.90", "2026-11-20T09:00:00+08:00");
        HttpResponse<String> first = send(1, rows);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(PriceFixture.count(first, "accepted")).isEqualTo(2);
        HttpResponse<String> second = send(1, rows);
        assertThat(PriceFixture.count(second, "repeated")).isEqualTo(2);
        assertThat(PriceFixture.count(second, "accepted")).isZero();
    }

    @Test
    void a_file_in_gb18030_with_packs_counted_in_chinese_is_read() {
        byte[] body =
                (HEADER + PriceFixture.AMLODIPINE + ",9.90,1,盒,3,,\n")
                        .getBytes(Charset.forName("GB18030"));
        HttpResponse<String> answer =
                county.post(
                        "/$import-offers",
                        "pharmacy/P42128100002",
                        CSV + "; charset=GB18030",
                        body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(PriceFixture.count(answer, "accepted")).isEqualTo(1);
    }

    @Test
    void every_row_that_cannot_be_taken_is_told_with_its_number_and_reason() {
        HttpResponse<String> answer =
                send(
                        3,
                        row("X", "1", "")
                                + row(PriceFixture.AMLODIPINE, "1.005", "")
                                + row(PriceFixture.AMLODIPINE, "0", "")
                                + row(PriceFixture.AMLODIPINE, "9.80", "2026-11-20T11:00:00+08:00")
                                + PriceFixture.AMLODIPINE
                                + ",9.80,28,片,1,retail,\n"
                                + PriceFixture.AMLODIPINE
                                + ",9.80,7,片,1,cheap,\n"
                                + row(PriceFixture.AMLODIPINE, "9.80", ""));
        assertThat(PriceFixture.count(answer, "accepted")).isEqualTo(1);
        assertThat(PriceFixture.count(answer, "refused")).isEqualTo(6);
        assertThat(answer.body())
                .contains("is not in the catalogue")
                .contains("whole fen")
                .contains("a price is above 0")
                .contains("still to come")
                .contains("is 7片, not `28片`")
                .contains("price type `cheap`")
                .contains("RX-4001");
    }

    @Test
    void a_header_with_a_column_missing_is_refused_as_a_whole() {
        HttpResponse<String> answer =
                county.post(
                        "/$import-offers",
                        P1,
                        CSV,
                        "code,price_yuan\n".getBytes(StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("RX-1400").contains("pack_quantity");
    }

    @Test
    void only_pharmacies_import_and_only_media_types_that_are_read() {
        assertThat(county.post("/$import-offers", "bureau", CSV, new byte[0]).statusCode())
                .isEqualTo(403);
        assertThat(county.post("/$import-offers", P1, "image/png", new byte[] {1}).statusCode())
                .isEqualTo(415);
    }

    @Test
    void an_outlier_waits_for_a_release_and_is_then_in_force() {
        String drug = "XC08CAA013A001010200001";
        for (int pharmacy = 4; pharmacy <= 9; pharmacy++) {
            assertThat(PriceFixture.count(send(pharmacy, drug + ",38.00,28,片,5,,\n"), "accepted"))
                    .isEqualTo(1);
        }
        assertThat(PriceFixture.count(send(10, drug + ",37.00,28,片,5,,\n"), "accepted"))
                .isEqualTo(1);
        HttpResponse<String> held = send(10, drug + ",3.70,28,片,5,,2026-11-20T10:00:00+08:00\n");
        assertThat(PriceFixture.count(held, "held")).isEqualTo(1);
        assertThat(held.body()).contains("RX-4002").contains("of the county median");
        assertThat(price(drug)).contains("\"value\":37.00");

        HeldPrice waiting = waiting(drug).getFirst();
        HttpResponse<String> released =
                county.post(
                        "/ChargeItemDefinition/" + waiting.eventId() + "/$decide-held-price",
                        "bureau",
                        "application/fhir+json",
                        """
                        {"resourceType":"Parameters","parameter":[
                        {"name":"decision","valueCode":"release"},
                        {"name":"reason","valueString":"A sale, confirmed by phone."}]}
                        """
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(released.statusCode()).as(released.body()).isEqualTo(200);
        assertThat(price(drug)).contains("\"value\":3.70");
        assertThat(waiting(drug)).isEmpty();
    }

    private static List<HeldPrice> waiting(String drug) {
        return county.database.inTransaction(
                tx -> HeldPriceStore.heldOf(tx, county.pharmacy(10).id(), drug));
    }

    private static String price(String drug) {
        return county.get(
                        "/ChargeItemDefinition?instance=Medication/" + drug,
                        "pharmacy/P42128100010")
                .body();
    }

    private static String offer(String code, String yuan) {
        return """
        {"resourceType":"ChargeItemDefinition","status":"active","url":"urn:offer",
        "extension":[
        {"url":"https://yifang.org/fhir/StructureDefinition/offer-pack-quantity",
         "valueQuantity":{"value":7,"unit":"片"}},
        {"url":"https://yifang.org/fhir/StructureDefinition/offer-stock",
         "valueQuantity":{"value":4,"unit":"盒"}}],
        "code":{"coding":[{"system":"https://yifang.org/fhir/sid/nhsa-drug","code":"%s"}]},
        "propertyGroup":[{"priceComponent":[
        {"type":"base","amount":{"value":%s,"currency":"CNY"}}]}]}\
        """
                .formatted(code, yuan)
                .replace("\n", "");
    }

    @Test
    void ndjson_is_taken_line_by_line_and_what_is_no_offer_is_told_with_its_line() {
        String body =
                offer(PriceFixture.AMLODIPINE, "9.60")
                        + "\n\n"
                        + offer("XC99ZZZ099A001010200001", "5.00")
                        + "\n{\"resourceType\":\"Patient\"}\nnot json\n"
                        + offer(PriceFixture.ATORVASTATIN, "29.50");
        HttpResponse<String> answer =
                county.post(
                        "/$import-offers",
                        "pharmacy/P42128100007",
                        "application/x-ndjson",
                        body.getBytes(StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(PriceFixture.count(answer, "accepted")).isEqualTo(2);
        assertThat(PriceFixture.count(answer, "refused")).isEqualTo(3);
        assertThat(answer.body()).contains("XC99ZZZ099A001010200001").contains("`Patient`");
        assertThat(found(7)).contains("9.60").contains("29.50");
    }

    @Test
    void parameters_of_offers_are_taken_as_json_and_as_xml() {
        String body =
                "{\"resourceType\":\"Parameters\",\"parameter\":["
                        + "{\"name\":\"offer\",\"resource\":"
                        + offer(PriceFixture.AMLODIPINE, "9.70")
                        + "},{\"name\":\"offer\",\"resource\":"
                        + offer(PriceFixture.ATORVASTATIN, "29.70")
                        + "}]}";
        byte[] json = body.getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> answer =
                county.post(
                        "/$import-offers", "pharmacy/P42128100008", "application/fhir+json", json);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(PriceFixture.count(answer, "accepted")).isEqualTo(2);
        HttpResponse<String> again =
                county.post(
                        "/$import-offers",
                        "pharmacy/P42128100008",
                        "application/fhir+xml",
                        Fhir.convert(json, Fhir.Format.JSON, Fhir.Format.XML));
        assertThat(PriceFixture.count(again, "repeated")).as(again.body()).isEqualTo(2);
        assertThat(found(8)).contains("9.70").contains("29.70");
        HttpResponse<String> other =
                county.post(
                        "/$import-offers",
                        "pharmacy/P42128100008",
                        "application/fhir+json",
                        """
                        {"resourceType":"Parameters","parameter":[
                        {"name":"offer","resource":{"resourceType":"Patient"}}]}\
                        """
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(other.statusCode()).isEqualTo(400);
        assertThat(other.body()).contains("ChargeItemDefinition");
    }

    private static String found(int pharmacy) {
        return county.get("/ChargeItemDefinition", "pharmacy/P421281%05d".formatted(pharmacy))
                .body();
    }

    @Test
    void an_offer_may_be_created_as_fhir_and_its_stock_is_found_by_a_search() {
        byte[] offer =
                """
                {"resourceType":"ChargeItemDefinition","status":"active","url":"urn:offer",
                "extension":[
                {"url":"https://yifang.org/fhir/StructureDefinition/offer-pack-quantity",
                 "valueQuantity":{"value":7,"unit":"片"}},
                {"url":"https://yifang.org/fhir/StructureDefinition/offer-stock",
                 "valueQuantity":{"value":4,"unit":"盒"}}],
                "code":{"coding":[{"system":"https://yifang.org/fhir/sid/nhsa-drug",
                 "code":"XC10AAA012A001010200002"}]},
                "propertyGroup":[{"priceComponent":[
                {"type":"base","amount":{"value":31.00,"currency":"CNY"}},
                {"type":"discount","amount":{"value":-1.00,"currency":"CNY"}}]}]}
                """
                        .getBytes(StandardCharsets.UTF_8);
        String who = "pharmacy/P42128100005";
        HttpResponse<String> created =
                county.post("/ChargeItemDefinition", who, "application/fhir+json", offer);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertThat(created.body()).contains("\"value\":30.00");
        assertThat(created.headers().firstValue("Location")).isPresent();
        assertThat(
                        county.post("/ChargeItemDefinition", who, "application/fhir+json", offer)
                                .statusCode())
                .isEqualTo(200);
        HttpResponse<String> found =
                county.get(
                        "/Observation?code=stock-on-hand&value-quantity=ge4&focus=Medication/"
                                + PriceFixture.ATORVASTATIN,
                        who);
        assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
        assertThat(found.body()).contains("\"stock-on-hand\"").contains("\"total\":1");
        assertThat(
                        county.get("/ChargeItemDefinition?_summary=count", "pharmacy/P42128100012")
                                .body())
                .contains("\"total\":0");
    }
}
