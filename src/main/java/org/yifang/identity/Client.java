package org.yifang.identity;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Role;

import java.util.List;
import java.util.UUID;

/// One registered system of one organization with one role.
///
/// @param region GB/T 2260, six digits
/// @param organizationId the Organization resource it belongs to
/// @param organization that organization's number (`nhsa-org`)
/// @param reviewsFor numbers of the hospitals a reviewer is registered for, else empty
/// @param scopes SMART v2 scopes that it may get
/// @param secretHash as [SecretHash] writes it, or null when it may not use HTTP Basic
/// @param jwks its public keys (RFC 7517), or null when it may not use `private_key_jwt`
/// @param active whether it gets tokens
public record Client(
        String id,
        String region,
        Role role,
        UUID organizationId,
        String organization,
        List<String> reviewsFor,
        List<String> scopes,
        @Nullable String secretHash,
        @Nullable String jwks,
        boolean active) {}
