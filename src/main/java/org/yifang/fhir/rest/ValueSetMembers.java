package org.yifang.fhir.rest;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.JsonTree;
import org.yifang.fhir.search.MemorySource;
import org.yifang.fhir.search.SearchValues;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayList;
import java.util.List;

/// What `:in` of a token asks for: the codes of value sets that we serve.
final class ValueSetMembers {
    private final Paths paths;

    ValueSetMembers(Paths paths) {
        this.paths = paths;
    }

    /// `system|code` of each code, `system|` where a value set holds a whole system.
    ///
    /// @param faults what cannot be told is added to them
    List<String> of(List<String> valueSets, String parameter, List<Finding> faults) {
        List<String> members = new ArrayList<>();
        for (String url : valueSets) {
            List<String> mine = members(url);
            if (mine == null) {
                faults.add(
                        new Finding(
                                ProblemCode.PARAMETER_UNREADABLE,
                                "The parameter `" + parameter + "` is `" + url + "`.",
                                "Name a value set that `/fhir/ValueSet` lists, by its url.",
                                parameter,
                                false));
            } else {
                members.addAll(mine);
            }
        }
        return members;
    }

    private @Nullable List<String> members(String url) {
        byte[] found =
                paths.source("ValueSet") instanceof MemorySource sets ? sets.byUrl(url) : null;
        if (found == null) {
            return null;
        }
        JsonNode compose = JsonTree.read(found).path("compose");
        List<String> members = new ArrayList<>();
        for (JsonNode include : compose.path("include")) {
            String system = SearchValues.escaped(include.path("system").asText());
            if (include.has("filter") || include.has("valueSet") || system.isEmpty()) {
                return null;
            }
            if (!include.has("concept")) {
                members.add(system + '|');
            }
            for (JsonNode concept : include.path("concept")) {
                members.add(system + '|' + SearchValues.escaped(concept.path("code").asText()));
            }
        }
        return compose.has("exclude") ? null : members;
    }
}
