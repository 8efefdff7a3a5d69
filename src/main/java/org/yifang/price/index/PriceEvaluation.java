package org.yifang.price.index;

import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.queue.plan.Plan;
import org.yifang.queue.plan.PlanDesk;
import org.yifang.queue.plan.Verdict;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// Answers whether drugs got cheaper from the sales that were known at a moment, and keeps the
/// answer: the same question with the same moment always has the same one.
public final class PriceEvaluation implements AutoCloseable {
    /// Transactions that record sales are over long before.
    private static final Duration YOUNG = Duration.ofMinutes(1);

    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int HELD_TOLD = 100;

    private final CheckedSalesStore sales;
    private final MonthlySalesStore monthly;
    private final PriceReportStore reports;
    private final PlanDesk plans;
    private final String region;
    private final InstantSource clock;
    private final WorkerExecutor worker;

    /// @param plans counts the questions and keeps what was answered
    public PriceEvaluation(
            Vertx vertx, Database database, PlanDesk plans, String region, InstantSource clock) {
        this.sales = new CheckedSalesStore(database);
        this.monthly = new MonthlySalesStore(database);
        this.reports = new PriceReportStore(vertx, database);
        this.plans = plans;
        this.region = region;
        this.clock = clock;
        // One at a time: nobody waits at a counter for it.
        this.worker =
                vertx.createSharedWorkerExecutor(
                        "price-report", 1, LONGEST.toSeconds(), TimeUnit.SECONDS);
    }

    /// The MeasureReport as JSON: the one that was given before, or else a new one that is kept.
    /// Waits; call from a virtual thread.
    ///
    /// @param plan the plan that the question asks about; null for a question of the moment
    public byte[] answer(PriceQuestion question, @Nullable Plan plan) {
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
        Verdict verdict = result.judgement().verdict();
        long number =
                verdict == Verdict.EXPLORATORY
                        ? plans.number(PriceMeasure.ID, question.text(), question.asOf(), plan)
                        : 0;
        byte[] json =
                worker.executeBlocking(() -> new PriceReportFhir(result, number).write(), false)
                        .await();
        reports.keep(
                new PriceReportStore.StoredReport(result.id(), question, result.seed(), json),
                region,
                clock.instant());
        plans.keep(
                result.id(),
                PriceMeasure.ID,
                plan,
                question.asOf(),
                verdict,
                new PriceWords(result, number).verdict());
        // Another instance may have answered the same question meanwhile: one answer stands.
        return reports.find(question).orElse(json);
    }

    /// What there is of a baseline.
    record Baseline(
            int pharmacies, long lines, double yuan, double importedShare, double heldOutShare) {}

    Baseline baseline(PriceQuestion question) {
        Set<UUID> pharmacies = new HashSet<>();
        long lines = 0;
        double charged = 0;
        double imported = 0;
        double held = 0;
        for (var cell : sales.cells(question).await()) {
            if (cell.period() == ItemTable.Period.BASELINE) {
                pharmacies.add(cell.pharmacy());
                lines += cell.lines();
                charged += cell.chargedFen();
                imported += cell.importedFen();
                held += cell.heldFen();
            }
        }
        double all = charged > 0 ? charged : 1;
        return new Baseline(pharmacies.size(), lines, charged / 100, imported / all, held / all);
    }

    PriceReading.Read read(PriceQuestion question) {
        var cells = sales.cells(question);
        var months = sales.months(question);
        var byMonth = monthly.cells(question);
        var held = sales.held(question, HELD_TOLD);
        var released = sales.released(question);
        var imports = sales.imports(question);
        return new PriceReading.Read(
                cells.await(),
                months.await(),
                byMonth.await(),
                held.await(),
                released.await(),
                imports.await());
    }

    @Override
    public void close() {
        worker.close();
    }
}
