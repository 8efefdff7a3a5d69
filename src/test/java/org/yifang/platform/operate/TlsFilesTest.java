package org.yifang.platform.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.identity.signature.NewKeys;
import org.yifang.identity.signature.SignatureAlgorithm;
import org.yifang.platform.config.Config;
import org.yifang.platform.config.Operating;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// A certificate that is renewed is used without anybody having to restart anything.
class TlsFilesTest {
    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

    @TempDir Path folder;

    private Vertx vertx;
    private HttpServer server;
    private Operating.Tls tls;

    @BeforeEach
    void start() throws Exception {
        tls = new Operating.Tls(folder.resolve("cert.pem"), folder.resolve("key.pem"), null);
        write("CN=first");
        vertx = Vertx.vertx();
        TlsFiles files = new TlsFiles(tls, Duration.ofMillis(200));
        server =
                vertx.createHttpServer(
                                files.applyTo(
                                        new HttpServerOptions().setPort(0).setHost("127.0.0.1")))
                        .requestHandler(call -> call.response().end(call.version().toString()));
        server.listen().await();
        files.watch(vertx, server);
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    private void write(String name) throws GeneralSecurityException, IOException {
        Instant now = Instant.now();
        NewKeys.Certified made =
                NewKeys.authority(
                        SignatureAlgorithm.ES256,
                        name,
                        now.minusSeconds(60),
                        now.plus(Duration.ofDays(1)));
        Files.writeString(tls.key(), pem("PRIVATE KEY", made.keys().getPrivate().getEncoded()));
        Files.writeString(tls.certificate(), pem("CERTIFICATE", made.certificate().getEncoded()));
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(what, PEM.encodeToString(bytes), what);
    }

    private static SSLContext trusting() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Everybody()}, null);
        return context;
    }

    private String served(String... protocols) throws Exception {
        try (SSLSocket socket =
                (SSLSocket)
                        trusting()
                                .getSocketFactory()
                                .createSocket("127.0.0.1", server.actualPort())) {
            if (protocols.length > 0) {
                socket.setEnabledProtocols(protocols);
            }
            socket.startHandshake();
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return shown.getSubjectX500Principal().getName();
        }
    }

    @Test
    void a_renewed_certificate_is_served_and_a_broken_one_is_not() throws Exception {
        assertThat(served()).isEqualTo("CN=first");
        write("CN=second");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(served()).isEqualTo("CN=second"));
        Files.writeString(tls.certificate(), "nonsense");
        Thread.sleep(600);
        assertThat(served()).isEqualTo("CN=second");
    }

    @Test
    void speaks_http_2_and_no_old_protocol() throws Exception {
        try (HttpClient http = HttpClient.newBuilder().sslContext(trusting()).build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.actualPort()))
                            .build();
            assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).version())
                    .isEqualTo(HttpClient.Version.HTTP_2);
        }
        assertThat(served("TLSv1.2")).isEqualTo("CN=first");
        assertThatThrownBy(() -> served("TLSv1.1")).isInstanceOf(Exception.class);
    }

    @Test
    void files_that_do_not_belong_together_are_told_at_the_start() throws IOException {
        Files.writeString(tls.key(), "nonsense");
        assertThatThrownBy(() -> TlsFiles.check(vertx, tls))
                .isInstanceOf(Config.Invalid.class)
                .hasMessageContaining("YIFANG_TLS_KEY");
    }

    /// Looks at no certificate: this test looks itself.
    private static final class Everybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String how) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String how, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String how, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String how) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String how, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String how, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
