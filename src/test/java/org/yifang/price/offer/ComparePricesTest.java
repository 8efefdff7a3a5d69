package org.yifang.price.offer;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.fhir.Fhir;
import org.yifang.platform.data.Database;
import org.yifang.price.compare.Comparison;
import org.yifang.price.compare.PriceDesk;
import org.yifang.price.compare.PriceFixture;
import org.yifang.price.compare.SaleStore;
import org.yifang.price.sale.SaleDesk;

import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

public class ComparePricesTest {
    private static final UUID TASK = UUID.fromString("018f3c5e-0000-7000-8000-000000000001");
    private static PriceFixture county;

    @BeforeAll
    static void open() {
        county = new PriceFixture();
        int accepted =
                DemonstrationOffers.load(
                        county.database,
                        county.catalogue,
                        county.organizations.pharmacies(),
                        county.ids,
                        PriceFixture.NOON);
        assertThat(accepted).isEqualTo(county.catalogue.entries().size() * 12);
        county.open =
                List.of(
                        county.line(1, PriceFixture.AMLODIPINE, 7),
                        county.line(2, PriceFixture.ATORVASTATIN, 7));
    }

    @AfterAll
    static void close() {
        county.close();
    }

    private static HttpResponse<String> compare(String parameters) {
        return county.post(
                "/Task/" + TASK + "/$compare-prices",
                "patient",
                "application/fhir+json",
                ("{\"resourceType\":\"Parameters\",\"parameter\":[" + parameters + "]}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static List<ParametersParameterComponent> options(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        Parameters parameters = PriceFixture.parameters(answer);
        return parameters.getParameter().stream()
                .filter(one -> one.getName().equals("option"))
                .toList();
    }

    public static String part(ParametersParameterComponent of, String name) {
        return of.getPart().stream()
                .filter(one -> one.getName().equals(name))
                .findFirst()
                .orElseThrow()
                .getValue()
                .primitiveValue();
    }

    public static BigDecimal money(ParametersParameterComponent of, String name) {
        return of.getPart().stream()
                .filter(one -> one.getName().equals(name))
                .map(one -> ((org.hl7.fhir.r4.model.Money) one.getValue()).getValue())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void four_options_come_in_their_order_and_each_adds_up() {
        var options = options(compare(""));
        assertThat(options)
                .extracting(option -> part(option, "kind"))
                .containsExactly("cheapest", "one-stop", "soonest", "balanced");
        BigDecimal cheapest = money(options.getFirst(), "total");
        for (ParametersParameterComponent option : options) {
            BigDecimal sum =
                    option.getPart().stream()
                            .filter(one -> one.getName().equals("line"))
                            .map(line -> money(line, "price"))
                            .reduce(BigDecimal.ZERO, BigDecimal::add);
            assertThat(money(option, "total")).isEqualByComparingTo(sum);
            assertThat(cheapest).isLessThanOrEqualTo(sum);
        }
        assertThat(part(options.get(1), "stops")).isEqualTo("1");
        assertThat(cheapest).isBetween(new BigDecimal("28"), new BigDecimal("42"));
        assertThat(county.audited.getLast().patients()).containsExactly(PriceFixture.PATIENT);
    }

    @Test
    void what_is_written_straight_is_what_the_encoder_would_write() {
        String body =
                compare(
                                "{\"name\":\"latitude\",\"valueDecimal\":29.72},"
                                        + "{\"name\":\"longitude\",\"valueDecimal\":113.88}")
                        .body();
        byte[] encoded =
                Fhir.json(Fhir.parse(body.getBytes(StandardCharsets.UTF_8), Fhir.Format.JSON));
        assertThat(body)
                .isEqualTo(new String(encoded, StandardCharsets.UTF_8))
                .contains("daily-dose-price", "ratio-unit-value", "travel-minutes", "surplus");
    }

    @Test
    void a_place_makes_the_way_count() {
        var without = options(compare(""));
        var with =
                options(
                        compare(
                                "{\"name\":\"latitude\",\"valueDecimal\":29.72},"
                                        + "{\"name\":\"longitude\",\"valueDecimal\":113.88}"));
        assertThat(new BigDecimal(part(with.get(2), "minutes")))
                .isGreaterThan(new BigDecimal(part(without.get(2), "minutes")));
    }

    @Test
    void half_a_place_and_a_negative_hour_are_refused_together() {
        HttpResponse<String> answer =
                compare(
                        "{\"name\":\"latitude\",\"valueDecimal\":29.72},"
                                + "{\"name\":\"yuan-per-hour\",\"valueDecimal\":-1},"
                                + "{\"name\":\"max-stops\",\"valueInteger\":0}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("longitude")
                .contains("一小时折合 `-1` 元")
                .contains("停留点数为 `0`");
    }

    @Test
    void a_product_that_no_other_may_stand_for_is_offered_alone() {
        var lines = county.open;
        county.open =
                List.of(
                        new Comparison.Line(
                                new UUID(1, 1),
                                1,
                                county.drug(PriceFixture.AMLODIPINE),
                                BigDecimal.valueOf(14),
                                true));
        try {
            String body = compare("").body();
            assertThat(body).contains("\"L0\"").doesNotContain("\"L1\"").doesNotContain("\"L2\"");
        } finally {
            county.open = lines;
        }
    }

    @Test
    void packs_that_are_kept_are_not_offered_to_others_and_are_free_again_in_time() {
        var pharmacy = county.pharmacy(3);
        Instant now = PriceFixture.NOON;
        UUID other = UUID.fromString("018f3c5e-0000-7000-8000-000000000002");
        List<PriceDesk.Hold> holds =
                county.database.inTransaction(
                        tx -> county.desk.hold(tx, other, pharmacy, county.open, now));
        assertThat(holds).hasSize(2);
        assertThat(reserved(pharmacy.id())).isEqualByComparingTo("2");
        county.database.inTransaction(
                tx -> county.desk.hold(tx, other, pharmacy, county.open, now));
        assertThat(reserved(pharmacy.id())).isEqualByComparingTo("2");
        assertThat(county.desk.freeOverdue(now.plus(Duration.ofHours(1)))).isZero();
        assertThat(county.desk.freeOverdue(now.plus(Duration.ofHours(2)))).isEqualTo(2);
        assertThat(reserved(pharmacy.id())).isEqualByComparingTo("0");
    }

    private static BigDecimal reserved(UUID pharmacy) {
        return county.database
                .run(
                        Database.SQL
                                .select(
                                        org.jooq.impl.DSL.sum(
                                                org.yifang.generated.Tables.OFFER.RESERVED))
                                .from(org.yifang.generated.Tables.OFFER)
                                .where(org.yifang.generated.Tables.OFFER.PHARMACY_ID.eq(pharmacy)))
                .iterator()
                .next()
                .getBigDecimal(0);
    }

    @Test
    void a_price_charged_is_compared_with_the_price_shown() {
        var cheapest = options(compare("")).getFirst();
        var line =
                cheapest.getPart().stream()
                        .filter(one -> one.getName().equals("line"))
                        .findFirst()
                        .orElseThrow();
        long shown = money(line, "price").movePointRight(2).longValueExact();
        Offer offer =
                OfferStore.ofSets(
                                county.database,
                                List.of(county.drug(PriceFixture.AMLODIPINE).substitutionSet()))
                        .await()
                        .stream()
                        .filter(one ->
                                line.toString() != null
                                        && reference(line, "offer").endsWith(one.id().toString()))
                        .findFirst()
                        .orElseThrow();
        var pharmacy = county.organizations.byId(offer.pharmacyId()).orElseThrow();
        SaleDesk.Honour kept = sell(pharmacy.number(), offer, shown);
        assertThat(kept.shownFen()).isEqualTo(shown);
        assertThat(kept.honoured()).isTrue();
        SaleDesk.Honour broken = sell(pharmacy.number(), offer, shown + 1);
        assertThat(broken.honoured()).isFalse();
        var rate =
                requireNonNull(
                        SaleStore.honoured(county.database, PriceFixture.NOON.minusSeconds(9))
                                .get(pharmacy.id()));
        assertThat(rate.rate()).isEqualTo(0.5);
    }

    private static String reference(ParametersParameterComponent of, String name) {
        return of.getPart().stream()
                .filter(one -> one.getName().equals(name))
                .map(one -> ((org.hl7.fhir.r4.model.Reference) one.getValue()).getReference())
                .findFirst()
                .orElseThrow();
    }

    private static SaleDesk.Honour sell(String pharmacy, Offer offer, long charged) {
        return requireNonNull(
                county.database.inTransaction(tx ->
                        county.sales.dispensed(
                                tx,
                                new SaleDesk.Sold(
                                        county.ids.get(),
                                        TASK,
                                        new UUID(1, 1),
                                        county.organizations.byNumber(pharmacy).orElseThrow(),
                                        county.drug(offer.drugCode()),
                                        BigDecimal.valueOf(7),
                                        false,
                                        charged,
                                        PriceFixture.NOON.plusSeconds(60)),
                                PriceFixture.NOON.plusSeconds(60))));
    }
}
