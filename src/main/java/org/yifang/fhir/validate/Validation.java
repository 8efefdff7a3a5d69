package org.yifang.fhir.validate;

import io.vertx.core.Future;

import org.hl7.fhir.r4.model.Bundle;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Bodies;
import org.yifang.fhir.Conformance;
import org.yifang.fhir.Document;
import org.yifang.fhir.Excerpt;
import org.yifang.fhir.Fhir.Format;
import org.yifang.platform.Limits;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.edge.Calling;
import org.yifang.platform.edge.Turns;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/// Checks resources against FHIR R4 and our profiles, on as many threads as the machine has cores.
///
/// Every rule of every profile is checked every time; nothing is fetched from any network.
public final class Validation implements AutoCloseable {
    /// The profile that a submitted prescription must meet.
    public static final String PRESCRIPTION_DOCUMENT =
            Conformance.ROOT + "/StructureDefinition/prescription-document";

    /// The first round takes half a second, the tenth a twentieth of that.
    private static final int WARM_UP_ROUNDS = 10;

    private static final int WARM_UP_WAIT_SECONDS = 10;

    private final Checkers checkers;
    private final Turns workers;

    private Validation(Checkers checkers, int threads) {
        this.checkers = checkers;
        this.workers =
                new Turns(
                        "validation",
                        threads,
                        1,
                        Limits.DOCUMENTS_WAITING,
                        Limits.DOCUMENTS_WAITING_PER_CLIENT,
                        Bound.VALIDATION_QUEUE);
    }

    /// Reads every definition that a prescription needs; takes seconds of one core.
    public static Validation start(Conformance conformance) {
        return new Validation(
                new Checkers(conformance), Runtime.getRuntime().availableProcessors());
    }

    /// Has every worker check the published example until it no longer learns from it, so that the
    /// first prescription of the day is not the slowest; ends after some seconds.
    public Future<Void> warmUp() {
        byte[] example = Conformance.example("prescription");
        CountDownLatch everyone = new CountDownLatch(workers.threads());
        List<Future<Boolean>> warm = new ArrayList<>();
        for (int i = 0; i < workers.threads(); i++) {
            warm.add(submit(() -> warmUp(everyone, example)));
        }
        return Future.all(warm).mapEmpty();
    }

    /// Waits for the others, so that each worker has its turn.
    private boolean warmUp(CountDownLatch everyone, byte[] example) {
        everyone.countDown();
        try {
            if (!everyone.await(WARM_UP_WAIT_SECONDS, TimeUnit.SECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            checkers.check(example, Format.JSON, PRESCRIPTION_DOCUMENT);
        }
        return true;
    }

    /// A turn of the pool in which nothing is done, to see that turns come.
    public Future<?> idleTurn() {
        try {
            return submit(() -> true);
        } catch (Problem full) {
            return Future.failedFuture(full);
        }
    }

    /// Validates on the pool and waits; call from a virtual thread.
    ///
    /// @param body the resource as it was received
    /// @param profile canonical url of the profile it must meet, beside those it names in
    ///   `meta.profile`; null for none but R4 itself
    /// @return errors and warnings, with FHIRPath to each; empty when all is well
    /// @throws Problem BUSY when too many are waiting
    public List<Finding> validate(byte[] body, Format format, @Nullable String profile) {
        Calling calling = Calling.now();
        return submit(() ->
                        checkers.check(Excerpt.of(body, format), format, profile, budget(calling)))
                .await();
    }

    /// Reads a document and checks it against its profile, in one visit to the pool: while it waits
    /// it is no more than its bytes, and what was read of it lives only as long as `then` needs it.
    /// Waits; call from a virtual thread.
    ///
    /// @param profile canonical url of the profile it must meet
    /// @param then what else is to be told or kept of it; runs on the pool and must not wait
    /// @throws Problem `RX-1400` to `RX-1402` when it cannot be read; BUSY when too many are
    ///   waiting
    public <T> T judge(
            byte[] body,
            Format format,
            String profile,
            BiFunction<Document, List<Finding>, T> then) {
        Calling calling = Calling.now();
        return submit(
                        () -> {
                            Excerpt excerpt =
                                    Excerpt.of(
                                            body,
                                            format,
                                            Bodies.requireReadable(body, format, Bundle.class));
                            if (excerpt.left() == null) {
                                Document document = Document.readable(body, format);
                                return then.apply(
                                        document,
                                        checkers.check(excerpt, format, profile, budget(calling)));
                            }
                            throw new Problem(
                                    checkers.check(excerpt, format, profile, budget(calling)));
                        })
                .await();
    }

    private static Budget budget(Calling calling) {
        return Budget.of(Limits.JUDGING, calling);
    }

    /// Runs other heavy reading or writing of FHIR on the same bounded pool.
    ///
    /// @throws Problem BUSY when too many are waiting
    public <T> Future<T> submit(Supplier<T> work) {
        return workers.take(work);
    }

    @Override
    public void close() {
        workers.close();
    }
}
