package org.yifang.identity.person;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.config.OpenId;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Who somebody is by the word of the OpenID provider (OpenID Connect Core 1.0 section 3.1.3.7).
///
/// @param subject the name that the provider never gives to another
/// @param login the value of the configured claim
/// @param strong whether the provider asked for a second factor (RFC 8176)
record IdentityToken(String subject, String login, boolean strong) {
    /// What providers sign with; never a secret that we share with them, never nothing.
    private static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(
                    JWSAlgorithm.RS256,
                    JWSAlgorithm.RS384,
                    JWSAlgorithm.RS512,
                    JWSAlgorithm.PS256,
                    JWSAlgorithm.PS384,
                    JWSAlgorithm.PS512,
                    JWSAlgorithm.ES256,
                    JWSAlgorithm.ES384,
                    JWSAlgorithm.ES512);

    /// A token is fetched in the moment in which it is made.
    private static final Duration OLD = Duration.ofMinutes(10);

    private static final Duration SKEW = Duration.ofSeconds(60);
    private static final Set<String> SECOND_FACTORS = Set.of("mfa", "otp", "hwk", "sc");

    /// Which of the provider's keys a token says that it was signed with.
    static @Nullable String keyId(String token) {
        try {
            return SignedJWT.parse(token).getHeader().getKeyID();
        } catch (ParseException unreadable) {
            return null;
        }
    }

    /// What a token says; empty when it is not the provider's, not for us, not of this sign-in, or
    /// over.
    static Optional<IdentityToken> read(
            String token, JWKSet keys, OpenId options, String nonce, Instant now) {
        var processor = new DefaultJWTProcessor<SecurityContext>();
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(keys)));
        processor.setJWTClaimsSetVerifier(new Verifier(options, nonce, now));
        try {
            JWTClaimsSet claims = processor.process(token, null);
            String login = claims.getClaim(options.claim()) instanceof String text ? text : "";
            return Optional.of(
                    new IdentityToken(
                            claims.getSubject(), login, isStrong(claims.getClaim("amr"))));
        } catch (ParseException | BadJOSEException | JOSEException | RuntimeException refused) {
            return Optional.empty();
        }
    }

    private static boolean isStrong(@Nullable Object methods) {
        return methods instanceof List<?> all && all.stream().anyMatch(SECOND_FACTORS::contains);
    }

    /// Checks the claims by our own clock.
    private static final class Verifier extends DefaultJWTClaimsVerifier<SecurityContext> {
        private final OpenId options;
        private final Instant now;

        Verifier(OpenId options, String nonce, Instant now) {
            super(
                    options.client(),
                    new JWTClaimsSet.Builder()
                            .issuer(options.issuer().toString())
                            .claim("nonce", nonce)
                            .build(),
                    Set.of("sub", "exp", "iat"));
            this.options = options;
            this.now = now;
            setMaxClockSkew((int) SKEW.toSeconds());
        }

        @Override
        protected Date currentTime() {
            return Date.from(now);
        }

        @Override
        public void verify(JWTClaimsSet claims, @Nullable SecurityContext context)
                throws com.nimbusds.jwt.proc.BadJWTException {
            super.verify(claims, context);
            Object party = claims.getClaim("azp");
            boolean ours =
                    party == null
                            ? claims.getAudience().size() == 1
                            : options.client().equals(party);
            Instant made = claims.getIssueTime().toInstant();
            boolean fresh = made.isAfter(now.minus(OLD)) && made.isBefore(now.plus(SKEW));
            if (!ours || !fresh || claims.getSubject().isEmpty()) {
                throw new com.nimbusds.jwt.proc.BadJWTException("not for us, or of another time");
            }
        }
    }
}
