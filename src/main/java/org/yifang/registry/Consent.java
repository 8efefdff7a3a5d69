package org.yifang.registry;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.UUID;

/// What a patient allows or forbids.
///
/// @param deny else it is allowed
/// @param organization the hospital that told it with the patient's word, null when the patient did
/// @param version counts the changes, from 1
public record Consent(
        UUID id,
        UUID patient,
        Category category,
        boolean deny,
        @Nullable UUID organization,
        long version,
        Instant createdAt,
        Instant updatedAt) {

    /// What it is about (CodeSystem `consent`).
    public enum Category {
        CIRCULATION,
        FIND_WITHOUT_CODE;

        /// As written in FHIR and in tables.
        public String code() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        /// Reads what [#code] wrote.
        public static Category of(String code) {
            return valueOf(code.toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
        }
    }

    /// The same with another decision.
    public Consent told(boolean denied, @Nullable UUID by, Instant now) {
        return new Consent(id, patient, category, denied, by, version + 1, createdAt, now);
    }

    /// `permit` or `deny`, as FHIR and the table have it.
    public String provision() {
        return deny ? "deny" : "permit";
    }

    /// The role that told it last.
    public String recordedBy() {
        return organization == null ? "patient" : "hospital";
    }
}
