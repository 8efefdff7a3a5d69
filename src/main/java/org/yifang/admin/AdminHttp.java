package org.yifang.admin;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads what calls of the administration have in common from a request, and writes it.
final class AdminHttp {
    private static final int PAGE = 50;
    private static final int PAGE_MOST = 500;
    private static final Pattern ETAG = Pattern.compile("(?:W/)?\"(\\d{1,18})\"");
    private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.UTF_8);

    static Body noBody() {
        return Body.of(NOTHING, Set.of());
    }

    /// The body of a call; every field of one that is left out may be left out.
    static Body json(RoutingContext http, Set<String> fields) {
        String type = http.request().getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            throw new Problem(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "The body has another media type, or none.",
                    "Send `Content-Type: application/json`.");
        }
        byte[] bytes = bytes(http);
        return Body.of(bytes.length == 0 ? NOTHING : bytes, fields);
    }

    static byte[] bytes(RoutingContext http) {
        var body = http.body() == null ? null : http.body().buffer();
        return body == null ? new byte[0] : body.getBytes();
    }

    static JsonObject tagged(RoutingContext http, JsonObject json) {
        http.response().putHeader(HttpHeaders.ETAG, "W/\"" + json.getLong("version") + "\"");
        return json;
    }

    /// The version that a change is meant for; null when it is for whichever there is.
    static @Nullable Long version(RoutingContext http) {
        String header = http.request().getHeader(HttpHeaders.IF_MATCH);
        if (header == null) {
            return null;
        }
        var tag = ETAG.matcher(header);
        if (!tag.matches()) {
            throw new Problem(
                    ProblemCode.PARAMETER_UNREADABLE,
                    "The header `If-Match` is no version.",
                    "Send it as `W/\"3\"`.");
        }
        return Long.valueOf(tag.group(1));
    }

    static @Nullable String after(RoutingContext http) {
        return http.request().getParam("after");
    }

    static int count(RoutingContext http) {
        String asked = http.request().getParam("_count");
        try {
            return asked == null ? PAGE : Math.clamp(Integer.parseInt(asked), 1, PAGE_MOST);
        } catch (NumberFormatException unreadable) {
            throw new Problem(
                    ProblemCode.PARAMETER_UNREADABLE, "The parameter `_count` is no number.");
        }
    }

    static JsonObject list(List<JsonObject> all) {
        return new JsonObject().put("items", new JsonArray(new ArrayList<Object>(all)));
    }

    private AdminHttp() {}
}
