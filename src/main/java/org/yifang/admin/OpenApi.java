package org.yifang.admin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Describes the administration (OpenAPI 3.1) from the declarations that are mounted.
final class OpenApi {
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z]+)}");

    /// What a field holds, where it is no plain text.
    private static final Map<String, JsonObject> SCHEMAS =
            Map.ofEntries(
                    Map.entry("secret", type("boolean")),
                    Map.entry("active", type("boolean")),
                    Map.entry("manager", type("boolean")),
                    Map.entry("client", type("boolean")),
                    Map.entry("assertsPatients", type("boolean")),
                    Map.entry("overlapMinutes", type("integer")),
                    Map.entry("everyMinutes", type("integer")),
                    Map.entry("jwks", type("object")),
                    Map.entry("scopes", texts()),
                    Map.entry("reviewsFor", texts()),
                    Map.entry("addresses", texts()));

    static JsonObject of(String url, String version, List<Call> calls) {
        JsonObject paths = new JsonObject();
        for (Call call : calls) {
            JsonObject path = paths.getJsonObject(call.path());
            if (path == null) {
                path = new JsonObject();
                paths.put(call.path(), path);
            }
            path.put(call.method().toLowerCase(java.util.Locale.ROOT), operation(call));
        }
        return new JsonObject()
                .put("openapi", "3.1.0")
                .put(
                        "info",
                        new JsonObject()
                                .put("title", "Yifang administration")
                                .put("version", version))
                .put("servers", new JsonArray().add(new JsonObject().put("url", url)))
                .put("paths", paths)
                .put(
                        "components",
                        new JsonObject()
                                .put(
                                        "securitySchemes",
                                        new JsonObject()
                                                .put(
                                                        "token",
                                                        new JsonObject()
                                                                .put("type", "http")
                                                                .put("scheme", "bearer"))))
                .put(
                        "security",
                        new JsonArray().add(new JsonObject().put("token", new JsonArray())));
    }

    private static JsonObject operation(Call call) {
        JsonObject operation =
                new JsonObject()
                        .put("summary", call.says())
                        .put(
                                "description",
                                "Needs the scope `system/"
                                        + call.scope()
                                        + "`; for operators"
                                        + (call.managers()
                                                ? ", and for managers within their organization."
                                                : "."))
                        .put("responses", responses(call));
        JsonArray parameters = parameters(call);
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        if (call.path().equals(AdminRoutes.IMPORT)) {
            operation.put("requestBody", content("text/csv", type("string")));
        } else if (!call.fields().isEmpty()) {
            JsonObject properties = new JsonObject();
            for (String field : new java.util.TreeSet<>(call.fields())) {
                properties.put(field, SCHEMAS.getOrDefault(field, type("string")));
            }
            operation.put(
                    "requestBody",
                    content(
                            "application/json",
                            type("object")
                                    .put("properties", properties)
                                    .put("additionalProperties", false)));
        }
        return operation;
    }

    private static JsonObject responses(Call call) {
        Map<String, String> known = new TreeMap<>();
        known.put(String.valueOf(call.success()), "Done.");
        known.put("400", "A field that cannot be read, or is not known.");
        known.put("401", "No token, or none that is good.");
        known.put("403", "Not for this role.");
        if (call.path().contains("{")) {
            known.put("404", "Unknown, or not yours to see.");
        }
        if (!call.method().equals("GET")) {
            known.put("409", "It is there already, or under way.");
            known.put("422", "Something is unfit; each fault is one issue of an OperationOutcome.");
        }
        JsonObject responses = new JsonObject();
        known.forEach(
                (status, text) -> responses.put(status, new JsonObject().put("description", text)));
        return responses;
    }

    private static JsonArray parameters(Call call) {
        JsonArray parameters = new JsonArray();
        Matcher names = PARAMETER.matcher(call.path());
        while (names.find()) {
            parameters.add(parameter(names.group(1), "path", true));
        }
        if (call.method().equals("GET") && call.says().startsWith("Lists")) {
            parameters.add(parameter("after", "query", false));
            parameters.add(parameter("_count", "query", false));
        }
        if (call.path().equals(AdminRoutes.IMPORT)) {
            parameters.add(parameter("kind", "query", true));
        }
        return parameters;
    }

    private static JsonObject parameter(String name, String in, boolean required) {
        return new JsonObject()
                .put("name", name)
                .put("in", in)
                .put("required", required)
                .put("schema", type("string"));
    }

    private static JsonObject content(String mediaType, JsonObject schema) {
        return new JsonObject()
                .put("required", true)
                .put(
                        "content",
                        new JsonObject().put(mediaType, new JsonObject().put("schema", schema)));
    }

    private static JsonObject type(String name) {
        return new JsonObject().put("type", name);
    }

    private static JsonObject texts() {
        return type("array").put("items", type("string"));
    }

    private OpenApi() {}
}
