package org.yifang.fhir.rest;

import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.problem.Problem;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What a handler answers, before it is known whether the caller wants JSON or XML.
///
/// @param version of the one resource in the body, for `ETag`, or null
/// @param location `Type/id`, or an absolute URL, or null
/// @param patients Patient ids whose data the answer contains, for the audit record
/// @param tasks ids of the prescription Tasks concerned, for the audit record
/// @param varies whether the same version may hold something else for the same caller, as what is
///   masked does: then nobody is told that it is known already
public record Answer(
        int status,
        Body body,
        @Nullable Long version,
        @Nullable Instant lastModified,
        @Nullable String location,
        Map<String, String> headers,
        List<UUID> patients,
        List<UUID> tasks,
        boolean varies) {

    /// The content of an answer.
    public sealed interface Body {}

    /// A resource as JSON bytes: sent as they are when the caller wants plain JSON.
    public record Json(byte[] bytes) implements Body {}

    /// A resource to be encoded.
    record Encoded(Resource resource) implements Body {}

    /// Something that is not FHIR, a PDF.
    public record Raw(String mediaType, byte[] bytes) implements Body {}

    /// Something that is not FHIR and too long for memory: a file, piece by piece.
    public record Pieces(String mediaType, Next next) implements Body {
        /// Gives one piece after the other.
        @FunctionalInterface
        public interface Next {
            /// The next piece, null behind the last. May wait.
            byte @Nullable [] piece();
        }
    }

    /// No content.
    public record Nothing() implements Body {}

    /// Nothing but why it was refused.
    record Refused(Problem why) implements Body {}

    private static Answer of(int status, Body body) {
        return new Answer(status, body, null, null, null, Map.of(), List.of(), List.of(), false);
    }

    /// 200 with the JSON of a resource.
    public static Answer ok(byte[] json) {
        return of(200, new Json(json));
    }

    /// 200 with a resource.
    static Answer ok(Resource resource) {
        return of(200, new Encoded(resource));
    }

    /// 200 with something that is not FHIR.
    public static Answer ok(String mediaType, byte[] bytes) {
        return of(200, new Raw(mediaType, bytes));
    }

    /// 200 with something long that is not FHIR.
    public static Answer pieces(String mediaType, Pieces.Next next) {
        return of(200, new Pieces(mediaType, next));
    }

    /// An answer without content.
    public static Answer nothing(int status) {
        return of(status, new Nothing());
    }

    /// A refusal that keeps what was done, with its audit record; see [Exchange#recorded]. In a
    /// transaction Bundle it keeps nothing, and is told in other words.
    public static Answer refused(Problem why) {
        return of(why.code().status(), new Refused(why));
    }

    Answer orThrow() {
        if (body instanceof Refused(Problem why)) {
            throw why;
        }
        return this;
    }

    Answer withBody(Body other) {
        return new Answer(
                status, other, version, lastModified, location, headers, patients, tasks, varies);
    }

    public Answer withStatus(int other) {
        return new Answer(
                other, body, version, lastModified, location, headers, patients, tasks, varies);
    }

    /// Adds `ETag: W/"version"` and `Last-Modified`.
    public Answer withVersion(long number, Instant modified) {
        return new Answer(
                status, body, number, modified, location, headers, patients, tasks, varies);
    }

    /// Says that the version alone does not tell what the caller sees.
    Answer varying() {
        return new Answer(
                status, body, version, lastModified, location, headers, patients, tasks, true);
    }

    /// Adds `Location`; `Type/id` becomes absolute.
    public Answer withLocation(String where) {
        return new Answer(
                status, body, version, lastModified, where, headers, patients, tasks, varies);
    }

    public Answer withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(
                status, body, version, lastModified, location, more, patients, tasks, varies);
    }

    /// Says whose data the answer contains, for the audit record that the engine writes.
    public Answer touching(List<UUID> morePatients, List<UUID> moreTasks) {
        return new Answer(
                status,
                body,
                version,
                lastModified,
                location,
                headers,
                joined(patients, morePatients),
                joined(tasks, moreTasks),
                varies);
    }

    private static List<UUID> joined(List<UUID> some, List<UUID> others) {
        List<UUID> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }
}
