package org.yifang;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

import org.yifang.admin.Administration;
import org.yifang.audit.AuditLog;
import org.yifang.audit.event.Audit;
import org.yifang.audit.event.NameSeal;
import org.yifang.audit.log.BacklogViews;
import org.yifang.audit.log.Witnesses;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.CatalogueRoutes;
import org.yifang.console.Console;
import org.yifang.console.Contract;
import org.yifang.console.FrontPage;
import org.yifang.console.account.AccountPage;
import org.yifang.console.account.Guard;
import org.yifang.console.account.SetupPage;
import org.yifang.console.account.SignInPage;
import org.yifang.console.account.TroublePage;
import org.yifang.console.screen.BoardPage;
import org.yifang.export.Export;
import org.yifang.fhir.Conformance;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Validating;
import org.yifang.fhir.validate.Validation;
import org.yifang.identity.client.ClientStore;
import org.yifang.identity.client.Identity;
import org.yifang.identity.client.SigningKeys;
import org.yifang.identity.client.SigningRotation;
import org.yifang.identity.person.People;
import org.yifang.identity.seal.BlindIndex;
import org.yifang.identity.seal.MasterKeys;
import org.yifang.identity.seal.Seal;
import org.yifang.identity.seal.SealingRotation;
import org.yifang.identity.signature.BundleSignature;
import org.yifang.identity.signature.TrustAnchors;
import org.yifang.notify.EventRoutes;
import org.yifang.notify.Events;
import org.yifang.platform.Job;
import org.yifang.platform.Role;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;
import org.yifang.platform.operate.PoolHealth;
import org.yifang.platform.operate.Readiness;
import org.yifang.prescription.ComparableViews;
import org.yifang.prescription.Notices;
import org.yifang.prescription.Prescriptions;
import org.yifang.prescription.life.MomentListener;
import org.yifang.prescription.read.ErasureViews;
import org.yifang.prescription.read.PatientViews;
import org.yifang.prescription.review.Waiting;
import org.yifang.prescription.slip.SlipOwners;
import org.yifang.prescription.submit.DocumentSignatures;
import org.yifang.prescription.submit.LinkedViews;
import org.yifang.price.Prices;
import org.yifang.queue.Queues;
import org.yifang.registry.ErasePatient;
import org.yifang.registry.IdentityCard;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;
import org.yifang.registry.PatientFhir;
import org.yifang.registry.Patients;
import org.yifang.registry.Practitioners;
import org.yifang.registry.RegistryDesk;
import org.yifang.registry.RegistryViews;
import org.yifang.registry.RegistryWrites;
import org.yifang.registry.Retention;
import org.yifang.registry.Unmasking;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// Every part of the service, built once and wired by hand.
final class Parts {
    private final Config config;
    private final Database database;
    private final Identity identity;
    private final Administration administration;
    private final Guard guard;
    private final SignInPage signIn;
    private final AccountPage account;
    private final AuditLog log;
    private final FhirRouter fhir;
    private final Queues queues;
    private final Console console;
    private final EventRoutes events;
    private final FrontPage front;

    private Runnable past = () -> {};

    private Parts(
            Config config,
            Database database,
            Identity identity,
            People people,
            Administration administration,
            AuditLog log,
            FhirRouter fhir,
            Queues queues,
            Events events,
            InstantSource clock,
            Catalogue catalogue,
            Organizations organizations) {
        this.config = config;
        this.database = database;
        this.identity = identity;
        this.administration = administration;
        this.guard = new Guard(people.sessions());
        this.account = new AccountPage(people.passwords(), people.sessions());
        this.signIn = new SignInPage(people, "https".equals(config.publicUrl().getScheme()));
        this.log = log;
        this.fhir = fhir;
        this.queues = queues;
        this.console =
                new Console(
                        new Contract(fhir.inside()),
                        clock,
                        identity::bearer,
                        "https".equals(config.publicUrl().getScheme()),
                        () -> places(organizations));
        this.events =
                new EventRoutes(
                        events,
                        http -> console.patient(http).orElseGet(() -> identity.callerNow(http)));
        this.front =
                new FrontPage(() ->
                        new FrontPage.State(
                                database.answers().await(),
                                config.demonstration(),
                                catalogue.entries().size(),
                                count(organizations, Organization.Kind.HOSPITAL),
                                count(organizations, Organization.Kind.PHARMACY),
                                config.publicUrl().toString(),
                                App.VERSION));
    }

    private static List<BoardPage.Place> places(Organizations organizations) {
        return organizations.all().stream()
                .filter(one -> one.kind() != Organization.Kind.BUREAU)
                .sorted(
                        Comparator.comparing(Organization::kind)
                                .thenComparing(Organization::number))
                .map(one -> new BoardPage.Place(one.number(), one.name()))
                .toList();
    }

    private static int count(Organizations organizations, Organization.Kind kind) {
        return (int) organizations.all().stream().filter(one -> one.kind() == kind).count();
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
        Uuid7 ids = new Uuid7(clock);
        MasterKeys masterKeys = masterKeys(config);
        Seal seal = new Seal(masterKeys);
        BlindIndex index = new BlindIndex(masterKeys);
        NameSeal names = names(seal);
        Audit audit = new Audit(database, names, ids, config.region());
        Patients patients = new Patients(database, seal, index, ids);
        Practitioners practitioners = new Practitioners(database, ids);
        Demonstration.loadRegistry(config, database, ids, clock.instant());
        Organizations organizations = Organizations.open(database);
        opened.push(organizations);
        Catalogue catalogue = Catalogue.open(database);
        opened.push(catalogue);
        Demonstration.load(config, database, catalogue, organizations, clock.instant());
        SigningKeys keys = SigningKeys.load(database, seal, clock);
        People people =
                new People(
                        vertx,
                        database,
                        seal,
                        audit,
                        clock,
                        config.publicUrl(),
                        config.demonstration(),
                        config.operating().openId());
        opened.push(people);
        Identity identity =
                new Identity(
                        vertx,
                        database,
                        keys,
                        Identity.Options.of(config),
                        named -> patient(patients, named),
                        named -> index.of("patient-asserted", named),
                        new SlipOwners(database, patients),
                        audit::record,
                        clock,
                        ids,
                        people::caller);
        opened.push(identity);
        opened.push(
                database.listen(
                        "identity",
                        table -> {
                            if (table.equals("signing_key")) {
                                Thread.startVirtualThread(keys::reload);
                            }
                            identity.forget();
                            people.forget();
                        }));
        Validation validation = validating.join();
        FhirRouter fhir =
                new FhirRouter(
                        new FhirRouter.Needs(
                                vertx,
                                config,
                                clock,
                                database,
                                identity::caller,
                                audit::record,
                                masterKeys.derived("paging")));
        opened.push(fhir);
        fhir.mount(Conformance.load());
        AuditLog log =
                AuditLog.start(
                        new AuditLog.Parts(
                                vertx,
                                database,
                                names,
                                audit,
                                config.region(),
                                config.publicUrl().getHost(),
                                origin(config),
                                keptCheckpoint(config),
                                witnesses(config),
                                new RegistryNumbers(patients, organizations),
                                clock));
        opened.push(log);
        log.mount(fhir);
        Queues queues =
                new Queues(
                        new Queues.Parts(
                                vertx,
                                database,
                                clock,
                                ids,
                                config.region(),
                                audit,
                                number -> organizations.byNumber(number).map(Organization::id),
                                LinkedViews::patients));
        opened.push(queues);
        MomentListener moments =
                new Waiting(queues.moments(), organizations).andThen(new Notices(organizations));
        Events events = new Events(vertx, database, clock);
        opened.push(events);
        Prices prices =
                prices(
                        vertx,
                        database,
                        config,
                        clock,
                        ids,
                        catalogue,
                        organizations,
                        queues,
                        opened);
        prices.mount(fhir);
        queues.histories().register(prices.history());
        queues.register(prices.measure());
        Prescriptions prescriptions =
                new Prescriptions(
                        vertx,
                        database,
                        config,
                        clock,
                        ids,
                        seal,
                        index,
                        keys,
                        new DocumentSignatures(
                                new BundleSignature(anchors(config)),
                                new ClientStore(database),
                                organizations),
                        validation,
                        catalogue,
                        organizations,
                        patients,
                        practitioners,
                        prices,
                        audit,
                        moments);
        prescriptions.mount(fhir);
        queues.mount(fhir);
        fhir.mount(new Validating(validation, prescriptions::findings));
        RegistryViews.stored().forEach(fhir::mount);
        Unmasking unmasking = new Unmasking(database, patients, audit);
        unmasking.mount(fhir);
        fhir.mount(PatientFhir.stored(patients, index, PatientViews.visible(), unmasking));
        new CatalogueRoutes(catalogue).mount(fhir);
        opened.push(prescriptions);
        Export export =
                Exports.start(
                        database, config, clock, ids, audit, seal, log, patients, prescriptions);
        opened.push(export);
        export.mount(fhir);
        Administration administration =
                new Administration(
                        new Administration.Parts(
                                vertx,
                                database,
                                config,
                                clock,
                                ids,
                                identity,
                                people,
                                organizations,
                                seal,
                                audit,
                                named -> patient(patients, named),
                                jobs(database, seal, keys, patients, audit, clock),
                                App.VERSION));
        opened.push(administration);
        new RegistryWrites(database, new RegistryDesk(ids, config.region()), organizations, audit)
                .mount(fhir);
        Parts parts =
                new Parts(
                        config,
                        database,
                        identity,
                        people,
                        administration,
                        log,
                        fhir,
                        queues,
                        events,
                        clock,
                        catalogue,
                        organizations);
        if (config.demonstrationPast()) {
            parts.past = () -> Demonstration.makeUpPast(prices, queues, organizations);
        }
        readiness.watch("audit log", log::refusal);
        readiness.watch("audit sequencer", new BacklogViews(database));
        readiness.watch("validation", new PoolHealth("validation", validation::idleTurn));
        readiness.watch("reading", new PoolHealth("reading", fhir::idleTurn));
        readiness.watch("passwords", new PoolHealth("passwords", people::idleTurn));
        return parts;
    }

    /// The work that takes long and that an operator may start.
    private static List<Job> jobs(
            Database database,
            Seal seal,
            SigningKeys keys,
            Patients patients,
            Audit audit,
            InstantSource clock) {
        ErasePatient erasing =
                new ErasePatient(database, seal, audit, clock, ErasureViews::against);
        return List.of(
                new SigningRotation(keys),
                new SealingRotation(
                        database,
                        seal,
                        List.of(
                                patients.sealedKeys(),
                                new SealingRotation.Sealed(
                                        Audit.sealedNames(),
                                        sealed -> seal.reseal(sealed, "audit")))),
                erasing,
                new Retention(database, erasing, clock, ErasureViews::quietSince));
    }

    private static Prices prices(
            Vertx vertx,
            Database database,
            Config config,
            InstantSource clock,
            Uuid7 ids,
            Catalogue catalogue,
            Organizations organizations,
            Queues queues,
            Deque<AutoCloseable> opened) {
        Prices prices =
                new Prices(
                        new Prices.Parts(
                                vertx,
                                database,
                                config,
                                clock,
                                ids,
                                catalogue,
                                organizations,
                                new ComparableViews(database, catalogue),
                                queues.views(),
                                queues.plans()));
        opened.push(prices);
        if (config.demonstration()) {
            prices.demonstrate();
        }
        return prices;
    }

    private static TrustAnchors anchors(Config config) {
        Path file = config.trustAnchors();
        try {
            return file == null
                    ? TrustAnchors.none()
                    : TrustAnchors.of(file, config.revocationLists());
        } catch (IOException | IllegalArgumentException failure) {
            throw new Config.Invalid(
                    "YIFANG_TRUST_ANCHORS cannot be used: " + failure.getMessage());
        }
    }

    /// Seals names in the audit log, and the keys that sign it.
    static NameSeal names(Seal seal) {
        return new NameSeal(
                plain -> seal.seal(plain, "audit"), sealed -> seal.open(sealed, "audit"));
    }

    /// The name of the audit log when it has none yet.
    static String origin(Config config) {
        return config.publicUrl().getAuthority() + "/audit";
    }

    static Path keptCheckpoint(Config config) {
        return config.data().resolve("audit-checkpoint");
    }

    private static List<Witnesses.Witness> witnesses(Config config) {
        try {
            return config.witnesses().stream().map(Witnesses.Witness::parse).toList();
        } catch (IllegalArgumentException failure) {
            throw new Config.Invalid(
                    "YIFANG_AUDIT_WITNESSES cannot be used: " + failure.getMessage());
        }
    }

    static MasterKeys masterKeys(Config config) {
        try {
            return MasterKeys.of(config.masterKey(), config.data());
        } catch (IOException | IllegalArgumentException failure) {
            throw new Config.Invalid("The key file cannot be used: " + failure.getMessage());
        }
    }

    /// A Patient id, or an identity card number; a person of whom nothing is known yet is none.
    private static Optional<UUID> patient(Patients patients, String named) {
        try {
            return patients.find(UUID.fromString(named)).map(one -> one.id());
        } catch (IllegalArgumentException number) {
            return patients.idOf(IdentityCard.SYSTEM, named);
        }
    }

    /// Mounts every route on the router of one HTTP server.
    void mount(Router router) {
        new TroublePage().mount(router);
        front.mount(router);
        signIn.mount(router);
        new SetupPage().mount(router);
        guards(router);
        account.mount(router);
        console.mountOpen(router);
        console.mount(router);
        administration.mount(router);
        identity.mount(router);
        log.mount(router);
        queues.mount(router);
        events.mount(router);
        fhir.serve(router);
        console.mountErrors(router);
    }

    /// Makes up the past of the demonstration, once the service is ready: nobody waits for it.
    void makeUpPast() {
        Thread.ofVirtual().name("demonstration-past").start(past);
    }

    /// The code for the first operator's account, where there is none and no demonstration.
    Optional<String> setupCode() {
        return config.demonstration() ? Optional.empty() : administration.setupCode();
    }

    /// What stands before the pages of people; the pages themselves are mounted after it.
    private void guards(Router router) {
        guard.before(router, "/counter", Role.PHARMACY);
        guard.before(router, "/review", Role.REVIEWER);
        guard.before(router, "/prescriptions", Role.HOSPITAL);
        guard.before(router, "/bureau", Role.BUREAU);
        guard.before(router, "/auditor", Role.AUDITOR);
        guard.before(router, "/operator", Role.OPERATOR);
        guard.before(router, "/account");
    }
}
