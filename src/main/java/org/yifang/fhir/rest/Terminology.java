package org.yifang.fhir.rest;

import com.fasterxml.jackson.databind.JsonNode;

import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ConceptMap;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Conformance;
import org.yifang.fhir.Terms;
import org.yifang.fhir.Terms.Concept;
import org.yifang.fhir.Texts;
import org.yifang.fhir.Translation;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.json.NamedValues;
import org.yifang.platform.Limits;
import org.yifang.platform.Role;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/// FHIR's terminology operations over our own CodeSystems, ValueSets and ConceptMaps.
final class Terminology {
    private static final String DEFINITIONS = "http://hl7.org/fhir/OperationDefinition/";

    /// What a caller may send beside what is read here; none of it changes an answer.
    private static final List<String> PASSED_OVER =
            List.of("version", "systemVersion", "valueSetVersion", "date", "activeOnly");

    private final Terms terms;

    Terminology(Conformance conformance) {
        this.terms = new Terms(conformance);
    }

    void mount(FhirRouter router) {
        router.mount(reading(Operation.type("lookup", "CodeSystem"), this::lookup));
        router.mount(reading(both("validate-code", "CodeSystem"), this::validateInSystem));
        router.mount(reading(both("validate-code", "ValueSet"), this::validateInValueSet));
        router.mount(reading(both("expand", "ValueSet"), this::expand));
        router.mount(reading(both("translate", "ConceptMap"), this::translate));
    }

    private static Operation both(String name, String type) {
        return Operation.typeAndInstance(name, type);
    }

    private static Operation reading(Operation operation, Operation.Handler handler) {
        return operation
                .roles(Role.HOSPITAL, Role.values())
                .reads()
                .definition(DEFINITIONS + operation.type + '-' + operation.name)
                .handler(handler);
    }

    /// What is asked about: `code` with its system, a `coding`, or any of a `codeableConcept`.
    private static List<Coding> codings(Inputs in, @Nullable String system) {
        List<Coding> codings = new ArrayList<>();
        String code = in.findCode("code");
        Coding coding = in.findCoding("coding");
        CodeableConcept concept = in.findConcept("codeableConcept");
        if (code != null) {
            codings.add(new Coding(system, code, in.findString("display")));
        } else {
            in.findString("display");
        }
        if (coding != null) {
            codings.add(coding);
        }
        if (concept != null) {
            codings.addAll(concept.getCoding());
        }
        if (codings.isEmpty()) {
            in.refuse("code", "The code is missing.", "Give `code` or `coding`.");
        }
        return codings;
    }

    private static String language(Inputs in, Exchange exchange) {
        String asked = in.findCode("displayLanguage");
        return asked == null ? exchange.language() : asked;
    }

    private static void done(Inputs in) {
        PASSED_OVER.forEach(in::findCode);
        in.done();
    }

    private JsonNode resource(Exchange exchange, String type, @Nullable String url) {
        String which = exchange.onInstance() ? exchange.idText() : url;
        if (which == null) {
            throw new Problem(
                    ProblemCode.PARAMETER_MISSING,
                    "The parameter `url` is missing.",
                    "Send `url`, or call it on one resource.");
        }
        return terms.find(type, which)
                .orElseThrow(() ->
                        new Problem(
                                ProblemCode.NOT_FOUND,
                                "There is no " + type + " `" + which + "` here.",
                                "Only what `GET /fhir/" + type + "` lists is known."));
    }

    private Answer lookup(Exchange exchange) {
        Inputs in = exchange.inputs();
        String system = in.findCode("system");
        List<Coding> codings = codings(in, system);
        String language = language(in, exchange);
        List<String> wanted = in.codes("property");
        done(in);
        Coding coding = codings.getFirst();
        Concept found = concept(coding);
        JsonNode codeSystem = terms.find("CodeSystem", found.system()).orElseThrow();
        return Answer.ok(
                FhirWriter.parameters(all -> {
                    all.string("name", codeSystem.path("title").asText())
                            .string("version", codeSystem.path("version").asText())
                            .string("display", found.display(language));
                    found.json().path("designation").forEach(one -> designation(all, one));
                    if (found.json().has("definition")) {
                        property(all, "definition", found.json().path("definition"));
                    }
                    for (JsonNode one : found.json().path("property")) {
                        String code = one.path("code").asText();
                        if (wanted.isEmpty() || wanted.contains(code)) {
                            property(all, code, value(one));
                        }
                    }
                }));
    }

    private Concept concept(Coding coding) {
        String system = coding.getSystem();
        Map<String, Concept> codes = system == null ? null : terms.codes(system);
        Concept found = codes == null ? null : codes.get(coding.getCode());
        if (found == null) {
            throw new Problem(
                    ProblemCode.NOT_FOUND,
                    codes == null
                            ? "There is no CodeSystem `" + system + "` here."
                            : "There is no code `" + coding.getCode() + "` in `" + system + "`.",
                    "Only what `GET /fhir/CodeSystem` lists is known.");
        }
        return found;
    }

    private static void designation(NamedValues all, JsonNode one) {
        all.group(
                "designation",
                parts ->
                        parts.code("language", one.path("language").asText())
                                .string("value", one.path("value").asText()));
    }

    private static JsonNode value(JsonNode property) {
        for (Map.Entry<String, JsonNode> member : property.properties()) {
            if (member.getKey().startsWith("value")) {
                return member.getValue();
            }
        }
        return property.path("value");
    }

    private static void property(NamedValues all, String code, JsonNode value) {
        all.group(
                "property",
                parts -> {
                    parts.code("code", code);
                    if (value.isIntegralNumber()) {
                        parts.integer("value", value.asLong());
                    } else {
                        parts.string("value", value.asText());
                    }
                });
    }

    private Answer validateInSystem(Exchange exchange) {
        Inputs in = exchange.inputs();
        String url = in.findCode("url");
        List<Coding> codings = codings(in, null);
        String language = language(in, exchange);
        done(in);
        String asked = url == null ? codings.getFirst().getSystem() : url;
        String system = resource(exchange, "CodeSystem", asked).path("url").asText();
        Map<String, Concept> codes = Objects.requireNonNull(terms.codes(system));
        return judged(
                codings,
                language,
                coding ->
                        coding.getSystem() == null || coding.getSystem().equals(system)
                                ? codes.get(coding.getCode())
                                : null,
                system);
    }

    private Answer validateInValueSet(Exchange exchange) {
        Inputs in = exchange.inputs();
        String url = in.findCode("url");
        List<Coding> codings = codings(in, in.findCode("system"));
        String language = language(in, exchange);
        done(in);
        JsonNode valueSet = resource(exchange, "ValueSet", url);
        List<Concept> all = terms.expanded(valueSet);
        return judged(
                codings,
                language,
                coding ->
                        all.stream()
                                .filter(one -> one.code().equals(coding.getCode()))
                                .filter(one ->
                                        coding.getSystem() == null
                                                || coding.getSystem().equals(one.system()))
                                .findFirst()
                                .orElse(null),
                valueSet.path("url").asText());
    }

    /// One fitting coding is enough; a display that nobody gave the code is told.
    private static Answer judged(
            List<Coding> codings,
            String language,
            Function<Coding, @Nullable Concept> find,
            String where) {
        Concept found = null;
        Coding fitting = codings.getFirst();
        for (Coding coding : codings) {
            Concept one = find.apply(coding);
            if (one != null) {
                found = one;
                fitting = coding;
                break;
            }
        }
        String display = fitting.getDisplay();
        Concept is = found;
        boolean called = is != null && (display == null || is.isCalled(display));
        String code = fitting.getCode();
        return Answer.ok(
                FhirWriter.parameters(all -> {
                    all.truth("result", called);
                    if (is == null) {
                        told(all, "`" + code + "` is not in " + where + ".", language);
                    } else {
                        if (!called) {
                            told(all, "`" + code + "` is not called `" + display + "`.", language);
                        }
                        all.string("display", is.display(language));
                    }
                }));
    }

    private static void told(NamedValues all, String message, String language) {
        String chinese = Texts.isEnglish(language) ? null : Texts.chinese(message);
        all.string("message", chinese == null ? message : chinese);
    }

    private Answer expand(Exchange exchange) {
        Inputs in = exchange.inputs();
        String url = in.findCode("url");
        String filter = in.findString("filter");
        Integer count = in.findInteger("count");
        Integer offset = in.findInteger("offset");
        Boolean designations = in.findFlag("includeDesignations");
        String language = language(in, exchange);
        if (count != null && (count < 0 || count > Limits.EXPANDED_MOST)) {
            in.refuse(
                    "count",
                    "The parameter `count` is `" + count + "`.",
                    "Send 0 to " + Limits.EXPANDED_MOST + ".");
        }
        if (offset != null && offset < 0) {
            in.refuse(
                    "offset",
                    "The parameter `offset` is `" + offset + "`.",
                    "Write a whole number from 0.");
        }
        done(in);
        JsonNode valueSet = resource(exchange, "ValueSet", url);
        List<Concept> all = Terms.filtered(terms.expanded(valueSet), filter);
        int from = Math.min(offset == null ? 0 : offset, all.size());
        int most = count == null ? Limits.EXPANDED_MOST : count;
        List<Concept> page = all.subList(from, Math.min(all.size(), from + most));
        boolean withDesignations = designations != null && designations;
        return Answer.ok(
                new Expansion(valueSet, language, withDesignations)
                        .page(page, all.size(), from, exchange.now()));
    }

    private Answer translate(Exchange exchange) {
        Inputs in = exchange.inputs();
        String url = in.findCode("url");
        String system = in.findCode("system");
        String targetSystem = in.findCode("targetsystem");
        in.findCode("source");
        in.findCode("target");
        List<Coding> codings = codings(in, system);
        List<ConceptMap> sent = in.resources("conceptMap", ConceptMap.class);
        in.count("conceptMap", 0, 1);
        done(in);
        Translation map =
                sent.isEmpty()
                        ? Translation.of(resource(exchange, "ConceptMap", url))
                        : Translation.of(sent.getFirst());
        List<Translation.Match> matches =
                codings.stream()
                        .flatMap(coding -> map.of(coding).stream())
                        .filter(one -> targetSystem == null || targetSystem.equals(one.system()))
                        .toList();
        return Answer.ok(
                FhirWriter.parameters(all -> {
                    all.truth("result", !matches.isEmpty());
                    if (matches.isEmpty()) {
                        told(all, "The map has no such code.", exchange.language());
                    }
                    for (Translation.Match one : matches) {
                        all.group("match", parts -> match(parts, one, map.url()));
                    }
                }));
    }

    private static void match(NamedValues parts, Translation.Match one, String map) {
        parts.code("equivalence", one.equivalence())
                .coding("concept", one.system(), one.code(), one.display());
        if (!map.isEmpty()) {
            parts.uri("source", map);
        }
    }
}
