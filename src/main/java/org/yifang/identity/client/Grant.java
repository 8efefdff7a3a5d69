package org.yifang.identity.client;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// What an access token grants: a [Caller] without the circumstances of one call.
///
/// @param taskId the one prescription that who showed its slip may see, else null
/// @param expiresAt the token is no good from this second on
record Grant(
        String clientId,
        Role role,
        UUID organizationId,
        String organization,
        List<String> reviewsFor,
        List<String> scopes,
        @Nullable UUID patientId,
        Caller.Person person,
        Instant expiresAt,
        @Nullable UUID taskId) {

    static Grant of(
            Client client,
            List<String> scopes,
            @Nullable UUID patientId,
            Caller.Person person,
            Instant expiresAt) {
        return new Grant(
                client.id(),
                client.role(),
                client.organizationId(),
                client.organization(),
                client.reviewsFor(),
                scopes,
                patientId,
                person,
                expiresAt,
                null);
    }

    /// The same within what is registered now: scopes taken away are gone at once.
    Grant within(List<String> registered) {
        return scopes.equals(registered)
                ? this
                : new Grant(
                        clientId,
                        role,
                        organizationId,
                        organization,
                        reviewsFor,
                        Scopes.granted(scopes, registered),
                        patientId,
                        person,
                        expiresAt,
                        taskId);
    }

    Caller caller(String address, String requestId, String language) {
        Caller caller =
                new Caller(
                        clientId,
                        role,
                        organizationId,
                        organization,
                        reviewsFor,
                        scopes,
                        patientId,
                        person,
                        address,
                        requestId,
                        language);
        return taskId == null ? caller : caller.seeing(taskId);
    }
}
