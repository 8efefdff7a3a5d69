package org.yifang.fhir.rest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;

import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.AnswerFormat;
import org.yifang.fhir.Bodies;
import org.yifang.fhir.Excerpt;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.Ids;
import org.yifang.fhir.Scopes;
import org.yifang.fhir.json.JsonSlices;
import org.yifang.fhir.json.StrictJson;
import org.yifang.fhir.search.Query;
import org.yifang.platform.Caller;
import org.yifang.platform.edge.Body;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// One call of an [Operation]: who calls, on what, with which body and parameters.
public final class Exchange {
    /// The headers of the request.
    @FunctionalInterface
    interface Head {
        @Nullable String get(String name);
    }

    private final Calls calls;
    private final HttpMethod method;
    private final Head head;
    private final Query query;
    private final Paths.Call call;
    private Caller caller;
    private final String type;
    private final @Nullable String id;
    private final Body body;
    private boolean audited;
    private boolean kept;
    private @Nullable String auditedQuery;

    Exchange(
            Calls calls,
            HttpMethod method,
            Head head,
            Query query,
            Caller caller,
            Paths.Call call,
            Body body) {
        this.calls = calls;
        this.method = method;
        this.head = head;
        this.query = query;
        this.caller = caller;
        this.call = call;
        this.type = call.type() == null ? "" : call.type().name;
        this.id = call.id();
        this.body = body;
    }

    public Caller caller() {
        return caller;
    }

    /// The moment of the call by the service's clock.
    public Instant now() {
        return calls.now();
    }

    /// Whether the operation was called on an instance, `/Task/id/$claim`.
    public boolean onInstance() {
        return id != null;
    }

    /// The resource type in the path, empty at the system level.
    public String type() {
        return type;
    }

    /// The id in the path.
    ///
    /// @throws Problem `RX-1004` when it is no UUID, or the operation was called on no instance
    public UUID id() {
        return Ids.uuid(idText()).orElseThrow(() -> Outcomes.notFound());
    }

    /// The id in the path as it stands there.
    public String idText() {
        if (id == null) {
            throw Outcomes.notFound();
        }
        return id;
    }

    /// The body as it was sent; empty when there was none.
    public byte[] body() {
        return body.bytes();
    }

    /// A resource as it was sent.
    ///
    /// @param bytes the very bytes where it is JSON
    public record Sent(byte[] bytes, Fhir.Format format) {}

    /// The resource that is the body, or that `Parameters` in the body hold as their one parameter
    /// `resource`: libraries can send no other body to an operation.
    ///
    /// @throws Problem `RX-1400` to `RX-1406` for `Parameters` that hold something else
    public Sent sent() {
        Fhir.Format format = format();
        if (!Bodies.isParameters(body.bytes(), format)) {
            return new Sent(body.bytes(), format);
        }
        Sent only = format == Fhir.Format.JSON ? only() : null;
        if (only != null) {
            return only;
        }
        Inputs in = inputs();
        List<Resource> all = in.resources("resource", Resource.class);
        in.count("resource", 1, 1);
        in.done();
        return new Sent(Fhir.encode(all.getFirst(), format), format);
    }

    /// The one resource that Parameters of JSON hold, as it stands there; null when there is more,
    /// or less.
    private @Nullable Sent only() {
        var _ = Bodies.requireReadable(body.bytes(), Fhir.Format.JSON, Parameters.class);
        List<JsonSlices.Element> all = JsonSlices.of(body.bytes(), "parameter");
        byte[] resource = all.size() == 1 ? all.getFirst().resource() : null;
        return resource != null && "resource".equals(all.getFirst().name())
                ? new Sent(resource, Fhir.Format.JSON)
                : null;
    }

    /// What the body is written in.
    ///
    /// @throws Problem `RX-1015` when it is neither FHIR JSON nor FHIR XML
    public Fhir.Format format() {
        return AnswerFormat.format(mediaType())
                .orElseThrow(() -> Outcomes.unsupported(mediaType()));
    }

    /// The media type of the body, lower case, with its parameters; empty when there is none.
    public String mediaType() {
        String type = head.get("Content-Type");
        return type == null ? "" : type.toLowerCase(Locale.ROOT);
    }

    /// The body as a resource.
    ///
    /// @throws Problem `RX-1400` to `RX-1402` with everything that cannot be read
    public <R extends Resource> R resource(Class<R> type) {
        Fhir.Format format = format();
        return calls.heavy(body.bytes().length, () -> Bodies.parse(body.bytes(), format, type));
    }

    /// The body as a resource, of one too large to be judged only what is judged of it.
    ///
    /// @throws Problem `RX-1400` to `RX-1402` with everything that cannot be read
    Resource excerpt() {
        Fhir.Format format = format();
        return calls.heavy(
                body.bytes().length,
                () -> {
                    StrictJson.Extent extent =
                            Bodies.requireReadable(body.bytes(), format, Resource.class);
                    byte[] judged = Excerpt.of(body.bytes(), format, extent).judged();
                    return Bodies.parse(
                            judged == null ? body.bytes() : judged, format, Resource.class);
                });
    }

    /// What the operation was given: the `Parameters` of the body, or of the URL for GET. Read all
    /// you need, then call [Inputs#done].
    public Inputs inputs() {
        if (body.bytes().length == 0) {
            return Inputs.ofQuery(query);
        }
        Fhir.Format format = format();
        return Inputs.of(
                calls.heavy(body.bytes().length, () -> Bodies.parameters(body.bytes(), format)));
    }

    /// The first value of a query parameter, or null.
    public @Nullable String query(String name) {
        return query.first(name);
    }

    /// What must not be there yet for this create to be done, null when nothing is said of it.
    ///
    /// @throws Problem `RX-1404` when it is asked for otherwise than by the identifier
    public @Nullable IfNoneExist ifNoneExist() {
        Operation operation = call.operation();
        return operation == null ? null : IfNoneExist.read(head.get("If-None-Exist"), operation);
    }

    /// Has another handler do it instead, with another body, on this version.
    Answer instead(byte[] other, long version, Operation.Handler handler) {
        Body given = Body.of(other);
        given.await();
        Head told =
                name ->
                        switch (name) {
                            case "Content-Type" -> Fhir.Format.JSON.mediaType();
                            case "If-Match" -> ETags.of(version);
                            default -> head.get(name);
                        };
        Exchange inner = new Exchange(calls, method, told, query, caller, call, given);
        try {
            return handler.handle(inner);
        } finally {
            audited |= inner.audited;
        }
    }

    /// A request header, or null.
    public @Nullable String header(String name) {
        return head.get(name);
    }

    /// Has the caller call on this version and on no other.
    void expect(long version) {
        caller = caller.expecting(version);
    }

    /// The version in `If-Match`, or null when there is no such header.
    ///
    /// @throws Problem `RX-1403` when it is no `W/"number"`
    public @Nullable Long ifMatch() {
        String header = head.get("If-Match");
        return header == null || header.strip().equals("*") ? null : ETags.version(header);
    }

    /// The version in `If-Match`.
    ///
    /// @throws Problem `RX-1012` when there is no such header
    public long requiredVersion() {
        Long version = ifMatch();
        if (version == null) {
            throw new Problem(
                    ProblemCode.VERSION_MISMATCH,
                    "The header `If-Match` is missing.",
                    "Send `If-Match: W/\"n\"` with the version that you read.");
        }
        return version;
    }

    /// The one of these media types that the caller likes best, the first when it does not say.
    ///
    /// @throws Problem `RX-1006` when it takes none of them
    public String accepted(String... mediaTypes) {
        return Negotiation.best(head.get("Accept"), query.first("_format"), List.of(mediaTypes));
    }

    /// Hands over the body of a [Operation#streamed] operation piece by piece, with back pressure.
    ///
    /// @throws Problem `RX-1013` when it is longer than declared; what was handed over by then has
    ///   to be undone by the caller
    public void stream(Consumer<Buffer> piece) {
        body.stream(piece);
    }

    /// Says that the audit record of this call, done or refused, has been written by the desk.
    /// Without it the engine writes one before the answer leaves. To be said before anything can
    /// fail.
    public void audited() {
        audited = true;
    }

    /// Does what changes something and writes the audit record of this call in one transaction:
    /// both are durable, or neither. For desks that write no record of their own. It may run again,
    /// and what it reads is what it has written.
    ///
    /// @throws Problem that was answered as [Answer#refused], once it is recorded
    public Answer recorded(Supplier<Answer> work) {
        Answer answer = calls.recorded(call, this, work);
        audited = true;
        kept = answer.body() instanceof Answer.Refused;
        return answer.orThrow();
    }

    /// Whether what it did was kept although it was refused, as [Answer#refused] says it.
    boolean isKept() {
        return kept;
    }

    boolean isAudited() {
        return audited;
    }

    /// Names this call in logs and answers; echoed as `X-Request-Id`.
    public String requestId() {
        return caller.requestId();
    }

    /// `zh-CN` or `en`.
    public String language() {
        return caller.language();
    }

    /// Whether it is a DELETE, of an operation that [Operation#deletes].
    public boolean isDelete() {
        return method.equals(HttpMethod.DELETE);
    }

    /// Whether the token covers a letter of `cruds` on a type.
    public boolean isCovered(String type, char letter) {
        return Scopes.cover(caller.scopes(), type, letter);
    }

    /// Demands that the token covers a letter of `cruds` on a type, where what is asked for decides
    /// which.
    ///
    /// @throws Problem `RX-1003` when it does not
    public void needs(String type, char letter) {
        Admission.needs(caller, type, letter);
    }

    boolean isGet() {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }

    Query query() {
        return query;
    }

    /// What the audit record tells of the query, null for nothing.
    @Nullable String auditedQuery() {
        return auditedQuery;
    }

    /// Says what was asked, for the audit record; nothing in it names a person.
    public void auditQuery(@Nullable String withoutPersons) {
        auditedQuery = withoutPersons;
    }
}
