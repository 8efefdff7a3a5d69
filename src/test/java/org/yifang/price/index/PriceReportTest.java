package org.yifang.price.index;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.price.PriceFixture;
import org.yifang.price.SaleDesk;
import org.yifang.queue.plan.Plan;
import org.yifang.queue.plan.PlanDraft;
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
    void imported_sales_are_reckoned_and_named_and_are_no_evidence_without_a_plan() {
        assertThat(county.get(QUERY, "bureau").body()).contains("sold-in-both-periods");
        county.clock.set(PriceFixture.NOON.plusSeconds(60));
        HttpResponse<String> first = send("bureau", tenPharmacies());
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(PriceFixture.count(first, "accepted")).isEqualTo(80);
        assertThat(PriceFixture.count(send("bureau", tenPharmacies()), "repeated")).isEqualTo(80);

        String asOf = "&asOf=" + PriceFixture.NOON.plusSeconds(60);
        String report = county.get(QUERY + asOf, "bureau").body();
        assertThat(report)
                .contains("\"valueCode\":\"exploratory\"")
                .contains("探索性查询（第")
                .contains("no evidence of the target: prices of the same products fell 15.0%")
                .contains("registered-plan")
                .contains("comparable-periods")
                .contains("current-sales-dispensed")
                .contains("of the baseline's value was imported (bureau ")
                .contains("The same drugs became 15.0% cheaper.")
                .contains("Patients pay 15.0% less per day of treatment")
                .contains("0.850000")
                .contains("history-share")
                .contains("\"seed\"");
        county.clock.set(PriceFixture.NOON.plusSeconds(120));
        String late = row("P42128100001", PriceFixture.AMLODIPINE, "2026-03", "3000.00");
        assertThat(PriceFixture.count(send("bureau", late), "accepted")).isEqualTo(1);
        assertThat(county.get(QUERY + asOf, "auditor").body()).isEqualTo(report);
        assertThat(county.get(QUERY, "bureau").body()).doesNotContain("fell 15.0%");
    }

    @Test
    void a_line_that_stands_out_is_held_out_and_told_with_its_figures() {
        county.clock.set(PriceFixture.NOON.plusSeconds(240));
        StringBuilder rows = new StringBuilder();
        for (int pharmacy = 1; pharmacy <= 10; pharmacy++) {
            String number = "P421281%05d".formatted(pharmacy);
            for (String month : new String[] {"2021-03", "2022-03"}) {
                rows.append(row(number, PriceFixture.AMLODIPINE, month, "1000.00"));
            }
        }
        // Boxes of seven where tablets are meant: a hundred instead of seven hundred.
        String boxes = rows.toString().replaceFirst(",2021-03,700,", ",2021-03,100,");
        assertThat(PriceFixture.count(send("bureau", boxes), "accepted")).isEqualTo(20);
        String asked =
                "/Measure/drug-price-change/$evaluate-measure?baselineStart=2021-03-01"
                        + "&baselineEnd=2021-03-31&periodStart=2022-03-01&periodEnd=2022-03-31";
        String report = county.get(asked, "bureau").body();
        assertThat(report)
                .contains("held-line")
                .contains("\"valueDecimal\":10.000000")
                .contains("\"valueDecimal\":1.428571")
                .contains("10.0% of the value stands on implausible unit prices (1 lines)")
                .contains("fell 0.0%");
    }

    @Test
    void every_table_of_a_report_is_had_as_csv() {
        county.clock.set(PriceFixture.NOON.plusSeconds(300));
        sellEverywhere();
        String told =
                county.get(
                                QUERY.replace("2025", "2023")
                                        .replace("2026-01-01", "2024-01-01")
                                        .replace("2026-09-30", "2024-12-31"),
                                "bureau",
                                "text/csv")
                        .body();
        assertThat(told)
                .startsWith("\uFEFFtable,item,value,low,high,contribution,share,holds,text,text_en")
                .contains("claim,exploratory,")
                .contains("rule,comparable-periods,,,,,,true,")
                .contains("index,laspeyres,0.85,")
                .contains("index,fisher,0.85,")
                .contains("contribution to fisher,")
                .contains("contribution to laspeyres,");
    }

    @Test
    void a_plan_is_judged_once_and_alike_whenever_it_is_reckoned_again() {
        county.clock.set(PriceFixture.NOON.plusSeconds(180));
        sellEverywhere();
        Plan plan =
                county.plans.demonstrate(
                        new PlanDraft(
                                PriceMeasure.ID,
                                "Prices of 2024",
                                LocalDate.parse("2023-01-01"),
                                LocalDate.parse("2023-12-31"),
                                LocalDate.parse("2024-01-01"),
                                LocalDate.parse("2024-12-31"),
                                List.of(),
                                List.of(PlanDraft.EVERYWHERE)),
                        "bureau",
                        Instant.parse("2023-12-24T00:00:00Z"));
        String asked = "/Measure/drug-price-change/$evaluate-measure?plan=" + plan.id();
        county.clock.set(PriceFixture.NOON.plusSeconds(181));
        String told = county.get(asked, "bureau").body();
        assertThat(told)
                .contains("\"valueCode\":\"met\"")
                .contains("按2023-12-24登记的方案")
                .contains("达到下降10%目标。")
                .contains(": 10% target met.");
        assertThat(county.get(asked, "auditor").body()).isEqualTo(told);
        String later = asked + "&asOf=" + PriceFixture.NOON.plusSeconds(181);
        assertThat(county.get(later, "bureau").body())
                .contains("\"valueCode\":\"exploratory\"");
        PriceQuestion question =
                new PriceQuestion(
                        LocalDate.parse("2023-01-01"),
                        LocalDate.parse("2023-12-31"),
                        LocalDate.parse("2024-01-01"),
                        LocalDate.parse("2024-12-31"),
                        PriceQuestion.Basis.ALL,
                        List.of(),
                        List.of(),
                        null,
                        plan.verdictAt(),
                        new PriceQuestion.Plan(plan.id(), plan.registeredOn(), true));
        try (PriceEvaluation evaluation =
                new PriceEvaluation(
                        county.vertx,
                        county.database,
                        county.plans,
                        "421281",
                        county.clock::get)) {
            PriceReading.Result one = PriceReading.reckon(question, evaluation.read(question));
            assertThat(one.importedBaseline()).isZero();
            assertThat(PriceReading.reckon(question, evaluation.read(question)))
                    .usingRecursiveComparison()
                    .isEqualTo(one);
        }
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
        String own = row("P42128100001", "XC08CAA013A001010200001", "2022-05", "38.00");
        String other = row("P42128100002", "XC08CAA013A001010200001", "2022-05", "38.00");
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
