package org.yifang.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.fhir.rest.RestFixture.NOON;
import static org.yifang.fhir.rest.RestFixture.OURS;
import static org.yifang.fhir.rest.RestFixture.THEIRS;
import static org.yifang.fhir.rest.RestFixture.codes;
import static org.yifang.fhir.rest.RestFixture.idsOf;
import static org.yifang.fhir.rest.RestFixture.link;
import static org.yifang.fhir.rest.RestFixture.tree;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yifang.fhir.rest.RestFixture;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;

class SearchTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static RestFixture server;
    private static UUID wang;
    private static UUID li;
    private static String a;
    private static String b;
    private static String c;

    @BeforeAll
    static void open() {
        server = new RestFixture(router -> {});
        wang = server.person("4201011");
        li = server.person("4201022");
        a = server.visit(OURS, wang, "planned", "Check-up 100%", NOON).toString();
        b =
                server.visit(OURS, wang, "finished", "check, twice", NOON.plusSeconds(86400))
                        .toString();
        c = server.visit(OURS, li, "finished", "Surgery", null).toString();
        server.visit(OURS, li, "entered-in-error", "Surgery", NOON);
        server.visit(THEIRS, li, "finished", "Surgery", NOON);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @BeforeEach
    void forget() {
        server.audited.clear();
    }

    private static String letters(String query) {
        HttpResponse<String> answer = server.get("/Encounter?" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return letters(tree(answer));
    }

    private static String letters(JsonNode bundle) {
        StringBuilder text = new StringBuilder();
        for (String id : idsOf(bundle, "match")) {
            text.append(id.equals(a) ? "a" : id.equals(b) ? "b" : id.equals(c) ? "c" : "?");
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "_count=10 cba",
                "status=planned a",
                "status=planned,finished cba",
                "status=http://hl7.org/fhir/encounter-status%7Cfinished cb",
                "status=urn:x%7Cfinished ''",
                "status:not=finished a",
                "status:text=surg c",
                "status:missing=true ''",
                "title=CHECK ba",
                "title=check%5C,+twice b",
                "title:contains=twice b",
                "title:contains=0%25 a",
                "title:exact=surgery ''",
                "date=2026-03-01 a",
                "date=gt2026-03-01 b",
                "date=ge2026-03&date=lt2026-03-02T00:00 a",
                "date=2026-03-01T12:00:00 a",
                "date=2026-03-01T04:00:00Z a",
                "date=2026-03-01T04:00:00 ''",
                "date=ne2026-03-01 b",
                "date:missing=true c",
                "_sort=date abc",
                "_sort=-date cba",
                "_sort=status,-date cba",
                "_sort=-title acb",
                "_lastUpdated=le2026-03-01T04:00:00Z cba",
                "_lastUpdated=gt2026-03-01T04:00:00Z ''",
            })
    void finds(String query, String expected) {
        String found = letters(query);
        // The collation of the database decides between two titles that differ in case alone.
        if (query.equals("_sort=-title")) {
            assertThat(found).hasSize(3).contains("c");
        } else {
            assertThat(found).as(query).isEqualTo(expected);
        }
    }

    @Test
    void ids_and_references_are_taken_in_each_of_their_forms() {
        assertThat(letters("_id=" + a + "," + c)).isEqualTo("ca");
        assertThat(letters("_id=nonsense")).isEmpty();
        assertThat(letters("patient=" + wang)).isEqualTo("ba");
        assertThat(letters("patient=Patient/" + li)).isEqualTo("c");
        assertThat(letters("patient=" + server.base + "/Patient/" + li)).isEqualTo("c");
        assertThat(letters("patient:Patient=" + li)).isEqualTo("c");
        assertThat(letters("patient=Group/" + li)).isEmpty();
        assertThat(letters("patient=http://elsewhere/Patient/" + li)).isEmpty();
    }

    @Test
    void every_patient_in_an_answer_is_in_its_audit_record_before_it_leaves() {
        letters("status=finished,planned&_include=Encounter:patient");
        assertThat(server.audited).hasSize(1);
        assertThat(server.audited.getFirst().patients()).containsExactlyInAnyOrder(wang, li);
        assertThat(server.audited.getFirst().interaction()).isEqualTo("search-type");
        assertThat(server.audited.getFirst().query())
                .isEqualTo("status=finished,planned&_include=Encounter:patient");
    }

    @Test
    void what_identifies_a_person_is_taken_in_a_body_alone_and_kept_out_of_links_and_audit() {
        HttpResponse<String> inUrl = server.get("/Encounter?patient.identifier=4201011");
        assertThat(inUrl.statusCode()).isEqualTo(400);
        assertThat(codes(inUrl)).containsExactly("RX-1405");
        assertThat(server.get("/Patient?identifier=4201011").statusCode()).isEqualTo(400);
        assertThat(server.post("/Patient/_search?identifier=4201011", "").statusCode())
                .isEqualTo(400);
        server.audited.clear();
        for (String name :
                List.of("patient.identifier", "patient:identifier", "patient:Patient.identifier")) {
            HttpResponse<String> answer =
                    server.post(
                            "/Encounter/_search", name + "=4201011&_count=1", "Content-Type", FORM);
            JsonNode page = tree(answer);
            assertThat(letters(page)).as(answer.body()).isEqualTo("b");
            assertThat(link(page, "self")).doesNotContain("4201011").endsWith("_count=1");
            assertThat(link(page, "next")).doesNotContain("4201011");
            JsonNode next = tree(server.get(link(page, "next")));
            assertThat(letters(next)).isEqualTo("a");
            assertThat(link(next, "next")).isEmpty();
        }
        assertThat(server.audited)
                .hasSize(6)
                .allSatisfy(access ->
                        assertThat(access.query()).startsWith("patient").doesNotContain("4201011"));
    }

    @Test
    void an_unknown_parameter_is_reported_or_with_strict_handling_refused() {
        HttpResponse<String> lenient =
                server.get("/Encounter?colour=red&status=planned&_sort=colour");
        JsonNode bundle = tree(lenient);
        assertThat(letters(bundle)).isEqualTo("a");
        assertThat(link(bundle, "self")).endsWith("/Encounter?status=planned");
        JsonNode outcome = bundle.at("/entry/1/resource");
        assertThat(outcome.at("/issue").size()).isEqualTo(2);
        assertThat(outcome.at("/issue/0/severity").asText()).isEqualTo("warning");
        HttpResponse<String> strict =
                server.get("/Encounter?colour=red&_include=X:y", "Prefer", "handling=strict");
        assertThat(strict.statusCode()).isEqualTo(400);
        assertThat(codes(strict)).containsExactly("RX-1404", "RX-1404");
        HttpResponse<String> modifier = server.get("/Encounter?status:above=x");
        assertThat(modifier.statusCode()).isEqualTo(400);
        assertThat(codes(modifier)).containsExactly("RX-1404");
    }

    @Test
    void values_that_cannot_be_read_are_all_told() {
        HttpResponse<String> answer =
                server.get("/Encounter?date=tomorrow&date=2026-13-01&status:missing=maybe");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(codes(answer)).containsExactly("RX-1403", "RX-1403", "RX-1403");
        assertThat(server.get("/Encounter?_count=many").statusCode()).isEqualTo(400);
        assertThat(
                        server.post("/Encounter/_search", "status=%zz", "Content-Type", FORM)
                                .statusCode())
                .isEqualTo(400);
    }

    @Test
    void totals_are_counted_when_asked_for_or_free() {
        assertThat(tree(server.get("/Encounter?_count=2")).has("total")).isFalse();
        assertThat(tree(server.get("/Encounter?_count=2&_total=accurate")).at("/total").asInt())
                .isEqualTo(3);
        assertThat(tree(server.get("/Encounter?_count=3")).at("/total").asInt()).isEqualTo(3);
        for (String query : List.of("_count=0", "_summary=count")) {
            JsonNode counted = tree(server.get("/Encounter?status=finished&" + query));
            assertThat(counted.at("/total").asInt()).as(query).isEqualTo(2);
            assertThat(counted.has("entry")).isFalse();
        }
    }

    @Test
    void references_are_included_both_ways_once_and_only_what_the_caller_may_see() {
        JsonNode page =
                tree(server.get("/Encounter?patient=" + wang + "&_include=Encounter:patient"));
        assertThat(idsOf(page, "include")).containsExactly(wang.toString());
        JsonNode reverse =
                tree(server.get("/Patient?_id=" + li + "&_revinclude=Encounter:patient"));
        assertThat(idsOf(reverse, "match")).containsExactly(li.toString());
        assertThat(idsOf(reverse, "include")).containsExactly(c);
        JsonNode auditor =
                tree(
                        server.get(
                                "/Encounter?_id=" + a + "&_include=Encounter:patient",
                                "Authorization",
                                "Bearer auditor"));
        assertThat(idsOf(auditor, "match")).containsExactly(a);
        assertThat(idsOf(auditor, "include")).isEmpty();
    }

    @Test
    void a_bundle_is_written_in_xml_and_in_part_too() {
        assertThat(server.get("/Encounter?_format=xml").body()).startsWith("<Bundle");
        JsonNode elements = tree(server.get("/Encounter?_elements=length&_count=2"));
        assertThat(elements.at("/entry/0/resource/length/value").asInt()).isEqualTo(5);
        assertThat(elements.at("/entry/0/resource").has("text")).isFalse();
        assertThat(elements.at("/entry/0/search/mode").asText()).isEqualTo("match");
        assertThat(link(elements, "next")).contains("_elements=length");
        JsonNode summary = tree(server.get("/Encounter?_summary=true"));
        assertThat(summary.at("/entry/0/resource").has("text")).isFalse();
        assertThat(idsOf(summary, "match")).hasSize(3);
    }
}
