package org.yifang.price.sale;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Drug;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Tx;
import org.yifang.price.compare.PriceDesk;
import org.yifang.price.compare.SaleKind;
import org.yifang.price.compare.SaleStore;
import org.yifang.price.compare.ShownPriceStore;
import org.yifang.price.offer.HeldPrice;
import org.yifang.price.offer.HeldPriceStore;
import org.yifang.price.offer.OfferState;
import org.yifang.price.offer.OfferStore;
import org.yifang.price.offer.StockStore;
import org.yifang.registry.OpeningHours;
import org.yifang.registry.Organization;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Records what was really sold and taken back, in the transaction of the dispense: stock, the
/// price charged beside the price shown, and the sales that the index is reckoned from.
public final class SaleDesk {
    private static final int PACK_DIGITS = 3;

    private final Uuid7 ids;

    public SaleDesk(Uuid7 ids) {
        this.ids = ids;
    }

    /// One dispensed line as the counter recorded it.
    ///
    /// @param dispense names the sale for good
    /// @param line of the prescription: its MedicationRequest
    /// @param units preparation units handed over
    /// @param split whether a pack was split (拆零): then its price is shared out by units
    /// @param chargedFen for the whole line, before insurance; null when the pharmacy did not say
    /// @param soldAt when it was handed over
    public record Sold(
            UUID dispense,
            UUID task,
            UUID line,
            Organization pharmacy,
            Drug drug,
            BigDecimal units,
            boolean split,
            @Nullable Long chargedFen,
            Instant soldAt) {}

    /// Whether the counter kept to the price shown.
    ///
    /// @param shownFen what was last shown within 24 hours for the packs that this quantity needs:
    ///   a comparison shows whole packs, and not every pharmacy splits them; of a pack that was
    ///   split, its share
    /// @param referenceFen what it costs at the county's median, null without offers
    /// @param offeredFen what it costs at the pharmacy's own price in force, null without one
    public record Honour(
            long chargedFen,
            @Nullable Long shownFen,
            @Nullable Instant shownAt,
            @Nullable Boolean honoured,
            @Nullable Long referenceFen,
            @Nullable Long offeredFen) {}

    /// Records a dispense: stock sinks, what was kept is used up, the price charged is compared
    /// with the one shown, a receipt keeps a price fresh and proves a held one.
    ///
    /// @return null when the pharmacy did not say what it charged
    public @Nullable Honour dispensed(Tx tx, Sold sold, Instant now) {
        String code = sold.drug.code().value();
        var shownLater = ShownPriceStore.last(tx, sold.task, sold.pharmacy.id(), code, sold.soldAt);
        var medianLater = SaleStore.medianUnitFen(tx, sold.drug.substitutionSet());
        PriceDesk.giveBack(tx, StockStore.endHolds(tx, sold.task, sold.line), now);
        OfferState offer = OfferStore.lock(tx, sold.pharmacy.id(), List.of(code)).get(code);
        if (offer != null && offer.stock() != null) {
            BigDecimal packs = packs(sold.units, sold.drug).negate();
            StockStore.moveStock(tx, offer.id(), packs, BigDecimal.ZERO, now);
        }
        Long charged = sold.chargedFen;
        if (charged == null) {
            return null;
        }
        Long offered =
                offer == null || offer.price() == null
                        ? null
                        : costs(offer.price().fen(), offer.packUnits(), sold.units, sold.split);
        if (offer != null) {
            proven(tx, offer, sold, charged, now);
        }
        Honour honour =
                honour(
                        charged,
                        sold.units,
                        sold.split,
                        shownLater.await(),
                        medianLater.await(),
                        offered);
        SaleStore.insert(tx, sale(sold, charged, honour), now);
        return honour;
    }

    /// Compares a charge with what was shown.
    public static Honour honour(
            long charged,
            BigDecimal units,
            boolean split,
            ShownPriceStore.@Nullable Shown shown,
            @Nullable Double median,
            @Nullable Long offered) {
        Long shownFen =
                shown == null ? null : costs(shown.priceFen(), shown.packUnits(), units, split);
        return new Honour(
                charged,
                shownFen,
                shown == null ? null : shown.at(),
                shownFen == null ? null : charged <= shownFen,
                median == null ? null : Math.round(median * units.doubleValue()),
                offered);
    }

    private SaleStore.Sale sale(Sold sold, long charged, Honour honour) {
        var day = sold.soldAt.atZone(OpeningHours.ZONE).toLocalDate();
        return new SaleStore.Sale(
                ids.get(),
                sold.pharmacy.region(),
                SaleKind.DISPENSE,
                "dispense " + sold.dispense,
                sold.task,
                sold.pharmacy.id(),
                sold.pharmacy.isInHouse(),
                sold.drug.code().value(),
                sold.drug.maker(),
                sold.drug.substitutionSet(),
                sold.units,
                charged,
                sold.drug.dailyDosesPerUnit().orElse(null),
                day,
                day,
                honour.shownFen,
                honour.shownAt,
                honour.honoured,
                honour.referenceFen,
                null,
                sold.pharmacy.number());
    }

    /// A receipt at the price in force keeps it fresh; one at a held price releases that.
    private static void proven(Tx tx, OfferState offer, Sold sold, long charged, Instant now) {
        OfferState.Price price = offer.price();
        if (price != null && isPrice(charged, price.fen(), offer.packUnits(), sold.units)) {
            OfferStore.seen(tx, offer.id(), sold.soldAt, now);
            return;
        }
        for (HeldPrice held : HeldPriceStore.heldOf(tx, sold.pharmacy.id(), offer.drugCode())) {
            if (isPrice(charged, held.priceFen(), held.packUnits(), sold.units)) {
                HeldPriceStore.decide(
                        tx, held, true, "dispense " + sold.dispense, "sold at it", now);
                HeldPriceStore.putInForce(tx, held, sold.soldAt, now);
                return;
            }
        }
    }

    /// What a pharmacy takes back.
    ///
    /// @param number names the take-back for good, within its dispense
    /// @param units preparation units taken back, above 0
    /// @param valueFen the part of the charge that falls on them; null when none was told
    /// @param sellable whether the pack never left the counter
    public record Returned(
            UUID dispense,
            String number,
            UUID task,
            Organization pharmacy,
            Drug drug,
            BigDecimal units,
            @Nullable Long valueFen,
            boolean sellable) {}

    /// Records a take-back: the sale is undone in the index, and stock rises where the pack never
    /// left the counter.
    public void takenBack(Tx tx, Returned returned, Instant now) {
        Organization pharmacy = returned.pharmacy;
        Drug drug = returned.drug;
        String code = drug.code().value();
        if (returned.sellable) {
            OfferState offer = OfferStore.lock(tx, pharmacy.id(), List.of(code)).get(code);
            if (offer != null && offer.stock() != null) {
                BigDecimal packs = packs(returned.units, drug);
                StockStore.moveStock(tx, offer.id(), packs, BigDecimal.ZERO, now);
            }
        }
        Long value = returned.valueFen;
        if (value == null) {
            // What was never in the index cannot leave it.
            return;
        }
        var day = now.atZone(OpeningHours.ZONE).toLocalDate();
        SaleStore.insert(
                tx,
                new SaleStore.Sale(
                        ids.get(),
                        pharmacy.region(),
                        SaleKind.TAKE_BACK,
                        "take-back " + returned.dispense + " " + returned.number,
                        returned.task,
                        pharmacy.id(),
                        pharmacy.isInHouse(),
                        code,
                        drug.maker(),
                        drug.substitutionSet(),
                        returned.units.negate(),
                        -value,
                        drug.dailyDosesPerUnit().orElse(null),
                        day,
                        day,
                        null,
                        null,
                        null,
                        null,
                        null,
                        pharmacy.number()),
                now);
    }

    /// What `packUnits` cost, for other units of the same pack, to the fen.
    private static long fen(long packFen, int packUnits, BigDecimal units) {
        return BigDecimal.valueOf(packFen)
                .multiply(units)
                .divide(BigDecimal.valueOf(packUnits), 0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    /// What so many units may cost: the packs that must be opened for them, or the share of a pack
    /// that was split, rounded up to the fen.
    private static long costs(long packFen, int packUnits, BigDecimal units, boolean split) {
        return split
                ? BigDecimal.valueOf(packFen)
                        .multiply(units)
                        .divide(BigDecimal.valueOf(packUnits), 0, RoundingMode.CEILING)
                        .longValueExact()
                : packsFen(packFen, packUnits, units);
    }

    /// What the packs cost that must be opened for so many units.
    static long packsFen(long packFen, int packUnits, BigDecimal units) {
        return units.divide(BigDecimal.valueOf(packUnits), 0, RoundingMode.CEILING)
                .multiply(BigDecimal.valueOf(packFen))
                .longValueExact();
    }

    /// Whether a charge proves a price: in whole packs, or by the unit of a split one.
    private static boolean isPrice(long charged, long packFen, int packUnits, BigDecimal units) {
        return charged == fen(packFen, packUnits, units)
                || charged == packsFen(packFen, packUnits, units);
    }

    private static BigDecimal packs(BigDecimal units, Drug drug) {
        return units.divide(
                BigDecimal.valueOf(drug.packFactor()), PACK_DIGITS, RoundingMode.HALF_UP);
    }
}
