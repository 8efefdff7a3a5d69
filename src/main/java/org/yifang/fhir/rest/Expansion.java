package org.yifang.fhir.rest;

import com.fasterxml.jackson.databind.JsonNode;

import org.yifang.fhir.Terms.Concept;
import org.yifang.fhir.json.FhirWriter;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Writes a ValueSet with its codes listed.
///
/// @param language of the displays
/// @param designations whether every language is told
record Expansion(JsonNode valueSet, String language, boolean designations) {
    private static final List<String> HEAD =
            List.of("id", "url", "version", "name", "title", "status");

    /// @param total how many codes there are in all
    /// @param from how many stand before this page
    byte[] page(List<Concept> page, int total, int from, Instant now) {
        return FhirWriter.resource(
                "ValueSet",
                json -> {
                    HEAD.forEach(name -> json.string(name, valueSet.path(name).asText(null)));
                    json.object(
                            "expansion",
                            x -> {
                                x.string("identifier", "urn:uuid:" + UUID.randomUUID());
                                x.instant("timestamp", now);
                                x.number("total", total).number("offset", from);
                                x.list("contains", list -> page.forEach(one -> add(list, one)));
                            });
                });
    }

    private void add(FhirWriter list, Concept one) {
        list.element(json -> {
            json.coded(one.system(), one.code(), one.display(language));
            if (designations) {
                json.list(
                        "designation",
                        all -> one.json().path("designation").forEach(each -> add(all, each)));
            }
        });
    }

    private static void add(FhirWriter list, JsonNode designation) {
        list.element(json ->
                json.string("language", designation.path("language").asText())
                        .string("value", designation.path("value").asText()));
    }
}
