package org.yifang.price.index;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.price.compare.PriceFixture;
import org.yifang.price.sale.SaleDesk;
import org.yifang.queue.plan.Plan;
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
    void a_plan_is_judged_alike_whenever_it_is_reckoned_again() {
        county.clock.set(PriceFixture.NOON.plusSeconds(180));
        sellEverywhere();
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
                        PriceFixture.NOON.plusSeconds(180),
                        new PriceQuestion.Plan(
                                county.ids.get(), LocalDate.parse("2023-12-24"), true, false));
        try (PriceEvaluation evaluation =
                new PriceEvaluation(
                        county.vertx, county.database, county.plans, "421281", county.clock::get)) {
            String told = new String(evaluation.answer(question, null), StandardCharsets.UTF_8);
            assertThat(told)
                    .contains("\"valueCode\":\"met\"")
                    .contains("按2023-12-24登记的方案")
                    .contains("达到下降10%目标。")
                    .contains(": 10% target met.");
            assertThat(new String(evaluation.answer(question, null), StandardCharsets.UTF_8))
                    .isEqualTo(told);
            PriceReading.Result one = PriceReading.reckon(question, evaluation.read(question));
            assertThat(one.importedBaseline()).isZero();
            assertThat(PriceReading.reckon(question, evaluation.read(question)))
                    .usingRecursiveComparison()
                    .isEqualTo(one);
        }
    }

    @Test
    void the_demonstration_shows_a_verdict_and_says_that_it_is_made_up() {
        county.clock.set(PriceFixture.NOON.plusSeconds(400));
        DemonstrationSales made =
                new DemonstrationSales(county.database, county.catalogue, county.plans, county.ids);
        var pharmacies = county.organizations.pharmacies();
        Plan plan = made.load(pharmacies, "bureau", county.clock.get());
        assertThat(made.load(pharmacies, "bureau", county.clock.get())).isEqualTo(plan);
        assertThat(plan.draft().periodEnd()).isEqualTo(LocalDate.parse("2026-10-31"));
        String asked = "/Measure/drug-price-change/$evaluate-measure?plan=" + plan.id();
        county.clock.set(PriceFixture.NOON.plusSeconds(401));
        String told = county.get(asked, "bureau").body();
        assertThat(told)
                .contains("演示数据：按2025-10-25登记的方案")
                .contains("Made-up data: Under the plan registered 2025-10-25")
                .contains("\"valueCode\":\"met\"");
        // Month by month: the baseline stands at its own level, the period below it.
        assertThat(told.split("\"text\":\"20\\d\\d-\\d\\d\"", -1)).hasSize(1 + 3 * 24);
        assertThat(told).contains("\"text\":\"2024-11\"", "\"text\":\"2026-10\"");
        assertThat(county.get(asked, "auditor").body()).isEqualTo(told);
        String later = asked + "&asOf=" + PriceFixture.NOON.plusSeconds(401);
        assertThat(county.get(later, "bureau").body()).contains("\"valueCode\":\"exploratory\"");
    }

    @Test
    void a_price_that_stood_out_counts_once_a_person_released_it() {
        county.clock.set(PriceFixture.NOON.plusSeconds(500));
        StringBuilder rows = new StringBuilder();
        for (int pharmacy = 1; pharmacy <= 10; pharmacy++) {
            String number = "P421281%05d".formatted(pharmacy);
            String later = pharmacy == 1 ? "100.00" : "1000.00";
            rows.append(row(number, PriceFixture.ATORVASTATIN, "2019-03", "1000.00"));
            rows.append(row(number, PriceFixture.ATORVASTATIN, "2020-03", later));
        }
        assertThat(PriceFixture.count(send("bureau", rows.toString()), "accepted")).isEqualTo(20);
        String asked =
                "/Measure/drug-price-change/$evaluate-measure?baselineStart=2019-03-01"
                        + "&baselineEnd=2019-03-31&periodStart=2020-03-01&periodEnd=2020-03-31";
        String before = county.get(asked, "bureau").body();
        assertThat(before).contains("fell 0.0%").contains("held-line");
        String sale =
                before.replaceFirst("(?s).*\"url\":\"sale\",\"valueString\":\"([^\"]+)\".*", "$1");
        county.clock.set(PriceFixture.NOON.plusSeconds(501));
        HttpResponse<String> decided =
                county.post(
                        "/ChargeItemDefinition/" + sale + "/$decide-held-price",
                        "bureau",
                        "application/fhir+json",
                        """
                        {"resourceType":"Parameters","parameter":[
                        {"name":"decision","valueCode":"release"},
                        {"name":"reason","valueString":"procurement price of 2020"}]}\
                        """
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(decided.statusCode()).as(decided.body()).isEqualTo(200);
        assertThat(county.get(asked, "bureau").body())
                .contains("fell 9.0%")
                .doesNotContain("held-line");
        String asOf = "&asOf=" + PriceFixture.NOON.plusSeconds(500);
        assertThat(county.get(asked + asOf, "bureau").body()).isEqualTo(before);
    }

    @Test
    void a_unit_is_read_by_the_catalogue_and_a_month_dispensed_here_is_known() {
        county.clock.set(PriceFixture.NOON.plusSeconds(600));
        sellEverywhere();
        String rows =
                "organization,code,month,quantity,unit,value_yuan\n"
                        + "P42128100001,%s,2018-03,100,盒,1000.00\n"
                        + "P42128100001,%s,2018-04,100,瓶,1000.00\n"
                        + "P42128100001,%s,2023-02,700,片,1000.00\n";
        HttpResponse<String> answer =
                county.post(
                        "/$import-history",
                        "bureau",
                        "text/csv",
                        rows.replace("%s", PriceFixture.AMLODIPINE)
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(PriceFixture.count(answer, "accepted")).as(answer.body()).isEqualTo(1);
        assertThat(answer.body())
                .contains("The unit `瓶` is neither `片` nor `盒`.")
                .contains("dispensed through the platform");
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
