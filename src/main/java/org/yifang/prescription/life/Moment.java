package org.yifang.prescription.life;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.UUID;

/// Something that happened to a prescription, told within its transaction to whoever measures or
/// notifies: queues, prices, subscriptions.
///
/// @param number the prescription's number, rx-number
/// @param createdAt when the prescription was taken in
/// @param action what did it
/// @param before the state before, null at submission
/// @param after the prescription after
/// @param organization who did it, null for what time did
/// @param visit the hospital's number of the visit; given at submission only, later it is stored
public record Moment(
        String number,
        Instant createdAt,
        Action action,
        @Nullable State before,
        Prescription after,
        @Nullable UUID organization,
        Instant at,
        @Nullable String visit) {}
