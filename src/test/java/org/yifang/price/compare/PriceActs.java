package org.yifang.price.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/// What pharmacies and patients do with the prices of one drug, in tests that look at them.
///
/// @param county where they do it
/// @param drug what they do it with
record PriceActs(PriceFixture county, String drug) {
    /// A pharmacy tells that it sells a pack, `at` a moment.
    void sell(int pharmacy, String yuan, Instant at) {
        String pack = String.valueOf(county.drug(drug).packFactor());
        HttpResponse<String> sent =
                county.post(
                        "/$import-offers",
                        "pharmacy/P421281%05d".formatted(pharmacy),
                        "text/csv",
                        ("code,price_yuan,pack_quantity,pack_unit,stock,price_type,observed_at\n"
                                        + "%s,%s,%s,片,9,retail,%s\n"
                                                .formatted(drug, yuan, pack, at))
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(200);
    }

    /// A patient waits for a price of one unit, or ends it where `yuan` is empty.
    HttpResponse<String> waitsFor(UUID task, String line, String yuan) {
        String price =
                yuan.isEmpty() ? "" : ",{\"name\":\"unit-price\",\"valueDecimal\":" + yuan + "}";
        return county.post(
                "/Task/" + task + "/$price-alert",
                "patient",
                "application/fhir+json",
                """
                {"resourceType":"Parameters","parameter":[
                {"name":"line","valueReference":{"reference":"%s"}}%s]}
                """
                        .formatted(line, price)
                        .getBytes(StandardCharsets.UTF_8));
    }
}
