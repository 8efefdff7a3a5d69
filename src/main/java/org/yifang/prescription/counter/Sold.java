package org.yifang.prescription.counter;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Tx;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

/// Told of what leaves the counters and what comes back, within the transaction: prices compare
/// what was charged with what was shown.
public interface Sold {
    /// One line that was handed out.
    ///
    /// @param split whether only a part of a pack was: the rest of it is sold to others
    /// @param priceFen what was charged for it, null when that was not told
    record Out(
            UUID dispense,
            UUID prescription,
            UUID line,
            UUID pharmacy,
            String drugCode,
            BigDecimal units,
            boolean split,
            @Nullable Long priceFen,
            Instant handedOverAt,
            Instant now) {}

    /// What came back of one.
    ///
    /// @param number the pharmacy's own of the take-back
    /// @param valueFen the part of the charge that falls on it, null when none was told
    /// @param sellable whether it may be sold again: it never left the counter
    record Back(
            UUID dispense,
            String number,
            UUID prescription,
            UUID pharmacy,
            String drugCode,
            BigDecimal units,
            @Nullable Long valueFen,
            boolean sellable,
            Instant at) {}

    /// @return what so much costs by the pharmacy's own price in force, null when it has none
    @Nullable Long out(Tx tx, Out out);

    void back(Tx tx, Back back);
}
