package org.yifang.fhir.rest;

import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Redaction;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/// What one request is called in its answer, in the audit and in the log: as its sender calls it,
/// where that tells of nobody.
final class RequestId {
    private static final String KEY = "requestId";
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9._~:-]{1,64}");

    static String of(RoutingContext http) {
        String known = http.get(KEY);
        if (known != null) {
            return known;
        }
        String named = given(http.request().getHeader("X-Request-Id"));
        http.put(KEY, named);
        return named;
    }

    private static String given(@Nullable String sent) {
        if (sent != null && SHAPE.matcher(sent).matches() && !Redaction.isPersonal(sent)) {
            return sent;
        }
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    private RequestId() {}
}
