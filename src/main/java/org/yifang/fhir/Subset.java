package org.yifang.fhir;

import ca.uhn.fhir.context.BaseRuntimeChildDefinition;
import ca.uhn.fhir.context.BaseRuntimeDeclaredChildDefinition;
import ca.uhn.fhir.context.RuntimeChildChoiceDefinition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.JsonTree;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Leaves of resources what `_summary` or `_elements` ask for (R4, 3.1.1.5.8 and 3.1.1.5.9): whole
/// elements of the resource itself, never parts of one, and nothing within a document. What is
/// mandatory, and what changes the meaning of the rest, always stays; what is left says that it is
/// a part.
final class Subset {
    private static final String TAG_SYSTEM =
            "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";
    private static final Set<String> WHOLE = Set.of("Parameters", "OperationOutcome");
    private static final Set<String> ENVELOPES =
            Set.of("searchset", "history", "batch-response", "transaction-response");
    private static final Map<String, Kind> KINDS = new ConcurrentHashMap<>();

    /// The elements of a resource type, by their names without `[x]`.
    private record Kind(Set<String> kept, Set<String> summary, List<String> choices) {
        /// The name of the element that a JSON member belongs to.
        String element(String member) {
            String name = member.startsWith("_") ? member.substring(1) : member;
            for (String choice : choices) {
                boolean typed =
                        name.length() > choice.length()
                                && name.startsWith(choice)
                                && Character.isUpperCase(name.charAt(choice.length()));
                if (typed) {
                    return choice;
                }
            }
            return name;
        }
    }

    /// @return the bytes as they are when everything is wanted
    static byte[] of(byte[] json, AnswerFormat wanted) {
        if (wanted.summary() == null && wanted.elements() == null) {
            return json;
        }
        if (!(JsonTree.read(json) instanceof ObjectNode root)) {
            return json;
        }
        boolean envelope =
                root.path("resourceType").asText().equals("Bundle")
                        && ENVELOPES.contains(root.path("type").asText());
        if (!envelope) {
            cut(root, wanted);
        }
        for (JsonNode entry : envelope ? root.path("entry") : List.<JsonNode>of()) {
            if (entry.path("resource") instanceof ObjectNode resource) {
                cut(resource, wanted);
            }
        }
        return JsonTree.write(root).getBytes(StandardCharsets.UTF_8);
    }

    private static void cut(ObjectNode resource, AnswerFormat wanted) {
        String type = resource.path("resourceType").asText();
        if (WHOLE.contains(type)) {
            return;
        }
        Kind kind = KINDS.computeIfAbsent(type, Subset::kind);
        Set<String> asked = asked(wanted, kind);
        List<String> members = new ArrayList<>();
        resource.fieldNames().forEachRemaining(members::add);
        for (String member : members) {
            String element = kind.element(member);
            boolean stays =
                    asked == null
                            ? !element.equals("text")
                            : asked.contains(element) || kind.kept().contains(element);
            if (!stays) {
                resource.remove(member);
            }
        }
        tag(resource);
    }

    /// Null for everything but the narrative.
    private static @Nullable Set<String> asked(AnswerFormat wanted, Kind kind) {
        if (wanted.elements() != null) {
            Set<String> asked = new HashSet<>();
            wanted.elements().forEach(name -> asked.add(kind.element(name.replace("[x]", ""))));
            return asked;
        }
        return switch (wanted.summary()) {
            case "true" -> kind.summary();
            case "text" -> Set.of("text");
            case null, default -> null;
        };
    }

    private static void tag(ObjectNode resource) {
        JsonNode old = resource.path("meta");
        ObjectNode meta = old instanceof ObjectNode one ? one : resource.putObject("meta");
        JsonNode tags = meta.path("tag");
        ArrayNode all = tags instanceof ArrayNode list ? list : meta.putArray("tag");
        all.addObject().put("system", TAG_SYSTEM).put("code", "SUBSETTED");
    }

    private static Kind kind(String type) {
        Set<String> kept = new HashSet<>(Set.of("resourceType", "id", "meta", "implicitRules"));
        Set<String> summary = new HashSet<>();
        List<String> choices = new ArrayList<>();
        for (BaseRuntimeChildDefinition child :
                Fhir.CONTEXT.getResourceDefinition(type).getChildren()) {
            String name = child.getElementName().replace("[x]", "");
            if (child instanceof RuntimeChildChoiceDefinition) {
                choices.add(name);
            }
            boolean declared = child instanceof BaseRuntimeDeclaredChildDefinition;
            if (child.getMin() > 0
                    || name.equals("modifierExtension")
                    || (declared && ((BaseRuntimeDeclaredChildDefinition) child).isModifier())) {
                kept.add(name);
            }
            if (declared && ((BaseRuntimeDeclaredChildDefinition) child).isSummary()) {
                summary.add(name);
            }
        }
        return new Kind(Set.copyOf(kept), Set.copyOf(summary), List.copyOf(choices));
    }

    private Subset() {}
}
