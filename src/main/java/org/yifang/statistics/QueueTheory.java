package org.yifang.statistics;

/// Arithmetic of waiting lines: Erlang's formulas for staffing, Little's law as a check of data.
public final class QueueTheory {
    /// Erlang B: the chance that all of `servers` are busy when nobody may wait, under an offered
    /// load of `load` (arrivals per unit of time times mean service time).
    public static double erlangB(int servers, double load) {
        double blocked = 1;
        for (int k = 1; k <= servers; k++) {
            blocked = load * blocked / (k + load * blocked);
        }
        return blocked;
    }

    /// Erlang C: the chance of having to wait.
    ///
    /// @throws IllegalArgumentException unless `load` is below `servers`: the line would never end
    public static double erlangC(int servers, double load) {
        requireStable(servers, load);
        double blocked = erlangB(servers, load);
        return blocked / (1 - load / servers * (1 - blocked));
    }

    /// The chance of waiting longer than `time`; `meanService` in the same unit.
    public static double waitsLongerThan(
            int servers, double load, double meanService, double time) {
        return erlangC(servers, load) * Math.exp(-(servers - load) * time / meanService);
    }

    /// The mean wait, in the unit of `meanService`.
    public static double meanWait(int servers, double load, double meanService) {
        return erlangC(servers, load) * meanService / (servers - load);
    }

    /// The fewest servers with which the share `within` waits no longer than `target`.
    ///
    /// @param load above zero
    public static int serversFor(double load, double meanService, double target, double within) {
        int servers = (int) Math.floor(load) + 1;
        while (1 - waitsLongerThan(servers, load, meanService, target) < within) {
            servers++;
        }
        return servers;
    }

    /// Little's law on a closed period: the mean number waiting, and arrivals times mean wait.
    ///
    /// @param meanLength the time average of the queue's length
    /// @param arrivalRate arrivals per unit of time
    /// @param meanWait of those who arrived
    public record Little(double meanLength, double arrivalRate, double meanWait) {
        /// How far both sides of the law lie apart, as a share of the length; above 2 % on a closed
        /// day some start or end is wrong.
        public double gap() {
            double product = arrivalRate * meanWait;
            double larger = Math.max(meanLength, product);
            return larger == 0 ? 0 : Math.abs(meanLength - product) / larger;
        }
    }

    /// Little's law over `[from, to)`. The length is counted inside the period only, the mean wait
    /// is that of the tickets as their sender reports them: a wait that reaches out of the day, or
    /// one that is not end less start, opens a gap.
    ///
    /// @param arrivals times of arrival
    /// @param departures the time at which each left the line
    /// @param waits the wait reported for each
    public static Little little(
            double[] arrivals, double[] departures, double[] waits, double from, double to) {
        double waited = 0;
        double inside = 0;
        for (int i = 0; i < arrivals.length; i++) {
            waited += waits[i];
            double start = Math.clamp(arrivals[i], from, to);
            double end = Math.clamp(departures[i], from, to);
            inside += Math.max(end - start, 0);
        }
        double span = to - from;
        int n = arrivals.length;
        return new Little(inside / span, n / span, n == 0 ? 0 : waited / n);
    }

    private static void requireStable(int servers, double load) {
        if (!(load < servers)) {
            throw new IllegalArgumentException(
                    "A load of " + load + " needs more than " + servers + " servers.");
        }
    }

    private QueueTheory() {}
}
