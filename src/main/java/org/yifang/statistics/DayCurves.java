package org.yifang.statistics;

import java.util.ArrayList;
import java.util.List;

/// One histogram per day, such that a replicate of the bootstrap is a weighted sum of them.
///
/// With n_dh waits of stratum h on day d, w_h its share before and p_h its histogram after divided
/// by its count, the reweighted histogram after is the sum of w_h p_h. Drawing days again changes
/// the shares by (n_dh - w_h n_d) / N for each earlier day and every p_h by its own day's distance
/// from it; both are linear in how often a day was drawn.
final class DayCurves {
    private final StandardisedWaits waits;
    private final WaitBins bins;
    private final int width;
    private final float[][] afterByStratum;

    DayCurves(StandardisedWaits waits, WaitBins bins) {
        this.waits = waits;
        this.bins = bins;
        width = 2 * bins.count();
        afterByStratum = new float[waits.strata()][];
        WaitSample after = waits.after();
        for (int i = 0; i < after.size(); i++) {
            int h = after.stratum(i);
            if (afterByStratum[h] == null) {
                afterByStratum[h] = new float[width];
            }
            afterByStratum[h][place(after, i)] += 1;
        }
    }

    /// The earlier days' own histograms, matched strata only.
    List<double[]> before() {
        WaitSample sample = waits.before();
        List<double[]> rows = rows(sample);
        for (int i = 0; i < sample.size(); i++) {
            if (waits.share(sample.stratum(i)) > 0) {
                rows.get(sample.day(i))[place(sample, i)] += 1;
            }
        }
        return rows;
    }

    /// What drawing an earlier day once more does to the later curve, through the shares.
    List<double[]> cross() {
        WaitSample sample = waits.before();
        double[][] counts = counts(sample);
        double matched = 0;
        for (double[] day : counts) {
            for (int h = 0; h < day.length; h++) {
                matched += waits.share(h) > 0 ? day[h] : 0;
            }
        }
        double[] base = afterBase();
        List<double[]> rows = rows(sample);
        for (int d = 0; d < rows.size(); d++) {
            double ofDay = 0;
            for (int h = 0; h < counts[d].length; h++) {
                if (counts[d][h] > 0 && waits.share(h) > 0) {
                    ofDay += counts[d][h];
                    double weight = counts[d][h] / matched * waits.afterWeight(h) / waits.share(h);
                    add(rows.get(d), afterByStratum[h], weight);
                }
            }
            for (int b = 0; b < width; b++) {
                rows.get(d)[b] -= ofDay / matched * base[b];
            }
        }
        return rows;
    }

    /// What drawing a later day once more does to the later curve.
    List<double[]> after() {
        WaitSample sample = waits.after();
        double[][] counts = counts(sample);
        List<double[]> rows = rows(sample);
        for (int i = 0; i < sample.size(); i++) {
            rows.get(sample.day(i))[place(sample, i)] += waits.afterWeight(sample.stratum(i));
        }
        double[] perStratum = sample.countByStratum(waits.strata());
        for (int d = 0; d < rows.size(); d++) {
            for (int h = 0; h < counts[d].length; h++) {
                if (counts[d][h] > 0) {
                    double expected = counts[d][h] * waits.afterWeight(h) / perStratum[h];
                    add(rows.get(d), afterByStratum[h], -expected);
                }
            }
        }
        return rows;
    }

    /// The later curve as it is.
    double[] afterBase() {
        double[] base = new double[width];
        for (int h = 0; h < afterByStratum.length; h++) {
            if (afterByStratum[h] != null) {
                add(base, afterByStratum[h], waits.afterWeight(h));
            }
        }
        return base;
    }

    private int place(WaitSample sample, int i) {
        int bin = bins.bin(sample.seconds(i));
        return sample.served(i) ? bin : bins.count() + bin;
    }

    private List<double[]> rows(WaitSample sample) {
        List<double[]> rows = new ArrayList<>(sample.days().size());
        for (int d = 0; d < sample.days().size(); d++) {
            rows.add(new double[width]);
        }
        return rows;
    }

    private double[][] counts(WaitSample sample) {
        double[][] counts = new double[sample.days().size()][waits.strata()];
        for (int i = 0; i < sample.size(); i++) {
            counts[sample.day(i)][sample.stratum(i)]++;
        }
        return counts;
    }

    private static void add(double[] row, float[] histogram, double weight) {
        for (int b = 0; b < row.length; b++) {
            row[b] += weight * histogram[b];
        }
    }
}
