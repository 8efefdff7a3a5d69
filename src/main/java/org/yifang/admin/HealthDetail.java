package org.yifang.admin;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.yifang.platform.operate.Readiness;

import java.util.Map;
import java.util.TreeMap;

/// How the instance that answers is, for whoever keeps it running.
final class HealthDetail {
    private static final String OURS = "yifang.";

    static JsonObject of(Readiness readiness, String version) {
        JsonArray parts = new JsonArray();
        for (Readiness.State one : readiness.states()) {
            parts.add(
                    new JsonObject()
                            .put("part", one.part())
                            .put("well", one.reason() == null)
                            .put("needed", one.needed())
                            .put("reason", one.reason()));
        }
        String reason = readiness.reason();
        return new JsonObject()
                .put("status", reason == null ? "ready" : reason)
                .put("version", version)
                .put("parts", parts)
                .put("measures", new JsonObject(measures(readiness)));
    }

    /// What of ours is one number without labels, as `/metrics` has it.
    private static Map<String, Object> measures(Readiness readiness) {
        Map<String, Object> all = new TreeMap<>();
        for (Meter one : readiness.measures().getMeters()) {
            Meter.Id id = one.getId();
            if (one instanceof Gauge gauge
                    && id.getName().startsWith(OURS)
                    && id.getTags().isEmpty()
                    && Double.isFinite(gauge.value())) {
                all.put(name(id), gauge.value());
            }
        }
        return all;
    }

    private static String name(Meter.Id id) {
        String name = id.getName().replace('.', '_');
        String unit = id.getBaseUnit();
        return unit == null || name.endsWith(unit) ? name : name + "_" + unit;
    }

    private HealthDetail() {}
}
