package org.yifang.price.index;

import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

import org.yifang.fhir.Fhir;
import org.yifang.platform.Database;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/// Answers whether drugs got cheaper from the sales that were known at a moment, and keeps the
/// answer: the same question with the same moment always has the same one.
public final class PriceEvaluation implements AutoCloseable {
    /// Transactions that record sales are over long before.
    private static final Duration YOUNG = Duration.ofMinutes(1);

    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int HELD_TOLD = 100;

    private final CheckedSalesStore sales;
    private final PriceReportStore reports;
    private final String region;
    private final InstantSource clock;
    private final WorkerExecutor worker;

    public PriceEvaluation(Vertx vertx, Database database, String region, InstantSource clock) {
        this.sales = new CheckedSalesStore(database);
        this.reports = new PriceReportStore(vertx, database);
        this.region = region;
        this.clock = clock;
        // One at a time: nobody waits at a counter for it.
        this.worker =
                vertx.createSharedWorkerExecutor(
                        "price-report", 1, LONGEST.toSeconds(), TimeUnit.SECONDS);
    }

    /// The MeasureReport as JSON: the one that was given before, or else a new one that is kept.
    /// Waits; call from a virtual thread.
    public byte[] answer(PriceQuestion question) {
        var before = reports.find(question);
        if (before.isPresent()) {
            return before.get();
        }
        if (question.asOf().isAfter(clock.instant().minus(YOUNG))) {
            reports.settled();
        }
        PriceReading.Read read = read(question);
        PriceReading.Result result =
                worker.executeBlocking(() -> PriceReading.reckon(question, read), false).await();
        PriceReportStore.Kept kept = kept(result);
        reports.keep(kept, region, clock.instant());
        // Another instance may have answered the same question meanwhile: one answer stands.
        return reports.find(question).orElse(kept.json());
    }

    PriceReading.Read read(PriceQuestion question) {
        var cells = sales.cells(question);
        var months = sales.months(question);
        var held = sales.held(question, HELD_TOLD);
        var released = sales.released(question);
        var imports = sales.imports(question);
        return new PriceReading.Read(
                cells.await(), months.await(), held.await(), released.await(), imports.await());
    }

    private static PriceReportStore.Kept kept(PriceReading.Result result) {
        long number = 0;
        return new PriceReportStore.Kept(
                result.id(),
                result.question(),
                result.seed(),
                Fhir.json(new PriceReportFhir(result, number).report()));
    }

    @Override
    public void close() {
        worker.close();
    }
}
