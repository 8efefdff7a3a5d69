package org.yifang.queue.ticket;

import org.jspecify.annotations.Nullable;

import java.util.UUID;

/// A registered queue.
///
/// @param organization number of its organization
/// @param stage null while only files of the past named it
public record QueueRow(
        UUID id,
        UUID organizationId,
        String organization,
        String code,
        @Nullable QueueStage stage,
        @Nullable String department) {}
