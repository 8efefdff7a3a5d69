package org.yifang.admin;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.audit.event.Audit;
import org.yifang.identity.client.Identity;
import org.yifang.identity.person.People;
import org.yifang.identity.person.SignedIn;
import org.yifang.identity.seal.Seal;
import org.yifang.notify.subscription.StandingViews;
import org.yifang.platform.Caller;
import org.yifang.platform.Job;
import org.yifang.platform.Role;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.SealedColumn;
import org.yifang.platform.operate.Readiness;
import org.yifang.price.feed.FeedDesk;
import org.yifang.registry.Organizations;
import org.yifang.registry.Patients;
import org.yifang.registry.RegistryDesk;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// All of the administration, built once.
public final class Administration implements AutoCloseable {
    /// The job that erases what was kept as long as it must be.
    static final String RETENTION = "retention";

    private static final Logger LOG = LoggerFactory.getLogger(Administration.class);

    /// How often it is looked whether retention is due.
    private static final Duration LOOK = Duration.ofMinutes(20);

    /// What the reason of an erasure is sealed for.
    static final String ERASURE_REASON = "erasure-reason";

    private final Vertx vertx;
    private final Config config;
    private final InstantSource clock;
    private final Identity identity;
    private final People accounts;
    private final Organizations organizations;
    private final Seal seal;
    private final Audit audit;
    private final FeedDesk feeds;
    private final StandingViews receivers;
    private final Patients patients;
    private final Readiness readiness;
    private final String version;
    private final ClientDesk clients;
    private final PeopleDesk people;
    private final RegistryImport imports;
    private final Jobs jobs;
    private final JobDesk jobDesk;
    private final Setup setup;
    private final AdminRoutes routes;
    private final long daily;

    /// @param jobs the work that takes long, by its owners
    public Administration(
            Vertx vertx,
            Database database,
            Config config,
            InstantSource clock,
            Uuid7 ids,
            Identity identity,
            People people,
            Organizations organizations,
            Seal seal,
            Audit audit,
            FeedDesk feeds,
            StandingViews receivers,
            Patients patients,
            List<Job> jobs,
            Readiness readiness,
            String version) {
        this.config = config;
        this.clock = clock;
        this.identity = identity;
        this.accounts = people;
        this.organizations = organizations;
        this.seal = seal;
        this.audit = audit;
        this.feeds = feeds;
        this.receivers = receivers;
        this.patients = patients;
        this.vertx = vertx;
        this.readiness = readiness;
        this.version = version;
        Belonging belonging = new Belonging(organizations, config.region());
        clients =
                new ClientDesk(
                        database,
                        belonging,
                        config.outbound(),
                        audit,
                        clock,
                        config.region(),
                        config.basicSecrets());
        this.people =
                new PeopleDesk(
                        database,
                        people.accounts(),
                        people.sessions(),
                        belonging,
                        audit,
                        clock,
                        config.region());
        imports =
                new RegistryImport(
                        new ImportedRows(
                                database,
                                organizations,
                                new RegistryDesk(ids, config.region()),
                                clients,
                                this.people,
                                audit,
                                clock));
        JobStore store = new JobStore(database);
        this.jobs = new Jobs(vertx, store, jobs, clock);
        jobDesk = new JobDesk(database, store, this.jobs, audit, clock, ids);
        setup =
                new Setup(
                        database,
                        people.accounts(),
                        belonging,
                        people.passwords(),
                        audit,
                        clock,
                        config.region(),
                        config.data());
        routes = new AdminRoutes(this);
        daily = vertx.setPeriodic(LOOK.toMillis(), _ -> Thread.startVirtualThread(this::retention));
    }

    /// What was kept as long as it must be is erased once a day, in one of the instances.
    private void retention() {
        try {
            var _ = jobDesk.daily(RETENTION);
        } catch (Exception away) {
            LOG.info("retention waits: {}", away.toString());
        }
    }

    /// What the administration seals, for the rotation of the master key.
    public static SealedColumn sealed() {
        return JobStore.sealedReasons();
    }

    /// Mounts `/admin` and `POST /setup`.
    public void mount(Router router) {
        new SetupRoutes(setup, audit).mount(router);
        routes.mount(router);
    }

    /// The code with which the first operator is made; empty once there is one. Blocks.
    public Optional<String> setupCode() {
        return setup.code();
    }

    String url() {
        return config.publicUrl().toString();
    }

    Readiness readiness() {
        return readiness;
    }

    String version() {
        return version;
    }

    ClientDesk clients() {
        return clients;
    }

    PeopleDesk people() {
        return people;
    }

    FeedCalls feeds() {
        return new FeedCalls(feeds, organizations, audit, clock);
    }

    ReceiverCalls receivers() {
        return new ReceiverCalls(receivers);
    }

    RegistryImport imports() {
        return imports;
    }

    JobDesk jobDesk() {
        return jobDesk;
    }

    Audit audit() {
        return audit;
    }

    Caller caller(RoutingContext http) {
        return identity.caller(http);
    }

    /// Who administrates: an operator; or, where `managers` may, a manager who is signed in.
    Administrator administrator(RoutingContext http, boolean managers) {
        Caller caller = caller(http);
        Administrator who = new Administrator(caller, caller.is(Role.OPERATOR));
        boolean manager =
                managers
                        && caller.clientId().startsWith(SignedIn.CLIENT_PREFIX)
                        && accounts.sessions().ofPage(http).filter(SignedIn::manager).isPresent();
        if (!manager) {
            who.mustBeOperator();
        }
        return who;
    }

    /// What the job of an erasure is told: whom, by the id, and why, sealed. Nobody known is a job
    /// like any other, which finds nothing.
    JsonObject erasure(String patient, String reason) {
        byte[] sealed = seal.seal(reason.getBytes(StandardCharsets.UTF_8), ERASURE_REASON);
        return new JsonObject()
                .put("patient", patients.named(patient).orElse(new UUID(0, 0)).toString())
                .put("reason", Base64.getEncoder().encodeToString(sealed));
    }

    @Override
    public void close() {
        vertx.cancelTimer(daily);
        jobs.close();
    }
}
