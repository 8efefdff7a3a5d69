package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.TestService;
import org.yifang.identity.signature.NewKeys;
import org.yifang.identity.signature.NewKeys.Certified;
import org.yifang.identity.signature.SignatureAlgorithm;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// The whole service over TLS: who has no certificate of the county's authority says nothing, and
/// behind a proxy that is trusted the caller stands in the log by the address that it forwards.
class MutualTlsTest {
    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});
    private static final int SIGNS = 128;
    private static final char[] NONE = new char[0];

    @TempDir static Path folder;

    private static Certified server;
    private static Certified county;
    private static TestService service;

    @BeforeAll
    static void start() throws Exception {
        server = authority("CN=localhost");
        county = authority("CN=county");
        Path certificate = write("cert.pem", "CERTIFICATE", server.certificate().getEncoded());
        Path key = write("key.pem", "PRIVATE KEY", server.keys().getPrivate().getEncoded());
        Path clients = write("clients.pem", "CERTIFICATE", county.certificate().getEncoded());
        service =
                TestService.own(
                        Map.of(
                                "YIFANG_TLS_CERTIFICATE", certificate.toString(),
                                "YIFANG_TLS_KEY", key.toString(),
                                "YIFANG_TLS_CLIENTS", clients.toString(),
                                "YIFANG_TRUSTED_PROXIES", "127.0.0.1/32"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Certified authority(String name) throws GeneralSecurityException {
        Instant now = Instant.now();
        return NewKeys.authority(
                SignatureAlgorithm.ES256, name, now.minusSeconds(60), now.plus(Duration.ofDays(1)));
    }

    private static Certified of(Certified authority) throws GeneralSecurityException {
        Instant now = Instant.now();
        return NewKeys.signer(
                SignatureAlgorithm.ES256,
                "CN=his",
                authority,
                now.minusSeconds(60),
                now.plus(Duration.ofDays(1)),
                SIGNS);
    }

    private static Path write(String name, String what, byte[] bytes) throws IOException {
        return Files.writeString(
                folder.resolve(name),
                "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                        .formatted(what, PEM.encodeToString(bytes), what));
    }

    private static Certificate plain(Certified one) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(one.certificate().getEncoded()));
    }

    /// A client that trusts the service, with a certificate of its own or without.
    private static HttpClient client(@Nullable Certified own) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, NONE);
        trusted.setCertificateEntry("server", plain(server));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManager[] keys = null;
        if (own != null) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NONE);
            store.setKeyEntry(
                    "his",
                    KeyFactory.getInstance("EC")
                            .generatePrivate(
                                    new PKCS8EncodedKeySpec(own.keys().getPrivate().getEncoded())),
                    NONE,
                    new Certificate[] {plain(own)});
            KeyManagerFactory factory =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NONE);
            keys = factory.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static HttpRequest.Builder at(String path) {
        // By its name: that is what its certificate says.
        return HttpRequest.newBuilder(
                URI.create("https://localhost:" + URI.create(service.url()).getPort() + path));
    }

    private static HttpResponse<String> said(HttpClient by, HttpRequest.Builder request)
            throws Exception {
        return by.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void who_has_no_certificate_of_the_county_is_not_heard() throws Exception {
        try (HttpClient nobody = client(null);
                HttpClient stranger = client(of(authority("CN=elsewhere")))) {
            assertThatThrownBy(() -> said(nobody, at("/health/live")))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> said(stranger, at("/health/live")))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_client_of_the_county_works_over_http_2_and_is_known_by_the_address_forwarded()
            throws Exception {
        try (HttpClient his = client(of(county))) {
            String token = token(his, "hospital-1");
            HttpResponse<String> read =
                    said(
                            his,
                            at("/fhir/Task")
                                    .header("Authorization", "Bearer " + token)
                                    .header("Forwarded", "for=203.0.113.77;proto=https"));
            assertThat(read.statusCode()).isEqualTo(200);
            assertThat(read.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(read.headers().firstValue("Strict-Transport-Security")).isPresent();
            HttpResponse<String> log =
                    said(
                            his,
                            at("/fhir/AuditEvent?_count=10")
                                    .header("Authorization", "Bearer " + token(his, "auditor-1")));
            assertThat(log.body()).contains("203.0.113.77");
        }
    }

    private static String token(HttpClient by, String id) throws Exception {
        String basic =
                Base64.getEncoder()
                        .encodeToString((id + ":" + id).getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> answer =
                said(
                        by,
                        at("/auth/token")
                                .header("Authorization", "Basic " + basic)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString("grant_type=client_credentials")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Client.JSON.readTree(answer.body()).path("access_token").asText();
    }
}
