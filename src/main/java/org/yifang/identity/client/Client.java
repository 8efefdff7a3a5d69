package org.yifang.identity.client;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Role;

import java.time.Instant;
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
/// @param jwksUrl where its public keys are fetched, or null
/// @param assertsPatients whether it vouches for the patient that it names
/// @param addresses ranges that it may call from; empty: any
/// @param tokensFrom tokens issued before are refused, or null
/// @param oldSecretHash the secret before the last rotation, or null
/// @param oldSecretUntil until when that one is taken, or null
/// @param demonstration whether everybody knows its secret
/// @param version counts the changes, from 1
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
        boolean active,
        @Nullable String jwksUrl,
        boolean assertsPatients,
        List<String> addresses,
        @Nullable Instant tokensFrom,
        @Nullable String oldSecretHash,
        @Nullable Instant oldSecretUntil,
        boolean demonstration,
        long version) {

    /// A client as it is first registered, without what is rarely wanted.
    public Client(
            String id,
            String region,
            Role role,
            UUID organizationId,
            String organization,
            List<String> reviewsFor,
            List<String> scopes,
            @Nullable String secretHash,
            @Nullable String jwks,
            boolean active) {
        this(
                id,
                region,
                role,
                organizationId,
                organization,
                reviewsFor,
                scopes,
                secretHash,
                jwks,
                active,
                null,
                false,
                List.of(),
                null,
                null,
                null,
                false,
                1);
    }
}
