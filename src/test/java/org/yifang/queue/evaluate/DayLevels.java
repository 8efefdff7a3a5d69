package org.yifang.queue.evaluate;

import java.util.SplittableRandom;

/// How long waits are on each day of a place, as a logarithm: days that remember each other, and
/// waves over weeks.
///
/// @param correlation of one day with the next
/// @param waves spread of waves over weeks
record DayLevels(int days, double correlation, double waves) {
    private static final double DAY_SPREAD = 0.2;
    private static final double WAVE_MEMORY = 0.85;

    double[] draw(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] level = new double[days];
        double memory = gaussian(random);
        double wave = gaussian(random);
        for (int d = 0; d < days; d++) {
            memory =
                    correlation * memory
                            + Math.sqrt(1 - correlation * correlation) * gaussian(random);
            if (d % 7 == 0) {
                wave =
                        WAVE_MEMORY * wave
                                + Math.sqrt(1 - WAVE_MEMORY * WAVE_MEMORY) * gaussian(random);
            }
            level[d] = DAY_SPREAD * memory + waves * wave;
        }
        return level;
    }

    static double gaussian(SplittableRandom random) {
        double u = 1 - random.nextDouble();
        return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random.nextDouble());
    }
}
