package org.yifang.identity.client;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.StrictJson;
import org.yifang.platform.Caller;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A client's own signed statement of who it is (`private_key_jwt`, RFC 7523; SMART Backend
/// Services section 2.1.6).
///
/// @param subject the client that it says it is
/// @param jti its id, to be used once
/// @param expiresAt when it is over
record ClientAssertion(
        JWSObject jws, Map<String, Object> claims, String subject, String jti, Instant expiresAt) {
    /// What `client_assertion_type` must be.
    static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// The algorithms of the contract.
    static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(JWSAlgorithm.RS384, JWSAlgorithm.ES384, JWSAlgorithm.ES256);

    /// SMART: an assertion is good for five minutes at the most.
    static final Duration AHEAD_MAX = Duration.ofMinutes(5);

    /// What a client's clock may be ahead of ours where a claim says "not before".
    private static final Duration SKEW = Duration.ofSeconds(60);

    /// An assertion made longer ago is not one of a sound clock.
    private static final Duration PAST_MOST = Duration.ofDays(1);

    private static final int RSA_BITS_MIN = 2048;
    private static final int JTI_LENGTH_MAX = 200;

    /// An assertion as it was read, or what is wrong with its form.
    sealed interface Read {
        record Whole(ClientAssertion assertion) implements Read {}

        /// @param flaw a sentence for the developer at the other end; it quotes nothing
        record Unreadable(String flaw) implements Read {}
    }

    /// Reads an assertion without believing it.
    static Read read(String compact) {
        JWSObject jws;
        Map<String, Object> claims;
        try {
            jws = JWSObject.parse(compact);
            boolean strict =
                    StrictJson.findings(jws.getHeader().toBase64URL().decode()).isEmpty()
                            && StrictJson.findings(jws.getPayload().toBytes()).isEmpty();
            claims = strict ? jws.getPayload().toJSONObject() : null;
        } catch (ParseException | RuntimeException e) {
            return new Read.Unreadable(
                    "The assertion is no signed JWT of three parts (RFC 7515, compact form).");
        }
        if (claims == null) {
            return new Read.Unreadable(
                    "The header or the claims of the assertion are no strict JSON object.");
        }
        if (!(claims.get("sub") instanceof String subject) || subject.isEmpty()) {
            return new Read.Unreadable("The claim sub is missing: it names the client.");
        }
        if (!(claims.get("jti") instanceof String jti)
                || jti.isEmpty()
                || jti.length() > JTI_LENGTH_MAX) {
            return new Read.Unreadable(
                    "The claim jti is missing, or longer than %d characters."
                            .formatted(JTI_LENGTH_MAX));
        }
        if (!(claims.get("exp") instanceof Number exp)) {
            return new Read.Unreadable("The claim exp is missing, or no number of seconds.");
        }
        return new Read.Whole(
                new ClientAssertion(
                        jws, claims, subject, jti, Instant.ofEpochSecond(exp.longValue())));
    }

    /// What is wrong with the claims, whoever signed them; empty when nothing is.
    ///
    /// @param tokenUrl what the audience must be
    Optional<String> flaw(String tokenUrl, Instant now) {
        if (!ALGORITHMS.contains(jws.getHeader().getAlgorithm())) {
            return Optional.of("The assertion is signed with none of RS384, ES384, ES256.");
        }
        if (!subject.equals(claims.get("iss"))) {
            return Optional.of("The claim iss is not sub.");
        }
        boolean forUs =
                claims.get("aud") instanceof List<?> many
                        ? many.contains(tokenUrl)
                        : tokenUrl.equals(claims.get("aud"));
        if (!forUs) {
            return Optional.of("The claim aud is not `" + tokenUrl + "`.");
        }
        if (!now.isBefore(expiresAt)) {
            return Optional.of("The claim exp is over.");
        }
        if (expiresAt.isAfter(now.plus(AHEAD_MAX))) {
            return Optional.of("The claim exp is more than 5 minutes ahead.");
        }
        for (String name : List.of("nbf", "iat")) {
            Object claim = claims.get(name);
            if (claim == null) {
                continue;
            }
            if (!(claim instanceof Number from)) {
                return Optional.of("The claim " + name + " is no number of seconds.");
            }
            long ahead = from.longValue() - now.getEpochSecond();
            if (ahead > SKEW.toSeconds() || ahead < -PAST_MOST.toSeconds()) {
                return Optional.of("The claim " + name + " is in the future, or long past.");
            }
        }
        return Optional.empty();
    }

    /// The patient that the client acts for, null without one.
    @Nullable String patient() {
        Object patient = claims.get("patient");
        return patient == null ? null : String.valueOf(patient);
    }

    /// The person behind the call (`extensions.hl7-b2b`); empty when a part is no text.
    Optional<Caller.Person> person() {
        Object extensions = claims.get("extensions");
        if (extensions == null) {
            return Optional.of(Caller.Person.UNNAMED);
        }
        if (!(extensions instanceof Map<?, ?> all)) {
            return Optional.empty();
        }
        Object part = all.get("hl7-b2b");
        if (part == null) {
            return Optional.of(Caller.Person.UNNAMED);
        }
        return part instanceof Map<?, ?> named
                ? PersonNamed.of(name -> text(named.get(name)))
                : Optional.empty();
    }

    /// A purpose of use may be a list of codes.
    private static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case List<?> many -> String.join(" ", many.stream().map(String::valueOf).toList());
            default -> String.valueOf(value);
        };
    }

    /// Whether one of the subject's registered keys signed it.
    boolean isSignedBy(String jwks) {
        JWSAlgorithm algorithm = jws.getHeader().getAlgorithm();
        if (!ALGORITHMS.contains(algorithm) || jws.getHeader().getCriticalParams() != null) {
            return false;
        }
        String kid = jws.getHeader().getKeyID();
        try {
            for (JWK key : JWKSet.parse(jwks).getKeys()) {
                boolean meant = kid == null || kid.equals(key.getKeyID());
                JWSVerifier verifier = meant ? verifier(key, algorithm) : null;
                if (verifier != null && jws.verify(verifier)) {
                    return true;
                }
            }
        } catch (ParseException | JOSEException | RuntimeException e) {
            return false;
        }
        return false;
    }

    /// A verifier where key and algorithm belong together, else null.
    private static @Nullable JWSVerifier verifier(JWK key, JWSAlgorithm algorithm)
            throws JOSEException {
        return switch (key) {
            case RSAKey rsa
                    when algorithm.equals(JWSAlgorithm.RS384) && rsa.size() >= RSA_BITS_MIN ->
                    new RSASSAVerifier(rsa);
            case ECKey ec
                    when algorithm.equals(JWSAlgorithm.ES384)
                            && ec.getCurve().equals(Curve.P_384) ->
                    new ECDSAVerifier(ec);
            case ECKey ec
                    when algorithm.equals(JWSAlgorithm.ES256)
                            && ec.getCurve().equals(Curve.P_256) ->
                    new ECDSAVerifier(ec);
            default -> null;
        };
    }
}
