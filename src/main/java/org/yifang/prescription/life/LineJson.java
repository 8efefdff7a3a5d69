package org.yifang.prescription.life;

import org.yifang.fhir.json.FhirJson;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/// MedicationRequest and MedicationDispense as they are sent: stored without what changes, which is
/// put in front when they are read.
final class LineJson {
    private static final byte[] EXTENSION = "{\"extension\":[".getBytes(StandardCharsets.UTF_8);

    static byte[] request(
            UUID id,
            long version,
            Instant updated,
            String status,
            BigDecimal remaining,
            String unit,
            byte[] stored) {
        return read(
                "MedicationRequest",
                id,
                version,
                updated,
                status,
                quantity("remaining-quantity", remaining, unit),
                stored);
    }

    static byte[] dispense(
            UUID id,
            long version,
            Instant updated,
            BigDecimal takenBack,
            String unit,
            byte[] stored) {
        String extension =
                takenBack.signum() == 0 ? "" : quantity("taken-back-quantity", takenBack, unit);
        return read("MedicationDispense", id, version, updated, "completed", extension, stored);
    }

    private static String quantity(String name, BigDecimal value, String unit) {
        return "{\"url\":\""
                + FhirJson.EXTENSIONS
                + name
                + "\",\"valueQuantity\":{\"value\":"
                + DispenseRules.plain(value)
                + ",\"unit\":\""
                + escaped(unit)
                + "\"}}";
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static byte[] read(
            String type,
            UUID id,
            long version,
            Instant updated,
            String status,
            String extension,
            byte[] stored) {
        boolean has = startsWith(stored, EXTENSION);
        String head =
                "\"resourceType\":\""
                        + type
                        + "\",\"id\":\""
                        + id
                        + "\",\"meta\":{\"versionId\":\""
                        + version
                        + "\",\"lastUpdated\":\""
                        + FhirJson.instant(updated)
                        + "\"},\"status\":\""
                        + status
                        + "\"";
        if (extension.isEmpty()) {
            return FhirJson.withHead(head, stored);
        }
        if (!has) {
            return FhirJson.withHead(head + ",\"extension\":[" + extension + "]", stored);
        }
        // The stored object begins with its own extensions: ours goes in before them.
        byte[] front =
                ("{" + head + ",\"extension\":[" + extension + ",")
                        .getBytes(StandardCharsets.UTF_8);
        byte[] joined = new byte[front.length + stored.length - EXTENSION.length];
        System.arraycopy(front, 0, joined, 0, front.length);
        System.arraycopy(
                stored, EXTENSION.length, joined, front.length, stored.length - EXTENSION.length);
        return joined;
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length > start.length
                && java.util.Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private LineJson() {}
}
