package org.yifang.statistics;

/// Bins of waiting time that hold about equally many waits each: fine where people wait, coarse
/// where few do. A row holds the served waits of every bin and, behind them, the censored ones.
final class WaitBins {
    private static final int BINS_MAX = 2048;
    private static final int BINS_MIN = 256;

    private final int[] edges;
    private final short[] binOfSecond;

    private WaitBins(int[] edges) {
        this.edges = edges;
        binOfSecond = new short[WaitSample.LONGEST_SECONDS + 1];
        int bin = 0;
        for (int t = 0; t < binOfSecond.length; t++) {
            if (t >= edges[bin + 1]) {
                bin++;
            }
            binOfSecond[t] = (short) bin;
        }
    }

    static WaitBins of(WaitSample before, WaitSample after) {
        int worthwhile = Math.max((before.size() + after.size()) / 8, BINS_MIN);
        int most = Math.clamp(worthwhile, BINS_MIN, BINS_MAX);
        long[] counts = new long[WaitSample.LONGEST_SECONDS + 1];
        // Each period decides half of the bins, whatever its size.
        for (WaitSample sample : new WaitSample[] {before, after}) {
            long each = Math.max(1_000_000_000L / Math.max(sample.size(), 1), 1);
            for (int i = 0; i < sample.size(); i++) {
                counts[sample.seconds(i)] += each;
            }
        }
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        if (total == 0) {
            return new WaitBins(new int[] {0, WaitSample.LONGEST_SECONDS + 1});
        }
        int[] edges = new int[most + 2];
        int used = 1;
        long reached = 0;
        for (int t = 0; t < counts.length && used <= most; t++) {
            reached += counts[t];
            if (reached >= total / most * used) {
                edges[used++] = t + 1;
                while (used <= most && reached >= total / most * used && t + 1 < counts.length) {
                    // A second with many waits fills several shares: they become one bin.
                    reached -= total / most;
                }
            }
        }
        if (edges[used - 1] <= WaitSample.LONGEST_SECONDS) {
            edges[used++] = WaitSample.LONGEST_SECONDS + 1;
        }
        return new WaitBins(java.util.Arrays.copyOf(edges, used));
    }

    int count() {
        return edges.length - 1;
    }

    int bin(int seconds) {
        return binOfSecond[seconds];
    }

    private static final int TEN_MINUTES = 600;
    private static final int THIRTY_MINUTES = 1800;

    /// Of one row: the waits within which half and nine tenths have been served, NaN where the
    /// curve does not come down that far; the mean up to the longest wait; the shares served within
    /// ten and thirty minutes.
    double[] figures(double[] row) {
        int n = count();
        double waiting = 0;
        for (double part : row) {
            waiting += part;
        }
        double[] found = {Double.NaN, Double.NaN, 0, 0, 0};
        double still = 1;
        for (int b = 0; b < n; b++) {
            double served = row[b];
            double censored = row[n + b];
            if (served == 0 && censored == 0) {
                found[2] += (edges[b + 1] - edges[b]) * still;
                continue;
            }
            // Within a bin half of the censored are taken to be there when the others are served.
            double atRisk = waiting - censored / 2;
            double next = atRisk > 0 ? still * Math.max(1 - served / atRisk, 0) : still;
            if (Double.isNaN(found[0]) && next <= 0.5) {
                found[0] = between(b, still, next, 0.5);
            }
            if (Double.isNaN(found[1]) && next <= 1 - 0.9) {
                found[1] = between(b, still, next, 1 - 0.9);
            }
            found[2] += (edges[b + 1] - edges[b]) * (still + next) / 2;
            found[3] += (still - next) * upTo(b, TEN_MINUTES);
            found[4] += (still - next) * upTo(b, THIRTY_MINUTES);
            still = next;
            waiting -= served + censored;
        }
        return found;
    }

    /// The share of a bin that lies at or below a wait.
    private double upTo(int bin, int seconds) {
        double width = edges[bin + 1] - edges[bin];
        return Math.clamp((seconds + 1 - edges[bin]) / width, 0, 1);
    }

    private double between(int bin, double from, double to, double level) {
        double share = from == to ? 0 : (from - level) / (from - to);
        return edges[bin] + share * (edges[bin + 1] - edges[bin]);
    }
}
