package org.yifang.identity.signature;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.StrictJson;
import org.yifang.platform.problem.Problem;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Checks the signature of a prescription: a detached JWS over the document's canonical form.
///
/// `Bundle.signature.data` is the base64 of a compact JWS with empty payload (RFC 7515 appendix F);
/// the payload is the RFC 8785 form of the Bundle without `signature`.
public final class BundleSignature {
    /// What `sigFormat` must be.
    public static final String FORMAT = "application/jose";

    /// How far `iat` may be from `Bundle.timestamp`, either way.
    public static final Duration STAMP_TOLERANCE = Duration.ofMinutes(5);

    static final Set<String> SIGNATURE = Set.of("signature");

    private final TrustAnchors anchors;

    public BundleSignature(TrustAnchors anchors) {
        this.anchors = anchors;
    }

    /// Judges a document as it was submitted, byte for byte.
    ///
    /// @param bundle strict JSON
    /// @param jwks keys that the custodian registered, or null when it registered none
    public Verdict verify(byte[] bundle, @Nullable String jwks) {
        return verify(bundle, jwks, Set.of());
    }

    /// As above, where the signer has to be of the organization that sends the document.
    ///
    /// @param names what the organization is called in certificates: its number, its name, its
    ///   USCC; empty to ask nothing of the kind
    public Verdict verify(byte[] bundle, @Nullable String jwks, Set<String> names) {
        try {
            JsonObject document = new JsonObject(Buffer.buffer(bundle));
            if (!document.containsKey("signature")) {
                return new Verdict.Missing();
            }
            DetachedJws jws = DetachedJws.of(document.getJsonObject("signature"));
            return verify(bundle, document, jws, jwks, names);
        } catch (Refused e) {
            return new Verdict.Invalid(e.reason, e.remedy);
        } catch (DecodeException | ClassCastException | Problem e) {
            return new Verdict.Invalid(
                    "The signature is not built as FHIR and RFC 7515 say.",
                    "Compare it with the example in `docs/integrators.md`.");
        }
    }

    private Verdict verify(
            byte[] bundle,
            JsonObject document,
            DetachedJws jws,
            @Nullable String jwks,
            Set<String> names)
            throws Refused {
        Instant signedAt = jws.signedAt();
        Duration apart = Duration.between(signedAt, stamp(document)).abs();
        if (apart.compareTo(STAMP_TOLERANCE) > 0) {
            throw new Refused(
                    "The header's iat is more than 5 minutes from Bundle.timestamp.",
                    "Write Bundle.timestamp anew and sign at once, with `iat` of now.");
        }
        if (!CanonicalJson.isExact(bundle)) {
            throw new Refused(
                    "A number has more digits than a signature covers (RFC 8785).",
                    "Write numbers with at most 15 digits.");
        }
        SignatureAlgorithm algorithm = jws.algorithm();
        Signer signer = signer(jws, signedAt, jwks, names);
        byte[] canonical = CanonicalJson.without(bundle, SIGNATURE);
        if (!algorithm.verify(signer.key(), signingInput(jws.header64(), canonical), jws.value())) {
            throw new Refused(
                    "The signature does not fit the document and the signer's key.",
                    "Sign the RFC 8785 form of the Bundle without `signature`, with the key of the"
                            + " header.");
        }
        return new Verdict.Valid(algorithm, signedAt, signer.name());
    }

    private Signer signer(
            DetachedJws jws, Instant signedAt, @Nullable String jwks, Set<String> names)
            throws Refused {
        List<String> x5c = jws.x5c();
        if (!x5c.isEmpty()) {
            TrustAnchors.Chain chain =
                    anchors.chain(x5c)
                            .orElseThrow(() ->
                                    new Refused(
                                            "The certificates of x5c lead to no trusted"
                                                    + " authority, or may not sign.",
                                            anchors.advice()));
            if (signedAt.isBefore(chain.from()) || signedAt.isAfter(chain.until())) {
                throw new Refused(
                        "A certificate of x5c was not valid at the signing time.",
                        "Sign with a certificate that is valid now.");
            }
            Instant revoked = chain.revoked();
            if (revoked != null && !revoked.isAfter(signedAt)) {
                throw new Refused(
                        "A certificate of x5c had been revoked at the signing time.",
                        "Sign with another certificate.");
            }
            boolean owned =
                    names.isEmpty()
                            || chain.names().stream().anyMatch(names::contains)
                            || (jwks != null && KeySet.has(jwks, chain.key()));
            if (!owned) {
                throw new Refused(
                        "The certificate of x5c is another organization's: its subject names the"
                                + " sender neither by number nor by name, and its key is not"
                                + " registered.",
                        "Have the subject name the organization (`O=`), or register the key in the"
                                + " client's JWKS.");
            }
            return new Signer(chain.key(), chain.subject() + ", serial " + chain.serial());
        }
        String kid = jws.kid();
        Optional<PublicKey> key =
                kid == null || jwks == null ? Optional.empty() : KeySet.find(jwks, kid);
        return new Signer(
                key.orElseThrow(() ->
                        new Refused(
                                "The header has no x5c, and its kid is no key that the"
                                        + " organization registered.",
                                "Send certificates in `x5c`, or have the operator register the key"
                                        + " in the client's JWKS.")),
                "kid " + kid);
    }

    /// What is signed (RFC 7515 section 5.1).
    static byte[] signingInput(String header64, byte[] payload) {
        String payload64 = Base64.getUrlEncoder().withoutPadding().encodeToString(payload);
        return (header64 + '.' + payload64).getBytes(StandardCharsets.US_ASCII);
    }

    private static Instant stamp(JsonObject document) throws Refused {
        try {
            return OffsetDateTime.parse(document.getString("timestamp", "")).toInstant();
        } catch (DateTimeException e) {
            throw new Refused(
                    "Bundle.timestamp is missing.",
                    "Give Bundle.timestamp, within 5 minutes of `iat`.");
        }
    }

    private record Signer(PublicKey key, String name) {}

    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;
        private final String remedy;

        Refused(String reason, String remedy) {
            super(reason, null, false, false);
            this.reason = reason;
            this.remedy = remedy;
        }
    }

    /// A detached JWS taken apart.
    private record DetachedJws(String header64, JsonObject header, byte[] value) {
        static DetachedJws of(@Nullable JsonObject signature) throws Refused {
            if (signature == null || !FORMAT.equals(signature.getString("sigFormat"))) {
                throw new Refused(
                        "signature.sigFormat is not `" + FORMAT + "`.",
                        "Set it to that; `data` holds a detached JWS.");
            }
            try {
                byte[] data = Base64.getMimeDecoder().decode(signature.getString("data", ""));
                String[] parts = new String(data, StandardCharsets.UTF_8).split("\\.", -1);
                if (parts.length != 3 || !parts[1].isEmpty()) {
                    throw new Refused(
                            "signature.data is no compact JWS with empty payload.",
                            "Give base64 of `header..signature`, the payload left empty (RFC 7515"
                                    + " appendix F).");
                }
                byte[] header = Base64.getUrlDecoder().decode(parts[0]);
                if (!StrictJson.findings(header).isEmpty()) {
                    throw new Refused(
                            "The JWS header is no strict JSON.",
                            "Write the header as JSON, no name twice.");
                }
                byte[] value = Base64.getUrlDecoder().decode(parts[2]);
                return new DetachedJws(parts[0], new JsonObject(Buffer.buffer(header)), value);
            } catch (IllegalArgumentException e) {
                throw new Refused(
                        "signature.data is not base64, or its parts not base64url.",
                        "Give base64 of `header..signature`, each part base64url without padding.");
            }
        }

        SignatureAlgorithm algorithm() throws Refused {
            if (header.containsKey("crit") || !header.getBoolean("b64", true)) {
                throw new Refused(
                        "The header asks for what is not understood here (crit, b64).",
                        "Leave `crit` and `b64` out of the header.");
            }
            return SignatureAlgorithm.of(header.getString("alg", ""))
                    .orElseThrow(() ->
                            new Refused(
                                    "alg is none of ES256, RS256, SM2SM3.",
                                    "Sign by one of these."));
        }

        Instant signedAt() throws Refused {
            if (header.getValue("iat") instanceof Number seconds
                    && Math.abs(seconds.doubleValue()) < 1e11) {
                return Instant.ofEpochMilli(Math.round(seconds.doubleValue() * 1000));
            }
            throw new Refused(
                    "The header has no iat in seconds since 1970.",
                    "Put the time of signing into `iat`.");
        }

        List<String> x5c() {
            JsonArray certificates = header.getJsonArray("x5c", new JsonArray());
            List<String> chain = new ArrayList<>();
            for (int i = 0; i < certificates.size(); i++) {
                chain.add(certificates.getString(i));
            }
            return chain;
        }

        @Nullable String kid() {
            return header.getString("kid");
        }
    }
}
