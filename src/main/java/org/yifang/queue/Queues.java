package org.yifang.queue;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.operate.Sweep;
import org.yifang.queue.evaluate.DemonstrationPlan;
import org.yifang.queue.evaluate.EvaluateMeasure;
import org.yifang.queue.evaluate.EvaluationDesk;
import org.yifang.queue.evaluate.EvaluationRunStore;
import org.yifang.queue.evaluate.LaterEvaluations;
import org.yifang.queue.evaluate.QueueGoal;
import org.yifang.queue.history.AggregateDesk;
import org.yifang.queue.history.DemonstrationTickets;
import org.yifang.queue.history.ExpectedDesk;
import org.yifang.queue.history.HistoryDesk;
import org.yifang.queue.history.ImportHistory;
import org.yifang.queue.intake.QueueDesk;
import org.yifang.queue.intake.QueueMoments;
import org.yifang.queue.intake.QueueRoutes;
import org.yifang.queue.intake.QueueSweepStore;
import org.yifang.queue.intake.VisitDesk;
import org.yifang.queue.intake.VisitRoutes;
import org.yifang.queue.live.LiveQueues;
import org.yifang.queue.live.LiveRoutes;
import org.yifang.queue.live.QueueViews;
import org.yifang.queue.plan.PlanDesk;
import org.yifang.queue.plan.PlanGoal;
import org.yifang.queue.plan.PlanRoutes;
import org.yifang.queue.quality.QualityRoutes;
import org.yifang.queue.quality.QueueQualityStore;
import org.yifang.queue.quality.StaffingStore;
import org.yifang.registry.Organizations;

import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/// The queue domain put together: what takes events and files in, what tells how queues stand, what
/// evaluates them, and the sweep that ends the days.
public final class Queues implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Queues.class);

    /// A day ends once, and nobody waits for that.
    private static final long SWEEP_MILLIS = 300_000;

    private final Vertx vertx;
    private final Database database;
    private final InstantSource clock;
    private final Uuid7 ids;
    private final String region;
    private final Organizations organizations;
    private final LiveQueues live;
    private final LiveRoutes liveRoutes;
    private final QueueDesk desk;
    private final ImportHistory histories;
    private final EvaluationDesk evaluations;
    private final LaterEvaluations later;
    private final EvaluateMeasure measures;
    private final PlanDesk plans;
    private final PlanRoutes planRoutes;
    private final QueueSweepStore sweep;
    private final long timer;
    private final AtomicBoolean sweeping = new AtomicBoolean();

    /// @param linked the prescriptions that an organization may name
    public Queues(
            Vertx vertx,
            Database database,
            InstantSource clock,
            Uuid7 ids,
            String region,
            Audit audit,
            Organizations organizations,
            QueueDesk.Linked linked) {
        this.vertx = vertx;
        this.database = database;
        this.clock = clock;
        this.ids = ids;
        this.region = region;
        this.organizations = organizations;
        live = new LiveQueues(database, clock);
        liveRoutes = new LiveRoutes(vertx, database, live);
        desk = new QueueDesk(database, audit, clock, ids, live, linked, region);
        histories =
                new ImportHistory(vertx)
                        .register(new HistoryDesk(database, clock, ids, region, organizations))
                        .register(new ExpectedDesk(database, clock, ids, region))
                        .register(new AggregateDesk(database, clock, ids, region));
        plans = new PlanDesk(database, audit, clock, ids, region);
        evaluations = new EvaluationDesk(vertx, database, clock, ids, region, plans);
        later = new LaterEvaluations(evaluations, new EvaluationRunStore(database, region), clock);
        planRoutes = new PlanRoutes(plans);
        measures = new EvaluateMeasure(evaluations, later, plans);
        register(new QueueGoal(measures, database, region, clock));
        sweep = new QueueSweepStore(database, clock, region);
        timer = vertx.setPeriodic(SWEEP_MILLIS, _ -> startSweep());
        startSweep();
    }

    /// What other packages may know of queues.
    public QueueViews views() {
        return new QueueViews(live);
    }

    /// The door for what the platform itself sees of a prescription.
    public QueueMoments moments() {
        return new QueueMoments(desk);
    }

    /// `$import-history`, for other kinds of files. Before [#mount].
    public ImportHistory histories() {
        return histories;
    }

    /// Adds a goal that plans can be registered for and evaluated by. Before [#mount].
    public void register(PlanGoal goal) {
        measures.register(goal);
        planRoutes.register(goal);
    }

    /// Plans, the count of questions, and what was answered.
    public PlanDesk plans() {
        return plans;
    }

    /// Mounts operations, reads and searches; after the prescriptions, whose Tasks and Encounters
    /// come first.
    public void mount(FhirRouter fhir) {
        new QueueRoutes(desk).mount(fhir);
        histories.mount(fhir);
        measures.mount(fhir);
        planRoutes.mount(fhir);
        new VisitRoutes(new VisitDesk(database, desk, clock, ids, region)).mount(fhir);
        new QualityRoutes(
                        new QueueQualityStore(database), new StaffingStore(database), organizations)
                .mount(fhir);
        QueueResourceViews.mount(fhir);
    }

    /// Mounts what pages and telephones watch.
    public void mount(Router router) {
        liveRoutes.mount(router);
    }

    /// Makes up two years of tickets, with a plan and its verdict. Waits.
    ///
    /// @param bureau number of the organization that the plan is said to be registered by
    public void makeUpPast(List<DemonstrationTickets.Site> sites, String bureau) {
        UUID registrar = organizations.byNumber(bureau).orElseThrow().id();
        var years = new DemonstrationTickets(database, clock, ids, region).load(sites, registrar);
        evaluations.verdict(DemonstrationPlan.register(plans, years, sites, bureau));
    }

    private void startSweep() {
        if (sweeping.compareAndSet(false, true)) {
            Thread.ofVirtual().name("queue-sweep").start(this::sweep);
        }
    }

    private void sweep() {
        try {
            int ended = sweep.run();
            if (ended > 0) {
                LOG.info("{} tickets of past days were ended", ended);
            }
            Sweep.QUEUES.done();
        } catch (Exception failure) {
            Sweep.QUEUES.failed();
            // The next sweep brings the next try.
            LOG.warn("the sweep of queues did not finish: {}", failure.toString());
        } finally {
            sweeping.set(false);
        }
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        later.close();
        evaluations.close();
        liveRoutes.close();
    }
}
