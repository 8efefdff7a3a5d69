package org.yifang.export;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// One export as it stands.
///
/// @param request the URL that asked for it
/// @param types in the order in which they are written
/// @param until nothing later is in it
/// @param pseudonymKey sealed; null when it has ended
/// @param typeNumber which of the types is being written
/// @param total rows of that type to look at; null before it began
/// @param passed how many of them were looked at
/// @param reached the place of the last one, null before the first
/// @param createdAt when it was asked for
record ExportJob(
        UUID id,
        String client,
        String request,
        List<String> types,
        @Nullable Instant since,
        Instant until,
        byte @Nullable [] pseudonymKey,
        Status status,
        int typeNumber,
        @Nullable Long total,
        long passed,
        @Nullable String reached,
        int nextPart,
        int failures,
        Instant expiresAt,
        Instant createdAt) {

    enum Status {
        RUNNING,
        DONE,
        FAILED;

        String code() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    boolean isWritten() {
        return typeNumber == types.size();
    }

    /// The type being written.
    String type() {
        return types.get(typeNumber);
    }

    /// The first row of its type has still to be looked at.
    ExportJob begun(long rows) {
        return at(typeNumber, rows, 0, null, 0);
    }

    ExportJob after(ExportSource.Page page) {
        int parts = nextPart + (page.resources().isEmpty() ? 0 : 1);
        return page.reached() == null
                ? at(typeNumber + 1, null, 0, null, 0)
                : at(typeNumber, total, passed + page.passed(), page.reached(), parts);
    }

    private ExportJob at(
            int type, @Nullable Long rows, long some, @Nullable String last, int part) {
        return new ExportJob(
                id,
                client,
                request,
                types,
                since,
                until,
                pseudonymKey,
                status,
                type,
                rows,
                some,
                last,
                part,
                failures,
                expiresAt,
                createdAt);
    }

    /// How far it is, for `X-Progress`.
    String progress() {
        if (isWritten()) {
            return "closing";
        }
        String place = "type %d of %d, %s: ".formatted(typeNumber + 1, types.size(), type());
        if (total == null) {
            return place + "waiting for running transactions";
        }
        double percent = total == 0 ? 100 : 100.0 * passed / total;
        return place
                + String.format(
                        java.util.Locale.ROOT,
                        "%,d of %,d looked at (%.1f %%)",
                        passed,
                        total,
                        percent);
    }
}
