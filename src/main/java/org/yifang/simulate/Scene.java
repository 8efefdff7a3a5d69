package org.yifang.simulate;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// What every story of the day shares.
///
/// @param speed how many seconds of the day pass in one real second; 0 leaves no pauses at all
/// @param run stands in every prescription number of this run
record Scene(
        Remote remote,
        Tally tally,
        Journal journal,
        Shelf shelf,
        Packs packs,
        Windows windows,
        double speed,
        String run) {
    /// Lets about so much of the day pass, between half and one and a half times of it.
    void pause(RandomGenerator random, Duration about) {
        if (speed > 0) {
            double share = 0.5 + random.nextDouble();
            Remote.sleep(Duration.ofMillis((long) (about.toMillis() * share / speed)));
        }
    }
}
