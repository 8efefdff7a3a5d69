package org.yifang.price.compare;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Drug;
import org.yifang.catalogue.Drugs;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;

/// The offers that may fill a line, and how each of their drugs does.
record Shelf(SetOffers offers, @Nullable Fit[] fits) {
    /// How a product fills a line.
    record Fit(Drug drug, Equivalence level, long packs, BigDecimal surplus) {}

    /// The best of a pharmacy's offers, below 0 when none will do.
    int best(SetOffers.Span span, long since) {
        int best = -1;
        for (int at = span.from(); at < span.to(); at++) {
            Fit fit = fits[offers.drug(at)];
            if (fit != null
                    && !offers.isOlder(at, since)
                    && offers.has(at, fit.packs)
                    && (best < 0 || isBetter(at, best))) {
                best = at;
            }
        }
        return best;
    }

    /// What an offer costs for the line.
    long fen(int at) {
        return Math.multiplyExact(offers.priceFen(at), fit(at).packs);
    }

    Fit fit(int at) {
        return Objects.requireNonNull(fits[offers.drug(at)]);
    }

    /// How the drugs of a set fill a line; reckoned once, however many pharmacies offer them.
    static Shelf of(Comparison.Line line, SetOffers offers, Drugs catalogue, Swaps swaps) {
        List<String> codes = offers.drugCodes();
        @Nullable Fit[] fits = new @Nullable Fit[codes.size()];
        for (int i = 0; i < fits.length; i++) {
            Drug drug = catalogue.find(codes.get(i)).orElse(null);
            fits[i] = drug == null ? null : fit(line, drug, swaps);
        }
        return new Shelf(offers, fits);
    }

    private static @Nullable Fit fit(Comparison.Line line, Drug drug, Swaps swaps) {
        Equivalence level = Equivalence.offered(line.prescribed(), line.productOnly(), drug, swaps);
        if (level == null) {
            return null;
        }
        return new Fit(drug, level, drug.packsFor(line.units()), drug.surplusOf(line.units()));
    }

    /// Cheaper, then closer to what was written, then less left over, then by code.
    private boolean isBetter(int one, int other) {
        long fen = fen(one);
        long otherFen = fen(other);
        if (fen != otherFen) {
            return fen < otherFen;
        }
        Fit fit = fit(one);
        Fit otherFit = fit(other);
        int byLevel = fit.level.compareTo(otherFit.level);
        int bySurplus = fit.surplus.compareTo(otherFit.surplus);
        int by = byLevel != 0 ? byLevel : bySurplus;
        return by != 0
                ? by < 0
                : fit.drug.code().value().compareTo(otherFit.drug.code().value()) < 0;
    }
}
