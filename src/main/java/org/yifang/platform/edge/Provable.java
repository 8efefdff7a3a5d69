package org.yifang.platform.edge;

import io.vertx.core.http.HttpServerRequest;

import org.yifang.platform.Limits;

import java.util.Set;
import java.util.regex.Pattern;

/// Requests that may prove whose they are, whatever else comes from their address.
public final class Provable {
    private static final Set<String> PATHS = Set.of("/auth/token", "/auth/revoke");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,5}");

    /// By a secret in its head, or by an assertion in a short body.
    static boolean is(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        return PATHS.contains(request.path())
                && (authorization == null
                        ? isShort(request)
                        : authorization.regionMatches(true, 0, "Basic ", 0, 6));
    }

    /// Whether a request says that its body is as short as a form with an assertion.
    public static boolean isShort(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return length != null
                && LENGTH.matcher(length).matches()
                && Integer.parseInt(length) <= Limits.ASSERTION_BYTES
                && request.getHeader("Content-Encoding") == null;
    }

    private Provable() {}
}
