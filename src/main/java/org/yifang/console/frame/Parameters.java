package org.yifang.console.frame;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Writes the Parameters of an operation.
public final class Parameters {
    private final ObjectNode json =
            JsonNodeFactory.instance.objectNode().put("resourceType", "Parameters");

    private ObjectNode next(String name) {
        return json.withArray("parameter").addObject().put("name", name);
    }

    public Parameters string(String name, String value) {
        next(name).put("valueString", value);
        return this;
    }

    public Parameters code(String name, String value) {
        next(name).put("valueCode", value);
        return this;
    }

    public Parameters date(String name, String value) {
        next(name).put("valueDate", value);
        return this;
    }

    /// @param value as a person may have typed it
    public Parameters instant(String name, String value) {
        next(name).put("valueInstant", value);
        return this;
    }

    public Parameters decimal(String name, java.math.BigDecimal value) {
        next(name).put("valueDecimal", value);
        return this;
    }

    public Parameters flag(String name, boolean value) {
        next(name).put("valueBoolean", value);
        return this;
    }

    public Parameters reference(String name, String to) {
        next(name).putObject("valueReference").put("reference", to);
        return this;
    }

    /// A reason: a code of the operation's own CodeSystem, a text, or both.
    public Parameters concept(String name, String code, String text) {
        ObjectNode concept = next(name).putObject("valueCodeableConcept");
        if (!code.isBlank()) {
            concept.putArray("coding").addObject().put("code", code);
        }
        if (!text.isBlank()) {
            concept.put("text", text);
        }
        return this;
    }

    public Parameters identifier(String name, String system, String value) {
        ObjectNode identifier = next(name).putObject("valueIdentifier");
        if (!system.isEmpty()) {
            identifier.put("system", system);
        }
        identifier.put("value", value);
        return this;
    }

    public Parameters quantity(String name, java.math.BigDecimal value, String unit) {
        next(name).putObject("valueQuantity").put("value", value).put("unit", unit);
        return this;
    }

    public Parameters resource(String name, ObjectNode resource) {
        next(name).set("resource", resource);
        return this;
    }

    /// A parameter of two codes: `item` and `result`.
    public Parameters pair(String name, String first, String one, String second, String other) {
        ObjectNode parameter = next(name);
        parameter.withArray("part").addObject().put("name", first).put("valueCode", one);
        parameter.withArray("part").addObject().put("name", second).put("valueCode", other);
        return this;
    }

    public ObjectNode json() {
        return json;
    }

    /// The parameter of that name in an answer, missing when there is none.
    public static JsonNode find(JsonNode parameters, String name) {
        String list = parameters.has("parameter") ? "parameter" : "part";
        for (JsonNode one : parameters.path(list)) {
            if (one.path("name").asText().equals(name)) {
                return one;
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }
}
