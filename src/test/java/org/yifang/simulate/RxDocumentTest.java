package org.yifang.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

class RxDocumentTest {
    private static final Instant ARRIVED = Instant.parse("2026-11-21T00:51:10Z");
    private static final Instant WRITTEN = Instant.parse("2026-11-21T01:02:03.456Z");
    private static final String NUMBER = "H42128100001-20261121-000001";
    private static final List<Visit> VISITS =
            DayPlan.of(1, 200, LocalDate.of(2026, 11, 21), Casebook.of(Products.shelf()));

    @Test
    void the_same_visit_number_and_moment_make_the_same_bytes() {
        for (Visit visit : VISITS) {
            assertThat(document(visit).encode()).isEqualTo(document(visit).encode());
        }
    }

    @Test
    void every_stamp_is_the_given_moment_in_the_time_of_shanghai() {
        JsonObject document = document(VISITS.getFirst());
        assertThat(document.getString("timestamp")).isEqualTo("2026-11-21T09:02:03+08:00");
        JsonObject encounter = only(document, "Encounter");
        assertThat(encounter.getJsonObject("period").getString("start"))
                .isEqualTo("2026-11-21T08:51:10+08:00");
        JsonObject validity =
                resources(document, "MedicationRequest")
                        .getFirst()
                        .getJsonObject("dispenseRequest")
                        .getJsonObject("validityPeriod");
        assertThat(validity.getString("end")).isEqualTo("2026-11-24T09:02:03+08:00");
    }

    @Test
    void the_number_stands_in_the_document_and_in_every_line() {
        for (Visit visit : VISITS) {
            JsonObject document = document(visit);
            assertThat(document.getJsonObject("identifier").getString("value")).isEqualTo(NUMBER);
            List<JsonObject> lines = resources(document, "MedicationRequest");
            assertThat(lines).hasSize(visit.complaint().lines().size());
            assertThat(lines)
                    .extracting(line -> line.getJsonObject("groupIdentifier").getString("value"))
                    .containsOnly(NUMBER);
        }
    }

    @Test
    void a_reviewed_one_names_the_reviewing_pharmacist() {
        for (Visit visit : VISITS) {
            JsonObject composition = only(document(visit), "Composition");
            List<String> modes =
                    Json.each(composition, "attester").map(one -> one.getString("mode")).toList();
            if (visit.has(Visit.Quirk.REVIEWED_BEFORE)) {
                assertThat(modes).containsExactly("legal", "professional");
            } else {
                assertThat(modes).containsExactly("legal");
            }
        }
    }

    @Test
    void every_reference_leads_to_an_entry() {
        for (Visit visit : VISITS) {
            JsonObject document = document(visit);
            List<String> urls =
                    Json.each(document, "entry").map(entry -> entry.getString("fullUrl")).toList();
            assertThat(urls).doesNotHaveDuplicates();
            String text = document.encode();
            java.util.regex.Pattern.compile("\"reference\":\"(urn:uuid:[0-9a-f-]{36})\"")
                    .matcher(text)
                    .results()
                    .forEach(found -> assertThat(urls).contains(found.group(1)));
        }
    }

    @Test
    void no_line_lasts_longer_than_seven_days() {
        assertThat(VISITS)
                .flatExtracting(visit -> visit.complaint().lines())
                .allSatisfy(line -> assertThat(line.days()).isBetween(1, 7));
    }

    private static JsonObject document(Visit visit) {
        return RxDocument.of(visit, NUMBER, ARRIVED, WRITTEN);
    }

    private static JsonObject only(JsonObject document, String type) {
        List<JsonObject> all = resources(document, type);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private static List<JsonObject> resources(JsonObject document, String type) {
        return Json.each(document, "entry")
                .map(entry -> entry.getJsonObject("resource"))
                .filter(one -> type.equals(one.getString("resourceType")))
                .toList();
    }
}
