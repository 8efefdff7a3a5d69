package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.queue.evaluate.PlanFacts.Pair;

/// Times of both periods, counted by ten seconds: enough for a median, whatever their number.
final class Spread {
    private static final int WIDTH = 10;
    private static final int LONGEST = 24 * 3600 / WIDTH;

    /// Fewer tell nothing.
    private static final int LEAST = 30;

    private final int[][] counts = new int[2][LONGEST + 1];
    private final int[] all = new int[2];

    void add(boolean isLater, long seconds) {
        int side = isLater ? 1 : 0;
        counts[side][(int) Math.clamp(seconds / WIDTH, 0, LONGEST)]++;
        all[side]++;
    }

    /// The medians, each null where fewer than half of `expected`, or than thirty, tell.
    Pair medians(long before, long after) {
        return new Pair(median(0, before), median(1, after));
    }

    private @Nullable Double median(int side, long expected) {
        if (all[side] < LEAST || all[side] * 2L < expected) {
            return null;
        }
        int seen = 0;
        for (int bin = 0; bin <= LONGEST; bin++) {
            seen += counts[side][bin];
            if (seen * 2L >= all[side]) {
                return bin * (double) WIDTH;
            }
        }
        return null;
    }
}
