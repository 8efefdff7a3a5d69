package org.yifang.price.compare;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// One way to get every line: which pharmacies in which order, and which line where.
///
/// @param visits in the order of the way
/// @param sellerOfLine the seller of each line
/// @param drugsFen sum of the lines
/// @param fareFen sum of the ways
/// @param minutes until the last drug is in hand
/// @param tie decides between plans that are equal in all else
record BasketPlan(
        List<Visit> visits,
        List<Integer> sellerOfLine,
        long drugsFen,
        long fareFen,
        double minutes,
        long tie) {

    /// One stop.
    ///
    /// @param travelMinutes from the stop before
    /// @param closedMinutes before a closed door
    /// @param waitMinutes inside, until the drugs are in hand
    record Visit(int seller, double travelMinutes, double closedMinutes, double waitMinutes) {
        double minutes() {
            return travelMinutes + closedMinutes + waitMinutes;
        }
    }

    int stops() {
        return visits.size();
    }

    long moneyFen() {
        return drugsFen + fareFen;
    }

    /// Money and time on one scale.
    double costFen(long fenPerHour) {
        return moneyFen() + minutes * fenPerHour / 60;
    }

    /// Better or as good in money, minutes and stops, and better in one.
    boolean dominates(BasketPlan other) {
        boolean noWorse =
                moneyFen() <= other.moneyFen()
                        && minutes <= other.minutes
                        && stops() <= other.stops();
        boolean better =
                moneyFen() < other.moneyFen() || minutes < other.minutes || stops() < other.stops();
        return noWorse && better;
    }

    static final Comparator<BasketPlan> CHEAPEST =
            Comparator.comparingLong(BasketPlan::moneyFen)
                    .thenComparingInt(BasketPlan::stops)
                    .thenComparingDouble(BasketPlan::minutes)
                    .thenComparingLong(BasketPlan::tie);
    static final Comparator<BasketPlan> SOONEST =
            Comparator.comparingDouble(BasketPlan::minutes)
                    .thenComparingLong(BasketPlan::moneyFen)
                    .thenComparingInt(BasketPlan::stops)
                    .thenComparingLong(BasketPlan::tie);

    static Comparator<BasketPlan> balanced(long fenPerHour) {
        return Comparator.comparingLong((BasketPlan plan) -> plan.costParts(fenPerHour))
                .thenComparingInt(BasketPlan::stops)
                .thenComparingDouble(BasketPlan::minutes)
                .thenComparingLong(BasketPlan::tie);
    }

    /// The best plan that goes to exactly these sellers: every line where it is cheapest, the stops
    /// in the quickest order. Null when a line is missing, a seller would sell nothing or none of
    /// the orders finds every door open.
    ///
    /// @param home minutes to each seller from where the patient sets out
    static @Nullable BasketPlan through(Basket basket, double[] home, int[] sellers) {
        List<Integer> sellerOfLine = new ArrayList<>(basket.lines());
        boolean[] used = new boolean[sellers.length];
        long drugs = 0;
        for (int line = 0; line < basket.lines(); line++) {
            int best = cheapest(basket, sellers, line);
            if (best < 0) {
                return null;
            }
            used[best] = true;
            sellerOfLine.add(sellers[best]);
            drugs += basket.fen()[sellers[best]][line];
        }
        long fares = 0;
        long tie = 0;
        for (int i = 0; i < sellers.length; i++) {
            if (!used[i]) {
                return null;
            }
            fares += basket.sellers().get(sellers[i]).fareFen();
            tie += hash(basket, sellers[i]);
        }
        List<Visit> way = quickest(basket, home, sellers);
        double minutes = 0;
        for (Visit visit : way) {
            minutes += visit.minutes();
        }
        minutes = rounded(minutes);
        return Double.isInfinite(minutes)
                ? null
                : new BasketPlan(way, sellerOfLine, drugs, fares, minutes, tie);
    }

    /// Parts of a minute that are counted.
    static final double MILLI = 1000;

    /// Parts of a fen in which money and time add up to whole numbers: a thousandth of a minute
    /// costs as many of them as an hour costs fen.
    static final long PARTS = 60_000;

    /// To the thousandth: two plans that differ by less are equally quick.
    static double rounded(double minutes) {
        return Double.isInfinite(minutes) ? minutes : Math.rint(minutes * MILLI) / MILLI;
    }

    /// Thousandths of a minute.
    static long milli(double minutes) {
        return Math.round(minutes * MILLI);
    }

    /// Money and time on one scale, in [#PARTS] of a fen.
    long costParts(long fenPerHour) {
        return moneyFen() * PARTS + milli(minutes) * fenPerHour;
    }

    /// What decides between sellers that are equal in all else, differently for each prescription.
    /// Those of a plan add up, so that what is left of a choice can be bounded.
    static long hash(Basket basket, int seller) {
        return mixed(basket.seed() ^ basket.sellers().get(seller).key().hashCode()) >>> 8;
    }

    private static int cheapest(Basket basket, int[] sellers, int line) {
        int best = -1;
        for (int i = 0; i < sellers.length; i++) {
            long fen = basket.fen()[sellers[i]][line];
            if (fen == Basket.MISSING) {
                continue;
            }
            if (best < 0 || isLess(basket, fen, sellers[i], sellers[best], line)) {
                best = i;
            }
        }
        return best;
    }

    private static boolean isLess(Basket basket, long fen, int one, int other, int line) {
        long otherFen = basket.fen()[other][line];
        return fen < otherFen || (fen == otherFen && hash(basket, one) < hash(basket, other));
    }

    /// Tries every order; with at most five stops that is at most 120.
    private static List<Visit> quickest(Basket basket, double[] home, int[] sellers) {
        Visit[] way = new Visit[sellers.length];
        Best best = new Best();
        extend(basket, home, sellers, way, 0, 0, best);
        return List.of(best.way);
    }

    private static final class Best {
        private double minutes = Double.POSITIVE_INFINITY;
        private Visit[] way = {};
    }

    private static void extend(
            Basket basket,
            double[] home,
            int[] sellers,
            Visit[] way,
            int done,
            double elapsed,
            Best best) {
        if (done == sellers.length) {
            if (best.way.length == 0 || elapsed < best.minutes) {
                best.minutes = elapsed;
                best.way = way.clone();
            }
            return;
        }
        for (int i = 0; i < sellers.length; i++) {
            int next = sellers[i];
            if (visited(way, done, next)) {
                continue;
            }
            double travel = done == 0 ? home[next] : basket.between(way[done - 1].seller(), next);
            Basket.Seller seller = basket.sellers().get(next);
            double closed = seller.closedFor(elapsed + travel);
            way[done] = new Visit(next, travel, closed, seller.waitMinutes());
            extend(basket, home, sellers, way, done + 1, elapsed + way[done].minutes(), best);
        }
    }

    private static boolean visited(Visit[] way, int done, int seller) {
        for (int i = 0; i < done; i++) {
            if (way[i].seller() == seller) {
                return true;
            }
        }
        return false;
    }

    /// Spreads bits well (the finalizer of SplitMix64), so that no name is favoured.
    private static long mixed(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
