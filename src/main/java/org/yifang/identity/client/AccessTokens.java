package org.yifang.identity.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Issues access tokens and reads them back: signed JWTs (RFC 9068) of at most 15 minutes.
public final class AccessTokens {
    /// The contract's limit.
    public static final Duration LIFETIME = Duration.ofMinutes(15);

    /// A token is some 900 bytes: the cache stays under 10 MiB. One that falls out is verified
    /// again.
    private static final int CACHED_MAX = 5_000;

    private static final String TYPE = "at+jwt";

    /// When it was issued, to the millisecond; tokens of the version before have `iat` alone.
    private static final String ISSUED = "issued_ms";

    private final SigningKeys keys;
    private final String issuer;
    private final String audience;
    private final InstantSource clock;
    private final Cache<String, Held> verified =
            Caffeine.newBuilder().maximumSize(CACHED_MAX).expireAfterWrite(LIFETIME).build();

    /// @param publicUrl how clients reach the service, without a slash at its end
    AccessTokens(SigningKeys keys, String publicUrl, InstantSource clock) {
        this.keys = keys;
        this.issuer = publicUrl;
        this.audience = publicUrl + "/fhir";
        this.clock = clock;
    }

    String issue(Grant grant, String id) {
        Instant now = clock.instant();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("aud", audience);
        claims.put("sub", grant.clientId());
        claims.put("client_id", grant.clientId());
        claims.put("iat", now.getEpochSecond());
        // A suspension and what follows it may lie within one second.
        claims.put(ISSUED, now.toEpochMilli());
        claims.put("exp", grant.expiresAt().getEpochSecond());
        claims.put("jti", id);
        claims.put("scope", String.join(" ", grant.scopes()));
        claims.put("role", grant.role().code());
        claims.put("organization_id", grant.organizationId().toString());
        claims.put("organization", grant.organization());
        if (!grant.reviewsFor().isEmpty()) {
            claims.put("reviews_for", grant.reviewsFor());
        }
        if (grant.patientId() != null) {
            claims.put("patient", grant.patientId().toString());
        }
        if (grant.taskId() != null) {
            claims.put("task", grant.taskId().toString());
        }
        Map<String, Object> person = person(grant.person());
        if (!person.isEmpty()) {
            claims.put("extensions", Map.of("hl7-b2b", person));
        }
        return keys.sign(TYPE, claims);
    }

    /// A token that is ours.
    ///
    /// @param id its `jti`
    record Held(Grant grant, String id, Instant issuedAt) {}

    /// What a token grants now; empty when it is not ours, altered or over.
    Optional<Grant> read(String token) {
        return held(token).map(Held::grant);
    }

    /// The token behind its writing; empty when it is not ours, altered or over. Whether its client
    /// is still active is another question.
    Optional<Held> held(String token) {
        Held known = verified.getIfPresent(token);
        if (known == null) {
            known = keys.verify(TYPE, token).flatMap(this::held).orElse(null);
            if (known != null) {
                verified.put(token, known);
            }
        }
        return Optional.ofNullable(known)
                .filter(held -> clock.instant().isBefore(held.grant().expiresAt()));
    }

    private Optional<Held> held(Map<String, Object> claims) {
        if (!(claims.get("iat") instanceof Number issued)) {
            return Optional.empty();
        }
        Instant at =
                claims.get(ISSUED) instanceof Number millis
                        ? Instant.ofEpochMilli(millis.longValue())
                        : Instant.ofEpochSecond(issued.longValue());
        return grant(claims).map(grant -> new Held(grant, text(claims, "jti"), at));
    }

    private Optional<Grant> grant(Map<String, Object> claims) {
        if (!issuer.equals(claims.get("iss")) || !audience.equals(claims.get("aud"))) {
            return Optional.empty();
        }
        if (!(claims.get("exp") instanceof Number exp)) {
            return Optional.empty();
        }
        String scope = text(claims, "scope");
        String patient = find(claims, "patient");
        String task = find(claims, "task");
        return Optional.of(
                new Grant(
                        text(claims, "client_id"),
                        Role.of(text(claims, "role")),
                        UUID.fromString(text(claims, "organization_id")),
                        text(claims, "organization"),
                        claims.get("reviews_for") instanceof List<?> list
                                ? list.stream().map(String::valueOf).toList()
                                : List.of(),
                        List.of(scope.split(" ", -1)),
                        patient == null ? null : UUID.fromString(patient),
                        person(claims),
                        Instant.ofEpochSecond(exp.longValue()),
                        task == null ? null : UUID.fromString(task)));
    }

    private static Map<String, Object> person(Caller.Person person) {
        Map<String, Object> parts = new LinkedHashMap<>();
        put(parts, "subject_id", person.id());
        put(parts, "subject_name", person.name());
        put(parts, "subject_role", person.role());
        put(parts, "organization_id", person.organization());
        put(parts, "purpose_of_use", person.purposeOfUse());
        return parts;
    }

    private static Caller.Person person(Map<String, Object> claims) {
        if (claims.get("extensions") instanceof Map<?, ?> extensions
                && extensions.get("hl7-b2b") instanceof Map<?, ?> parts) {
            return new Caller.Person(
                    find(parts, "subject_id"),
                    find(parts, "subject_name"),
                    find(parts, "subject_role"),
                    find(parts, "organization_id"),
                    find(parts, "purpose_of_use"));
        }
        return Caller.Person.UNNAMED;
    }

    private static void put(Map<String, Object> parts, String name, @Nullable String value) {
        if (value != null) {
            parts.put(name, value);
        }
    }

    private static String text(Map<?, ?> claims, String name) {
        return String.valueOf(claims.get(name));
    }

    private static @Nullable String find(Map<?, ?> claims, String name) {
        return claims.get(name) instanceof String text ? text : null;
    }
}
