package org.yifang.registry;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// A hospital, a pharmacy or a bureau.
///
/// @param region GB/T 2260, six digits
/// @param number that of the medical insurance (`nhsa-org`); of a bureau its USCC
/// @param partOf the hospital whose in-house pharmacy it is, else null
/// @param locations where it serves people; the first is the main one
/// @param version counts the changes, from 1
public record Organization(
        UUID id,
        String region,
        String number,
        Kind kind,
        String name,
        @Nullable Uscc uscc,
        @Nullable UUID partOf,
        @Nullable String phone,
        List<Location> locations,
        long version,
        Instant updatedAt) {

    /// What an organization is.
    public enum Kind {
        HOSPITAL,
        PHARMACY,
        BUREAU;

        /// As written in tables and files.
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// Reads what [#code] wrote.
        ///
        /// @throws IllegalArgumentException when it is none
        public static Kind of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }
    }

    public Organization {
        locations = List.copyOf(locations);
    }

    public boolean isPharmacy() {
        return kind == Kind.PHARMACY;
    }

    /// Whether it is a hospital's own pharmacy.
    public boolean isInHouse() {
        return partOf != null;
    }

    /// Where patients go; empty for an organization without a counter.
    public Optional<Location> counter() {
        return locations.stream().findFirst();
    }
}
