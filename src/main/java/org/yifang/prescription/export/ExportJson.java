package org.yifang.prescription.export;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;
import org.yifang.export.ExportSource.Window;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.UUID;

/// The parts of which exported resources that tell of nobody are made.
final class ExportJson {
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    static String pseudonym(Window window, String type, UUID id) {
        return window.pseudonyms().of(type, id).toString();
    }

    static String sid(String name) {
        return "https://yifang.org/fhir/sid/" + name;
    }

    static JsonObject concept(String system, String code, @Nullable String text) {
        JsonObject concept =
                new JsonObject()
                        .put(
                                "coding",
                                new JsonArray()
                                        .add(
                                                new JsonObject()
                                                        .put("system", system)
                                                        .put("code", code)));
        return text == null ? concept : concept.put("text", text);
    }

    static JsonObject reference(String type, String id) {
        return new JsonObject().put("reference", type + '/' + id);
    }

    static JsonObject organization(String number) {
        return new JsonObject()
                .put("type", "Organization")
                .put(
                        "identifier",
                        new JsonObject().put("system", sid("nhsa-org")).put("value", number));
    }

    static JsonObject quantity(BigDecimal value, String unit) {
        BigDecimal plain = new BigDecimal(value.stripTrailingZeros().toPlainString());
        return new JsonObject().put("value", plain).put("unit", unit);
    }

    /// The hour would help to tell who it was.
    static String day(Instant at) {
        return at.atZone(SHANGHAI).toLocalDate().toString();
    }

    private ExportJson() {}
}
