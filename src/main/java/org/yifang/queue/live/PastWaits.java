package org.yifang.queue.live;

import org.yifang.queue.ticket.WaitPrediction;
import org.yifang.statistics.WaitBlend;

import java.util.Arrays;

/// Replays a queue's past: what each predictor would have said at every joining, and what happened.
///
/// @param predicted one row per past wait: by length of line, by the last served, by the head
/// @param actual what each wait came to, seconds
record PastWaits(double[][] predicted, double[] actual) {
    /// How the prediction did on waits that it had not learnt from.
    ///
    /// @param coverage share of waits inside the predicted range; three in five are meant to be
    /// @param meanAbsoluteErrorSeconds of the likely wait
    /// @param count how many waits it was tried on
    record Calibration(double coverage, double meanAbsoluteErrorSeconds, int count) {}

    /// One served ticket.
    ///
    /// @param joined seconds since any moment
    /// @param started the same, when service began
    record Served(double joined, double started) {}

    /// Replays tickets in the order of their joining.
    static PastWaits replay(Served[] tickets) {
        double[][] predicted = new double[tickets.length][];
        double[] actual = new double[tickets.length];
        double gap = typicalGap(tickets);
        for (int i = 0; i < tickets.length; i++) {
            double now = tickets[i].joined();
            int ahead = 0;
            double head = -1;
            double lastStart = Double.NEGATIVE_INFINITY;
            double lastWait = -1;
            // Nobody waits longer than eight hours, so older tickets are not in line any more.
            for (int j = i - 1; j >= 0 && tickets[j].joined() > now - 8 * 3600; j--) {
                Served other = tickets[j];
                if (other.started() > now) {
                    ahead++;
                    head = now - other.joined();
                } else if (other.started() > lastStart) {
                    lastStart = other.started();
                    lastWait = other.started() - other.joined();
                }
            }
            WaitPrediction.Standing standing =
                    new WaitPrediction.Standing(ahead, 1, 1, gap, lastWait, head);
            predicted[i] = standing.predictors();
            actual[i] = tickets[i].started() - now;
        }
        return new PastWaits(predicted, actual);
    }

    WaitBlend fit() {
        return WaitBlend.fit(predicted, actual);
    }

    /// Learns from the earlier half and tries itself on the later one.
    Calibration calibration() {
        int half = actual.length / 2;
        WaitBlend learnt =
                WaitBlend.fit(Arrays.copyOf(predicted, half), Arrays.copyOf(actual, half));
        int inside = 0;
        double missed = 0;
        int tried = actual.length - half;
        for (int i = half; i < actual.length; i++) {
            double likely = learnt.of(predicted[i]);
            missed += Math.abs(actual[i] - likely);
            boolean reaches = actual[i] >= likely * learnt.lowFactor();
            inside += reaches && actual[i] <= likely * learnt.highFactor() ? 1 : 0;
        }
        return tried == 0
                ? new Calibration(Double.NaN, Double.NaN, 0)
                : new Calibration((double) inside / tried, missed / tried, tried);
    }

    /// The median time between two services of a busy queue: mean service divided by counters.
    static double typicalGap(Served[] tickets) {
        double[] starts = Arrays.stream(tickets).mapToDouble(Served::started).sorted().toArray();
        double[] gaps = new double[Math.max(starts.length - 1, 0)];
        for (int i = 1; i < starts.length; i++) {
            gaps[i - 1] = starts[i] - starts[i - 1];
        }
        return gaps.length == 0
                ? UNKNOWN_GAP_SECONDS
                : org.yifang.statistics.Quantiles.of(gaps, 0.5);
    }

    /// Taken while nothing has been served: three minutes each.
    static final double UNKNOWN_GAP_SECONDS = 180;
}
