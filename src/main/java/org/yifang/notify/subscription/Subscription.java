package org.yifang.notify.subscription;

import org.jspecify.annotations.Nullable;
import org.yifang.notify.Topic;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/// Somebody's wish to be told.
///
/// @param secret what notifications are signed with, sealed
/// @param old the secret before the last rotation, sealed, or null
/// @param oldUntil until when notifications are signed with that one too, or null
/// @param shaken whether its address has answered the handshake
/// @param error what went wrong last at its address, or null
public record Subscription(
        UUID id,
        Owner owner,
        Status status,
        Request request,
        byte[] secret,
        byte @Nullable [] old,
        @Nullable Instant oldUntil,
        boolean shaken,
        @Nullable String error,
        long version,
        Instant createdAt,
        Instant updatedAt) {

    /// Where it stands in its life.
    public enum Status {
        REQUESTED,
        ACTIVE,
        ERROR,
        OFF;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Status of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }
    }

    /// What a notification holds.
    public enum Content {
        EMPTY,
        ID_ONLY,
        FULL_RESOURCE;

        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static @Nullable Content find(String code) {
            for (Content one : values()) {
                if (one.code().equals(code)) {
                    return one;
                }
            }
            return null;
        }
    }

    /// Whose it is: a client, of a patient app for one patient.
    ///
    /// @param scopes of the token that made it: it is told within them
    public record Owner(
            String clientId,
            Role role,
            UUID organizationId,
            String organization,
            @Nullable UUID patientId,
            List<String> scopes) {
        static Owner of(Caller caller) {
            return new Owner(
                    caller.clientId(),
                    caller.role(),
                    caller.organizationId(),
                    caller.organization(),
                    caller.patientId(),
                    caller.scopes());
        }

        /// Whom an event must name to be for it; null for reviewers, whom none names.
        @Nullable UUID audience() {
            return switch (role) {
                case PATIENT -> patientId;
                case HOSPITAL, PHARMACY -> organizationId;
                case REVIEWER, BUREAU, AUDITOR, OPERATOR -> null;
            };
        }
    }

    /// What its owner asks for, and may change.
    ///
    /// @param heartbeat seconds of silence after which it is told that we live, or null
    /// @param timeout seconds that its address may take to answer, or null for the usual
    /// @param maxCount events in one notification at most, or null for one
    /// @param contact whom to reach about it, a list of ContactPoints as JSON, or null
    /// @param endsAt when it ends by itself, or null
    public record Request(
            Topic topic,
            Filter filter,
            String endpoint,
            Content content,
            @Nullable Integer heartbeat,
            @Nullable Integer timeout,
            @Nullable Integer maxCount,
            String reason,
            @Nullable String contact,
            @Nullable Instant endsAt) {}

    /// Whether it is told nothing any more.
    public boolean isOver(Instant now) {
        Instant end = request.endsAt();
        return status == Status.OFF || end != null && !end.isAfter(now);
    }

    /// How many events it takes at once.
    public int most() {
        return request.maxCount() == null ? 1 : request.maxCount();
    }

    Subscription with(Status next, boolean shakenThen, @Nullable String errorThen) {
        return new Subscription(
                id,
                owner,
                next,
                request,
                secret,
                old,
                oldUntil,
                shakenThen,
                errorThen,
                version,
                createdAt,
                updatedAt);
    }

    Subscription changed(Request other, Instant now) {
        return new Subscription(
                id,
                owner,
                status,
                other,
                secret,
                old,
                oldUntil,
                shaken,
                error,
                version + 1,
                createdAt,
                now);
    }
}
