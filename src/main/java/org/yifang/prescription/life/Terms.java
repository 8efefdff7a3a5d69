package org.yifang.prescription.life;

import org.yifang.platform.config.Config;

import java.time.Duration;

/// What a region decides about times.
///
/// @param lease how long a claim lasts without renewal
/// @param claimMost how long it may last with renewals
/// @param reviewWithin how long a hospital's own reviewers see a prescription alone
/// @param repeatWindow how long each further fill stays open
public record Terms(
        Duration lease, Duration claimMost, Duration reviewWithin, Duration repeatWindow) {
    /// The contract's defaults: 30 minutes, 4 hours, 15 minutes, 7 days.
    public static final Terms DEFAULT =
            new Terms(
                    Duration.ofMinutes(30),
                    Duration.ofHours(4),
                    Duration.ofMinutes(15),
                    Duration.ofDays(7));

    public static Terms of(Config config) {
        return new Terms(
                config.claimLease(),
                config.claimMost(),
                config.reviewWithin(),
                config.repeatWindow());
    }
}
