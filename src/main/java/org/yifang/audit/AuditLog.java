package org.yifang.audit;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.ext.web.Router;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Audit;
import org.yifang.audit.event.EventStore;
import org.yifang.audit.event.NameSeal;
import org.yifang.audit.log.LogRoutes;
import org.yifang.audit.log.Sequencer;
import org.yifang.audit.log.Witnesses;
import org.yifang.audit.question.AuditEventExport;
import org.yifang.audit.question.AuditEventFhir;
import org.yifang.audit.question.AuditEventRoutes;
import org.yifang.export.ExportSource;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.platform.Job;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.SealedColumn;

import java.nio.file.Path;
import java.time.InstantSource;

/// The running log: sequencer, upkeep and everything that it answers.
public final class AuditLog implements AutoCloseable {
    private final Sequencer sequencer;
    private final Upkeep upkeep;
    private final LogRoutes open;
    private final AuditEventRoutes events;
    private final HttpClient client;
    private final NightlyCheck nightly;
    private final Database database;
    private final NameSeal seal;
    private final String region;
    private final AuditEventFhir fhir;

    /// @param region GB/T 2260, six digits
    /// @param server name of the machine that clients call
    /// @param origin the log's name when it has none yet, as `yifang.example/audit`
    /// @param keptFile where the last checkpoint is kept outside the database
    /// @param people find a Patient by the number on a card
    public AuditLog(
            Vertx vertx,
            Database database,
            NameSeal seal,
            Audit audit,
            String region,
            String server,
            String origin,
            Path keptFile,
            Witnesses witnesses,
            AuditEventRoutes.People people,
            InstantSource clock) {
        this.client = vertx.createHttpClient();
        this.database = database;
        this.seal = seal;
        this.region = region;
        this.fhir = new AuditEventFhir(server);
        this.sequencer = new Sequencer(database, seal, origin, keptFile, clock);
        this.upkeep = new Upkeep(database, audit, witnesses, client, clock);
        this.nightly = new NightlyCheck(database, seal, region, sequencer, clock);
        this.open = new LogRoutes(database, sequencer, witnesses);
        this.events = new AuditEventRoutes(vertx, database, seal, region, fhir, witnesses, people);
    }

    /// The log's own keys, for the rotation of the master key.
    ///
    /// @param place what they were sealed for
    public static SealedColumn sealedKeys(String place) {
        return Sequencer.sealedKeys(place);
    }

    /// The work that an operator may start: a new key.
    public Job rotation() {
        return new AuditKeyRotation(sequencer);
    }

    /// Checks the log of this database and goes on with it.
    ///
    /// @throws LogRefused when the database does not hold what was signed
    public AuditLog start() {
        sequencer.check();
        upkeep.makePartitions();
        sequencer.round();
        sequencer.start();
        upkeep.start();
        nightly.start();
        return this;
    }

    /// AuditEvents and `$proof`, for those who may see them.
    public void mount(FhirRouter fhir) {
        events.mount(fhir);
    }

    /// The published log, for everyone.
    public void mount(Router router) {
        open.mount(router);
    }

    /// What a Bulk Data export takes AuditEvents from.
    public ExportSource exported() {
        return new AuditEventExport(database, new EventStore(seal, region), fhir);
    }

    /// What compares the log with the tables every night.
    public NightlyCheck nightly() {
        return nightly;
    }

    /// Why nothing is signed, or null when all is well.
    public @Nullable String refusal() {
        return sequencer.refusal();
    }

    @Override
    public void close() throws InterruptedException {
        nightly.stop();
        upkeep.stop();
        sequencer.stop();
        var _ = client.close();
    }
}
