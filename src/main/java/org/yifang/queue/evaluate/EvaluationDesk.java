package org.yifang.queue.evaluate;

import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

import org.yifang.fhir.Fhir;
import org.yifang.platform.data.Database;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Answers whether queues became shorter: reads what was known at a moment, reckons on a thread of
/// its own, and keeps the answer, so that the same question as of the same moment never gets
/// another one.
public final class EvaluationDesk {
    /// A county's year takes half a minute; what takes twenty times that is broken.
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final EvaluationStore store;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final WorkerExecutor worker;
    private final int replicates;

    /// One at a time: two years of a county in memory are one too many.
    private final Semaphore turn = new Semaphore(1, true);

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
    public byte[] evaluate(EvaluationQuestion question) {
        return evaluate(question, new EvaluationProgress());
    }

    /// The report as it was given before, empty when the question is new.
    public Optional<byte[]> find(EvaluationQuestion question) {
        return store.find(question.canonical(), question.asOf());
    }

    /// @param progress told how far it has come
    public byte[] evaluate(EvaluationQuestion question, EvaluationProgress progress) {
        Optional<byte[]> before = find(question);
        if (before.isPresent()) {
            return before.get();
        }
        turn.acquireUninterruptibly();
        try {
            return reckon(question, progress);
        } finally {
            turn.release();
        }
    }

    private byte[] reckon(EvaluationQuestion question, EvaluationProgress progress) {
        List<EvaluationData.Group> groups = new EvaluationData(store, question).read(progress);
        List<String> files = store.files(question.asOf());
        List<EvaluationStore.ImportedMonth> months = store.months(question);
        ImportedPeriods imported = ImportedPeriods.of(question, months);
        ReductionMethod method = ReductionMethod.standard(replicates, question.seed());
        Instant now = clock.instant();
        UUID id = ids.get();
        byte[] report =
                worker.executeBlocking(
                                () ->
                                        Fhir.json(
                                                new ReductionReport(question, method, files, months)
                                                        .write(
                                                                id,
                                                                now,
                                                                judged(
                                                                        groups, imported, method,
                                                                        progress))),
                                false)
                        .await();
        store.keep(id, question.canonical(), question.asOf(), method.seed(), report, now);
        // Another instance may have answered the same question meanwhile: one answer stands.
        return store.find(question.canonical(), question.asOf()).orElse(report);
    }

    private static List<ReductionReport.Judged> judged(
            List<EvaluationData.Group> groups,
            ImportedPeriods imported,
            ReductionMethod method,
            EvaluationProgress progress) {
        return groups.stream()
                .map(group -> {
                    Reduction reduction =
                            Reduction.of(
                                    group.before(),
                                    group.after(),
                                    group.coverage(),
                                    group.control(),
                                    method,
                                    done ->
                                            progress.drawn(
                                                    group.stage(), done, method.replicates()));
                    return new ReductionReport.Judged(
                            group,
                            reduction,
                            Breakdown.of(group.before(), group.after()),
                            ReductionRule.judge(
                                    reduction,
                                    group.coverage(),
                                    imported.standForTickets(group.before(), group.after()),
                                    method));
                })
                .toList();
    }
}
