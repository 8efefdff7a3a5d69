package org.yifang.registry;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/// Someone who signs: a prescriber, a pharmacist.
///
/// @param number that of the medical insurance (`nhsa-staff`)
/// @param title rank as registered, `主任医师`; null when not known
/// @param organizationId where registered; null when known from documents only
/// @param version counts the changes, from 1
public record Practitioner(
        UUID id,
        String number,
        String name,
        Profession profession,
        @Nullable String title,
        @Nullable UUID organizationId,
        long version,
        Instant updatedAt) {

    /// What someone is trained for.
    public enum Profession {
        PHYSICIAN,
        PHARMACIST,
        OTHER;

        /// As written in tables and files.
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// Reads what [#code] wrote.
        ///
        /// @throws IllegalArgumentException when it is none
        public static Profession of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }
    }
}
