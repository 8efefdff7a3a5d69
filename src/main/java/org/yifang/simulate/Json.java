package org.yifang.simulate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// The few shapes of FHIR's JSON that an outside system writes and reads.
final class Json {
    static final String SID = "https://yifang.org/fhir/sid/";
    static final String CODE_SYSTEM = "https://yifang.org/fhir/CodeSystem/";
    static final String EXTENSION = "https://yifang.org/fhir/StructureDefinition/";
    static final String IDENTITY_CARD = "urn:oid:2.16.156.10011.1.3";

    static JsonObject reference(String to) {
        return new JsonObject().put("reference", to);
    }

    static JsonObject identifier(String system, String value) {
        return new JsonObject().put("system", system).put("value", value);
    }

    static JsonObject coding(String system, String code, String display) {
        return coding(system, code).put("display", display);
    }

    static JsonObject coding(String system, String code) {
        return new JsonObject().put("system", system).put("code", code);
    }

    /// A CodeableConcept of these codings.
    static JsonObject concept(JsonObject... codings) {
        return new JsonObject().put("coding", new JsonArray(List.of(codings)));
    }

    /// The Parameters resource with these parameters.
    static JsonObject parameters(JsonObject... parameter) {
        return new JsonObject()
                .put("resourceType", "Parameters")
                .put("parameter", new JsonArray(List.of(parameter)));
    }

    /// One parameter, as `parameter("decision", "valueCode", "approve")`.
    static JsonObject parameter(String name, String type, Object value) {
        return new JsonObject().put("name", name).put(type, value);
    }

    /// The elements of a list of objects; none when it is absent.
    static Stream<JsonObject> each(JsonObject parent, String list) {
        JsonArray array = parent.getJsonArray(list);
        return array == null ? Stream.empty() : array.stream().map(JsonObject.class::cast);
    }

    /// An object inside, or an empty one when it is absent.
    static JsonObject inside(JsonObject parent, String name) {
        return Objects.requireNonNullElseGet(parent.getJsonObject(name), JsonObject::new);
    }

    /// The code of a CodeableConcept in that system (in any system when empty), or an empty text.
    static String code(JsonObject concept, String system) {
        return each(concept, "coding")
                .filter(one -> system.isEmpty() || system.equals(one.getString("system")))
                .map(one -> one.getString("code", ""))
                .findFirst()
                .orElse("");
    }

    /// The parameters of that name in a Parameters resource.
    static Stream<JsonObject> named(JsonObject parameters, String name) {
        return each(parameters, "parameter").filter(one -> name.equals(one.getString("name")));
    }

    /// The resources in a searchset.
    static Stream<JsonObject> found(JsonObject bundle) {
        return each(bundle, "entry").map(entry -> inside(entry, "resource"));
    }

    private Json() {}
}
