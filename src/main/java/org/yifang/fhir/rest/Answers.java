package org.yifang.fhir.rest;

import io.netty.handler.codec.DateFormatter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.AnswerFormat;
import org.yifang.fhir.Bodies;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;

/// Writes answers that are no errors: headers, conditional reads, the format that is wanted.
final class Answers {
    /// What an answer depends on beside its address.
    static final String VARY = "Accept, Accept-Encoding, Accept-Language, Authorization, Prefer";

    /// The headers of a request; one that may stand in several lines is read whole.
    static Exchange.Head head(HttpServerRequest request) {
        return name -> {
            List<String> lines = request.headers().getAll(name);
            return lines.isEmpty() ? null : String.join(", ", lines);
        };
    }

    /// @param answer with JSON bodies already as they are wanted
    static void write(RoutingContext http, Answer answer, AnswerFormat wanted, String base) {
        HttpServerResponse response = http.response();
        headers(response, answer, base);
        if (isKnown(http.request().method().name(), head(http.request()), answer)) {
            response.setStatusCode(304).end();
            return;
        }
        response.setStatusCode(answer.status());
        String mediaType = wanted.mediaType() + ";charset=utf-8";
        switch (answer.body()) {
            case Answer.Json json -> send(response, mediaType, json.bytes());
            case Answer.Encoded encoded ->
                    send(response, mediaType, Bodies.encode(encoded.resource(), wanted));
            case Answer.Raw raw -> send(response, raw.mediaType(), raw.bytes());
            case Answer.Pieces pieces -> send(http, pieces);
            case Answer.Nothing nothing -> response.end();
            case Answer.Refused refused -> throw refused.why();
        }
    }

    private static void headers(HttpServerResponse response, Answer answer, String base) {
        if (!answer.headers().containsKey("Cache-Control")) {
            // Whoever keeps patients' data keeps it on purpose, not in a cache.
            response.putHeader("Cache-Control", "no-store");
        }
        answer.headers().forEach(response::putHeader);
        if (answer.version() != null) {
            response.putHeader("ETag", ETags.of(answer.version()));
        }
        if (answer.lastModified() != null) {
            // HTTP wants two digits of the day, which the formatter of the JDK does not write.
            response.putHeader(
                    "Last-Modified", DateFormatter.format(Date.from(answer.lastModified())));
        }
        if (answer.location() != null) {
            boolean absolute = answer.location().contains("://");
            response.putHeader(
                    "Location", absolute ? answer.location() : base + '/' + answer.location());
        }
    }

    private static void send(HttpServerResponse response, String mediaType, byte[] bytes) {
        response.putHeader("Content-Type", mediaType).end(Buffer.buffer(bytes));
    }

    /// Reads the next piece only when the last one has left, so that a slow reader fills nothing.
    private static void send(RoutingContext http, Answer.Pieces pieces) {
        HttpServerResponse response = http.response();
        response.putHeader("Content-Type", pieces.mediaType()).setChunked(true);
        if (http.request().method().equals(HttpMethod.HEAD)) {
            response.end();
            return;
        }
        byte[] piece = pieces.next().piece();
        while (piece != null) {
            response.write(Buffer.buffer(piece)).await();
            piece = pieces.next().piece();
        }
        response.end();
    }

    /// Whether the caller has this very version already (RFC 9110 section 13.2.2).
    static boolean isKnown(String method, Exchange.Head head, Answer answer) {
        Long version = answer.version();
        if (answer.status() != 200
                || version == null
                || answer.varies()
                || !(method.equals("GET") || method.equals("HEAD"))) {
            return false;
        }
        String tags = head.get("If-None-Match");
        if (tags != null) {
            return ETags.matches(tags, version);
        }
        Instant since = time(head.get("If-Modified-Since"));
        Instant modified = answer.lastModified();
        return since != null
                && modified != null
                && !modified.truncatedTo(ChronoUnit.SECONDS).isAfter(since);
    }

    /// A header that cannot be read is as if it were not there.
    private static @Nullable Instant time(@Nullable String header) {
        try {
            Date read = header == null ? null : DateFormatter.parseHttpDate(header);
            return read == null ? null : read.toInstant();
        } catch (IllegalArgumentException unreadable) {
            return null;
        }
    }

    private Answers() {}
}
