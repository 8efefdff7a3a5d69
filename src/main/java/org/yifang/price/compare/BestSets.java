package org.yifang.price.compare;

/// The cheapest sets of sellers seen so far, each once; of equal ones the first.
final class BestSets {
    private static final int INDEX_WIDTH = 12;

    private final long[] sets;
    private final double[] costs;
    private int count;

    BestSets(int size) {
        this.sets = new long[size];
        this.costs = new double[size];
    }

    /// How many are kept.
    int count() {
        return count;
    }

    /// What a set must cost less than to be kept.
    double worst() {
        return count < costs.length ? Double.POSITIVE_INFINITY : costs[count - 1];
    }

    void offer(int[] sellers, double cost) {
        if (cost >= worst()) {
            return;
        }
        long set = key(sellers);
        int gap = count;
        for (int i = 0; i < count; i++) {
            if (sets[i] == set) {
                if (costs[i] <= cost) {
                    return;
                }
                gap = i;
                break;
            }
        }
        if (gap == count) {
            if (count == costs.length) {
                gap--;
            } else {
                count++;
            }
        }
        int at = gap;
        while (at > 0 && costs[at - 1] > cost) {
            sets[at] = sets[at - 1];
            costs[at] = costs[at - 1];
            at--;
        }
        sets[at] = set;
        costs[at] = cost;
    }

    /// A set in one number: its size, and its sellers in ascending order, 12 bits each.
    static long key(int[] sellers) {
        int[] sorted = sellers.clone();
        for (int i = 1; i < sorted.length; i++) {
            int seller = sorted[i];
            int at = i;
            for (; at > 0 && sorted[at - 1] > seller; at--) {
                sorted[at] = sorted[at - 1];
            }
            sorted[at] = seller;
        }
        long key = sorted.length;
        for (int seller : sorted) {
            key = key << INDEX_WIDTH | seller;
        }
        return key;
    }

    /// The sellers of one of those kept.
    int[] sellers(int place) {
        long key = sets[place];
        int length = (64 - Long.numberOfLeadingZeros(key) + INDEX_WIDTH - 1) / INDEX_WIDTH - 1;
        int[] sellers = new int[length];
        for (int i = length - 1; i >= 0; i--) {
            sellers[i] = (int) (key >> (length - 1 - i) * INDEX_WIDTH & Ranked.INDEX_BITS);
        }
        return sellers;
    }
}
