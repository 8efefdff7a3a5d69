package org.yifang.prescription;

import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.catalogue.Catalogue;
import org.yifang.export.ExportSource;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.rest.Access;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.validate.Validation;
import org.yifang.identity.client.PickupToken;
import org.yifang.identity.client.SigningKeys;
import org.yifang.identity.seal.BlindIndex;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.Caller;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.prescription.counter.ClaimTokens;
import org.yifang.prescription.counter.CounterRoutes;
import org.yifang.prescription.counter.DispenseDesk;
import org.yifang.prescription.counter.HandOut;
import org.yifang.prescription.counter.HandedReader;
import org.yifang.prescription.counter.Resales;
import org.yifang.prescription.counter.TakeBackDesk;
import org.yifang.prescription.export.DispenseExport;
import org.yifang.prescription.export.LineExport;
import org.yifang.prescription.hospital.ConsentDesk;
import org.yifang.prescription.hospital.ConsentRoutes;
import org.yifang.prescription.hospital.PrescriptionRoutes;
import org.yifang.prescription.life.Moment;
import org.yifang.prescription.life.Persons;
import org.yifang.prescription.life.Pharmacy;
import org.yifang.prescription.life.PrescriptionDesk;
import org.yifang.prescription.life.Terms;
import org.yifang.prescription.life.Unsealing;
import org.yifang.prescription.read.LegalHolds;
import org.yifang.prescription.read.PrescriptionResources;
import org.yifang.prescription.slip.SlipRoute;
import org.yifang.prescription.submit.SubmitDesk;
import org.yifang.price.compare.PriceDesk;
import org.yifang.price.sale.SaleDesk;
import org.yifang.registry.Consents;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;
import org.yifang.registry.Patients;
import org.yifang.registry.Practitioner;
import org.yifang.registry.Practitioners;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// The prescription domain put together: desks, routes, and the sweep that writes down what time
/// has done.
public final class Prescriptions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Prescriptions.class);

    /// How often time's work is written down; every command settles its own prescription anyway.
    private static final long SWEEP_MILLIS = 1_000;

    /// Prescriptions of one sweep's transaction.
    private static final int SWEEP_MOST = 100;

    /// How often old `Idempotency-Key`s are dropped.
    private static final Duration FORGETTING = Duration.ofHours(1);

    /// What the domain stands on.
    ///
    /// @param signature checks the signature of a document
    /// @param prices keeps packs for patients who have chosen
    /// @param sales compares what was charged with what was shown
    /// @param audit appends to the audit log in the same transaction
    public record Parts(
            Vertx vertx,
            Database database,
            Config config,
            InstantSource clock,
            Supplier<UUID> ids,
            Seal seal,
            BlindIndex index,
            SigningKeys keys,
            SubmitDesk.SignatureCheck signature,
            Validation validation,
            Catalogue catalogue,
            Organizations organizations,
            Patients patients,
            Practitioners practitioners,
            PriceDesk prices,
            SaleDesk sales,
            BiConsumer<Tx, Access> audit,
            BiConsumer<Tx, Moment> moments) {}

    private final Parts parts;
    private final PrescriptionDesk desk;
    private final SubmitDesk submitDesk;
    private final PrescriptionRoutes routes;
    private final CounterRoutes counter;
    private final SlipRoute slip;
    private final LegalHolds holds;
    private final Consents consents;
    private final ConsentRoutes consent;
    private final long timer;
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private Instant forgotten = Instant.EPOCH;

    public Prescriptions(Parts parts) {
        this.parts = parts;
        Unsealing opening = new Unsealing(parts.seal());
        ClaimTokens tokens = new ClaimTokens(parts.index());
        PriceMoments prices =
                new PriceMoments(
                        parts.prices(), parts.sales(), parts.catalogue(), parts.organizations());
        desk =
                new PrescriptionDesk(
                        parts.database(),
                        opening,
                        Terms.of(parts.config()),
                        parts.clock(),
                        parts.audit(),
                        prices.andThen(parts.moments()));
        consents = new Consents(parts.config().region());
        submitDesk = submitDesk();
        Persons persons =
                new Persons(
                        parts.config().personRequired(),
                        parts.practitioners(),
                        parts.organizations());
        routes = new PrescriptionRoutes(desk, submitDesk, persons, consents, this::pharmacy);
        counter =
                new CounterRoutes(
                        desk,
                        new DispenseDesk(
                                desk,
                                tokens,
                                new HandOut(
                                        new HandOut.Parts(
                                                parts.catalogue(),
                                                parts.seal(),
                                                parts.ids(),
                                                parts.config().region(),
                                                parts.config().tracedFrom(),
                                                new Resales(parts.ids(), parts.audit()),
                                                prices))),
                        new TakeBackDesk(desk, parts.catalogue(), prices),
                        opening,
                        tokens,
                        new CounterRoutes.Parts(
                                parts.validation(),
                                submitDesk,
                                parts.index(),
                                this::pharmacy,
                                this::taskOfToken,
                                new HandedReader.People(
                                        (system, number) ->
                                                parts.patients().idOf(system, number).orElse(null),
                                        id ->
                                                parts.practitioners()
                                                        .byId(id)
                                                        .map(Practitioner::number)
                                                        .orElse(null)),
                                persons,
                                consents));
        consent =
                new ConsentRoutes(
                        new ConsentDesk(desk, consents, parts.ids(), parts.audit()),
                        desk,
                        parts.patients());
        holds = new LegalHolds(desk, parts.audit(), parts.clock());
        slip =
                new SlipRoute(
                        desk,
                        opening,
                        parts.config().publicUrl(),
                        id -> parts.organizations().byId(id).map(Organization::name).orElse(""));
        timer = parts.vertx().setPeriodic(SWEEP_MILLIS, _ -> startSweep());
    }

    private SubmitDesk submitDesk() {
        return new SubmitDesk(
                desk,
                new SubmitDesk.Parts(
                        parts.config(),
                        parts.validation(),
                        parts.catalogue(),
                        parts.patients(),
                        consents,
                        parts.seal(),
                        parts.index(),
                        parts.ids(),
                        (number, name) ->
                                parts.practitioners()
                                        .findOrCreate(
                                                number,
                                                name,
                                                Practitioner.Profession.PHYSICIAN,
                                                null,
                                                parts.config().region(),
                                                parts.clock().instant()),
                        number ->
                                parts.practitioners()
                                        .byNumber(number)
                                        .map(Practitioner::title)
                                        .orElse(null),
                        parts.signature(),
                        token ->
                                token.sign(
                                        parts.keys(),
                                        parts.config().publicUrl().toString(),
                                        parts.clock()),
                        parts.audit(),
                        parts.moments()));
    }

    private @Nullable Pharmacy pharmacy(UUID id) {
        return parts.organizations()
                .byId(id)
                .filter(Organization::isPharmacy)
                .map(one -> new Pharmacy(one.id(), one.partOf()))
                .orElse(null);
    }

    private @Nullable UUID taskOfToken(String token) {
        return PickupToken.read(parts.keys(), token).map(PickupToken::taskId).orElse(null);
    }

    /// Everything that is wrong with a document, for `$validate`.
    public List<Finding> findings(Caller caller, byte[] document, Fhir.Format format) {
        return submitDesk.findings(caller, document, format);
    }

    /// What a Bulk Data export takes de-identified prescriptions from.
    public List<ExportSource> exported() {
        return List.of(
                new LineExport(parts.database()),
                new DispenseExport(parts.database(), parts.organizations()));
    }

    /// Mounts operations, reads and searches.
    public void mount(FhirRouter fhir) {
        new PrescriptionResources(parts.seal()).mount(fhir);
        routes.mount(fhir);
        counter.mount(fhir);
        slip.mount(fhir);
        consent.mount(fhir);
        holds.mount(fhir);
    }

    /// One sweep at a time in this instance, on a virtual thread of its own.
    private void startSweep() {
        if (sweeping.compareAndSet(false, true)) {
            Thread.ofVirtual().name("sweep").start(this::sweep);
        }
    }

    private void sweep() {
        try {
            while (desk.sweep(SWEEP_MOST) == SWEEP_MOST) {
                LOG.debug("more is due");
            }
            while (desk.tellOverdue(SWEEP_MOST) == SWEEP_MOST) {
                LOG.debug("more reviews are overdue");
            }
            Instant now = desk.now();
            if (forgotten.plus(FORGETTING).isBefore(now)) {
                desk.forgetOldKeys();
                forgotten = now;
            }
        } catch (Exception failure) {
            // Whatever was wrong, the next second brings the next try.
            if (!Database.isToldAway(failure)) {
                LOG.warn("the sweep did not finish: {}", failure.toString());
            }
        } finally {
            sweeping.set(false);
        }
    }

    @Override
    public void close() {
        parts.vertx().cancelTimer(timer);
    }
}
