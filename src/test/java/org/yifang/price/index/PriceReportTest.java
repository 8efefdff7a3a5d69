package org.yifang.price.index;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.price.compare.PriceFixture;
import org.yifang.price.sale.SaleDesk;
import org.yifang.registry.Organization;

import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

class PriceReportTest {
    private static final String QUERY =
            "/Measure/drug-price-change/$evaluate-measure?baselineStart=2025-01-01"
                    + "&baselineEnd=2025-12-31&periodStart=2026-01-01&periodEnd=2026-09-30";
    private static PriceFixture county;

    @BeforeAll
    static void open() {
        county = new PriceFixture();
    }

    @AfterAll
    static void close() {
        county.close();
    }

    private static HttpResponse<String> send(String who, String rows) {
        return county.post(
                "/$import-history",
                who,
                "text/csv",
                ("organization,code,month,quantity,value_yuan\n" + rows)
                        .getBytes(StandardCharsets.UTF_8));
    }

    /// Ten retail pharmacies sell both drugs, at 10 and 30 yuan, later at 15 per cent less.
    private static String tenPharmacies() {
        StringBuilder rows = new StringBuilder();
        for (int pharmacy = 1; pharmacy <= 10; pharmacy++) {
            String number = "P421281%05d".formatted(pharmacy);
            for (String month : new String[] {"2025-03", "2025-08", "2026-02", "2026-08"}) {
                double change = month.startsWith("2025") ? 1 : 0.85;
                String amlodipine = "%.2f".formatted(1000 * change);
                String atorvastatin = "%.2f".formatted(3000 * change);
                rows.append(row(number, PriceFixture.AMLODIPINE, month, amlodipine));
                rows.append(row(number, PriceFixture.ATORVASTATIN, month, atorvastatin));
            }
        }
        return rows.toString();
    }

    private static String row(String number, String code, String month, String yuan) {
        return "%s,%s,%s,700,%s\n".formatted(number, code, month, yuan);
    }

    @Test
    void imported_sales_are_reckoned_and_named_but_never_support_the_claim() {
        assertThat(county.get(QUERY, "bureau").body()).contains("no-baseline-sales");
        county.clock.set(PriceFixture.NOON.plusSeconds(60));
        HttpResponse<String> first = send("bureau", tenPharmacies());
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(PriceFixture.count(first, "accepted")).isEqualTo(80);
        assertThat(PriceFixture.count(send("bureau", tenPharmacies()), "repeated")).isEqualTo(80);

        String asOf = "&asOf=" + PriceFixture.NOON.plusSeconds(60);
        String report = county.get(QUERY + asOf, "bureau").body();
        assertThat(report)
                .contains("\"valueCode\":\"not-shown\"")
                .contains("imported-aggregates")
                .contains("0.850000")
                .contains("history-share")
                .contains("\"seed\"");
        county.clock.set(PriceFixture.NOON.plusSeconds(120));
        String late = row("P42128100001", PriceFixture.AMLODIPINE, "2026-03", "9000.00");
        assertThat(PriceFixture.count(send("bureau", late), "accepted")).isEqualTo(1);
        assertThat(county.get(QUERY + asOf, "auditor").body()).isEqualTo(report);
        assertThat(county.get(QUERY, "bureau").body()).contains("0.947024");
    }

    @Test
    void a_report_is_the_same_when_it_is_reckoned_again_from_the_sales() {
        county.clock.set(PriceFixture.NOON.plusSeconds(180));
        sellEverywhere();
        PriceReport.Query query =
                new PriceReport.Query(
                        LocalDate.parse("2023-01-01"),
                        LocalDate.parse("2023-12-31"),
                        LocalDate.parse("2024-01-01"),
                        LocalDate.parse("2024-04-30"),
                        PriceReport.Basis.DISPENSED,
                        List.of(),
                        List.of(),
                        null,
                        PriceFixture.NOON.plusSeconds(180));
        PriceReport.Result one = reckoned(query);
        assertThat(one.change().met()).isTrue();
        assertThat(one.historyShare()).isZero();
        PriceReport.Result again = reckoned(query);
        assertThat(again).usingRecursiveComparison().isEqualTo(one);
        String told =
                county.get(
                                "/Measure/drug-price-change/$evaluate-measure"
                                        + "?baselineStart=2023-01-01&baselineEnd=2023-12-31"
                                        + "&periodStart=2024-01-01&periodEnd=2024-04-30"
                                        + "&basis=dispensed&asOf="
                                        + PriceFixture.NOON.plusSeconds(180),
                                "bureau")
                        .body();
        assertThat(told).contains("\"valueCode\":\"met\"").contains(one.id().toString());
    }

    private static PriceReport.Result reckoned(PriceReport.Query query) {
        SaleSums sums = new SaleSums(county.database);
        return PriceReport.evaluate(
                query, new PriceReport.Read(sums.cells(query).await(), sums.months(query).await()));
    }

    /// Ten retail pharmacies dispense both drugs in 2023, and in 2024 at 15 per cent less.
    private static void sellEverywhere() {
        for (int pharmacy = 1; pharmacy <= 10; pharmacy++) {
            for (String day : List.of("2023-02-03", "2023-09-10", "2024-02-03", "2024-04-10")) {
                long fen = day.startsWith("2023") ? 1000 : 850;
                Organization seller = county.pharmacy(pharmacy);
                county.database.inTransaction(tx ->
                        county.sales.dispensed(
                                tx,
                                new SaleDesk.Sold(
                                        county.ids.get(),
                                        county.ids.get(),
                                        county.ids.get(),
                                        seller,
                                        county.drug(PriceFixture.AMLODIPINE),
                                        BigDecimal.valueOf(7),
                                        false,
                                        fen,
                                        Instant.parse(day + "T02:00:00Z")),
                                county.clock.get()));
            }
        }
    }

    @Test
    void a_pharmacy_tells_its_own_sales_only_and_a_month_once() {
        String own = row("P42128100001", "XC08CAA013A001010200001", "2024-05", "38.00");
        String other = row("P42128100002", "XC08CAA013A001010200001", "2024-05", "38.00");
        HttpResponse<String> answer = send("pharmacy/P42128100001", own + other);
        assertThat(PriceFixture.count(answer, "accepted")).isEqualTo(1);
        assertThat(PriceFixture.count(answer, "refused")).isEqualTo(1);
        HttpResponse<String> corrected =
                send("pharmacy/P42128100001", own.replace("38.00", "39.00"));
        assertThat(PriceFixture.count(corrected, "refused")).isEqualTo(1);
        assertThat(corrected.body()).contains("known with another value");
    }

    @Test
    void periods_that_overlap_and_other_roles_are_refused() {
        assertThat(
                        county.get(
                                        QUERY.replace(
                                                "periodStart=2026-01-01", "periodStart=2025-12-31"),
                                        "bureau")
                                .statusCode())
                .isEqualTo(400);
        assertThat(county.get(QUERY, "patient").statusCode()).isEqualTo(403);
    }
}
