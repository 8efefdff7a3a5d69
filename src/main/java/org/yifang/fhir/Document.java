package org.yifang.fhir;

import ca.uhn.fhir.parser.json.jackson.JacksonStructure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.hl7.fhir.r4.model.Bundle;
import org.yifang.fhir.json.JsonTree;
import org.yifang.platform.problem.Problem;

import java.util.function.UnaryOperator;

/// A Bundle as it was sent, read once.
///
/// @param bundle what the rules read; of JSON without narratives, which say nothing to a rule and
///   take longer to read than all the rest
/// @param json the whole as JSON, as it was sent when it was JSON
/// @param tree the same as a tree
public record Document(Bundle bundle, byte[] json, ObjectNode tree) {
    /// @throws Problem `RX-1400` to `RX-1402` when it is no Bundle
    public static Document read(byte[] body, Fhir.Format format) {
        if (format == Fhir.Format.XML) {
            Bundle bundle = Bodies.parse(body, format, Bundle.class);
            byte[] json = Fhir.json(bundle);
            return new Document(bundle, json, JsonTree.resource(json));
        }
        var _ = Bodies.requireReadable(body, format, Bundle.class);
        return readable(body, format);
    }

    /// Reads what was found strict before.
    public static Document readable(byte[] body, Fhir.Format format) {
        if (format == Fhir.Format.XML) {
            return read(body, format);
        }
        if (JsonTree.read(body) instanceof ObjectNode tree) {
            JacksonStructure rest = new JacksonStructure();
            rest.setNativeObject(withoutNarratives(tree));
            return new Document(Fhir.parse(Bundle.class, rest), body, tree);
        }
        throw Fhir.notFhir("it is no JSON object", format);
    }

    /// A copy down to the entries' resources and their sections; what is below is shared.
    private static ObjectNode withoutNarratives(ObjectNode bundle) {
        return with(
                bundle,
                "entry",
                entry ->
                        entry.get("resource") instanceof ObjectNode resource
                                ? with(entry, "resource", silent(resource))
                                : entry);
    }

    /// A resource or section without what it tells a human reader.
    private static ObjectNode silent(ObjectNode spoken) {
        ObjectNode silent = with(spoken, "section", Document::silent);
        if (!silent.has("text")) {
            return silent;
        }
        ObjectNode copy = copy(silent);
        copy.remove("text");
        return copy;
    }

    /// With the objects of one of its lists changed.
    private static ObjectNode with(ObjectNode node, String list, UnaryOperator<ObjectNode> change) {
        if (!(node.get(list) instanceof ArrayNode all)) {
            return node;
        }
        ArrayNode changed = JsonTree.MAPPER.createArrayNode();
        for (JsonNode one : all) {
            changed.add(one instanceof ObjectNode object ? change.apply(object) : one);
        }
        return with(node, list, changed);
    }

    private static ObjectNode with(ObjectNode node, String name, JsonNode value) {
        ObjectNode copy = copy(node);
        copy.set(name, value);
        return copy;
    }

    private static ObjectNode copy(ObjectNode node) {
        ObjectNode copy = JsonTree.MAPPER.createObjectNode();
        copy.setAll(node);
        return copy;
    }
}
