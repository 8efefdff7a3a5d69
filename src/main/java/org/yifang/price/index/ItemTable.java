package org.yifang.price.index;

import java.util.Arrays;

/// The sales of a county, added up line by line without keeping the lines: per pharmacy and product
/// in the two periods that are compared, per product in every month.
///
/// A product is one maker's preparation of one generic name, form and strength, counted in
/// preparation units, so that packs of unlike size are one product. Its elementary item is the
/// product at its pharmacy. Pharmacies, products, sets and months are numbers from 0; who calls
/// knows their names.
final class ItemTable {
    /// Which of the periods a sale falls into.
    enum Period {
        BASELINE,
        CURRENT,
        /// Between or around them: counts for the monthly series alone.
        OTHER
    }

    private static final int CELL = 4;
    private static final int START_CAPACITY = 1 << 10;
    private static final long FREE = -1;

    private final int pharmacies;
    private final int[] setOfProduct;
    private final boolean[] released;
    private final double[][] monthlyQuantity;
    private final double[][] monthlyValue;
    private final double[] heldOut = new double[2];
    private final double[] charged = new double[2];
    // An open hash table of pharmacy and product to four sums: a county of 300 pharmacies sells but
    // a part of 3,000 products in each.
    private long[] keys = new long[START_CAPACITY];
    private double[] sums = new double[START_CAPACITY * CELL];
    private int used;
    private long lines;

    /// @param setOfProduct the substitution set that each product belongs to
    ItemTable(int pharmacies, int[] setOfProduct, int months) {
        this.pharmacies = pharmacies;
        this.setOfProduct = setOfProduct.clone();
        this.released = new boolean[setOfProduct.length];
        this.monthlyQuantity = new double[months][setOfProduct.length];
        this.monthlyValue = new double[months][setOfProduct.length];
        Arrays.fill(keys, FREE);
    }

    /// Adds one sale, or a sum of sales.
    ///
    /// @param quantity in preparation units, below 0 for what was taken back
    /// @param valueFen what was charged, before insurance
    void add(
            int pharmacy, int product, int month, Period period, double quantity, double valueFen) {
        addMonth(product, month, quantity, valueFen);
        addPeriod(pharmacy, product, period, quantity, valueFen);
        if (period != Period.OTHER) {
            charged(period, valueFen, 0);
        }
        lines++;
    }

    /// Adds to the monthly series alone.
    void addMonth(int product, int month, double quantity, double valueFen) {
        monthlyQuantity[month][product] += quantity;
        monthlyValue[month][product] += valueFen;
    }

    /// Adds to the two periods alone.
    void addPeriod(int pharmacy, int product, Period period, double quantity, double valueFen) {
        if (period == Period.OTHER) {
            return;
        }
        int cell = cell((long) pharmacy * setOfProduct.length + product);
        int at = cell * CELL + (period == Period.BASELINE ? 0 : 2);
        sums[at] += quantity;
        sums[at + 1] += valueFen;
    }

    /// What was charged in a period, and how much of it stood on lines that were held out.
    void charged(Period period, double valueFen, double heldOutFen) {
        int at = period == Period.BASELINE ? 0 : 1;
        charged[at] += valueFen;
        heldOut[at] += heldOutFen;
    }

    /// A person has released a price of this product: a deep change of it is documented.
    void release(int product) {
        released[product] = true;
    }

    boolean isReleased(int product) {
        return released[product];
    }

    double charged(Period period) {
        return charged[period == Period.BASELINE ? 0 : 1];
    }

    double heldOut(Period period) {
        return heldOut[period == Period.BASELINE ? 0 : 1];
    }

    long lines() {
        return lines;
    }

    int pharmacies() {
        return pharmacies;
    }

    int products() {
        return setOfProduct.length;
    }

    int setOf(int product) {
        return setOfProduct[product];
    }

    int sets() {
        return Arrays.stream(setOfProduct).max().orElse(-1) + 1;
    }

    double[][] monthlyQuantity() {
        return monthlyQuantity;
    }

    double[][] monthlyValue() {
        return monthlyValue;
    }

    /// One pharmacy's sales of one product in both periods.
    interface Visitor {
        void item(int pharmacy, int product, double q0, double v0, double q1, double v1);
    }

    void forEach(Visitor visitor) {
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != FREE) {
                int at = i * CELL;
                visitor.item(
                        (int) (keys[i] / setOfProduct.length),
                        (int) (keys[i] % setOfProduct.length),
                        sums[at],
                        sums[at + 1],
                        sums[at + 2],
                        sums[at + 3]);
            }
        }
    }

    private int cell(long key) {
        int at = slot(keys, key);
        if (keys[at] == key) {
            return at;
        }
        if (used * 2 >= keys.length) {
            grow();
            at = slot(keys, key);
        }
        keys[at] = key;
        used++;
        return at;
    }

    private static int slot(long[] keys, long key) {
        int mask = keys.length - 1;
        int at = (int) ((key * 0x9E3779B97F4A7C15L) >>> 40) & mask;
        while (keys[at] != FREE && keys[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void grow() {
        long[] widerKeys = new long[keys.length * 2];
        double[] widerSums = new double[sums.length * 2];
        Arrays.fill(widerKeys, FREE);
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != FREE) {
                int at = slot(widerKeys, keys[i]);
                widerKeys[at] = keys[i];
                System.arraycopy(sums, i * CELL, widerSums, at * CELL, CELL);
            }
        }
        keys = widerKeys;
        sums = widerSums;
    }
}
