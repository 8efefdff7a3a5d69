package org.yifang.statistics;

import java.util.OptionalDouble;
import java.util.TreeMap;

/// How long people wait when some are never seen to be served: the product-limit estimate.
///
/// Kaplan and Meier (1958) with Greenwood's standard error. Who is censored at a time still counts
/// as waiting at that time. Weights are allowed; the standard error holds for whole counts only.
public final class KaplanMeier {
    private final double[] times;
    private final double[] atRisk;
    private final double[] survival;
    private final double[] standardError;

    private KaplanMeier(double[] times, double[] events, double[] censored) {
        int n = times.length;
        this.times = times;
        atRisk = new double[n];
        survival = new double[n];
        standardError = new double[n];
        double waiting = 0;
        for (int i = n - 1; i >= 0; i--) {
            waiting += events[i] + censored[i];
            atRisk[i] = waiting;
        }
        double still = 1;
        double greenwood = 0;
        for (int i = 0; i < n; i++) {
            if (events[i] > 0) {
                double left = Math.max(atRisk[i] - events[i], 0);
                still *= left / atRisk[i];
                greenwood += left > 0 ? events[i] / (atRisk[i] * left) : 0;
            }
            survival[i] = still;
            standardError[i] = still * Math.sqrt(greenwood);
        }
    }

    /// Of single waits.
    ///
    /// @param waits in any unit
    /// @param served true where the wait ended in service, false where it was censored
    public static KaplanMeier of(double[] waits, boolean[] served) {
        TreeMap<Double, double[]> counts = new TreeMap<>();
        for (int i = 0; i < waits.length; i++) {
            counts.computeIfAbsent(waits[i], _ -> new double[2])[served[i] ? 0 : 1]++;
        }
        double[] events = counts.values().stream().mapToDouble(both -> both[0]).toArray();
        double[] censored = counts.values().stream().mapToDouble(both -> both[1]).toArray();
        double[] times = counts.keySet().stream().mapToDouble(Double::doubleValue).toArray();
        return new KaplanMeier(times, events, censored);
    }

    /// Of whole waits in rising order, each twice its time and one more when it was censored, so
    /// that at one time those who are served come before those who are lost.
    static KaplanMeier ofSorted(int[] waits, int from, int to) {
        int distinct = 0;
        for (int i = from; i < to; i++) {
            distinct += i == from || waits[i] >> 1 != waits[i - 1] >> 1 ? 1 : 0;
        }
        double[] times = new double[distinct];
        double[] events = new double[distinct];
        double[] censored = new double[distinct];
        int place = -1;
        for (int i = from; i < to; i++) {
            if (i == from || waits[i] >> 1 != waits[i - 1] >> 1) {
                times[++place] = waits[i] >> 1;
            }
            ((waits[i] & 1) == 0 ? events : censored)[place]++;
        }
        return new KaplanMeier(times, events, censored);
    }

    /// Of counts (or sums of weights) per whole unit of time: `events[t]` were served after `t`.
    public static KaplanMeier ofCounts(double[] events, double[] censored) {
        double[] times = new double[events.length];
        for (int t = 0; t < times.length; t++) {
            times[t] = t;
        }
        return new KaplanMeier(times, events, censored);
    }

    /// The share still waiting after `time`.
    public double survivalAt(double time) {
        int i = lastUpTo(time);
        return i < 0 ? 1 : survival[i];
    }

    /// Greenwood's standard error of [#survivalAt].
    public double standardErrorAt(double time) {
        int i = lastUpTo(time);
        return i < 0 ? 0 : standardError[i];
    }

    /// How many were waiting just before `time`.
    public double atRiskAt(double time) {
        for (int i = 0; i < times.length; i++) {
            if (times[i] >= time) {
                return atRisk[i];
            }
        }
        return 0;
    }

    /// The time within which the share `q` has been served: the first at which the curve is down to
    /// 1 - q.
    ///
    /// @return empty when the curve never comes down that far: "longer than the longest seen"; it
    ///   is not extrapolated
    public OptionalDouble quantile(double q) {
        double wanted = 1 - q + Quantiles.ROUNDING;
        // The curve only falls, so the first time at or below the level can be searched by halves.
        int low = 0;
        int high = survival.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (survival[middle] <= wanted) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low < times.length ? OptionalDouble.of(times[low]) : OptionalDouble.empty();
    }

    /// The mean wait up to `horizon`: the area under the curve.
    public double restrictedMean(double horizon) {
        double area = 0;
        double from = 0;
        double still = 1;
        for (int i = 0; i < times.length && times[i] < horizon; i++) {
            area += still * (times[i] - from);
            from = times[i];
            still = survival[i];
        }
        return area + still * (horizon - from);
    }

    /// Each cause's share of those who have gone by the last time, when going for one reason (being
    /// served) takes away the chance to go for another (leaving): the cumulative incidence of Aalen
    /// and Johansen (1978).
    ///
    /// @param causes `causes[k][t]`: how many went for reason `k` after `t`
    /// @param censored how many were lost from sight after `t` for no reason known
    /// @return one share per cause
    public static double[] cumulativeIncidence(double[][] causes, double[] censored) {
        double waiting = 0;
        for (int t = 0; t < censored.length; t++) {
            waiting += censored[t];
            for (double[] cause : causes) {
                waiting += cause[t];
            }
        }
        double[] incidence = new double[causes.length];
        double still = 1;
        for (int t = 0; t < censored.length; t++) {
            double gone = 0;
            for (int k = 0; k < causes.length; k++) {
                if (causes[k][t] > 0) {
                    incidence[k] += still * causes[k][t] / waiting;
                    gone += causes[k][t];
                }
            }
            if (gone > 0) {
                still *= Math.max(1 - gone / waiting, 0);
            }
            waiting -= gone + censored[t];
        }
        return incidence;
    }

    private int lastUpTo(double time) {
        int found = java.util.Arrays.binarySearch(times, time);
        return found >= 0 ? found : -found - 2;
    }
}
