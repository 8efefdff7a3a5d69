package org.yifang.identity.client;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import org.jspecify.annotations.Nullable;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// A request for a token as it came: form fields, and what stood in the header.
///
/// @param basic id and secret of HTTP Basic, or null without it
/// @param malformed true when the header says Basic and cannot be read
record TokenRequest(
        MultiMap form, @Nullable Basic basic, boolean malformed, String address, String requestId) {
    record Basic(String id, String secret) {}

    static TokenRequest of(
            HttpServerRequest http, MultiMap form, String address, String requestId) {
        String header = http.getHeader(HttpHeaders.AUTHORIZATION);
        Optional<Basic> basic = header == null ? Optional.empty() : basic(header);
        return new TokenRequest(
                form, basic.orElse(null), header != null && basic.isEmpty(), address, requestId);
    }

    /// What stands in the header, before anything of the body is read; null without it.
    static @Nullable Basic basicOf(HttpServerRequest http) {
        String header = http.getHeader(HttpHeaders.AUTHORIZATION);
        return header == null ? null : basic(header).orElse(null);
    }

    /// A field's value; null when it is absent or empty (RFC 6749 section 3.2).
    @Nullable String field(String name) {
        String value = form.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /// Whether any field came twice, which RFC 6749 section 3.2 forbids.
    boolean repeats() {
        return form.names().stream().anyMatch(name -> form.getAll(name).size() > 1);
    }

    /// RFC 6749 section 2.3.1: id and secret are form-encoded before RFC 7617 joins them.
    private static Optional<Basic> basic(String header) {
        if (!header.regionMatches(true, 0, "Basic ", 0, 6)) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(header.substring(6).strip());
            String text = new String(bytes, StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            if (colon < 0) {
                return Optional.empty();
            }
            return Optional.of(
                    new Basic(
                            URLDecoder.decode(text.substring(0, colon), StandardCharsets.UTF_8),
                            URLDecoder.decode(text.substring(colon + 1), StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
