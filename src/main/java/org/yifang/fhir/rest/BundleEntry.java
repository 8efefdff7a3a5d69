package org.yifang.fhir.rest;

import com.fasterxml.jackson.databind.JsonNode;

import io.netty.handler.codec.DateFormatter;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.json.JsonTree;
import org.yifang.platform.edge.Body;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One entry of a batch or of a transaction.
///
/// @param at `Bundle.entry[2]`
/// @param fullUrl empty when it has none
/// @param path below the base, without a slash before it
/// @param resource the bytes as they stand in the Bundle, empty for none
record BundleEntry(
        String at,
        String fullUrl,
        String method,
        String path,
        String query,
        JsonNode request,
        byte[] resource) {

    private static final Map<String, String> CONDITIONS =
            Map.of(
                    "ifMatch", "If-Match",
                    "ifNoneMatch", "If-None-Match",
                    "ifNoneExist", "If-None-Exist");

    static BundleEntry of(int index, JsonNode entry, byte @Nullable [] resource, String base) {
        JsonNode request = entry.path("request");
        String url = request.path("url").asText();
        String below = url.startsWith(base + '/') ? url.substring(base.length()) : url;
        String stripped = below.startsWith("/") ? below.substring(1) : below;
        int question = stripped.indexOf('?');
        return new BundleEntry(
                "Bundle.entry[" + index + "]",
                entry.path("fullUrl").asText(),
                request.path("method").asText(),
                question < 0 ? stripped : stripped.substring(0, question),
                question < 0 ? "" : stripped.substring(question + 1),
                request,
                resource == null ? new byte[0] : resource);
    }

    /// @throws Problem `RX-1425` when it says not what is to be done
    void requireRequest() {
        boolean said = !method.isEmpty() && !path.isEmpty() && !path.contains("://");
        if (!said) {
            throw unfit("The entry has no request of this server.", "Give `method` and `url`.");
        }
    }

    Problem unfit(String detail, String remedy) {
        return new Problem(List.of(finding(detail, remedy)));
    }

    Finding finding(String detail, String remedy) {
        return new Finding(ProblemCode.BUNDLE_UNFIT, detail, remedy, at + ".request", false);
    }

    /// The call that it is.
    ///
    /// @param outer headers that hold for all entries
    Inside.Call call(Map<String, String> outer) {
        Map<String, String> headers = new HashMap<>(outer);
        CONDITIONS.forEach((name, header) -> {
            if (request.path(name).isTextual()) {
                headers.put(header, request.path(name).asText());
            }
        });
        if (request.path("ifModifiedSince").isTextual()) {
            headers.put("If-Modified-Since", since(request.path("ifModifiedSince").asText()));
        }
        byte[] body = resource;
        if (body.length > 0) {
            headers.put("Content-Type", Fhir.Format.JSON.mediaType());
            if (method.equals("PATCH")) {
                // A patch is no resource: it stands in a Binary (R4, section 3.1.0.11.2).
                JsonNode binary = JsonTree.read(body);
                headers.put("Content-Type", binary.path("contentType").asText());
                body = data(binary.path("data").asText());
            }
        }
        return new Inside.Call(method, '/' + path, query, Body.of(body), headers, false);
    }

    private byte[] data(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException unreadable) {
            throw unfit(
                    "The patch is no Binary with `data`.",
                    "Send a Binary with `contentType` " + JsonPatch.MEDIA_TYPE + ".");
        }
    }

    private String since(String instant) {
        try {
            return DateFormatter.format(Date.from(OffsetDateTime.parse(instant).toInstant()));
        } catch (DateTimeException unreadable) {
            throw unfit("`ifModifiedSince` is no instant.", "Write `2026-03-01T08:00:00+08:00`.");
        }
    }
}
