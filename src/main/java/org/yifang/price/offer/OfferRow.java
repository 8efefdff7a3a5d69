package org.yifang.price.offer;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/// One price as a pharmacy tells it, in whatever format, checked against the catalogue.
///
/// @param number of the row or resource in what was sent, counted from 1
/// @param priceFen of one pack, discounts taken off
/// @param stock packs on hand, or null when it says nothing of them
/// @param observed when the price was true; null for now
public record OfferRow(
        int number,
        Drug drug,
        long priceFen,
        Offer.PriceType type,
        @Nullable Long patientPaysFen,
        Offer.Basis basis,
        @Nullable BigDecimal stock,
        @Nullable Instant observed) {

    /// When the price was true: now, of one that does not say it.
    Instant observedBy(Instant now) {
        return observed == null ? now : observed;
    }

    /// A row that was not accepted, and why.
    ///
    /// @param code the drug code that it named, if any
    public record Refused(int number, String code, String reason) {}

    /// What a row may say before anything is believed.
    record Unchecked(
            int number,
            String code,
            String priceYuan,
            String packQuantity,
            String packUnit,
            String stock,
            String priceType,
            String observedAt,
            @Nullable BigDecimal patientPaysYuan,
            Offer.Basis basis) {}

    /// The clocks of a pharmacy and ours may differ by so much.
    static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

    private static final BigDecimal DEAREST_YUAN = BigDecimal.valueOf(10_000_000);
    private static final BigDecimal MOST_PACKS = BigDecimal.valueOf(10_000_000);

    /// Thrown inside the reading of a row; its message is the reason told.
    private static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        Unfit(String reason) {
            super(reason, null, false, false);
        }
    }

    /// What came of reading a row: either the one or the other.
    public record Reading(@Nullable OfferRow row, @Nullable Refused refused) {}

    /// Checks one row.
    ///
    /// @param priceType when the row names none
    public static Reading read(
            Unchecked told, Catalogue catalogue, Offer.PriceType priceType, Instant now) {
        try {
            return new Reading(checked(told, catalogue, priceType, now), null);
        } catch (Unfit unfit) {
            String reason = unfit.getMessage() == null ? "" : unfit.getMessage();
            return new Reading(null, new Refused(told.number(), told.code(), reason));
        }
    }

    private static OfferRow checked(
            Unchecked told, Catalogue catalogue, Offer.PriceType otherwise, Instant now)
            throws Unfit {
        Drug drug =
                catalogue
                        .find(told.code())
                        .orElseThrow(() ->
                                new Unfit(
                                        "The code `" + told.code() + "` is not in the catalogue."));
        checkPack(told, drug);
        Offer.PriceType type = told.priceType().isEmpty() ? otherwise : typeOf(told.priceType());
        return new OfferRow(
                told.number(),
                drug,
                fen("price_yuan", decimal("price_yuan", told.priceYuan())),
                type,
                told.patientPaysYuan() == null
                        ? null
                        : fenOrNothing("what the patient pays", told.patientPaysYuan()),
                told.patientPaysYuan() == null ? Offer.Basis.UNKNOWN : told.basis(),
                told.stock().isEmpty() ? null : packs(told.stock()),
                told.observedAt().isEmpty() ? null : observed(told.observedAt(), now));
    }

    /// A pack is described as 28 片, or as one 盒; what the catalogue says decides.
    private static void checkPack(Unchecked told, Drug drug) throws Unfit {
        BigDecimal quantity = decimal("pack_quantity", told.packQuantity());
        Optional<BigDecimal> units = drug.preparationUnits(quantity, told.packUnit());
        BigDecimal factor = BigDecimal.valueOf(drug.packFactor());
        boolean counted = units.isPresent() && units.get().compareTo(factor) == 0;
        boolean named = told.packUnit().equals(drug.packUnit()) && quantity.compareTo(factor) == 0;
        if (!counted && !named) {
            throw new Unfit(
                    "A pack of `%s` is %d%s, not `%s%s`."
                            .formatted(
                                    told.code(),
                                    drug.packFactor(),
                                    drug.preparationUnit(),
                                    told.packQuantity(),
                                    told.packUnit()));
        }
    }

    private static Offer.PriceType typeOf(String code) throws Unfit {
        return Offer.PriceType.of(code)
                .orElseThrow(() ->
                        new Unfit(
                                "The price type `%s` is none of purchase, hospital_sale, retail,"
                                                .formatted(code)
                                        + " vbp, online."));
    }

    private static BigDecimal decimal(String column, String text) throws Unfit {
        try {
            // Bounded before it is reckoned with: 1e999999 is a short text and a huge number.
            if (text.length() <= 20 && !text.toLowerCase(java.util.Locale.ROOT).contains("e")) {
                return new BigDecimal(text);
            }
        } catch (NumberFormatException _) {
            // Unchecked below.
        }
        throw new Unfit("`" + column + "` is `" + text + "`, which is no number.");
    }

    private static long fen(String column, BigDecimal yuan) throws Unfit {
        long fen = fenOrNothing(column, yuan);
        if (fen == 0) {
            throw new Unfit("`" + column + "` is 0; a price is above 0.");
        }
        return fen;
    }

    private static long fenOrNothing(String column, BigDecimal yuan) throws Unfit {
        if (yuan.signum() < 0 || yuan.compareTo(DEAREST_YUAN) > 0) {
            throw new Unfit(
                    "`" + column + "` is `" + yuan.toPlainString() + "`, which is no price.");
        }
        try {
            return yuan.movePointRight(2).longValueExact();
        } catch (ArithmeticException _) {
            throw new Unfit(
                    "`%s` is `%s`; a price is in whole fen."
                            .formatted(column, yuan.toPlainString()));
        }
    }

    private static BigDecimal packs(String text) throws Unfit {
        BigDecimal packs = decimal("stock", text);
        if (packs.signum() < 0 || packs.compareTo(MOST_PACKS) > 0 || packs.scale() > 3) {
            throw new Unfit("`stock` is `" + text + "`; it counts packs, from 0.");
        }
        return packs;
    }

    private static Instant observed(String text, Instant now) throws Unfit {
        Instant at;
        try {
            at = OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException _) {
            throw new Unfit(
                    "`observed_at` is `%s`; write it as `2026-03-01T08:00:00+08:00`."
                            .formatted(text));
        }
        if (at.isAfter(now.plus(CLOCK_TOLERANCE))) {
            throw new Unfit("`observed_at` is `" + text + "`, which is still to come.");
        }
        return at;
    }
}
