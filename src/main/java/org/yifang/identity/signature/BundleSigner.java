package org.yifang.identity.signature;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.json.StrictJson;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// Signs prescription documents, for tests and for those who build a hospital's side.
public final class BundleSigner {
    private static final String TYPES = "urn:iso-astm:E1762-95:2013";
    private static final String AUTHOR = "1.2.840.10065.1.12.1.1";

    private final PrivateKey key;
    private final SignatureAlgorithm algorithm;
    private final List<X509Certificate> chain;
    private final @Nullable String kid;

    private BundleSigner(PrivateKey key, List<X509Certificate> chain, @Nullable String kid) {
        this.key = key;
        this.algorithm =
                SignatureAlgorithm.of(key)
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "The key is none of P-256, RSA from 2048 bits," + " SM2."));
        this.chain = chain;
        this.kid = kid;
    }

    /// Signs in the name of a certificate.
    ///
    /// @param chain the signer's certificate first; the authority's own may be left out
    public static BundleSigner withCertificates(PrivateKey key, List<X509Certificate> chain) {
        return new BundleSigner(key, List.copyOf(chain), null);
    }

    /// Signs with a key that the organization registered.
    public static BundleSigner withKeyId(PrivateKey key, String kid) {
        return new BundleSigner(key, List.of(), kid);
    }

    /// The document with its signature as the last member, every other byte as it was.
    ///
    /// @param bundle a Bundle without `signature`
    /// @param at stands in `iat` and `signature.when`; within 5 minutes of `Bundle.timestamp`
    /// @throws IllegalArgumentException when it is not strict JSON, or signed already
    public byte[] sign(byte[] bundle, Instant at) throws GeneralSecurityException {
        if (!StrictJson.findings(bundle).isEmpty() || !CanonicalJson.isExact(bundle)) {
            throw new IllegalArgumentException(
                    "The Bundle is not strict JSON: "
                            + StrictJson.findings(bundle).stream()
                                    .findFirst()
                                    .map(finding -> finding.detail())
                                    .orElse("a number has too many digits."));
        }
        JsonObject document = object(bundle);
        if (document.containsKey("signature") || document.isEmpty()) {
            throw new IllegalArgumentException("The Bundle is signed already, or empty.");
        }
        String author = author(document);
        byte[] jws = detached(CanonicalJson.of(bundle), at).getBytes(StandardCharsets.US_ASCII);
        byte[] signature =
                FhirWriter.members(json ->
                        json.object(
                                "signature",
                                one ->
                                        one.list("type", all -> all.coding(TYPES, AUTHOR))
                                                .string("when", at.toString())
                                                .reference("who", author)
                                                .string("targetFormat", "application/fhir+json")
                                                .string("sigFormat", BundleSignature.FORMAT)
                                                .string(
                                                        "data",
                                                        Base64.getEncoder().encodeToString(jws))));
        return inserted(bundle, signature);
    }

    private String detached(byte[] canonical, Instant at) throws GeneralSecurityException {
        JsonObject header = new JsonObject().put("alg", algorithm.name());
        header.put("iat", at.getEpochSecond());
        if (kid != null) {
            header.put("kid", kid);
        } else {
            JsonArray x5c = new JsonArray();
            for (X509Certificate one : chain) {
                x5c.add(Base64.getEncoder().encodeToString(one.getEncoded()));
            }
            header.put("x5c", x5c);
        }
        var base64 = Base64.getUrlEncoder().withoutPadding();
        String header64 = base64.encodeToString(header.toBuffer().getBytes());
        byte[] value = algorithm.sign(key, BundleSignature.signingInput(header64, canonical));
        return header64 + ".." + base64.encodeToString(value);
    }

    /// The prescriber, who is the Composition's first author.
    private static String author(JsonObject document) {
        try {
            return document.getJsonArray("entry")
                    .getJsonObject(0)
                    .getJsonObject("resource")
                    .getJsonArray("author")
                    .getJsonObject(0)
                    .getString("reference");
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("The first entry is no Composition with an author.");
        }
    }

    private static JsonObject object(byte[] bundle) {
        try {
            return new JsonObject(Buffer.buffer(bundle));
        } catch (DecodeException e) {
            throw new IllegalArgumentException("The Bundle is no JSON object.");
        }
    }

    private static byte[] inserted(byte[] bundle, byte[] members) {
        int brace = bundle.length - 1;
        while (bundle[brace] != '}') {
            brace--;
        }
        byte[] signed = Arrays.copyOf(bundle, bundle.length + 1 + members.length);
        signed[brace] = ',';
        System.arraycopy(members, 0, signed, brace + 1, members.length);
        System.arraycopy(bundle, brace, signed, brace + 1 + members.length, bundle.length - brace);
        return signed;
    }
}
