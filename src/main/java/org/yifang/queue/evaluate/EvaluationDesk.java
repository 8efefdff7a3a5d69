package org.yifang.queue.evaluate;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.queue.evaluate.ReductionReport.Judged;
import org.yifang.queue.evaluate.ReductionReport.Said;
import org.yifang.queue.plan.Plan;
import org.yifang.queue.plan.PlanDesk;
import org.yifang.queue.plan.Verdict;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Answers whether queues became shorter: reads what was known at a moment, reckons on a thread of
/// its own, and keeps the answer, so that the same question as of the same moment never gets
/// another one.
public final class EvaluationDesk implements AutoCloseable {
    /// A county's year takes half a minute; what takes twenty times that is broken.
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /// Who waits behind so many is told to come again.
    static final int WAITING_MOST = 16;

    private final EvaluationStore store;
    private final DayStore days;
    private final KnownPlans planned;
    private final PlanDesk plans;
    private final InstantSource clock;
    private final Uuid7 ids;
    private final WorkerExecutor worker;

    /// One at a time, in the order in which they came: two years of a county in memory are one too
    /// many. Who waits for a turn waits on a promise, and blocks no event loop.
    private final ThreadPoolExecutor turns =
            new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(WAITING_MOST),
                    Thread.ofVirtual().name("queue-evaluation").factory());

    public EvaluationDesk(
            Vertx vertx,
            Database database,
            InstantSource clock,
            Uuid7 ids,
            String region,
            PlanDesk plans) {
        this.store = new EvaluationStore(database, region);
        this.days = new DayStore(database);
        this.planned = new KnownPlans(database, store);
        this.plans = plans;
        this.clock = clock;
        this.ids = ids;
        this.worker =
                vertx.createSharedWorkerExecutor(
                        "queue-evaluation", 1, LONGEST.toSeconds(), TimeUnit.SECONDS);
    }

    /// The MeasureReport as JSON. Waits; call from a virtual thread.
    public byte[] evaluate(EvaluationQuestion question) {
        return evaluate(question, new EvaluationProgress());
    }

    /// The one verdict of a plan. Waits; call from a virtual thread.
    public byte[] verdict(Plan plan) {
        return evaluate(EvaluationQuestion.of(plan, plan.verdictAt()));
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
        Promise<byte[]> report = Promise.promise();
        try {
            turns.execute(() -> {
                try {
                    report.complete(reckon(question, progress));
                } catch (Throwable failure) {
                    // Of any kind: whoever waits is told.
                    report.fail(failure);
                }
            });
        } catch (RejectedExecutionException full) {
            throw busy();
        }
        return report.future().await();
    }

    private static Problem busy() {
        return new Problem(
                List.of(
                        new Problem.Finding(
                                ProblemCode.TOO_MANY_REQUESTS,
                                WAITING_MOST + " evaluations wait for their turn.",
                                "Ask again when one of them is done.")),
                Map.of("Retry-After", "30"));
    }

    private byte[] reckon(EvaluationQuestion question, EvaluationProgress progress) {
        Optional<byte[]> meanwhile = find(question);
        if (meanwhile.isPresent()) {
            return meanwhile.get();
        }
        List<EvaluationData.Group> groups =
                question.plan() == null
                        ? new EvaluationData(store, days, question).read(progress)
                        : new PlanData(planned, question).read(progress);
        List<String> files = store.files(question.asOf());
        List<EvaluationStore.ImportedMonth> months = store.months(question);
        ImportedPeriods imported = ImportedPeriods.of(question, months);
        ReductionMethod method = ReductionMethod.standard();
        Instant now = clock.instant();
        UUID id = ids.get();
        String goal = EvaluateMeasure.QUEUES;
        long number =
                question.isVerdict()
                        ? 0
                        : plans.number(
                                goal, question.canonical(), question.asOf(), question.plan());
        ReductionSentence.Asked asked =
                new ReductionSentence.Asked(
                        question,
                        store.names(question.organizations()),
                        number,
                        store.isMadeUp(question));
        record Written(Said said, byte[] json) {}
        Written written =
                worker.executeBlocking(
                                () -> {
                                    List<Judged> judged =
                                            judged(question, groups, imported, method, progress);
                                    Said said = ReductionSentence.of(asked, judged);
                                    return new Written(
                                            said,
                                            new ReductionReport(question, method, files, months)
                                                    .write(id, now, judged, said));
                                },
                                false)
                        .await();
        store.keep(id, question.canonical(), question.asOf(), written.json, now);
        // Another instance may have answered the same question meanwhile: one answer stands.
        byte[] kept = store.find(question.canonical(), question.asOf()).orElse(written.json);
        if (java.util.Arrays.equals(kept, written.json)) {
            plans.keep(
                    id,
                    goal,
                    question.plan(),
                    question.asOf(),
                    written.said.verdict(),
                    written.said.sentence());
        }
        return kept;
    }

    private static List<Judged> judged(
            EvaluationQuestion question,
            List<EvaluationData.Group> groups,
            ImportedPeriods imported,
            ReductionMethod method,
            EvaluationProgress progress) {
        ReductionTerms terms = ReductionTerms.of(question);
        return groups.stream()
                .map(group -> {
                    progress.reckoning(group.stage());
                    Reduction.StageTallies told = group.told();
                    Reduction reduction = Reduction.of(told, terms, method);
                    return new Judged(
                            group,
                            reduction,
                            Breakdown.of(told.before(), told.after()),
                            ReductionRule.judge(
                                    reduction,
                                    told.coverage(),
                                    imported.standForTickets(told.before(), told.after()),
                                    terms,
                                    group.facts(),
                                    method));
                })
                .toList();
    }

    /// The word that is printed: only a plan's one verdict is more than exploratory.
    static Verdict printed(EvaluationQuestion question, Verdict judged) {
        return question.isVerdict() ? judged : Verdict.EXPLORATORY;
    }

    @Override
    public void close() {
        turns.shutdownNow();
    }
}
