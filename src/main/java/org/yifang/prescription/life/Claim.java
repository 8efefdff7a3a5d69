package org.yifang.prescription.life;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/// A pharmacy's lease on a prescription, current or the latest there was.
///
/// @param number from 1; every claim of a prescription has its own
/// @param since when it began
/// @param leaseUntil when it ends unless renewed, exclusive
/// @param most up to when it may be renewed
/// @param ended why it is over, null while it lasts
/// @param dispensed whether something was handed out under it
/// @param prepared since when the drugs lie ready to be collected, null while they do not
public record Claim(
        int number,
        UUID pharmacy,
        Instant since,
        Instant leaseUntil,
        Instant most,
        @Nullable End ended,
        boolean dispensed,
        @Nullable Instant prepared) {

    /// Why a claim is over.
    public enum End {
        LEASE_OVER,
        RELEASED,
        BY_PATIENT,
        SUSPENDED,
        CANCELLED,
        DISPENSED,
        EXPIRED;

        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static End of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }

    Claim end(End why) {
        return new Claim(number, pharmacy, since, leaseUntil, most, why, dispensed, prepared);
    }

    /// What lay ready was handed out; the rest has to be prepared anew.
    Claim used() {
        return new Claim(number, pharmacy, since, leaseUntil, most, ended, true, null);
    }

    Claim renewedUntil(Instant until) {
        return new Claim(number, pharmacy, since, until, most, ended, dispensed, prepared);
    }

    Claim prepared(Instant at) {
        return new Claim(number, pharmacy, since, leaseUntil, most, ended, dispensed, at);
    }
}
