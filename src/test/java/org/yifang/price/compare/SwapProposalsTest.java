package org.yifang.price.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.catalogue.Drug;
import org.yifang.price.offer.ComparePricesTest;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// Which swaps pharmacists are asked to look at, and what becomes of their answers.
class SwapProposalsTest {
    /// Another form of a drug that the demonstration has as a tablet.
    private static final String CAPSULE =
            "XC08CAA013E001010100001,苯磺酸氨氯地平胶囊,胶囊剂,other,5mg,5,mg,,,粒,盒,7,"
                    + "示例白鹭药业有限公司,国药准字H20990902,western,,non_antibiotic,no,no,5,mg,"
                    + "C08CA01,no\n";

    private static PriceFixture county;
    private static Drug dear;
    private static Drug cheap;
    private static Drug tablet;
    private static Drug capsule;

    @BeforeAll
    static void open() {
        String drugs =
                new String(PriceFixture.resource("catalogue.csv"), StandardCharsets.UTF_8)
                        + CAPSULE;
        county =
                new PriceFixture(
                        drugs.getBytes(StandardCharsets.UTF_8),
                        PriceFixture.resource("registry.json"));
        Drug[] makers = pair(true);
        dear = makers[0];
        cheap = makers[1];
        Drug[] forms = pair(false);
        tablet = forms[0];
        capsule = forms[1];
        for (int pharmacy = 1; pharmacy <= 3; pharmacy++) {
            offer(pharmacy, dear, 2.0);
            offer(pharmacy, cheap, 1.5);
            offer(pharmacy, tablet, 3.0);
            offer(pharmacy, capsule, 1.0);
        }
        sold("P42128100001", dear, 100);
        sold("P42128100001", tablet, 10);
        sold("P42128100002", dear, 50);
    }

    @AfterAll
    static void close() {
        county.close();
    }

    /// Two makers of one set, or two forms of one substance and strength.
    private static Drug[] pair(boolean oneSet) {
        List<Drug> all =
                county.catalogue.entries().stream()
                        .map(entry -> entry.drug())
                        .filter(Drug::comparableAcrossMakers)
                        .toList();
        for (Drug one : all) {
            for (Drug other : all) {
                boolean same = one.substitutionSet().equals(other.substitutionSet());
                boolean fits =
                        oneSet
                                ? same && !one.maker().equals(other.maker())
                                : !same
                                        && one.atc() != null
                                        && one.atc().length() == 7
                                        && Objects.equals(one.atc(), other.atc())
                                        && one.strength().key().equals(other.strength().key());
                boolean apart =
                        dear == null
                                || !one.substitutionSet().equals(dear.substitutionSet())
                                        && !other.substitutionSet().equals(dear.substitutionSet());
                if (fits && apart) {
                    return new Drug[] {one, other};
                }
            }
        }
        throw new AssertionError("the demonstration has no such pair");
    }

    private static void offer(int pharmacy, Drug drug, double unitYuan) {
        HttpResponse<String> sent =
                county.post(
                        "/$import-offers",
                        "pharmacy/P421281%05d".formatted(pharmacy),
                        "text/csv",
                        ("code,price_yuan,pack_quantity,pack_unit,stock,price_type,observed_at\n"
                                        + "%s,%.2f,%d,%s,9,retail,%s\n"
                                                .formatted(
                                                        drug.code().value(),
                                                        unitYuan * drug.packFactor(),
                                                        drug.packFactor(),
                                                        drug.preparationUnit(),
                                                        PriceFixture.NOON.minusSeconds(60)))
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(sent.body()).contains("accepted");
    }

    /// Who judges, by the staff number that the judgements of these tests name.
    private static final String REVIEWER = "reviewer//YS421281000001";

    private static void sold(String pharmacy, Drug drug, int units) {
        var seller = county.organizations.byNumber(pharmacy).orElseThrow();
        var _ =
                county.database.inTransaction(tx ->
                        county.sales.dispensed(
                                tx,
                                new org.yifang.price.sale.SaleDesk.Sold(
                                        county.ids.get(),
                                        county.ids.get(),
                                        county.ids.get(),
                                        seller,
                                        drug,
                                        java.math.BigDecimal.valueOf(units),
                                        false,
                                        units * 200L,
                                        PriceFixture.NOON.minusSeconds(30)),
                                PriceFixture.NOON));
    }

    private static List<ParametersParameterComponent> proposals(String who) {
        HttpResponse<String> told = county.get("/$swap-proposals", who);
        assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
        return PriceFixture.parameters(told).getParameter().stream()
                .filter(one -> one.getName().equals("proposal"))
                .toList();
    }

    private static HttpResponse<String> judge(String who, Drug one, Drug other, String verdict) {
        return county.post(
                "/$judge-swap",
                who,
                "application/fhir+json",
                """
                {"resourceType":"Parameters","parameter":[
                {"name":"one","valueCode":"%s"},{"name":"other","valueCode":"%s"},
                {"name":"verdict","valueCode":"%s"},
                {"name":"approver","valueString":"YS421281000001"},
                {"name":"reason","valueString":"the tablet is scored"}]}
                """
                        .formatted(one.code().value(), other.code().value(), verdict)
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static boolean proposes(String who, Drug one, Drug other) {
        return proposals(who).stream()
                .anyMatch(each ->
                        ComparePricesTest.part(each, "one").equals(one.code().value())
                                && ComparePricesTest.part(each, "other")
                                        .equals(other.code().value()));
    }

    @Test
    void the_greatest_saving_comes_first_and_a_pharmacy_sees_its_own_sales() {
        var all = proposals("reviewer");
        var first = all.getFirst();
        assertThat(ComparePricesTest.part(first, "one")).isEqualTo(dear.code().value());
        assertThat(ComparePricesTest.part(first, "other")).isEqualTo(cheap.code().value());
        assertThat(ComparePricesTest.part(first, "level")).isEqualTo("L2");
        assertThat(ComparePricesTest.part(first, "approved")).isEqualTo("true");
        assertThat(ComparePricesTest.money(first, "saving")).isEqualByComparingTo("75.00");
        assertThat(ComparePricesTest.money(proposals("pharmacy/P42128100002").getFirst(), "saving"))
                .isEqualByComparingTo("25.00");
        assertThat(proposals("pharmacy/P42128100003")).isEmpty();
        assertThat(county.get("/$swap-proposals", "patient").statusCode()).isEqualTo(403);
    }

    @Test
    void a_reviewing_pharmacist_judges_in_the_own_name() {
        assertThat(judge("reviewer", dear, cheap, "parted").body()).contains("subject_id");
        assertThat(judge("reviewer//YS421281000009", dear, cheap, "parted").body())
                .contains("YS421281000001", "不是当前调用者");
        assertThat(proposes("reviewer", dear, cheap)).isTrue();
    }

    @Test
    void what_is_refused_is_an_exclusion_and_not_proposed_again() {
        assertThat(judge("pharmacy/P42128100001", dear, cheap, "parted").statusCode())
                .isEqualTo(403);
        assertThat(judge(REVIEWER, dear, cheap, "parted").statusCode()).isEqualTo(200);
        assertThat(proposes("reviewer", dear, cheap)).isFalse();
        assertThat(Equivalence.between(dear, cheap, county.swaps.swaps()))
                .isNotEqualTo(Equivalence.L2);
        assertThat(judge(REVIEWER, dear, cheap, "withdrawn").statusCode()).isEqualTo(200);
        assertThat(proposes("reviewer", dear, cheap)).isTrue();
    }

    @Test
    void a_form_holds_once_accepted_and_a_refused_one_not_even_by_way_of_others() {
        var form =
                proposals("reviewer").stream()
                        .filter(one -> ComparePricesTest.part(one, "level").equals("L3"))
                        .findFirst()
                        .orElseThrow();
        assertThat(ComparePricesTest.part(form, "approved")).isEqualTo("false");
        assertThat(ComparePricesTest.money(form, "saving")).isEqualByComparingTo("20.00");
        assertThat(judge(REVIEWER, tablet, capsule, "equivalent").body())
                .contains(tablet.genericName());
        assertThat(county.swaps.swaps().approved(tablet, capsule)).isTrue();
        HttpResponse<String> refused = judge(REVIEWER, tablet, capsule, "parted");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(200);
        assertThat(county.swaps.swaps().approved(tablet, capsule)).isFalse();
        assertThat(proposes("reviewer", tablet, capsule)).isFalse();
        Swaps joined =
                new Swaps(
                        List.of(
                                judged(tablet.substitutionSet(), "bridge", "EQUIVALENT"),
                                judged("bridge", capsule.substitutionSet(), "EQUIVALENT"),
                                judged(
                                        tablet.substitutionSet(),
                                        capsule.substitutionSet(),
                                        "PARTED")));
        assertThat(joined.approved(tablet, capsule)).isFalse();
    }

    private static Swaps.Judgement judged(String one, String other, String verdict) {
        return new Swaps.Judgement(
                one,
                other,
                Swaps.Verdict.valueOf(verdict),
                "YS421281000001",
                java.time.LocalDate.of(2026, 11, 20),
                "x");
    }
}
