package org.yifang.price;

import io.vertx.core.Vertx;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.catalogue.Catalogue;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.SealedColumn;
import org.yifang.platform.operate.Sweep;
import org.yifang.price.board.PriceBoardRoutes;
import org.yifang.price.board.PriceBoardStore;
import org.yifang.price.board.PriceCourseRoutes;
import org.yifang.price.board.PriceCourseStore;
import org.yifang.price.board.SwapProposalRoutes;
import org.yifang.price.board.SwapProposalStore;
import org.yifang.price.compare.ComparisonDesk;
import org.yifang.price.compare.OpenPrescriptions;
import org.yifang.price.compare.PredictedWaits;
import org.yifang.price.compare.PriceAlerts;
import org.yifang.price.compare.PriceDesk;
import org.yifang.price.compare.PriceRoutes;
import org.yifang.price.compare.SaleReleaseStore;
import org.yifang.price.compare.SwapRoutes;
import org.yifang.price.compare.SwapStore;
import org.yifang.price.feed.FeedDesk;
import org.yifang.price.feed.FeedRoutes;
import org.yifang.price.feed.FeedStore;
import org.yifang.price.feed.PriceFeeds;
import org.yifang.price.index.DemonstrationSales;
import org.yifang.price.index.PriceEvaluation;
import org.yifang.price.index.PriceMeasure;
import org.yifang.price.offer.DemonstrationOffers;
import org.yifang.price.offer.PriceViews;
import org.yifang.price.sale.SaleDesk;
import org.yifang.price.sale.SalesHistory;
import org.yifang.queue.live.QueueViews;
import org.yifang.queue.plan.Plan;
import org.yifang.queue.plan.PlanDesk;
import org.yifang.registry.Organizations;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// Everything of prices, built once: offers and stock, comparison, index, and the sweep that lets
/// go of packs nobody came for and asks the queues for their waits.
public final class Prices implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Prices.class);
    private static final long SWEEP_MILLIS = 30_000;

    /// A network hiccup is over within seconds; what lasts longer is for the next fetch.
    private static final List<Duration> FEED_PAUSES =
            List.of(Duration.ofMillis(500), Duration.ofSeconds(3));

    private final Vertx vertx;
    private final Database database;
    private final InstantSource clock;
    private final Uuid7 ids;
    private final Catalogue catalogue;
    private final Organizations organizations;
    private final OpenPrescriptions prescriptions;
    private final PlanDesk plans;
    private final SwapStore swaps;
    private final PriceDesk desk;
    private final PriceAlerts alerts;
    private final SaleDesk sales;
    private final PriceEvaluation reports;
    private final PriceMeasure measure;
    private final SalesHistory history;
    private final PredictedWaits waits;
    private final PriceFeeds feeds;
    private final FeedDesk addresses;
    private final long timer;
    private final AtomicBoolean sweeping = new AtomicBoolean();

    /// @param prescriptions what is open of a prescription, for whoever may compare it
    /// @param queues how long one waits in a pharmacy
    /// @param plans where questions are counted and answers kept
    public Prices(
            Vertx vertx,
            Database database,
            Config config,
            InstantSource clock,
            Uuid7 ids,
            Catalogue catalogue,
            Organizations organizations,
            OpenPrescriptions prescriptions,
            QueueViews queues,
            PlanDesk plans) {
        this.vertx = vertx;
        this.database = database;
        this.clock = clock;
        this.ids = ids;
        this.catalogue = catalogue;
        this.organizations = organizations;
        this.prescriptions = prescriptions;
        this.plans = plans;
        this.swaps = new SwapStore(database, ids);
        this.desk = new PriceDesk(database, catalogue, swaps, ids);
        this.alerts =
                new PriceAlerts(database, catalogue, organizations, prescriptions, swaps, ids);
        this.sales = new SaleDesk(ids);
        this.reports = new PriceEvaluation(vertx, database, plans, config.region(), clock);
        this.measure = new PriceMeasure(reports, catalogue, clock);
        this.history = new SalesHistory(database, catalogue, organizations, ids, clock);
        this.waits = new PredictedWaits(queues);
        this.feeds =
                new PriceFeeds(
                        vertx,
                        database,
                        catalogue,
                        organizations,
                        ids,
                        clock,
                        config.outbound(),
                        FEED_PAUSES);
        this.addresses = new FeedDesk(database, new FeedStore(database));
        this.timer = vertx.setPeriodic(SWEEP_MILLIS, _ -> startSweep());
    }

    /// The door for choices and held prices.
    public PriceDesk desk() {
        return desk;
    }

    /// The door for dispenses and take-backs.
    public SaleDesk sales() {
        return sales;
    }

    /// The door for the addresses at which prices are fetched.
    public FeedDesk feeds() {
        return addresses;
    }

    /// Evaluates `Measure/drug-price-change`.
    public PriceMeasure measure() {
        return measure;
    }

    /// Reads files of past sales.
    public SalesHistory history() {
        return history;
    }

    /// What is sealed of decisions on prices, for the rotation of the master key.
    public static List<SealedColumn> sealed() {
        return List.of(PriceBoardStore.sealed(), SaleReleaseStore.sealed(), SwapStore.sealed());
    }

    /// Mounts operations, reads and searches.
    public void mount(FhirRouter fhir) {
        ComparisonDesk comparisons =
                new ComparisonDesk(database, catalogue, organizations, waits, swaps, ids);
        new PriceRoutes(
                        database,
                        catalogue,
                        organizations,
                        comparisons,
                        desk,
                        prescriptions,
                        alerts,
                        ids)
                .mount(fhir);
        PriceCourseStore courses = new PriceCourseStore(database);
        new PriceCourseRoutes(courses, catalogue, organizations, swaps, prescriptions, alerts)
                .mount(fhir);
        new SwapProposalRoutes(new SwapProposalStore(database), swaps, catalogue).mount(fhir);
        new PriceBoardRoutes(new PriceBoardStore(database), swaps, prescriptions, comparisons)
                .mount(fhir);
        new FeedRoutes(addresses, organizations).mount(fhir);
        new SwapRoutes(swaps, catalogue).mount(fhir);
        fhir.mount(PriceViews.stock(catalogue));
    }

    /// Fills the shelves of the demonstration, beside the start rather than in its way.
    public void demonstrate() {
        Thread.ofVirtual().name("demonstration-offers").start(this::fillShelves);
    }

    private void fillShelves() {
        try {
            int offers =
                    DemonstrationOffers.load(
                            database, catalogue, organizations.pharmacies(), ids, clock.instant());
            if (offers > 0) {
                DemonstrationOffers.past(
                        database, catalogue, organizations.pharmacies(), ids, clock.instant());
            }
            LOG.info("the demonstration has {} new offers", offers);
        } catch (Exception failure) {
            LOG.warn("the demonstration has no offers: {}", failure.toString());
        }
    }

    /// Makes up two years of sales, with a plan and its verdict. Waits.
    ///
    /// @param bureau number of the organization that the plan is said to be registered by
    public void makeUpPast(String bureau) {
        Plan plan =
                new DemonstrationSales(database, catalogue, plans, ids)
                        .load(organizations.pharmacies(), bureau, clock.instant());
        measure.verdict(plan);
    }

    /// Begins a round, beside the caller; not while one is under way.
    void startSweep() {
        if (sweeping.compareAndSet(false, true)) {
            Thread.ofVirtual().name("stock-sweep").start(this::sweep);
        }
    }

    private void sweep() {
        try {
            desk.freeOverdue(clock.instant());
            swaps.refresh();
            waits.refresh(organizations.pharmacies(), clock.instant());
            int told = alerts.tell(clock.instant());
            LOG.debug("{} patients were told of a price", told);
            Sweep.PRICES.done();
        } catch (Exception failure) {
            Sweep.PRICES.failed();
            // Whatever was wrong, checked or not, the next round brings the next try.
            LOG.warn("the sweep of prices did not finish: {}", failure.toString());
        } finally {
            sweeping.set(false);
        }
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        feeds.close();
        reports.close();
    }
}
