package org.yifang.fhir.rest;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.AnswerFormat;
import org.yifang.fhir.Bodies;
import org.yifang.fhir.search.TableSource;
import org.yifang.platform.Caller;
import org.yifang.platform.edge.Body;
import org.yifang.platform.problem.Problem;

import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Calls of the contract from inside the service: the console's pages call what everybody calls.
public final class Inside {
    /// One call.
    ///
    /// @param path below `/fhir`, with its slash: `/Task/id/$claim`
    /// @param query `a=1&b=2`, empty for none
    /// @param headers `Content-Type`, `Accept`, `If-Match`, `Idempotency-Key`
    /// @param inUrl whether path and query stand in an address that somebody may keep
    public record Call(
            String method,
            String path,
            String query,
            Body body,
            Map<String, String> headers,
            boolean inUrl) {
        public Call(
                String method, String path, String query, Body body, Map<String, String> headers) {
            this(method, path, query, body, headers, true);
        }
    }

    /// What a call over HTTP would have been answered.
    ///
    /// @param bytes the body, JSON unless `mediaType` says otherwise
    public record Reply(int status, String mediaType, byte[] bytes, Map<String, String> headers) {}

    private final Calls calls;
    private final Paths paths;
    private final InstantSource clock;

    Inside(Calls calls, Paths paths, InstantSource clock) {
        this.calls = calls;
        this.paths = paths;
        this.clock = clock;
    }

    /// Runs on a virtual thread and may wait; what goes wrong is an answer, never thrown.
    public Reply ask(Caller caller, Call call) {
        return calls.ask(caller, call);
    }

    /// A resource as a caller reads it, in the audit log too. Null when it is not there for it.
    ///
    /// @param path below `/fhir`, with its slash
    public byte @Nullable [] read(Caller caller, String path) {
        Reply reply = ask(caller, new Call("GET", path, "", Body.NONE, Map.of()));
        return switch (reply.status()) {
            case 200 -> reply.bytes();
            // What cannot be shown, since it was altered past the service, is logged there.
            case 403, 404, 410, 500 -> null;
            default -> throw new IllegalStateException(path + " is answered " + reply.status());
        };
    }

    /// Which of these resources of a type are there for a caller. Waits.
    ///
    /// @throws IllegalStateException when the type has no table, which says nothing of its
    ///   resources
    public Set<UUID> visible(Caller caller, String type, Collection<UUID> ids) {
        List<TableSource> tables = paths.tables(type);
        if (tables.isEmpty()) {
            throw new IllegalStateException(type + " has no table.");
        }
        Set<UUID> all = new HashSet<>();
        for (TableSource table : tables) {
            all.addAll(table.visible(ids, caller, clock.instant()));
        }
        return all;
    }

    static Reply reply(Answer answer, String base) {
        return reply(answer, AnswerFormat.DEFAULT, base);
    }

    static Reply reply(Answer answer, AnswerFormat wanted, String base) {
        Map<String, String> headers = new HashMap<>(answer.headers());
        if (answer.version() != null) {
            headers.put("ETag", ETags.of(answer.version()));
        }
        if (answer.lastModified() != null) {
            headers.put("Last-Modified", answer.lastModified().toString());
        }
        if (answer.location() != null) {
            boolean absolute = answer.location().contains("://");
            headers.put("Location", absolute ? answer.location() : base + '/' + answer.location());
        }
        String mediaType = wanted.mediaType();
        return switch (answer.body()) {
            case Answer.Json json -> new Reply(answer.status(), mediaType, json.bytes(), headers);
            case Answer.Encoded encoded ->
                    new Reply(
                            answer.status(),
                            mediaType,
                            Bodies.encode(encoded.resource(), wanted),
                            headers);
            case Answer.Raw raw ->
                    new Reply(answer.status(), raw.mediaType(), raw.bytes(), headers);
            // What is too long for memory is fetched over HTTP.
            case Answer.Pieces pieces -> new Reply(406, pieces.mediaType(), new byte[0], headers);
            case Answer.Nothing nothing -> new Reply(answer.status(), "", new byte[0], headers);
            case Answer.Refused refused -> throw refused.why();
        };
    }

    static Reply reply(Problem problem, String language) {
        return new Reply(
                problem.code().status(),
                AnswerFormat.DEFAULT.mediaType(),
                Bodies.encode(Outcomes.outcome(problem.findings(), language), AnswerFormat.DEFAULT),
                problem.headers());
    }
}
