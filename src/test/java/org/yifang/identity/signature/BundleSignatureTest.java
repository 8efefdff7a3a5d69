package org.yifang.identity.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.util.JSONObjectUtils;

import io.vertx.core.json.JsonObject;

import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.identity.signature.NewKeys.Certified;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;

class BundleSignatureTest {
    private static final Instant STAMP = Instant.parse("2026-11-20T01:31:05Z");
    private static final Instant FROM = STAMP.minus(Duration.ofDays(30));
    private static final Instant UNTIL = STAMP.plus(Duration.ofDays(30));
    private static final String BUNDLE =
            """
            { "resourceType": "Bundle", "type": "document",
              "timestamp": "2026-11-20T09:31:05+08:00",
              "entry": [ { "resource": { "resourceType": "Composition",
                "author": [ { "reference": "urn:uuid:3" } ], "title": "赤壁市人民医院" } },
                { "resource": { "resourceType": "MedicationRequest", "status": "active",
                  "dispenseRequest": { "quantity": { "value": 7.0, "unit": "片" } } } } ] }
            """;

    @TempDir static Path folder;
    private static KeyPair keys;
    private static String jwks;

    @BeforeAll
    static void register() throws Exception {
        keys = NewKeys.pair(SignatureAlgorithm.ES256);
        jwks = jwks(keys, "k1");
    }

    private static String jwks(KeyPair keys, String kid) {
        return JSONObjectUtils.toJSONString(
                Map.of("keys", List.of(KeySet.jwk(keys.getPublic(), kid))));
    }

    private static String signed(Instant at) throws Exception {
        byte[] signed =
                BundleSigner.withKeyId(keys.getPrivate(), "k1").sign(BUNDLE.getBytes(UTF_8), at);
        return new String(signed, UTF_8);
    }

    private static Verdict verdict(String bundle) {
        return new BundleSignature(TrustAnchors.none()).verify(bundle.getBytes(UTF_8), jwks);
    }

    private static void refused(Verdict verdict, String reason) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Invalid.class,
                        invalid -> assertThat(invalid.reason()).contains(reason));
    }

    private static TrustAnchors anchors(Certified... authorities) throws Exception {
        StringBuilder pem = new StringBuilder();
        for (Certified one : authorities) {
            pem.append(PemFiles.pem("CERTIFICATE", one.certificate().getEncoded()));
        }
        Path file = Files.createTempFile(folder, "anchors", ".pem");
        return TrustAnchors.of(Files.writeString(file, pem));
    }

    @Nested
    class By_a_registered_key {
        @ParameterizedTest
        @EnumSource
        void is_good_with_each_algorithm(SignatureAlgorithm algorithm) throws Exception {
            KeyPair own = NewKeys.pair(algorithm);
            byte[] signed =
                    BundleSigner.withKeyId(own.getPrivate(), "hospital-key")
                            .sign(BUNDLE.getBytes(UTF_8), STAMP);
            assertThat(
                            new BundleSignature(TrustAnchors.none())
                                    .verify(signed, jwks(own, "hospital-key")))
                    .isEqualTo(new Verdict.Valid(algorithm, STAMP, "kid hospital-key"));
        }

        @Test
        void keeps_every_other_byte_of_the_document() throws Exception {
            String signed = signed(STAMP);
            int at = signed.indexOf(",\"signature\"");
            assertThat(BUNDLE).startsWith(signed.substring(0, at));
            assertThat(signed).endsWith(BUNDLE.substring(at));
        }

        @Test
        void survives_another_writing_of_the_same_document() throws Exception {
            assertThat(verdict(new JsonObject(signed(STAMP)).encodePrettily()))
                    .isInstanceOf(Verdict.Valid.class);
            assertThat(verdict(signed(STAMP).replace("7.0", "7")))
                    .isInstanceOf(Verdict.Valid.class);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "7.0->8.0",
                    "active->draft",
                    "赤壁->赤城",
                    "09:31:05->09:31:06",
                    "\"type\": \"document\",->\"type\": \"document\",\"id\":\"1\","
                })
        void ends_where_anything_differs(String change) throws Exception {
            String[] fromTo = change.split("->", 2);
            refused(verdict(signed(STAMP).replace(fromTo[0], fromTo[1])), "does not fit");
        }

        @Test
        void is_refused_for_an_unknown_key_id_or_without_registered_keys() throws Exception {
            byte[] other =
                    BundleSigner.withKeyId(keys.getPrivate(), "k2")
                            .sign(BUNDLE.getBytes(UTF_8), STAMP);
            refused(verdict(new String(other, UTF_8)), "no key that the organization registered");
            refused(
                    new BundleSignature(TrustAnchors.none())
                            .verify(signed(STAMP).getBytes(UTF_8), null),
                    "no key that the organization registered");
        }

        @Test
        void is_refused_when_another_organizations_key_has_the_same_id() throws Exception {
            String others = jwks(NewKeys.pair(SignatureAlgorithm.ES256), "k1");
            refused(
                    new BundleSignature(TrustAnchors.none())
                            .verify(signed(STAMP).getBytes(UTF_8), others),
                    "does not fit");
        }
    }

    @Nested
    class Its_time {
        @ParameterizedTest
        @ValueSource(longs = {-300, -1, 0, 299, 300})
        void may_be_five_minutes_from_the_stamp(long seconds) throws Exception {
            assertThat(verdict(signed(STAMP.plusSeconds(seconds))))
                    .isInstanceOf(Verdict.Valid.class);
        }

        @ParameterizedTest
        @ValueSource(longs = {-301, 301, 86_400})
        void may_not_be_further(long seconds) throws Exception {
            refused(verdict(signed(STAMP.plusSeconds(seconds))), "more than 5 minutes");
        }
    }

    @Nested
    class By_a_certificate {
        private static final int SIGNING = KeyUsage.digitalSignature | KeyUsage.nonRepudiation;

        private Verdict verdict(Certified signer, TrustAnchors anchors, Instant at)
                throws Exception {
            byte[] bundle =
                    BUNDLE.replace("2026-11-20T09:31:05+08:00", at.toString()).getBytes(UTF_8);
            byte[] signed =
                    BundleSigner.withCertificates(
                                    signer.keys().getPrivate(), List.of(signer.certificate()))
                            .sign(bundle, at);
            return new BundleSignature(anchors).verify(signed, null);
        }

        @ParameterizedTest
        @EnumSource
        void is_good_up_to_a_configured_anchor(SignatureAlgorithm algorithm) throws Exception {
            var authority = NewKeys.authority(algorithm, "CN=CA", FROM, UNTIL);
            var signer = NewKeys.signer(algorithm, "O=H1,CN=Dr", authority, FROM, UNTIL, SIGNING);
            assertThat(verdict(signer, anchors(authority), STAMP))
                    .isInstanceOfSatisfying(
                            Verdict.Valid.class,
                            valid -> {
                                assertThat(valid.algorithm()).isEqualTo(algorithm);
                                assertThat(valid.signer()).contains("O=H1").contains("serial");
                            });
        }

        private byte[] signedBy(Certified signer) throws Exception {
            return BundleSigner.withCertificates(
                            signer.keys().getPrivate(), List.of(signer.certificate()))
                    .sign(BUNDLE.getBytes(UTF_8), STAMP);
        }

        @Test
        void has_to_be_of_the_organization_that_sends() throws Exception {
            SignatureAlgorithm algorithm = SignatureAlgorithm.ES256;
            var authority = NewKeys.authority(algorithm, "CN=CA", FROM, UNTIL);
            var signer = NewKeys.signer(algorithm, "O=H1,CN=Dr", authority, FROM, UNTIL, SIGNING);
            var signature = new BundleSignature(anchors(authority));
            byte[] signed = signedBy(signer);
            assertThat(signature.verify(signed, null, Set.of("H1", "First Hospital")))
                    .isInstanceOf(Verdict.Valid.class);
            refused(signature.verify(signed, null, Set.of("H2")), "another organization's");
            assertThat(signature.verify(signed, jwks(signer.keys(), "k9"), Set.of("H2")))
                    .isInstanceOf(Verdict.Valid.class);
        }

        @Test
        void is_refused_from_its_revocation_on() throws Exception {
            SignatureAlgorithm algorithm = SignatureAlgorithm.ES256;
            var authority = NewKeys.authority(algorithm, "CN=CA", FROM, UNTIL);
            var impostor = NewKeys.authority(algorithm, "CN=CA", FROM, UNTIL);
            var signer = NewKeys.signer(algorithm, "O=H1,CN=Dr", authority, FROM, UNTIL, SIGNING);
            byte[] signed = signedBy(signer);
            assertThat(listed(authority, authority, signer, STAMP.plusSeconds(60), signed))
                    .isInstanceOf(Verdict.Valid.class);
            // Only the issuer's own word counts.
            assertThat(listed(authority, impostor, signer, STAMP.minusSeconds(60), signed))
                    .isInstanceOf(Verdict.Valid.class);
            refused(
                    listed(authority, authority, signer, STAMP.minusSeconds(60), signed),
                    "revoked");
        }

        /// The verdict with a list of revoked certificates beside the anchor.
        private Verdict listed(
                Certified anchor, Certified lister, Certified revoked, Instant since, byte[] signed)
                throws Exception {
            var list =
                    new JcaX509v2CRLBuilder(
                            anchor.certificate().getSubjectX500Principal(), Date.from(FROM));
            list.addCRLEntry(revoked.certificate().getSerialNumber(), Date.from(since), 0);
            byte[] der =
                    list.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                            .build(lister.keys().getPrivate()))
                            .getEncoded();
            Path lists = Files.createTempDirectory(folder, "lists");
            Files.write(lists.resolve("ca.crl"), der);
            Path pem = Files.createTempFile(folder, "anchor", ".pem");
            Files.writeString(pem, PemFiles.pem("CERTIFICATE", anchor.certificate().getEncoded()));
            return new BundleSignature(TrustAnchors.of(pem, lists)).verify(signed, null);
        }

        @Test
        void is_refused_under_another_authority_or_none() throws Exception {
            var algorithm = SignatureAlgorithm.ES256;
            var authority = NewKeys.authority(algorithm, "CN=CA", FROM, UNTIL);
            var impostor = NewKeys.authority(algorithm, "CN=CA", FROM, UNTIL);
            var signer = NewKeys.signer(algorithm, "CN=Dr", impostor, FROM, UNTIL, SIGNING);
            refused(verdict(signer, anchors(authority), STAMP), "no trusted authority");
            refused(verdict(signer, TrustAnchors.none(), STAMP), "no trusted authority");
            assertThat(verdict(signer, anchors(authority, impostor), STAMP))
                    .isInstanceOf(Verdict.Valid.class);
        }

        @Test
        void is_judged_at_the_signing_time() throws Exception {
            var algorithm = SignatureAlgorithm.ES256;
            var authority = NewKeys.authority(algorithm, "CN=CA", FROM, UNTIL);
            Instant ends = STAMP.plusSeconds(60);
            var signer = NewKeys.signer(algorithm, "CN=Dr", authority, STAMP, ends, SIGNING);
            var anchors = anchors(authority);
            assertThat(verdict(signer, anchors, STAMP)).isInstanceOf(Verdict.Valid.class);
            assertThat(verdict(signer, anchors, ends)).isInstanceOf(Verdict.Valid.class);
            refused(verdict(signer, anchors, STAMP.minusSeconds(1)), "not valid at");
            refused(verdict(signer, anchors, ends.plusSeconds(1)), "not valid at");
        }

        @Test
        void is_refused_when_the_key_is_not_for_signing() throws Exception {
            var algorithm = SignatureAlgorithm.ES256;
            var authority = NewKeys.authority(algorithm, "CN=CA", FROM, UNTIL);
            int usage = KeyUsage.keyEncipherment;
            var signer = NewKeys.signer(algorithm, "CN=Dr", authority, FROM, UNTIL, usage);
            refused(verdict(signer, anchors(authority), STAMP), "may not sign");
        }

        @Test
        void is_refused_when_a_signer_certified_another() throws Exception {
            var algorithm = SignatureAlgorithm.ES256;
            var authority = NewKeys.authority(algorithm, "CN=CA", FROM, UNTIL);
            var signer = NewKeys.signer(algorithm, "CN=Dr", authority, FROM, UNTIL, SIGNING);
            var second = NewKeys.signer(algorithm, "CN=Mallory", signer, FROM, UNTIL, SIGNING);
            byte[] signed =
                    BundleSigner.withCertificates(
                                    second.keys().getPrivate(),
                                    List.of(second.certificate(), signer.certificate()))
                            .sign(BUNDLE.getBytes(UTF_8), STAMP);
            refused(
                    new BundleSignature(anchors(authority)).verify(signed, null),
                    "no trusted authority");
        }

        @Test
        void may_be_sent_with_the_anchor_itself() throws Exception {
            var algorithm = SignatureAlgorithm.SM2SM3;
            var authority = NewKeys.authority(algorithm, "CN=CA", FROM, UNTIL);
            var signer = NewKeys.signer(algorithm, "CN=Dr", authority, FROM, UNTIL, SIGNING);
            byte[] signed =
                    BundleSigner.withCertificates(
                                    signer.keys().getPrivate(),
                                    List.of(signer.certificate(), authority.certificate()))
                            .sign(BUNDLE.getBytes(UTF_8), STAMP);
            assertThat(new BundleSignature(anchors(authority)).verify(signed, null))
                    .isInstanceOf(Verdict.Valid.class);
        }
    }

    @Test
    void nothing_is_signed_twice_or_when_it_is_no_strict_json() throws Exception {
        var signer = BundleSigner.withKeyId(keys.getPrivate(), "k1");
        byte[] signed = signed(STAMP).getBytes(UTF_8);
        for (String bad :
                List.of("{}", "[]", "{\"a\":1,\"a\":2}", "{\"a\":0.12345678901234567890}")) {
            assertThatThrownBy(() -> signer.sign(bad.getBytes(UTF_8), STAMP))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> signer.sign(signed, STAMP))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
