package org.yifang.identity.person;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.HexFormat;

/// A session as it stands in the database.
///
/// @param id SHA-256 of the cookie
/// @param pending key of a second factor not confirmed yet, sealed, or null
/// @param back the path to go to once in
/// @param seenAt when it was last used, to the minute
public record Session(
        byte[] id,
        String login,
        Stage stage,
        String formToken,
        byte @Nullable [] pending,
        String back,
        String address,
        String agent,
        Instant createdAt,
        Instant seenAt) {

    /// What is still to be done before the person is in.
    public enum Stage {
        SECOND_FACTOR,
        CHANGE,
        ENROL,
        IN;

        String code() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        static Stage of(String code) {
            return valueOf(code.toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
        }
    }

    /// The id as people and pages name it.
    public String name() {
        return HexFormat.of().formatHex(id);
    }
}
