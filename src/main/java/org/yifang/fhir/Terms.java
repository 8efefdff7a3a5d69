package org.yifang.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What our own CodeSystems, ValueSets and ConceptMaps say of a code; nothing of others.
public final class Terms {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// A code with what is known of it.
    ///
    /// @param json the concept as its CodeSystem or ValueSet has it
    public record Concept(String system, String code, JsonNode json) {
        /// What people read; in the other language when there is no such designation.
        public String display(String language) {
            if (Texts.isEnglish(language)) {
                for (JsonNode one : json.path("designation")) {
                    if (Texts.isEnglish(one.path("language").asText())) {
                        return one.path("value").asText();
                    }
                }
            }
            return json.path("display").asText();
        }

        /// Whether this is what people read in any language.
        public boolean isCalled(String display) {
            if (json.path("display").asText().equals(display)) {
                return true;
            }
            for (JsonNode one : json.path("designation")) {
                if (one.path("value").asText().equals(display)) {
                    return true;
                }
            }
            return false;
        }

        /// Whether code or display has a text in it, whatever the case.
        boolean has(String filter) {
            String wanted = filter.toLowerCase(java.util.Locale.ROOT);
            boolean found = code.toLowerCase(java.util.Locale.ROOT).contains(wanted);
            for (String language : List.of("zh-CN", "en")) {
                found |= display(language).toLowerCase(java.util.Locale.ROOT).contains(wanted);
            }
            return found;
        }
    }

    private final Conformance conformance;
    private final Map<String, Map<String, Concept>> systems = new ConcurrentHashMap<>();

    public Terms(Conformance conformance) {
        this.conformance = conformance;
    }

    /// A resource of ours as a tree, by its canonical url or its id.
    public Optional<JsonNode> find(String type, String urlOrId) {
        Conformance.Entry entry =
                urlOrId.contains(":")
                        ? conformance.byUrl(type, urlOrId)
                        : conformance.byId(type, urlOrId);
        return Optional.ofNullable(entry).map(Terms::tree);
    }

    private static JsonNode tree(Conformance.Entry entry) {
        try {
            return JSON.readTree(entry.json());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /// The codes of a system of ours in their order; null when it is not ours.
    public @Nullable Map<String, Concept> codes(String system) {
        Map<String, Concept> known = systems.get(system);
        if (known == null) {
            known = find("CodeSystem", system).map(Terms::concepts).orElse(null);
            if (known != null) {
                systems.put(system, known);
            }
        }
        return known;
    }

    private static Map<String, Concept> concepts(JsonNode codeSystem) {
        Map<String, Concept> codes = new LinkedHashMap<>();
        add(codeSystem.path("url").asText(), codeSystem.path("concept"), codes);
        return codes;
    }

    private static void add(String system, JsonNode concepts, Map<String, Concept> codes) {
        for (JsonNode one : concepts) {
            String code = one.path("code").asText();
            codes.put(code, new Concept(system, code, one));
            add(system, one.path("concept"), codes);
        }
    }

    /// Every code of a ValueSet of ours: those it lists, or all of the systems it names.
    public List<Concept> expanded(JsonNode valueSet) {
        List<Concept> all = new ArrayList<>();
        for (JsonNode include : valueSet.at("/compose/include")) {
            String system = include.path("system").asText();
            Map<String, Concept> whole = codes(system);
            if (include.has("concept")) {
                for (JsonNode one : include.path("concept")) {
                    String code = one.path("code").asText();
                    Concept known = whole == null ? null : whole.get(code);
                    all.add(known == null ? new Concept(system, code, one) : known);
                }
            } else if (whole != null) {
                all.addAll(whole.values());
            }
        }
        return all;
    }

    /// Those of a list that have a text in code or display.
    public static List<Concept> filtered(List<Concept> all, @Nullable String filter) {
        return filter == null || filter.isBlank()
                ? all
                : all.stream().filter(one -> one.has(filter.strip())).toList();
    }
}
