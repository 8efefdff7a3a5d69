package org.yifang.fhir;

import com.fasterxml.jackson.databind.JsonNode;

import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ConceptMap;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// What a ConceptMap makes of a code: one of ours, or one that a hospital sends along with its own
/// words.
///
/// @param url by which the map is known, or empty
public record Translation(String url, List<Line> lines) {
    /// One way of a map.
    private record Line(String system, String code, Match match) {}

    /// What a code becomes.
    public record Match(String equivalence, String system, String code, String display) {}

    public static Translation of(JsonNode map) {
        List<Line> lines = new ArrayList<>();
        for (JsonNode group : map.path("group")) {
            for (JsonNode element : group.path("element")) {
                for (JsonNode target : element.path("target")) {
                    Match match =
                            new Match(
                                    target.path("equivalence").asText(),
                                    group.path("target").asText(),
                                    target.path("code").asText(),
                                    target.path("display").asText());
                    lines.add(
                            new Line(
                                    group.path("source").asText(),
                                    element.path("code").asText(),
                                    match));
                }
            }
        }
        return new Translation(map.path("url").asText(), lines);
    }

    public static Translation of(ConceptMap map) {
        List<Line> lines = new ArrayList<>();
        for (var group : map.getGroup()) {
            for (var element : group.getElement()) {
                for (var target : element.getTarget()) {
                    String equivalence =
                            target.hasEquivalence() ? target.getEquivalence().toCode() : "";
                    Match match =
                            new Match(
                                    equivalence,
                                    text(group.getTarget()),
                                    text(target.getCode()),
                                    text(target.getDisplay()));
                    lines.add(new Line(text(group.getSource()), text(element.getCode()), match));
                }
            }
        }
        return new Translation(text(map.getUrl()), lines);
    }

    private static String text(String given) {
        return Objects.requireNonNullElse(given, "");
    }

    /// In the order of the map; local words are compared without case.
    public List<Match> of(Coding coding) {
        String code = text(coding.getCode()).strip();
        return lines.stream()
                .filter(one -> !coding.hasSystem() || one.system().equals(coding.getSystem()))
                .filter(one -> one.code().equalsIgnoreCase(code))
                .map(Line::match)
                .toList();
    }
}
