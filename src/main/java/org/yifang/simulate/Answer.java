package org.yifang.simulate;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

import java.util.stream.Collectors;

/// What the service answered to one call.
///
/// @param status the HTTP status
/// @param location the header `Location`, or empty
/// @param retryAfterSeconds the header `Retry-After`, 0 without one
/// @param body the JSON body; empty when there was none
record Answer(int status, String location, int retryAfterSeconds, JsonObject body) {
    static final String PROBLEM = Json.CODE_SYSTEM + "problem";

    /// Reads what came over the wire; a body that is not JSON is kept as text.
    static Answer of(int status, String location, String retryAfter, String body) {
        JsonObject json;
        try {
            json = body.isEmpty() ? new JsonObject() : new JsonObject(body);
        } catch (DecodeException notJson) {
            json = new JsonObject().put("text", body);
        }
        int seconds = retryAfter.matches("\\d{1,5}") ? Integer.parseInt(retryAfter) : 0;
        return new Answer(status, location, seconds, json);
    }

    boolean isGood() {
        return status >= 200 && status < 300;
    }

    /// The first problem code, `RX-2002`, or empty.
    String problem() {
        return Json.each(body, "issue")
                .filter(issue -> !"warning".equals(issue.getString("severity")))
                .filter(issue -> !"information".equals(issue.getString("severity")))
                .map(issue -> Json.code(Json.inside(issue, "details"), PROBLEM))
                .filter(code -> !code.isEmpty())
                .findFirst()
                .orElse("");
    }

    /// What the answer says in words: every issue's text and remedy.
    String words() {
        String issues =
                Json.each(body, "issue")
                        .map(issue ->
                                Json.inside(issue, "details").getString("text", "")
                                        + " "
                                        + issue.getString("diagnostics", ""))
                        .collect(Collectors.joining("; "));
        return issues.isBlank() ? body.getString("text", "") : issues;
    }
}
