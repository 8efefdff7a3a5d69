package org.yifang.identity.client;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

class AccessTokensTest {
    private static final Instant NOON = Instant.parse("2026-03-01T04:00:00Z");
    private static final UUID ORGANIZATION = UUID.randomUUID();
    private static final Grant GRANT =
            new Grant(
                    "reviewer-1",
                    Role.REVIEWER,
                    ORGANIZATION,
                    "H42128100001",
                    List.of("H42128100001", "H42128100002"),
                    List.of("system/Task.rs", "system/Bundle.r"),
                    UUID.randomUUID(),
                    new Caller.Person("P1", "李药师", "pharmacist", "H42128100001", "TREAT"),
                    NOON.plus(AccessTokens.LIFETIME),
                    null);

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final InstantSource clock = now::get;
    private final SigningKeys keys = SigningKeys.of(clock, List.of(SigningKeys.generate()));
    private final AccessTokens tokens = new AccessTokens(keys, "http://localhost:8080", clock);

    @Test
    void come_back_as_they_went_in_also_without_the_cache() {
        String token = tokens.issue(GRANT, "1");
        assertThat(tokens.read(token)).contains(GRANT);
        assertThat(tokens.read(token)).contains(GRANT);
        assertThat(new AccessTokens(keys, "http://localhost:8080", clock).read(token))
                .contains(GRANT);
        assertThat(GRANT.caller("::1", "r", "en"))
                .isEqualTo(
                        new Caller(
                                "reviewer-1",
                                Role.REVIEWER,
                                ORGANIZATION,
                                "H42128100001",
                                GRANT.reviewsFor(),
                                GRANT.scopes(),
                                GRANT.patientId(),
                                GRANT.person(),
                                "::1",
                                "r",
                                "en"));
    }

    @Test
    void end_at_the_very_second_even_from_the_cache() {
        String token = tokens.issue(GRANT, "1");
        assertThat(tokens.read(token)).isPresent();
        now.set(NOON.plus(AccessTokens.LIFETIME).minusMillis(1));
        assertThat(tokens.read(token)).isPresent();
        now.set(NOON.plus(AccessTokens.LIFETIME));
        assertThat(tokens.read(token)).isEmpty();
        assertThat(AccessTokens.LIFETIME).isLessThanOrEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void are_worth_nothing_when_altered() {
        String token = tokens.issue(GRANT, "1");
        String[] parts = token.split("\\.");
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
        String auditor = claims.replace("\"reviewer\"", "\"auditor\"");
        assertThat(auditor).isNotEqualTo(claims);
        String forged = encoded(auditor);
        assertThat(tokens.read(parts[0] + "." + forged + "." + parts[2])).isEmpty();
        assertThat(tokens.read(encoded("{\"alg\":\"none\"}") + "." + forged + ".")).isEmpty();
        assertThat(
                        tokens.read(
                                encoded("{\"alg\":\"none\",\"typ\":\"at+jwt\"}")
                                        + "."
                                        + forged
                                        + "."))
                .isEmpty();
        assertThat(tokens.read(parts[0] + "." + parts[1] + ".")).isEmpty();
        assertThat(tokens.read("")).isEmpty();
        assertThat(tokens.read("a.b.c")).isEmpty();
    }

    @Test
    void are_worth_nothing_when_signed_with_the_public_key_as_a_secret() throws Exception {
        var header =
                new com.nimbusds.jose.JWSHeader.Builder(com.nimbusds.jose.JWSAlgorithm.HS256)
                        .type(new com.nimbusds.jose.JOSEObjectType("at+jwt"))
                        .keyID(
                                com.nimbusds.jose.jwk.JWKSet.parse(keys.jwks())
                                        .getKeys()
                                        .getFirst()
                                        .getKeyID())
                        .build();
        String token = tokens.issue(GRANT, "1");
        var payload = com.nimbusds.jose.JWSObject.parse(token).getPayload();
        var forged = new com.nimbusds.jose.JWSObject(header, payload);
        forged.sign(new com.nimbusds.jose.crypto.MACSigner(keys.jwks().getBytes(UTF_8)));
        assertThat(tokens.read(forged.serialize())).isEmpty();
    }

    @Test
    void of_another_key_another_issuer_or_another_kind_are_worth_nothing() {
        SigningKeys others = SigningKeys.of(clock, List.of(SigningKeys.generate()));
        assertThat(
                        tokens.read(
                                new AccessTokens(others, "http://localhost:8080", clock)
                                        .issue(GRANT, "1")))
                .isEmpty();
        assertThat(tokens.read(new AccessTokens(keys, "http://other", clock).issue(GRANT, "1")))
                .isEmpty();
        var claims = Map.<String, Object>of("iss", "http://localhost:8080");
        assertThat(tokens.read(keys.sign("pickup+jwt", claims))).isEmpty();
    }

    @Test
    void signed_by_a_former_key_stay_good_until_they_end() {
        String token = tokens.issue(GRANT, "1");
        var former = keys.jwks();
        assertThat(former).doesNotContain("\"d\"");
        var generated = SigningKeys.generate();
        SigningKeys first = SigningKeys.of(clock, List.of(generated));
        String old = new AccessTokens(first, "http://localhost:8080", clock).issue(GRANT, "1");
        SigningKeys both = SigningKeys.of(clock, List.of(SigningKeys.generate(), generated));
        AccessTokens rotated = new AccessTokens(both, "http://localhost:8080", clock);
        assertThat(rotated.read(old)).contains(GRANT);
        assertThat(first.verify("at+jwt", rotated.issue(GRANT, "2"))).isEmpty();
        assertThat(rotated.read(token)).isEmpty();
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
    }
}
