package org.yifang.queue.plan;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.UUID;

/// A registered plan: never changed, published in the audit log, and judged once.
///
/// @param id of the Measure
/// @param organization number of the bureau that registered it
/// @param client the client that registered it
/// @param verdictAt the moment as of which its one verdict is given
/// @param auditEvent the AuditEvent that published it, null for one of the demonstration
/// @param demonstration made up and dated back by the loader of the demonstration
public record Plan(
        UUID id,
        PlanDraft draft,
        String organization,
        String client,
        Instant registeredAt,
        Instant verdictAt,
        @Nullable UUID auditEvent,
        boolean demonstration) {
    /// Where days begin.
    public static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    /// The plan's hash as it is printed.
    public String hashText() {
        return HexFormat.of().formatHex(draft.hash());
    }

    /// The day it was registered.
    public LocalDate registeredOn() {
        return LocalDate.ofInstant(registeredAt, ZONE);
    }

    /// What a question about this plan is asked as of.
    ///
    /// @param told the moment that was asked for, null for none
    public Instant asOf(@Nullable Instant told, Instant now) {
        if (told != null) {
            return told;
        }
        return now.isBefore(verdictAt) ? now : verdictAt;
    }

    /// Whether what is known at this moment gives the one verdict.
    public boolean isVerdict(Instant asOf) {
        return asOf.equals(verdictAt);
    }
}
