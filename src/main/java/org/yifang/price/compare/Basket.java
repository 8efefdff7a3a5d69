package org.yifang.price.compare;

import org.jspecify.annotations.Nullable;
import org.yifang.registry.Place;

import java.util.Arrays;
import java.util.List;

/// One prescription's question to all pharmacies: what each line costs where, and how long it takes
/// to go there.
///
/// @param sellers every pharmacy that sells at least one line
/// @param fen `[seller][line]`: what the whole line costs there, or [#MISSING]
/// @param from where the patient sets out; without it distance counts nothing
/// @param fenPerHour what an hour of the patient's time is worth; 0 looks at the money alone
/// @param stopsMax how many pharmacies the patient would go to
/// @param seed decides between plans that are equal in everything, differently for each
///   prescription
record Basket(
        List<Seller> sellers,
        long[][] fen,
        @Nullable Place from,
        long fenPerHour,
        int stopsMax,
        long seed) {
    /// The price of a line that a pharmacy does not have.
    static final long MISSING = Long.MAX_VALUE;

    /// Drugs on one prescription, by the Prescription Administration Measures.
    static final int LINES_MAX = 5;

    /// Streets are longer than the line between two points; county towns measure about this.
    static final double DETOUR = 1.3;

    /// Door to door in a county town, by electric bicycle or bus.
    static final double KM_PER_HOUR = 20;

    /// One pharmacy as the patient meets it. Minutes count from the question.
    ///
    /// @param key names it; decides ties together with the seed
    /// @param waitMinutes predicted time from entering until the drugs are in hand
    /// @param fareFen what going there costs
    /// @param opens when it opens, ascending; empty when it never closes
    /// @param closes when it closes after each opening
    record Seller(
            String key,
            @Nullable Place place,
            double waitMinutes,
            long fareFen,
            double[] opens,
            double[] closes) {
        private static final double[] NEVER_CLOSES = {};

        Seller {
            waitMinutes = BasketPlan.rounded(waitMinutes);
            opens = Arrays.stream(opens).map(BasketPlan::rounded).toArray();
            closes = Arrays.stream(closes).map(BasketPlan::rounded).toArray();
        }

        static Seller alwaysOpen(String key, @Nullable Place place, double waitMinutes) {
            return new Seller(key, place, waitMinutes, 0, NEVER_CLOSES, NEVER_CLOSES);
        }

        /// Minutes before the door of somebody who arrives at `minute`. Past the last opening that
        /// is known the answer is infinite.
        double closedFor(double minute) {
            for (int i = 0; i < opens.length; i++) {
                if (minute < closes[i]) {
                    return Math.max(0, opens[i] - minute);
                }
            }
            return opens.length == 0 ? 0 : Double.POSITIVE_INFINITY;
        }
    }

    Basket {
        if (fen.length != sellers.size()) {
            throw new IllegalArgumentException("Every seller needs its row of prices.");
        }
        if (fen.length > 0 && fen[0].length > LINES_MAX) {
            throw new IllegalArgumentException(
                    "A prescription has at most " + LINES_MAX + " lines.");
        }
    }

    int lines() {
        return fen.length == 0 ? 0 : fen[0].length;
    }

    /// Minutes from where the patient sets out to the seller.
    double fromHome(int seller) {
        return from == null ? 0 : travel(from, sellers.get(seller).place());
    }

    double between(int one, int other) {
        return from == null ? 0 : travel(sellers.get(one).place(), sellers.get(other).place());
    }

    private static double travel(@Nullable Place one, @Nullable Place other) {
        // A pharmacy that has not said where it is counts as near: nobody may be hidden for that.
        if (one == null || other == null) {
            return 0;
        }
        double minutes = one.kilometresTo(other) * DETOUR / KM_PER_HOUR * 60;
        // Rounded up, ways keep the triangle inequality: no detour becomes a short cut.
        return Math.ceil(minutes * BasketPlan.MILLI) / BasketPlan.MILLI;
    }
}
