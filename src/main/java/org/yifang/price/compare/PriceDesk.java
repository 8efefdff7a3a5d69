package org.yifang.price.compare;

import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.platform.Limits;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.price.offer.HeldPrice;
import org.yifang.price.offer.HeldPriceStore;
import org.yifang.price.offer.Offer;
import org.yifang.price.offer.OfferStore;
import org.yifang.price.offer.StockStore;
import org.yifang.registry.Organization;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/// Keeps packs for patients who have chosen a pharmacy, in the transaction of their choice, and
/// says what becomes of held prices.
public final class PriceDesk {
    private final Database database;
    private final Catalogue catalogue;
    private final SwapStore swaps;
    private final Uuid7 ids;

    public PriceDesk(Database database, Catalogue catalogue, SwapStore swaps, Uuid7 ids) {
        this.database = database;
        this.catalogue = catalogue;
        this.swaps = swaps;
        this.ids = ids;
    }

    /// Packs kept for one line.
    public record Hold(UUID line, String drugCode, long packs) {}

    /// Keeps packs at a pharmacy for every line that it has them for: of each line the offer that a
    /// comparison would choose. What was kept for the prescription before, here or elsewhere, is
    /// free again first, so that the same choice twice is one.
    ///
    /// @return what is kept; a line without stock is not in it, and that is no error: the patient
    ///   chooses freely
    public List<Hold> hold(
            Tx tx, UUID task, Organization pharmacy, List<Comparison.Line> lines, Instant now) {
        free(tx, task, now);
        List<Offer> offers =
                OfferStore.ofPharmacy(
                        tx,
                        pharmacy.id(),
                        lines.stream()
                                .map(line -> line.prescribed().substitutionSet())
                                .distinct()
                                .toList());
        List<Hold> holds = new ArrayList<>();
        for (Comparison.Line line : lines) {
            Offer best =
                    offers.stream()
                            .filter(offer -> fits(line, offer, now))
                            .min(
                                    Comparator.comparingLong((Offer offer) ->
                                                    offer.priceFen() * packs(line, offer))
                                            .thenComparing(Offer::drugCode))
                            .orElse(null);
            if (best == null) {
                continue;
            }
            BigDecimal packs = BigDecimal.valueOf(packs(line, best));
            if (StockStore.reserve(tx, best.id(), packs, now)) {
                StockStore.insertHold(
                        tx,
                        ids.get(),
                        pharmacy.region(),
                        task,
                        best.id(),
                        line.id(),
                        packs,
                        now.plus(Limits.STOCK_HOLD),
                        now);
                holds.add(new Hold(line.id(), best.drugCode(), packs.longValue()));
            }
        }
        return holds;
    }

    /// Lets go of everything that is kept for a prescription.
    public void free(Tx tx, UUID task, Instant now) {
        giveBack(tx, StockStore.endHolds(tx, task), now);
    }

    /// Nothing of a prescription will be collected any more: no price of it is waited for.
    public void over(Tx tx, UUID task) {
        PriceAlerts.end(tx, task);
    }

    /// Lets go of everything kept beyond its time; any number of instances may call it at once.
    ///
    /// @return how many lines were let go
    public int freeOverdue(Instant now) {
        return database.inTransaction(tx -> {
            var freed = StockStore.endHolds(tx, now);
            giveBack(tx, freed, now);
            return freed.size();
        });
    }

    public static void giveBack(Tx tx, List<StockStore.Freed> freed, Instant now) {
        freed.stream()
                .sorted(Comparator.comparing(StockStore.Freed::offer))
                .forEach(one ->
                        StockStore.moveStock(
                                tx, one.offer(), BigDecimal.ZERO, one.packs().negate(), now));
    }

    /// Decides a held price: released it is in force from now on (unless a later one is), refused
    /// it never is.
    ///
    /// @param by client and person who decided
    /// @throws Problem `RX-1004` when there is no such price waiting
    public HeldPrice decide(UUID event, boolean released, String by, String reason, Instant now) {
        return database.inTransaction(tx -> {
            HeldPrice held =
                    HeldPriceStore.lockHeld(tx, event)
                            .orElseThrow(() ->
                                    new Problem(
                                            ProblemCode.NOT_FOUND,
                                            "No price `" + event + "` waits."));
            String sealed = database.texts().seal(reason);
            HeldPriceStore.decide(tx, held, released, by, sealed, now);
            if (released) {
                HeldPriceStore.putInForce(tx, held, held.observed(), now);
            }
            return held;
        });
    }

    private boolean fits(Comparison.Line line, Offer offer, Instant now) {
        Drug drug = catalogue.find(offer.drugCode()).orElse(null);
        if (drug == null || Freshness.of(offer.observed(), now) == Freshness.HIDDEN) {
            return false;
        }
        return Equivalence.mayFill(line.prescribed(), line.productOnly(), drug, swaps.swaps())
                && offer.has(drug.packsFor(line.units()));
    }

    private static long packs(Comparison.Line line, Offer offer) {
        return line.units()
                .divide(BigDecimal.valueOf(offer.packUnits()), 0, RoundingMode.CEILING)
                .longValueExact();
    }
}
