package org.yifang.price.offer;

import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.catalogue.DrugKind;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.registry.Organization;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Prices and stock for the demonstration: invented, the same on every start, and of the size that
/// such drugs cost in a county.
public final class DemonstrationOffers {
    /// What the drugs of the example prescription cost by the pack of seven, in fen.
    private static final Map<String, Long> KNOWN = Map.of("苯磺酸氨氯地平片", 1000L, "阿托伐他汀钙片", 3000L);

    private static final int KNOWN_PACK = 7;

    /// Tablets and the like cost less by the unit than vials and bottles.
    private static final Set<String> SMALL_UNITS = Set.of("片", "粒", "丸", "g", "ml", "贴", "揿");

    private static final int PAST_STEPS = 4;
    private static final int PAST_DAYS = 42;

    /// Younger offers are left alone.
    private static final Duration YOUNG = Duration.ofHours(12);

    /// Offers every drug of the catalogue in every pharmacy, unless there are young offers already.
    ///
    /// @return how many prices are new
    public static int load(
            Database database,
            Catalogue catalogue,
            List<Organization> pharmacies,
            Uuid7 ids,
            Instant now) {
        if (OfferStore.hasYounger(database, now.minus(YOUNG))) {
            return 0;
        }
        int accepted = 0;
        for (Organization pharmacy : pharmacies) {
            OfferImport offers =
                    new OfferImport(
                            database, ids, pharmacy, PriceSource.DEMONSTRATION, "demonstration");
            List<OfferRow> rows = new ArrayList<>();
            for (Catalogue.Entry entry : catalogue.entries()) {
                rows.add(row(rows.size() + 1, entry.drug(), pharmacy, now));
            }
            for (int from = 0; from < rows.size(); from += OfferImport.BATCH) {
                int to = Math.min(rows.size(), from + OfferImport.BATCH);
                for (var result : offers.take(rows.subList(from, to), now)) {
                    accepted += result.outcome() == OfferImport.Outcome.ACCEPTED ? 1 : 0;
                }
            }
        }
        return accepted;
    }

    /// Makes up half a year of prices of the drugs that the example prescription has, so that there
    /// is something to see; each step is late news of an earlier price.
    public static void past(
            Database database,
            Catalogue catalogue,
            List<Organization> pharmacies,
            Uuid7 ids,
            Instant now) {
        for (Organization pharmacy : pharmacies) {
            OfferImport offers =
                    new OfferImport(
                            database, ids, pharmacy, PriceSource.DEMONSTRATION, "demonstration");
            for (int step = 0; step < PAST_STEPS; step++) {
                String at = pharmacy.number() + "past" + step;
                int days = PAST_DAYS * (PAST_STEPS - step) - (int) (PAST_DAYS * share(at));
                Instant then = now.minus(Duration.ofDays(days));
                double dearer = 1 + 0.04 * (PAST_STEPS - step) * (0.5 + share(at + "level"));
                List<OfferRow> rows = new ArrayList<>();
                for (Catalogue.Entry entry : catalogue.entries()) {
                    if (KNOWN.containsKey(entry.drug().genericName())) {
                        OfferRow like = row(rows.size() + 1, entry.drug(), pharmacy, then);
                        rows.add(costing(like, dearer, then));
                    }
                }
                var _ = offers.take(rows, now);
            }
        }
    }

    /// The price alone: what was on hand then says nothing of today.
    private static OfferRow costing(OfferRow like, double dearer, Instant then) {
        return new OfferRow(
                like.number(),
                like.drug(),
                Math.max(10, Math.round(like.priceFen() * dearer / 10) * 10),
                like.type(),
                null,
                Offer.Basis.UNKNOWN,
                null,
                then);
    }

    private static OfferRow row(int number, Drug drug, Organization pharmacy, Instant now) {
        String here = drug.code().value() + pharmacy.number();
        // In-house pharmacies sell at the purchase price (零差率).
        double level =
                pharmacy.isInHouse() ? 0.93 : 0.95 + 0.10 * share(pharmacy.number() + "level");
        double exact = fen(drug) * level * (0.97 + 0.06 * share(here));
        // Shop prices end in a whole jiao.
        long fen = Math.max(10, Math.round(exact / 10) * 10);
        boolean known = KNOWN.containsKey(drug.genericName());
        boolean out = !known && share(here + "stock") < 0.06;
        int packs = out ? 0 : (known ? 40 : 4) + (int) (56 * share(here + "packs"));
        return new OfferRow(
                number,
                drug,
                fen,
                pharmacy.isInHouse() ? Offer.PriceType.HOSPITAL_SALE : Offer.PriceType.RETAIL,
                share(here + "insured") < 0.5 ? Math.round(fen * 0.4) : null,
                share(here + "insured") < 0.5 ? Offer.Basis.ESTIMATE : Offer.Basis.UNKNOWN,
                BigDecimal.valueOf(packs),
                now.minus(Duration.ofMinutes((long) (600 * share(here + "age")))));
    }

    /// One price for every maker and pack of a drug, but for a maker's part and what 差比价 gives a
    /// larger pack.
    private static double fen(Drug drug) {
        String set = drug.substitutionSet();
        double maker = 0.92 + 0.16 * share(set + drug.maker());
        Long known = KNOWN.get(drug.genericName());
        if (known != null) {
            // 10 mg tablets cost 1.7 times as much as those of 5 mg.
            return known
                    * maker
                    * RatioPrice.byCount(drug.packFactor() / (double) KNOWN_PACK, true);
        }
        double vbp = drug.volumePurchased() ? 0.75 : 1;
        double unit = unitFen(drug, share(set + "unit"));
        double count = drug.packFactor();
        return unit * maker * vbp * Math.pow(count, 0.96);
    }

    /// Between a cheap and a dear one of its kind, evenly on a logarithmic scale.
    private static double unitFen(Drug drug, double share) {
        boolean small = SMALL_UNITS.contains(drug.preparationUnit());
        double low = small ? 20 : 400;
        double high = small ? 350 : 4000;
        if (drug.kind() == DrugKind.HERBAL) {
            low = 4;
            high = 40;
        }
        return low * Math.pow(high / low, share);
    }

    /// A number from 0 to 1 that belongs to a text.
    private static double share(String text) {
        long bits = 1469598103934665603L;
        for (int i = 0; i < text.length(); i++) {
            bits = (bits ^ text.charAt(i)) * 1099511628211L;
        }
        bits ^= bits >>> 29;
        bits *= 0xbf58476d1ce4e5b9L;
        return ((bits ^ (bits >>> 32)) >>> 11) * 0x1.0p-53;
    }

    private DemonstrationOffers() {}
}
