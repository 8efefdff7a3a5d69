package org.yifang.prescription.paper;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.JsonTree;
import org.yifang.platform.Uuid7;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Takes a document apart into the resources that are kept beside it, each with an id of its own
/// and references between them that can be followed.
public final class DocumentParts {
    public static final ObjectMapper MAPPER = JsonTree.MAPPER;

    /// One resource of the document.
    ///
    /// @param content its JSON as it will be read; of a line without what changes
    public record Part(String type, UUID id, ObjectNode node, byte[] content) {
        public @Nullable String text(String... path) {
            JsonNode at = node;
            for (String step : path) {
                at = at.isArray() ? at.path(0).path(step) : at.path(step);
            }
            return at.isValueNode() ? at.asText() : null;
        }
    }

    /// Tells the ids of resources that the platform keeps once: Patient, Organization,
    /// Practitioner.
    @FunctionalInterface
    public interface KeptIds {
        /// @return null for what is the document's own
        @Nullable UUID id(ObjectNode resource);
    }

    private record Entry(
            @Nullable String fullUrl, ObjectNode node, String type, UUID id, boolean known) {}

    /// @param document the Bundle
    /// @param ids makes the ids of the parts
    public static List<Part> of(ObjectNode document, Uuid7 ids, KeptIds kept) {
        List<Entry> entries = entries(document, ids, kept);
        Map<String, String> references = new LinkedHashMap<>();
        for (Entry entry : entries) {
            String reference = entry.type() + "/" + entry.id();
            if (entry.fullUrl() != null) {
                references.put(entry.fullUrl(), reference);
            }
            JsonNode own = entry.node().get("id");
            if (own != null) {
                references.put(entry.type() + "/" + own.asText(), reference);
            }
        }
        List<Part> parts = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.known()) {
                continue;
            }
            parts.add(new Part(entry.type(), entry.id(), entry.node(), content(entry, references)));
        }
        return parts;
    }

    private static List<Entry> entries(ObjectNode document, Uuid7 ids, KeptIds kept) {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode entry : document.path("entry")) {
            if (!(entry.get("resource") instanceof ObjectNode node)) {
                continue;
            }
            String type = node.path("resourceType").asText();
            UUID known = kept.id(node);
            UUID id = known == null ? ids.get() : known;
            String fullUrl = entry.hasNonNull("fullUrl") ? entry.get("fullUrl").asText() : null;
            entries.add(new Entry(fullUrl, node, type, id, known != null));
        }
        return entries;
    }

    private static byte[] content(Entry entry, Map<String, String> references) {
        ObjectNode kept = MAPPER.createObjectNode();
        boolean line = "MedicationRequest".equals(entry.type());
        if (entry.node().has("extension")) {
            kept.set("extension", entry.node().get("extension"));
        }
        if (!line) {
            kept.put("resourceType", entry.type());
            kept.put("id", entry.id().toString());
        }
        for (Map.Entry<String, JsonNode> member : entry.node().properties()) {
            boolean changes =
                    switch (member.getKey()) {
                        case "resourceType", "id", "meta", "extension" -> true;
                        case "status" -> line;
                        default -> false;
                    };
            if (!changes) {
                kept.set(member.getKey(), member.getValue());
            }
        }
        return write(referring(kept, references)).getBytes(StandardCharsets.UTF_8);
    }

    /// A copy whose `reference` elements name what is kept. Other elements may well hold the same
    /// text, and mean it as it stands.
    private static JsonNode referring(JsonNode node, Map<String, String> references) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode copy = MAPPER.createObjectNode();
                object.properties()
                        .forEach(member -> {
                            JsonNode value = member.getValue();
                            String kept =
                                    member.getKey().equals("reference") && value.isTextual()
                                            ? references.get(value.textValue())
                                            : null;
                            copy.set(
                                    member.getKey(),
                                    kept == null
                                            ? referring(value, references)
                                            : TextNode.valueOf(kept));
                        });
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = MAPPER.createArrayNode();
                array.forEach(one -> copy.add(referring(one, references)));
                yield copy;
            }
            default -> node;
        };
    }

    public static ObjectNode tree(byte[] json) {
        return JsonTree.resource(json);
    }

    public static String write(JsonNode node) {
        return JsonTree.write(node);
    }

    private DocumentParts() {}
}
