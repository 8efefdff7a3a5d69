package org.yifang.queue.evaluate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Evaluations that are asked for now and fetched later, at whichever instance: the report is kept
/// by its question, and how far it has come stands in the database meanwhile.
public final class LaterEvaluations implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LaterEvaluations.class);
    private static final long BEAT_MILLIS = 1000;

    /// Enough for the questions of a meeting; each may take half a minute, one after the other.
    static final int UNDER_WAY_MOST = 16;

    /// What can be said of an evaluation.
    sealed interface State {
        /// The MeasureReport as JSON.
        record Done(byte[] report) implements State {}

        /// For people.
        record Running(String progress) implements State {}

        /// Given up; asking again begins anew.
        record Failed() implements State {}

        /// Nobody asked for it.
        record Unknown() implements State {}
    }

    private final EvaluationDesk desk;
    private final EvaluationRunStore runs;
    private final InstantSource clock;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean closing;

    public LaterEvaluations(EvaluationDesk desk, EvaluationRunStore runs, InstantSource clock) {
        this.desk = desk;
        this.runs = runs;
        this.clock = clock;
    }

    /// Begins, unless the answer is known or somebody is at it. Waits for the database only.
    void ask(EvaluationQuestion question) {
        if (desk.find(question).isPresent()) {
            return;
        }
        runs.forget(clock.instant());
        if (runs.count(clock.instant()) >= UNDER_WAY_MOST) {
            throw new Problem(
                    List.of(
                            new Problem.Finding(
                                    ProblemCode.TOO_MANY_REQUESTS,
                                    UNDER_WAY_MOST + " evaluations are under way.",
                                    "Ask again when one of them is done.")),
                    Map.of("Retry-After", "30"));
        }
        begin(question);
    }

    /// How far it has come. One whose instance fell silent is begun anew here.
    State state(EvaluationQuestion question) {
        EvaluationRunStore.Run run = runs.find(question, clock.instant());
        // Read after the run: a report is kept before its run ends.
        Optional<byte[]> report = desk.find(question);
        if (report.isPresent()) {
            return new State.Done(report.get());
        }
        if (run == null) {
            return new State.Unknown();
        }
        if (run.failed()) {
            return new State.Failed();
        }
        if (run.silent()) {
            begin(question);
        }
        return new State.Running(run.progress());
    }

    private void begin(EvaluationQuestion question) {
        EvaluationProgress progress = new EvaluationProgress();
        if (runs.claim(question, progress.text(), clock.instant())) {
            threads.execute(() -> run(question, progress));
        }
    }

    private void run(EvaluationQuestion question, EvaluationProgress progress) {
        try {
            Future<byte[]> report = threads.submit(() -> desk.evaluate(question, progress));
            while (!isDone(report)) {
                beat(question, progress);
            }
            runs.end(question);
        } catch (InterruptedException stopped) {
            // Falls silent; another instance goes on.
            Thread.currentThread().interrupt();
        } catch (Exception failure) {
            // Of any kind: what the database's client throws is not declared, and may be checked.
            fail(question, failure);
        }
    }

    private static boolean isDone(Future<byte[]> report)
            throws ExecutionException, InterruptedException {
        try {
            report.get(BEAT_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException stillAtIt) {
            return false;
        }
    }

    private void beat(EvaluationQuestion question, EvaluationProgress progress) {
        try {
            runs.beat(question, progress.text(), clock.instant());
        } catch (Exception failure) {
            // The next second brings the next try.
            LOG.warn("how far an evaluation has come was not told: {}", failure.toString());
        }
    }

    private void fail(EvaluationQuestion question, Exception failure) {
        if (closing) {
            return;
        }
        LOG.error("the evaluation {} was given up", question.canonical(), failure);
        try {
            runs.fail(question);
        } catch (Exception alsoFailed) {
            // It falls silent then, and is begun anew by who looks after it.
            LOG.warn("the end of an evaluation was not told: {}", alsoFailed.toString());
        }
    }

    @Override
    public void close() {
        closing = true;
        threads.shutdownNow();
    }
}
