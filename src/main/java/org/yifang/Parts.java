package org.yifang;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

import org.yifang.admin.Administration;
import org.yifang.audit.AuditLog;
import org.yifang.audit.log.BacklogViews;
import org.yifang.console.Console;
import org.yifang.fhir.Conformance;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Validating;
import org.yifang.fhir.validate.Validation;
import org.yifang.identity.client.Identity;
import org.yifang.identity.person.People;
import org.yifang.notify.EventRoutes;
import org.yifang.notify.OutboxHealth;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;
import org.yifang.platform.operate.PoolHealth;
import org.yifang.platform.operate.Readiness;
import org.yifang.queue.Queues;
import org.yifang.registry.RegistryDesk;
import org.yifang.registry.RegistryWrites;

import java.time.InstantSource;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Every part of the service, built once and wired by hand.
final class Parts {
    private final Config config;
    private final Identity identity;
    private final Administration administration;
    private final AuditLog log;
    private final FhirRouter fhir;
    private final Queues queues;
    private final PeoplePages pages;
    private final EventRoutes events;
    private final Runnable past;

    private Parts(
            Ground ground,
            Registered registered,
            Callers callers,
            Administration administration,
            AuditLog log,
            FhirRouter fhir,
            Domains domains) {
        this.config = ground.config();
        this.identity = callers.identity();
        this.administration = administration;
        this.log = log;
        this.fhir = fhir;
        this.queues = domains.queues();
        this.pages = new PeoplePages(ground, registered, callers, fhir, domains.events());
        Console console = pages.console();
        this.events =
                new EventRoutes(
                        domains.events(),
                        http -> console.patient(http).orElseGet(() -> identity.callerNow(http)));
        this.past =
                config.demonstrationPast()
                        ? () ->
                                Demonstration.makeUpPast(
                                        domains.prices(),
                                        domains.queues(),
                                        registered.organizations())
                        : () -> {};
    }

    /// Builds everything that lives as long as the service; what must be closed goes to `opened`.
    static Parts build(
            Vertx vertx,
            Database database,
            Config config,
            InstantSource clock,
            CompletableFuture<Validation> validating,
            Readiness readiness,
            Deque<AutoCloseable> opened) {
        Ground ground = Ground.of(vertx, database, config, clock, opened);
        Registered registered = Registered.open(ground);
        Callers callers = Callers.open(ground, registered);
        Validation validation = validating.join();
        FhirRouter fhir = ground.opened(router(ground, callers));
        fhir.mount(Conformance.load());
        AuditLog log = ground.opened(AuditStart.start(ground, registered));
        log.mount(fhir);
        Domains domains = Domains.open(ground, registered, callers, validation, fhir);
        fhir.mount(new Validating(validation, domains.prescriptions()::judge));
        registered.mount(fhir, ground);
        ground.opened(domains.prescriptions());
        ground.opened(Exports.start(ground, registered, log, domains.prescriptions())).mount(fhir);
        Administration administration =
                ground.opened(
                        AdministrationStart.start(
                                ground, registered, callers, domains, log, readiness));
        new RegistryWrites(
                        database,
                        new RegistryDesk(ground.ids(), config.region()),
                        registered.organizations(),
                        ground.audit())
                .mount(fhir);
        Parts parts = new Parts(ground, registered, callers, administration, log, fhir, domains);
        watch(readiness, database, log, validation, fhir, callers.people());
        readiness.watch("blind index keys", registered.indexes()::unwell);
        readiness.watch("outbox", new OutboxHealth(database));
        domains.subscriptions().watch(readiness);
        domains.subscriptions().begin();
        return parts;
    }

    private static FhirRouter router(Ground ground, Callers callers) {
        return new FhirRouter(
                ground.config(),
                ground.clock(),
                ground.database(),
                callers.identity()::caller,
                ground.audit(),
                ground.secrets().derived("paging"));
    }

    private static void watch(
            Readiness readiness,
            Database database,
            AuditLog log,
            Validation validation,
            FhirRouter fhir,
            People people) {
        readiness.watch("audit log", log::refusal);
        readiness.watch("audit sequencer", new BacklogViews(database));
        log.nightly().bindTo(readiness.measures());
        readiness.watch("validation", new PoolHealth("validation", validation::idleTurn));
        readiness.watch("reading", new PoolHealth("reading", fhir::idleTurn));
        readiness.watch("passwords", new PoolHealth("passwords", people::idleTurn));
    }

    /// Mounts every route on the router of one HTTP server.
    void mount(Router router) {
        pages.mount(router);
        administration.mount(router);
        identity.mount(router);
        log.mount(router);
        queues.mount(router);
        events.mount(router);
        fhir.serve(router);
        pages.mountErrors(router);
    }

    /// Makes up the past of the demonstration, once the service is ready: nobody waits for it.
    void makeUpPast() {
        Thread.ofVirtual().name("demonstration-past").start(past);
    }

    /// The code for the first operator's account, where there is none and no demonstration.
    Optional<String> setupCode() {
        return config.demonstration() ? Optional.empty() : administration.setupCode();
    }
}
