package org.yifang.prescription.paper;

import org.yifang.fhir.json.FhirWriter;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Consumer;

/// MedicationRequest and MedicationDispense as they are sent: stored without what changes, which is
/// put in front when they are read.
public final class LineJson {
    private static final byte[] EXTENSION = "{\"extension\":[".getBytes(StandardCharsets.UTF_8);

    public static byte[] request(
            UUID id,
            long version,
            Instant updated,
            String status,
            BigDecimal remaining,
            String unit,
            byte[] stored) {
        return read(
                stored,
                true,
                head(
                        "MedicationRequest",
                        id,
                        version,
                        updated,
                        status,
                        all -> quantity(all, "remaining-quantity", remaining, unit)));
    }

    public static byte[] dispense(
            UUID id,
            long version,
            Instant updated,
            BigDecimal takenBack,
            String unit,
            byte[] stored) {
        boolean isTakenBack = takenBack.signum() != 0;
        return read(
                stored,
                isTakenBack,
                head(
                        "MedicationDispense",
                        id,
                        version,
                        updated,
                        "completed",
                        all -> {
                            if (isTakenBack) {
                                quantity(all, "taken-back-quantity", takenBack, unit);
                            }
                        }));
    }

    private static void quantity(FhirWriter all, String name, BigDecimal value, String unit) {
        all.extension(name, one -> one.quantity("valueQuantity", value.stripTrailingZeros(), unit));
    }

    private static byte[] head(
            String type,
            UUID id,
            long version,
            Instant updated,
            String status,
            Consumer<FhirWriter> extensions) {
        return FhirWriter.resource(
                type,
                json ->
                        json.string("id", id.toString())
                                .meta(version, updated)
                                .string("status", status)
                                .list("extension", extensions));
    }

    /// @param extended whether the head ends with extensions
    private static byte[] read(byte[] stored, boolean extended, byte[] head) {
        // The stored object begins with its own extensions: those of the head go in before them.
        if (extended && startsWith(stored, EXTENSION)) {
            return joined(head, "]}".length(), stored, EXTENSION.length);
        }
        return joined(head, "}".length(), stored, "{".length());
    }

    /// The head without its end, a comma, and what is stored without its beginning.
    private static byte[] joined(byte[] head, int end, byte[] stored, int begin) {
        int length = head.length - end;
        byte[] joined = Arrays.copyOf(head, length + 1 + stored.length - begin);
        joined[length] = ',';
        System.arraycopy(stored, begin, joined, length + 1, stored.length - begin);
        return joined;
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length > start.length
                && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private LineJson() {}
}
