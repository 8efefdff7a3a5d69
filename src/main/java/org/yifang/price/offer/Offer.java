package org.yifang.price.offer;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// The price in force of one pack in one pharmacy, and how many packs there are.
///
/// @param priceFen of one pack, in fen
/// @param packUnits preparation units in the pack
/// @param patientPaysFen what an insured patient pays for one pack; null unless the pharmacy says
///   it
/// @param observed when the price was last observed or sold at
/// @param free whole packs on hand that nobody has reserved; 0 when the pharmacy never told its
///   stock: nobody is sent to an empty shelf
public record Offer(
        UUID id,
        UUID pharmacyId,
        String pharmacy,
        String drugCode,
        String substitutionSet,
        String packUnit,
        int packUnits,
        long priceFen,
        PriceType type,
        @Nullable Long patientPaysFen,
        Basis basis,
        Instant observed,
        long free) {

    /// How much is known of what the patient pays after insurance.
    public enum Basis {
        SETTLED,
        ESTIMATE,
        UNKNOWN;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Basis of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }
    }

    /// Which kind of price it is.
    public enum PriceType {
        PURCHASE("进货价"),
        HOSPITAL_SALE("医院销售价"),
        RETAIL("零售价"),
        VBP("集采中选价"),
        ONLINE("网售价");

        private final String chinese;

        PriceType(String chinese) {
            this.chinese = chinese;
        }

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        public String chinese() {
            return chinese;
        }

        /// The type with this code; empty when there is none.
        public static Optional<PriceType> of(String code) {
            for (PriceType one : values()) {
                if (one.code().equals(code)) {
                    return Optional.of(one);
                }
            }
            return Optional.empty();
        }
    }

    public double unitFen() {
        return (double) priceFen / packUnits;
    }

    /// Whether so many packs can be had.
    public boolean has(long packs) {
        return free >= packs;
    }

    /// What people know a seller and its pack by: `offer-key`.
    public static String key(String pharmacy, String drugCode) {
        return pharmacy + "|" + drugCode;
    }
}
