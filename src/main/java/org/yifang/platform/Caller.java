package org.yifang.platform;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.UUID;

/// Who is calling: the client, its organization and role, and the person behind this very call.
///
/// @param clientId the registered client
/// @param role the client's one role
/// @param organizationId the Organization resource of the client
/// @param organization its number (`nhsa-org`), `H42128100001`
/// @param reviewsFor numbers of the hospitals that a reviewer is registered for, else empty
/// @param scopes SMART v2 scopes of the token, as granted
/// @param patientId the one patient that a patient app acts for, else null
/// @param person the person behind the call
/// @param address the network address that the call came from
/// @param requestId names this call in logs and answers
/// @param language `zh-CN` or `en`: what texts for people are written in
/// @param taskId the one prescription that who showed its slip may see; null: all of the patient
/// @param once what the caller wants done once, null when it sent no `Idempotency-Key`
/// @param expected the version that what it calls on must have, null when it sent no `If-Match`
public record Caller(
        String clientId,
        Role role,
        UUID organizationId,
        String organization,
        List<String> reviewsFor,
        List<String> scopes,
        @Nullable UUID patientId,
        Person person,
        String address,
        String requestId,
        String language,
        @Nullable UUID taskId,
        @Nullable Once once,
        @Nullable Long expected) {

    public Caller(
            String clientId,
            Role role,
            UUID organizationId,
            String organization,
            List<String> reviewsFor,
            List<String> scopes,
            @Nullable UUID patientId,
            Person person,
            String address,
            String requestId,
            String language) {
        this(
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
                language,
                null,
                null,
                null);
    }

    /// The same caller, who wants this call done once.
    public Caller wanting(Once one) {
        return with(requestId, language, taskId, one, expected);
    }

    /// The same caller, who calls on this version and on no other.
    public Caller expecting(@Nullable Long version) {
        return with(requestId, language, taskId, once, version);
    }

    /// The same caller in the call that this id names.
    public Caller calling(String id, String spoken) {
        return with(id, spoken, taskId, once, expected);
    }

    /// The same caller, who sees one prescription only.
    public Caller seeing(UUID task) {
        return with(requestId, language, task, once, expected);
    }

    /// The same caller, who reads texts in another language.
    public Caller speaking(String other) {
        return with(requestId, other, taskId, once, expected);
    }

    private Caller with(
            String request,
            String spoken,
            @Nullable UUID task,
            @Nullable Once one,
            @Nullable Long version) {
        return new Caller(
                clientId,
                role,
                organizationId,
                organization,
                reviewsFor,
                scopes,
                patientId,
                person,
                address,
                request,
                spoken,
                task,
                one,
                version);
    }

    /// The person behind a call as its client names it; every part may be absent.
    public record Person(
            @Nullable String id,
            @Nullable String name,
            @Nullable String role,
            @Nullable String organization,
            @Nullable String purposeOfUse) {
        public static final Person UNNAMED = new Person(null, null, null, null, null);
    }

    public boolean is(Role one) {
        return role == one;
    }
}
