package org.yifang.queue;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.FhirRouter;
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

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/// The queue domain put together: what takes events and files in, what tells how queues stand, what
/// evaluates them, and the sweep that ends the days.
public final class Queues implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Queues.class);

    /// A day ends once, and nobody waits for that.
    private static final long SWEEP_MILLIS = 300_000;

    /// What queues stand on.
    ///
    /// @param organizations id of the Organization with a number, nhsa-org
    /// @param linked the prescriptions that an organization may name
    public record Parts(
            Vertx vertx,
            Database database,
            InstantSource clock,
            Supplier<UUID> ids,
            String region,
            Audit audit,
            Function<String, Optional<UUID>> organizations,
            QueueDesk.Linked linked) {}

    private final Parts parts;
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

    public Queues(Parts parts) {
        this.parts = parts;
        live = new LiveQueues(parts.database(), parts.clock());
        liveRoutes = new LiveRoutes(parts.vertx(), parts.database(), live);
        desk =
                new QueueDesk(
                        parts.database(),
                        parts.audit(),
                        parts.clock(),
                        parts.ids(),
                        live,
                        parts.linked(),
                        parts.region());
        histories =
                new ImportHistory(parts.vertx())
                        .register(
                                new HistoryDesk(
                                        parts.database(),
                                        parts.clock(),
                                        parts.ids(),
                                        parts.region(),
                                        parts.organizations()))
                        .register(
                                new ExpectedDesk(
                                        parts.database(),
                                        parts.clock(),
                                        parts.ids(),
                                        parts.region()))
                        .register(
                                new AggregateDesk(
                                        parts.database(),
                                        parts.clock(),
                                        parts.ids(),
                                        parts.region()));
        plans =
                new PlanDesk(
                        parts.database(),
                        parts.audit(),
                        parts.clock(),
                        parts.ids(),
                        parts.region());
        evaluations =
                new EvaluationDesk(
                        parts.vertx(),
                        parts.database(),
                        parts.clock(),
                        parts.ids(),
                        parts.region(),
                        plans);
        later =
                new LaterEvaluations(
                        evaluations::find,
                        evaluations::evaluate,
                        new EvaluationRunStore(parts.database(), parts.region()),
                        parts.clock());
        planRoutes = new PlanRoutes(plans);
        measures = new EvaluateMeasure(evaluations, later, plans);
        register(new QueueGoal(measures, parts.database(), parts.region(), parts.clock()));
        sweep = new QueueSweepStore(parts.database(), parts.clock(), parts.region());
        timer = parts.vertx().setPeriodic(SWEEP_MILLIS, _ -> startSweep());
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

    /// `$evaluate-measure`, for other Measures. Before [#mount].
    public EvaluateMeasure measures() {
        return measures;
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
        new VisitRoutes(
                        new VisitDesk(
                                parts.database(), desk, parts.clock(), parts.ids(), parts.region()))
                .mount(fhir);
        new QualityRoutes(
                        new QueueQualityStore(parts.database()),
                        new StaffingStore(parts.database()),
                        parts.organizations())
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
        UUID registrar = parts.organizations().apply(bureau).orElseThrow();
        var years =
                new DemonstrationTickets(
                                parts.database(), parts.clock(), parts.ids(), parts.region())
                        .load(sites, registrar);
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
        parts.vertx().cancelTimer(timer);
        later.close();
        evaluations.close();
        liveRoutes.close();
    }
}
