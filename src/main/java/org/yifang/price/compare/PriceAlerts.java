package org.yifang.price.compare;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.notify.Happening;
import org.yifang.notify.OutboxStore;
import org.yifang.notify.Topic;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.price.offer.Offer;
import org.yifang.price.offer.OfferStore;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Tells patients once when a drug they wait for costs no more than they said: looked at when they
/// ask, by the first sweep after it, and by every sweep for the sets whose offers have changed.
public final class PriceAlerts {
    private static final int PAGE = 500;

    private final Database database;
    private final PriceAlertStore store;
    private final Catalogue catalogue;
    private final Organizations organizations;
    private final OpenPrescriptions prescriptions;
    private final SwapStore swaps;
    private final Uuid7 ids;

    /// Of each alert the change of its set that it was last compared at. Not of each set: an alert
    /// may be reckoned before a sweep and committed behind it, here or by another instance.
    private final Map<UUID, Long> seen = new ConcurrentHashMap<>();

    public PriceAlerts(
            Database database,
            Catalogue catalogue,
            Organizations organizations,
            OpenPrescriptions prescriptions,
            SwapStore swaps,
            Uuid7 ids) {
        this.database = database;
        this.store = new PriceAlertStore(database);
        this.catalogue = catalogue;
        this.organizations = organizations;
        this.prescriptions = prescriptions;
        this.swaps = swaps;
        this.ids = ids;
    }

    /// What is waited for of a prescription: for lines with something left, since for another one
    /// the wait rests until its next fill.
    public Future<List<PriceAlert>> ofTask(UUID task, List<Comparison.Line> open) {
        Set<UUID> lines = open.stream().map(Comparison.Line::id).collect(Collectors.toSet());
        return store.ofTask(task)
                .map(all -> all.stream().filter(one -> lines.contains(one.line())).toList());
    }

    /// What is to be waited for. What costs so little already is reached at once, and nobody is
    /// told what they are answered.
    ///
    /// @param thresholdFen for one preparation unit
    public PriceAlert wanted(
            OpenPrescriptions.Found found,
            UUID task,
            Comparison.Line line,
            BigDecimal thresholdFen,
            Instant now) {
        Drug drug = line.prescribed();
        List<Organization> all = organizations.pharmacies();
        List<UUID> may = all.stream().filter(found.pharmacies()).map(Organization::id).toList();
        PriceAlert alert =
                new PriceAlert(
                        ids.get(),
                        task,
                        line.id(),
                        found.patient(),
                        drug.code().value(),
                        drug.substitutionSet(),
                        line.productOnly(),
                        may.size() == all.size() ? null : may,
                        thresholdFen,
                        now,
                        null);
        return reached(alert, reached(alert, offers(List.of(alert)), now));
    }

    /// Waits for a price of a line, instead of for another one before.
    public void put(PriceAlert alert) {
        String region =
                organizations.pharmacies().stream()
                        .findFirst()
                        .map(Organization::region)
                        .orElse("000000");
        database.inTransaction(tx -> {
            PriceAlertStore.put(tx, alert, region);
            return alert;
        });
    }

    /// Waits no longer for a price of a line.
    public void end(UUID task, UUID line) {
        database.inTransaction(tx -> {
            PriceAlertStore.end(tx, task, line);
            return line;
        });
    }

    private static PriceAlert reached(PriceAlert one, PriceAlert.@Nullable Reached reached) {
        return new PriceAlert(
                one.id(),
                one.task(),
                one.line(),
                one.patient(),
                one.drugCode(),
                one.substitutionSet(),
                one.productOnly(),
                one.pharmacies(),
                one.thresholdFen(),
                one.created(),
                reached);
    }

    /// Ends what is waited for: nothing of the prescription is left to collect.
    static void end(Tx tx, UUID task) {
        PriceAlertStore.end(tx, task);
    }

    /// Tells who waits for a price that is asked now. Waits; any number of instances may call it.
    ///
    /// @return how many were told
    public int tell(Instant now) {
        int told = 0;
        Map<UUID, Long> compared = new HashMap<>();
        List<PriceAlert> page = store.waiting(null, PAGE);
        while (!page.isEmpty()) {
            Map<String, Long> changes = OfferStore.changes(database, sets(page)).await();
            Set<UUID> open = open(page.stream().filter(one -> isMoved(one, changes)).toList());
            List<PriceAlert> moved =
                    page.stream().filter(one -> open.contains(one.line())).toList();
            List<Offer> offers = moved.isEmpty() ? List.of() : offers(moved);
            for (PriceAlert alert : moved) {
                PriceAlert.Reached reached = reached(alert, offers, now);
                told += reached != null && tell(alert, reached) ? 1 : 0;
            }
            // Where nothing is left of a line, its alert is compared once the next fill has begun.
            page.stream()
                    .filter(one -> open.contains(one.line()) || !isMoved(one, changes))
                    .forEach(one -> compared.put(one.id(), change(one, changes)));
            page = page.size() < PAGE ? List.of() : store.waiting(page.getLast().id(), PAGE);
        }
        // What nobody waits for any more is forgotten.
        seen.keySet().retainAll(compared.keySet());
        seen.putAll(compared);
        return told;
    }

    private boolean isMoved(PriceAlert alert, Map<String, Long> changes) {
        return !change(alert, changes).equals(seen.get(alert.id()));
    }

    private static Long change(PriceAlert alert, Map<String, Long> changes) {
        return changes.getOrDefault(alert.substitutionSet(), 0L);
    }

    /// The lines of these alerts that have something left.
    private Set<UUID> open(List<PriceAlert> alerts) {
        return alerts.isEmpty()
                ? Set.of()
                : prescriptions.stillOpen(alerts.stream().map(PriceAlert::line).toList());
    }

    private static Set<String> sets(Collection<PriceAlert> alerts) {
        Set<String> sets = new HashSet<>();
        alerts.forEach(alert -> sets.add(alert.substitutionSet()));
        return sets;
    }

    private List<Offer> offers(Collection<PriceAlert> alerts) {
        return OfferStore.ofSets(database, sets(alerts)).await();
    }

    /// The cheapest that is young enough to be shown, there to be had, and may be handed out.
    private PriceAlert.@Nullable Reached reached(
            PriceAlert alert, List<Offer> offers, Instant now) {
        Drug prescribed = catalogue.find(alert.drugCode()).orElse(null);
        List<UUID> only = alert.pharmacies();
        return prescribed == null
                ? null
                : offers.stream()
                        .filter(alert::isReachedBy)
                        .filter(offer -> offer.has(1))
                        .filter(offer -> only == null || only.contains(offer.pharmacyId()))
                        .filter(offer -> Freshness.of(offer.observed(), now) != Freshness.HIDDEN)
                        .filter(offer -> fits(prescribed, alert.productOnly(), offer.drugCode()))
                        .min(
                                Comparator.comparingDouble(Offer::unitFen)
                                        .thenComparing(Offer::pharmacyId))
                        .map(offer -> PriceAlert.Reached.of(offer, now))
                        .orElse(null);
    }

    private boolean fits(Drug prescribed, boolean productOnly, String code) {
        Drug drug = catalogue.find(code).orElse(null);
        return drug != null && Equivalence.mayFill(prescribed, productOnly, drug, swaps.swaps());
    }

    private boolean tell(PriceAlert alert, PriceAlert.Reached reached) {
        return database.inTransaction(tx -> {
            if (!PriceAlertStore.reach(tx, alert.id(), reached)) {
                return false;
            }
            OutboxStore.append(
                    tx,
                    new Happening(
                            Topic.PRICE_REACHED,
                            reached.at(),
                            "Task",
                            alert.task(),
                            null,
                            null,
                            null,
                            null,
                            alert.patient(),
                            List.of(),
                            false));
            return true;
        });
    }
}
