package org.yifang.fhir.rest;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.JsonTree;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// What a caller prefers to be answered (RFC 7240): `Prefer: return=minimal`, `handling=strict`.
final class Preference {
    private static final byte[] PARAMETERS =
            "{\"resourceType\":\"Parameters\"".getBytes(StandardCharsets.UTF_8);

    /// The value of a preference, lower case, or null when it is not stated.
    static @Nullable String of(@Nullable String prefer, String name) {
        if (prefer == null) {
            return null;
        }
        // The first that is stated counts.
        for (String one : prefer.split("[,;]", -1)) {
            int equals = one.indexOf('=');
            if (equals > 0 && one.substring(0, equals).strip().equalsIgnoreCase(name)) {
                return one.substring(equals + 1).strip().replace("\"", "").toLowerCase(Locale.ROOT);
            }
        }
        return null;
    }

    /// Whether the caller wants what is not supported refused.
    static boolean isStrict(Exchange exchange) {
        return "strict".equals(of(exchange.header("Prefer"), "handling"));
    }

    /// What was made, changed or done to one resource, as the caller prefers to hear of it. An
    /// answer that holds more than that resource, a claim-token, stays whole.
    static Answer applied(Paths.Call call, Exchange exchange, Answer answer) {
        Operation operation = call.operation();
        String wanted = of(exchange.header("Prefer"), "return");
        boolean one =
                operation != null
                        && operation.affectsState()
                        && answer.version() != null
                        && answer.status() < 300
                        && answer.body() instanceof Answer.Json json
                        && !startsWith(json.bytes(), PARAMETERS);
        if (wanted == null || !one) {
            return answer;
        }
        Answer told =
                switch (wanted) {
                    case "minimal" -> answer.withBody(new Answer.Nothing());
                    case "operationoutcome" -> answer.withBody(outcome(exchange, answer));
                    case "representation" -> answer;
                    default -> null;
                };
        String written = wanted.equals("operationoutcome") ? "OperationOutcome" : wanted;
        return told == null ? answer : told.withHeader("Preference-Applied", "return=" + written);
    }

    private static boolean startsWith(byte[] bytes, byte[] begin) {
        return bytes.length >= begin.length
                && java.util.Arrays.equals(bytes, 0, begin.length, begin, 0, begin.length);
    }

    /// The warnings that the resource would have carried, else that all is well.
    private static Answer.Body outcome(Exchange exchange, Answer answer) {
        byte[] json = ((Answer.Json) answer.body()).bytes();
        var warnings = JsonTree.read(json).at("/contained/0");
        return warnings.path("resourceType").asText().equals("OperationOutcome")
                ? new Answer.Json(JsonTree.write(warnings).getBytes(StandardCharsets.UTF_8))
                : new Answer.Encoded(
                        Outcomes.fine(exchange.language().equals("en") ? "Done." : "已完成。"));
    }

    private Preference() {}
}
