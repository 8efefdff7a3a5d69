package org.yifang.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import org.yifang.fhir.json.JsonTree;
import org.yifang.platform.XmlCharacters;

import java.nio.charset.StandardCharsets;

/// Makes resources that hold what XML 1.0 cannot carry, taken in before such texts were refused,
/// fit to be shown as XML: the characters are written out, `\u001b`.
final class XmlShown {
    /// @param json of a resource
    static byte[] json(byte[] json) {
        return JsonTree.write(shown(JsonTree.read(json))).getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode shown(JsonNode node) {
        return switch (node) {
            case TextNode text -> TextNode.valueOf(XmlCharacters.escaped(text.textValue()));
            case ObjectNode object -> {
                object.properties().forEach(member -> member.setValue(shown(member.getValue())));
                yield object;
            }
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    array.set(i, shown(array.get(i)));
                }
                yield array;
            }
            default -> node;
        };
    }

    private XmlShown() {}
}
