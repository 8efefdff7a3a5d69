package org.yifang.price.compare;

import java.util.Arrays;

/// The sellers where a set of lines costs least, and what it costs there.
record Ranked(int[] sellers, double[] costs) {
    /// The low 12 bits of a cost carry the seller; 4,096 of them leave 40 bits of the cost.
    static final long INDEX_BITS = (1L << 12) - 1;

    /// What a set of lines costs at least, infinite where nobody has all of it.
    static double least(double[] fen, double money, double rate, double[] minutes) {
        double least = Double.POSITIVE_INFINITY;
        for (int j = 0; j < fen.length; j++) {
            double here = money * fen[j] + rate * minutes[j];
            // Where something is missing it is infinite, or no number, and so never less.
            if (here < least) {
                least = here;
            }
        }
        return least;
    }

    /// @param most what is dearer is of no interest
    static Ranked of(double[] fen, double money, double rate, double[] minutes, double most) {
        // Costs are never negative, so that their bits sort as they do.
        long[] keys = new long[BasketOptimiser.CANDIDATES];
        int kept = 0;
        double limit = most;
        for (int j = 0; j < fen.length; j++) {
            double here = money * fen[j] + rate * minutes[j];
            if (!(here < limit)) {
                continue;
            }
            long key = (Double.doubleToRawLongBits(here) & ~INDEX_BITS) | j;
            // Few sellers come this far: most are dearer than the best so far.
            int at = -Arrays.binarySearch(keys, 0, kept, key) - 1;
            if (kept < BasketOptimiser.CANDIDATES) {
                kept++;
            }
            System.arraycopy(keys, at, keys, at + 1, kept - at - 1);
            keys[at] = key;
            if (kept == BasketOptimiser.CANDIDATES) {
                limit = Double.longBitsToDouble(keys[kept - 1] & ~INDEX_BITS);
            }
        }
        int[] sellers = new int[kept];
        double[] costs = new double[kept];
        for (int i = 0; i < kept; i++) {
            int seller = (int) (keys[i] & INDEX_BITS);
            sellers[i] = seller;
            costs[i] = money * fen[seller] + rate * minutes[seller];
        }
        return new Ranked(sellers, costs);
    }
}
