package org.yifang.fhir.rest;

import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Conformance;
import org.yifang.fhir.search.MemorySource;
import org.yifang.fhir.search.Source;
import org.yifang.fhir.search.Stored;
import org.yifang.fhir.search.TableSource;
import org.yifang.platform.Caller;
import org.yifang.platform.Limits;
import org.yifang.platform.Role;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.edge.RateLimit;
import org.yifang.platform.problem.Problem;

import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/// The FHIR REST surface: takes what the domains declare, and serves it under `/fhir`.
///
/// Declare everything with [#mount] first; then [#serve] on the Vert.x router of each verticle.
public final class FhirRouter implements AutoCloseable {
    /// Says who calls.
    public interface Authentication {
        /// May wait.
        ///
        /// @throws Problem `RX-1001` for no or a bad token
        Caller caller(RoutingContext http);
    }

    /// Writes audit records.
    public interface Auditing {
        /// Returns when the record is durable.
        void record(Access access);

        /// Writes a record in the transaction of what it tells of.
        ///
        /// @return its id
        UUID append(Tx tx, Access access);
    }

    private final InstantSource clock;
    private final Database database;
    private final String base;
    private final Paths paths = new Paths();
    private final Calls calls;
    private final Server server;

    /// Who calls and what is audited is decided by packages that stand above this one.
    ///
    /// @param pagingKey 32 bytes that seal the keys of pages; all instances of a deployment share
    ///   it
    public FhirRouter(
            Config config,
            InstantSource clock,
            Database database,
            Authentication authentication,
            Auditing auditing,
            byte[] pagingKey) {
        this(
                config,
                clock,
                database,
                authentication,
                auditing,
                pagingKey,
                Limits.CLIENT_REQUESTS_PER_SECOND,
                Limits.CLIENT_BURST);
    }

    FhirRouter(
            Config config,
            InstantSource clock,
            Database database,
            Authentication authentication,
            Auditing auditing,
            byte[] pagingKey,
            int requestsPerSecond,
            int burst) {
        this.clock = clock;
        this.database = database;
        this.base = config.publicUrl() + "/fhir";
        RateLimit limit =
                new RateLimit(
                        "client",
                        Bound.CLIENT_RATE,
                        requestsPerSecond,
                        burst,
                        Limits.ADDRESSES_REMEMBERED,
                        System::nanoTime);
        this.calls = new Calls(config, clock, database, auditing, pagingKey, base, paths, limit);
        this.server = new Server(calls, authentication, auditing, base, paths);
        BundleCalls bundles = new BundleCalls(calls, database, paths, base);
        paths.add(Operation.bundle(bundles::answer));
    }

    /// Serves an operation, a `create` or an `update`.
    public FhirRouter mount(Operation operation) {
        paths.add(operation);
        if (operation.isPatched()) {
            Patching patching = new Patching(paths);
            paths.add(operation.patch(exchange -> patching.patch(exchange, operation)));
        }
        return this;
    }

    /// Says in the CapabilityStatement of which topics Subscriptions may be.
    public FhirRouter topics(List<String> canonicals, String profile) {
        paths.addTopics(canonicals, profile);
        return this;
    }

    /// Serves reading and searching of a resource type.
    public FhirRouter mount(Stored stored) {
        paths.add(new TableSource(stored, database));
        return this;
    }

    /// Serves further resources of a type that is mounted already, from a table of their own.
    public FhirRouter mountBeside(Stored stored) {
        paths.addBeside(new TableSource(stored, database));
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
                                        type, conformance.ofType(type).toList(), clock.instant())));
        new Terminology(conformance).mount(this);
        return this;
    }

    /// Reads resources of a type of the conformance that stand elsewhere; after [#mount] of it.
    public FhirRouter readBeside(String type, MemorySource.Further elsewhere) {
        paths.readBeside(type, elsewhere);
        return this;
    }

    /// Serves `$validate` on everything.
    public FhirRouter mount(Validating validating) {
        paths.addForEveryType(
                Operation.type("validate", "Resource")
                        .roles(Role.HOSPITAL, Role.values())
                        .reads()
                        .definition("http://hl7.org/fhir/OperationDefinition/Resource-validate")
                        .handler(
                                exchange -> validating.validate(exchange, () -> stored(exchange))));
        return this;
    }

    /// What is stored under the type and id of the address, for who may read it.
    private Source.@Nullable Found stored(Exchange exchange) {
        Source source = paths.source(exchange.type());
        return source == null || !source.roles().contains(exchange.caller().role())
                ? null
                : source.read(exchange.idText(), exchange.caller(), exchange.now());
    }

    /// Takes over everything under `/fhir` except `/fhir/.well-known/`, and every error of
    /// `router`.
    public void serve(Router router) {
        Outcomes.mount(router);
        router.route("/fhir*").handler(this::handle);
    }

    /// A turn of the pool that reads large bodies, in which nothing is done.
    public Future<?> idleTurn() {
        return calls.idleTurn();
    }

    @Override
    public void close() {
        calls.close();
    }

    /// Calls of the contract from inside.
    public Inside inside() {
        return new Inside(calls, paths, clock);
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
        return RequestId.of(http);
    }

    /// `https://host/fhir`.
    public String base() {
        return base;
    }
}
