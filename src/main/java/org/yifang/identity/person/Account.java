package org.yifang.identity.person;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Role;

import java.util.List;
import java.util.UUID;

/// A person who signs in: one organization, one role.
///
/// @param region GB/T 2260, six digits
/// @param staff staff number (`nhsa-staff`), or null
/// @param reviewsFor numbers of the hospitals that a reviewer is registered for, else empty
/// @param manager whether the person manages clients and people of the own organization
/// @param passwordHash as [PasswordHash] writes it, or null when signing in elsewhere only
/// @param passwordOnce whether the password was given out and must be changed first
/// @param totpSealed key of the second factor, sealed, or null without one
/// @param totpStep the last time step used
/// @param recoveryHashes of the codes not used yet, hex
/// @param subject who it is at the OpenID provider, or null
/// @param active false when suspended
/// @param demonstration whether everybody knows the password
/// @param version counts the changes, from 1
public record Account(
        String login,
        String region,
        String name,
        @Nullable String staff,
        Role role,
        UUID organizationId,
        String organization,
        List<String> reviewsFor,
        boolean manager,
        @Nullable String passwordHash,
        boolean passwordOnce,
        byte @Nullable [] totpSealed,
        long totpStep,
        List<String> recoveryHashes,
        @Nullable String subject,
        boolean active,
        boolean demonstration,
        long version) {

    /// Whether the role demands a second factor (the demonstration has none).
    boolean needsSecondFactor() {
        return !demonstration
                && switch (role) {
                    case BUREAU, AUDITOR, OPERATOR -> true;
                    case HOSPITAL, REVIEWER, PHARMACY, PATIENT -> false;
                };
    }
}
