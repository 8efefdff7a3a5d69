package org.yifang.price.board;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.NamedValues;
import org.yifang.price.compare.SaleStore;
import org.yifang.price.offer.PriceStanding;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Past, held and charged prices, honoured rates and savings as parameters.
final class PriceBoardFhir {
    private static final int DIGITS = 4;

    /// @param whole with what only seller and bureau see
    static void told(
            NamedValues all, String name, List<PriceBoardStore.BoardPrice> prices, boolean whole) {
        for (PriceBoardStore.BoardPrice price : prices) {
            all.group(
                    name,
                    parts -> {
                        price(parts, price);
                        if (whole) {
                            whole(parts, price);
                        }
                    });
        }
    }

    private static void price(NamedValues parts, PriceBoardStore.BoardPrice price) {
        pharmacy(parts, price.pharmacyId());
        parts.code("drug", price.drugCode()).money("price", price.priceFen());
        unitYuan(parts, "unit-price", (double) price.priceFen() / price.packUnits());
        parts.code("price-type", price.type())
                .instant("observed", price.observed())
                .instant("received", price.received())
                .code("source", price.source());
    }

    private static void whole(NamedValues parts, PriceBoardStore.BoardPrice price) {
        parts.string("id", price.id().toString())
                .string("origin", price.origin())
                .code("status", status(price));
        if (!price.flags().isEmpty()) {
            parts.string("flags", price.flags());
        }
        if (!price.evidence().isEmpty()) {
            parts.string("evidence", price.evidence());
        }
        String by = price.decidedBy();
        String reason = price.reason();
        Instant at = price.decidedAt();
        if (by != null && reason != null && at != null) {
            parts.string("decided-by", by).string("reason", reason).instant("decided", at);
        }
    }

    private static String status(PriceBoardStore.BoardPrice price) {
        String decision = price.decision();
        PriceStanding first = price.held() ? PriceStanding.HELD : PriceStanding.ACCEPTED;
        return decision == null ? first.code() : decision;
    }

    /// @param named with the dispense: only for the patient and the hospital of the prescription
    static void charged(
            NamedValues all, String name, List<PriceBoardStore.Charged> sales, boolean named) {
        for (PriceBoardStore.Charged sale : sales) {
            all.group(
                    name,
                    parts -> {
                        if (named) {
                            String id = sale.key().substring(sale.key().indexOf(' ') + 1);
                            parts.reference("dispense", "MedicationDispense/" + id);
                        }
                        sale(parts, sale);
                    });
        }
    }

    private static void sale(NamedValues parts, PriceBoardStore.Charged sale) {
        pharmacy(parts, sale.pharmacyId());
        parts.code("drug", sale.drugCode())
                .decimal("quantity", sale.quantity().stripTrailingZeros())
                .money("charged", sale.chargedFen())
                .instant("recorded", sale.recorded());
        Long shown = sale.shownFen();
        Instant at = sale.shownAt();
        Boolean honoured = sale.honoured();
        if (shown != null && at != null && honoured != null) {
            parts.money("shown", shown).instant("shown-at", at).truth("honoured", honoured);
        }
        Long reference = sale.referenceFen();
        if (reference != null) {
            parts.money("reference", reference).money("saved", reference - sale.chargedFen());
        }
    }

    /// @param only the pharmacy to tell of; null for all
    static void rates(NamedValues all, Map<UUID, SaleStore.Honoured> rates, @Nullable UUID only) {
        rates.entrySet().stream()
                .filter(one -> only == null || one.getKey().equals(only))
                .sorted(Map.Entry.comparingByKey())
                .forEach(one ->
                        all.group(
                                "pharmacy",
                                parts -> {
                                    SaleStore.Honoured rate = one.getValue();
                                    pharmacy(parts, one.getKey());
                                    parts.integer("sales", rate.sales())
                                            .integer("honoured", rate.honoured())
                                            .decimal("rate", rate.rate(), DIGITS);
                                }));
    }

    static void savings(NamedValues all, SavingsRanking ranking, int most) {
        all.money("total", Math.round(ranking.totalFen()))
                .integer("savings", ranking.ranked().size());
        ranking.ranked().stream()
                .limit(most)
                .forEach(saving -> all.group("saving", parts -> saving(parts, saving)));
    }

    private static void saving(NamedValues parts, SavingsRanking.Saving saving) {
        pharmacy(parts, saving.pharmacyId());
        parts.string("substitution-set", saving.group())
                .decimal("units", saving.units(), DIGITS)
                .money("cost", Math.round(saving.fen()));
        unitYuan(parts, "unit-price", saving.fen() / saving.units());
        unitYuan(parts, "target-unit-price", saving.targetFen());
        parts.money("possible", Math.round(saving.possibleFen()));
    }

    private static void pharmacy(NamedValues parts, UUID id) {
        parts.reference("pharmacy", "Organization/" + id);
    }

    private static void unitYuan(NamedValues parts, String name, double fen) {
        parts.decimal(name, fen / 100, DIGITS);
    }

    private PriceBoardFhir() {}
}
