package org.yifang.fhir.rest;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/// Puts a Bundle together around stored JSON, without reading it.
final class Bundles {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(8 * 1024);
    private final String base;
    private boolean anyEntry;

    /// @param base our base url, for `fullUrl`
    /// @param type `searchset` or `history`
    /// @param total how many matches there are, or null when it was not counted
    /// @param self the link of this page
    /// @param next the link of the next page, or null
    Bundles(
            String base,
            String type,
            Instant now,
            @Nullable Long total,
            String self,
            @Nullable String next) {
        this.base = base;
        text("{\"resourceType\":\"Bundle\",\"id\":\"");
        text(UUID.randomUUID().toString());
        text("\",\"meta\":{\"lastUpdated\":\"");
        text(now.truncatedTo(ChronoUnit.MILLIS).toString());
        text("\"},\"type\":\"");
        text(type);
        text(total == null ? "\"" : "\",\"total\":" + total);
        text(",\"link\":[");
        link("self", self);
        if (next != null) {
            text(",");
            link("next", next);
        }
        text("]");
    }

    private void link(String relation, String url) {
        // Urls are encoded: no quote and no backslash stands in one.
        text("{\"relation\":\"" + relation + "\",\"url\":\"" + url + "\"}");
    }

    private void text(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private void begin() {
        text(anyEntry ? "," : ",\"entry\":[");
        anyEntry = true;
    }

    /// Adds a resource that was found.
    ///
    /// @param mode `match` or `include`
    void found(String type, String id, byte[] json, String mode) {
        begin();
        text("{\"fullUrl\":\"" + base + '/' + type + '/' + id + "\",\"resource\":");
        out.writeBytes(json);
        text(",\"search\":{\"mode\":\"" + mode + "\"}}");
    }

    /// Adds an OperationOutcome about the search itself.
    void outcome(byte[] json) {
        begin();
        text("{\"fullUrl\":\"urn:uuid:" + UUID.randomUUID() + "\",\"resource\":");
        out.writeBytes(json);
        text(",\"search\":{\"mode\":\"outcome\"}}");
    }

    /// Adds one version of a resource.
    void version(String type, String id, byte[] json, long version, Instant updated) {
        begin();
        text("{\"fullUrl\":\"" + base + '/' + type + '/' + id + "\",\"resource\":");
        out.writeBytes(json);
        String method = version == 1 ? "POST" : "PUT";
        String url = version == 1 ? type : type + '/' + id;
        text(",\"request\":{\"method\":\"" + method + "\",\"url\":\"" + url + "\"}");
        text(",\"response\":{\"status\":\"" + (version == 1 ? "201" : "200"));
        text("\",\"etag\":\"W/\\\"" + version + "\\\"\",\"lastModified\":\"");
        text(updated.truncatedTo(ChronoUnit.MILLIS) + "\"}}");
    }

    byte[] bytes() {
        text(anyEntry ? "]}" : "}");
        return out.toByteArray();
    }
}
