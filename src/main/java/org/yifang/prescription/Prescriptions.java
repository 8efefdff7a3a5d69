package org.yifang.prescription;

import io.vertx.core.Vertx;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.audit.event.Audit;
import org.yifang.catalogue.Catalogue;
import org.yifang.export.ExportSource;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Validating.Judged;
import org.yifang.fhir.validate.Validation;
import org.yifang.identity.client.SigningKeys;
import org.yifang.identity.seal.BlindIndex;
import org.yifang.identity.seal.BlindIndexes;
import org.yifang.identity.seal.IndexRotation;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.Caller;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;
import org.yifang.platform.operate.Sweep;
import org.yifang.prescription.counter.ClaimRoutes;
import org.yifang.prescription.counter.ClaimTokens;
import org.yifang.prescription.counter.DispenseDesk;
import org.yifang.prescription.counter.DispenseRoutes;
import org.yifang.prescription.counter.HandOut;
import org.yifang.prescription.counter.Resales;
import org.yifang.prescription.counter.TakeBackDesk;
import org.yifang.prescription.export.DispenseExport;
import org.yifang.prescription.export.LineExport;
import org.yifang.prescription.hospital.ConsentDesk;
import org.yifang.prescription.hospital.ConsentRoutes;
import org.yifang.prescription.hospital.PrescriptionRoutes;
import org.yifang.prescription.life.ClockDesk;
import org.yifang.prescription.life.ExpiringStore;
import org.yifang.prescription.life.MomentListener;
import org.yifang.prescription.life.Persons;
import org.yifang.prescription.life.PickupIndexStore;
import org.yifang.prescription.life.PrescriptionDesk;
import org.yifang.prescription.life.Terms;
import org.yifang.prescription.life.Unsealing;
import org.yifang.prescription.paper.PickupTokens;
import org.yifang.prescription.read.LegalHolds;
import org.yifang.prescription.read.PrescriptionResourceViews;
import org.yifang.prescription.slip.SlipRoute;
import org.yifang.prescription.submit.Cautions;
import org.yifang.prescription.submit.DocumentCheck;
import org.yifang.prescription.submit.DocumentSignatures;
import org.yifang.prescription.submit.DraftCheck;
import org.yifang.prescription.submit.Drafting;
import org.yifang.prescription.submit.SubmitDesk;
import org.yifang.price.Prices;
import org.yifang.registry.ConsentStore;
import org.yifang.registry.Organizations;
import org.yifang.registry.Patients;
import org.yifang.registry.Practitioners;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

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

    private final Vertx vertx;
    private final Database database;
    private final Organizations organizations;
    private final Unsealing unsealing;
    private final PrescriptionDesk desk;
    private final ClockDesk clock;
    private final ExpiringStore expiring;
    private final DraftCheck draft;
    private final PrescriptionRoutes hospital;
    private final ClaimRoutes claims;
    private final DispenseRoutes dispenses;
    private final SlipRoute slip;
    private final LegalHolds holds;
    private final ConsentRoutes consent;
    private final long timer;
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private Instant forgotten = Instant.EPOCH;

    /// @param fixed makes claim tokens: its key is never replaced
    /// @param signatures checks who signed a document
    /// @param prices keeps packs for patients who have chosen, and compares what was charged with
    ///   what was shown
    /// @param audit appends to the audit log in the same transaction
    /// @param listener hears of every change in the same transaction
    public Prescriptions(
            Vertx vertx,
            Database database,
            Config config,
            InstantSource time,
            Uuid7 ids,
            Seal seal,
            BlindIndexes indexes,
            BlindIndex fixed,
            SigningKeys keys,
            DocumentSignatures signatures,
            Validation validation,
            Catalogue catalogue,
            Organizations organizations,
            Patients patients,
            Practitioners practitioners,
            Prices prices,
            Audit audit,
            MomentListener listener) {
        this.vertx = vertx;
        this.database = database;
        this.organizations = organizations;
        this.unsealing = new Unsealing(seal);
        Terms terms = Terms.of(config);
        PriceMoments sold =
                new PriceMoments(prices.desk(), prices.sales(), catalogue, organizations);
        MomentListener moments = sold.andThen(listener);
        desk = new PrescriptionDesk(database, unsealing, terms, time, audit, moments);
        expiring = new ExpiringStore(database);
        clock = new ClockDesk(database, unsealing, terms, time, audit, moments);
        ConsentStore consents = new ConsentStore(config.region());
        Persons persons = new Persons(config.personRequired(), practitioners, organizations);
        PickupTokens pickupTokens = new PickupTokens(keys, config.publicUrl(), time);
        DocumentCheck check =
                new DocumentCheck(config, validation, catalogue, practitioners, signatures, time);
        draft = new DraftCheck(database, check, patients, time);
        Drafting drafting =
                new Drafting(ids, seal, indexes, pickupTokens, catalogue, terms, config.region());
        SubmitDesk submitDesk =
                new SubmitDesk(
                        desk,
                        config,
                        check,
                        drafting,
                        patients,
                        practitioners,
                        consents,
                        audit,
                        moments);
        hospital = new PrescriptionRoutes(desk, submitDesk, persons, consents, organizations);
        ClaimTokens claimTokens = new ClaimTokens(fixed);
        claims =
                new ClaimRoutes(
                        desk,
                        persons,
                        organizations,
                        consents,
                        indexes,
                        pickupTokens,
                        claimTokens,
                        new Cautions(catalogue, config.prescribing()),
                        unsealing);
        HandOut handOut = handOut(config, ids, seal, catalogue, organizations, audit, sold);
        dispenses =
                new DispenseRoutes(
                        desk,
                        new DispenseDesk(desk, claimTokens, handOut),
                        new TakeBackDesk(desk, catalogue, sold),
                        persons,
                        patients,
                        practitioners,
                        validation,
                        unsealing);
        consent = new ConsentRoutes(new ConsentDesk(desk, consents, ids, audit), desk, patients);
        holds = new LegalHolds(desk, audit, time);
        slip = new SlipRoute(desk, unsealing, config.publicUrl(), organizations);
        timer = vertx.setPeriodic(SWEEP_MILLIS, _ -> startSweep());
    }

    private static HandOut handOut(
            Config config,
            Uuid7 ids,
            Seal seal,
            Catalogue catalogue,
            Organizations organizations,
            Audit audit,
            PriceMoments sold) {
        return new HandOut(
                catalogue,
                seal,
                ids,
                config.region(),
                config.tracedFrom(),
                new Resales(ids, organizations, audit),
                sold);
    }

    /// Everything that is wrong with a document, for `$validate`.
    public Judged judge(Caller caller, byte[] document, Fhir.Format format) {
        return draft.judge(caller, document, format);
    }

    /// What a Bulk Data export takes de-identified prescriptions from.
    public List<ExportSource> exported() {
        return List.of(new LineExport(database), new DispenseExport(database, organizations));
    }

    /// What finds prescriptions by pick-up code, for the rotation of the index key.
    public IndexRotation.Indexed indexed() {
        return new PickupIndexStore(unsealing);
    }

    /// Mounts operations, reads and searches.
    public void mount(FhirRouter fhir) {
        new PrescriptionResourceViews(unsealing).mount(fhir);
        hospital.mount(fhir);
        claims.mount(fhir);
        dispenses.mount(fhir);
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
            while (clock.sweep(SWEEP_MOST) == SWEEP_MOST) {
                LOG.debug("more is due");
            }
            while (expiring.tell(desk.now(), SWEEP_MOST) == SWEEP_MOST) {
                LOG.debug("more are about to expire");
            }
            while (clock.tellOverdue(SWEEP_MOST) == SWEEP_MOST) {
                LOG.debug("more reviews are overdue");
            }
            Instant now = desk.now();
            if (forgotten.plus(FORGETTING).isBefore(now)) {
                clock.forgetOldKeys();
                forgotten = now;
            }
            Sweep.PRESCRIPTIONS.done();
        } catch (Exception failure) {
            Sweep.PRESCRIPTIONS.failed();
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
        vertx.cancelTimer(timer);
    }
}
