package org.yifang.fhir.rest;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.yifang.fhir.Conformance;
import org.yifang.fhir.search.MemorySource;
import org.yifang.fhir.search.Stored;
import org.yifang.fhir.search.TableSource;
import org.yifang.platform.Caller;
import org.yifang.platform.Limits;
import org.yifang.platform.Role;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.edge.RateLimit;

import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Function;

/// The FHIR REST surface: takes what the domains declare, and serves it under `/fhir`.
///
/// Declare everything with [#mount] first; then [#serve] on the Vert.x router of each verticle.
public final class FhirRouter implements AutoCloseable {
    /// What the engine needs of its surroundings.
    ///
    /// @param authenticate who calls; throws `Problem` `RX-1001` for no or a bad token; may wait
    /// @param audit writes one audit record and returns when it is durable
    /// @param pagingKey 32 bytes that seal the keys of pages; all instances of a deployment share
    ///   it
    public record Parts(
            Vertx vertx,
            Config config,
            InstantSource clock,
            Database database,
            Function<RoutingContext, Caller> authenticate,
            Consumer<Access> audit,
            byte[] pagingKey) {}

    private final Parts parts;
    private final String base;
    private final Paths paths = new Paths();
    private final Server server;

    public FhirRouter(Parts parts) {
        this(parts, Limits.CLIENT_REQUESTS_PER_SECOND, Limits.CLIENT_BURST);
    }

    FhirRouter(Parts parts, int requestsPerSecond, int burst) {
        this.parts = parts;
        this.base = parts.config().publicUrl() + "/fhir";
        RateLimit limit =
                new RateLimit(
                        "client",
                        Bound.CLIENT_RATE,
                        requestsPerSecond,
                        burst,
                        Limits.ADDRESSES_REMEMBERED,
                        System::nanoTime);
        this.server = new Server(parts, base, paths, limit);
    }

    /// Serves an operation, a `create` or an `update`.
    public FhirRouter mount(Operation operation) {
        paths.add(operation);
        return this;
    }

    /// Serves reading and searching of a resource type.
    public FhirRouter mount(Stored stored) {
        paths.add(new TableSource(stored, parts.database()));
        return this;
    }

    /// Serves further resources of a type that is mounted already, from a table of their own.
    public FhirRouter mountBeside(Stored stored) {
        paths.addBeside(new TableSource(stored, parts.database()));
        return this;
    }

    /// Serves our own conformance resources, to be read and searched by everybody who is known.
    public FhirRouter mount(Conformance conformance) {
        conformance.all().stream()
                .map(Conformance.Entry::type)
                .distinct()
                .forEach(type ->
                        paths.add(
                                new MemorySource(
                                        type,
                                        conformance.ofType(type).toList(),
                                        parts.clock().instant())));
        return this;
    }

    /// Reads resources of a type of the conformance that stand elsewhere; after [#mount] of it.
    public FhirRouter readBeside(String type, MemorySource.Further elsewhere) {
        paths.readBeside(type, elsewhere);
        return this;
    }

    /// Serves `$validate` on every type.
    public FhirRouter mount(Validating validating) {
        paths.addForEveryType(
                Operation.type("validate", "Resource")
                        .roles(Role.HOSPITAL, Role.values())
                        .reads()
                        .definition("http://hl7.org/fhir/OperationDefinition/Resource-validate")
                        .handler(validating::validate));
        return this;
    }

    /// Takes over everything under `/fhir` except `/fhir/.well-known/`, and every error of
    /// `router`.
    public void serve(Router router) {
        Outcomes.mount(router);
        router.route("/fhir*").handler(this::handle);
    }

    /// A turn of the pool that reads large bodies, in which nothing is done.
    public Future<?> idleTurn() {
        return server.idleTurn();
    }

    @Override
    public void close() {
        server.close();
    }

    /// Calls of the contract from inside.
    public Inside inside() {
        return new Inside(server);
    }

    private void handle(RoutingContext http) {
        String path = http.request().path();
        boolean ours = path.length() == 5 || path.charAt(5) == '/';
        if (!ours || path.startsWith("/fhir/.well-known/")) {
            http.next();
        } else {
            server.handle(http, path.substring(5));
        }
    }

    /// The id of a request, from `X-Request-Id` or made here; the same for the whole request.
    public static String requestId(RoutingContext http) {
        return Server.requestId(http.request(), http.data());
    }

    /// The language of texts for this caller, `zh-CN` or `en`.
    public static String language(HttpServerRequest http) {
        return Negotiation.language(http.getHeader("Accept-Language"));
    }

    /// `https://host/fhir`.
    public String base() {
        return base;
    }
}
