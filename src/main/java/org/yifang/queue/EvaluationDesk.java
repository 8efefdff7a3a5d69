package org.yifang.queue;

import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.fhir.Fhir;
import org.yifang.platform.Database;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Answers whether queues became shorter: reads what was known at a moment, reckons on a thread of
/// its own, and keeps the answer, so that the same question as of the same moment never gets
/// another one.
public final class EvaluationDesk {
    private static final Logger LOG = LoggerFactory.getLogger(EvaluationDesk.class);

    /// A county's year takes half a minute; what takes twenty times that is broken.
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final EvaluationStore store;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final WorkerExecutor worker;
    private final int replicates;

    /// @param replicates of the bootstrap, [org.yifang.statistics.DayBootstrap#REPLICATES] for
    ///   anything that is published
    public EvaluationDesk(
            Vertx vertx,
            Database database,
            InstantSource clock,
            Supplier<UUID> ids,
            String region,
            int replicates) {
        this.store = new EvaluationStore(database, region);
        this.clock = clock;
        this.ids = ids;
        this.replicates = replicates;
        // One at a time: it is the heaviest thing there is, and nobody waits at a counter for it.
        this.worker =
                vertx.createSharedWorkerExecutor(
                        "queue-evaluation", 1, LONGEST.toSeconds(), TimeUnit.SECONDS);
    }

    /// The MeasureReport as JSON. Waits; call from a virtual thread.
    byte[] evaluate(EvaluationQuestion question) {
        Optional<byte[]> before = store.find(question.canonical(), question.asOf());
        if (before.isPresent()) {
            return before.get();
        }
        List<EvaluationData.Group> groups =
                new EvaluationData(store, question).read(day -> LOG.debug("read {}", day));
        List<String> files = store.files(question.asOf());
        ReductionMethod method = ReductionMethod.standard(replicates, question.seed());
        Instant now = clock.instant();
        UUID id = ids.get();
        byte[] report =
                worker.executeBlocking(
                                () ->
                                        Fhir.json(
                                                new ReductionReport(question, method, files)
                                                        .write(id, now, judged(groups, method))),
                                false)
                        .await();
        store.keep(id, question.canonical(), question.asOf(), method.seed(), report, now);
        // Another instance may have answered the same question meanwhile: one answer stands.
        return store.find(question.canonical(), question.asOf()).orElse(report);
    }

    private static List<ReductionReport.Judged> judged(
            List<EvaluationData.Group> groups, ReductionMethod method) {
        return groups.stream()
                .map(group -> {
                    Reduction reduction =
                            Reduction.of(
                                    group.before(),
                                    group.after(),
                                    group.coverage(),
                                    group.control(),
                                    method,
                                    done -> progress(group, done, method));
                    return new ReductionReport.Judged(
                            group,
                            reduction,
                            Breakdown.of(group.before(), group.after()),
                            ReductionRule.judge(reduction, group.coverage(), false, method));
                })
                .toList();
    }

    private static void progress(EvaluationData.Group group, int done, ReductionMethod method) {
        if (done % Math.max(method.replicates() / 4, 1) == 0) {
            LOG.info(
                    "evaluating {}: {} of {} replicates",
                    ReductionReport.code(group.stage()),
                    done,
                    method.replicates());
        }
    }
}
