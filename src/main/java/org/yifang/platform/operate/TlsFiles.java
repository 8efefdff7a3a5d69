package org.yifang.platform.operate;

import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.config.Config;
import org.yifang.platform.config.Operating;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The certificate of the service out of PEM files, read again when they change: whoever renews it
/// replaces the files, and nobody's connection is cut.
public final class TlsFiles {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);
    private static final Duration LOOK = Duration.ofSeconds(10);

    /// Forward secrecy and authenticated encryption only; of TLS 1.3 all are so.
    private static final List<String> SUITES =
            List.of(
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");

    private final Operating.Tls tls;
    private final Duration look;
    private String seen;

    public TlsFiles(Operating.Tls tls) {
        this(tls, LOOK);
    }

    TlsFiles(Operating.Tls tls, Duration look) {
        this.tls = tls;
        this.look = look;
        this.seen = state();
    }

    /// Makes a server speak TLS 1.2 and 1.3, HTTP/2 where the client does, too.
    public HttpServerOptions applyTo(HttpServerOptions options) {
        ServerSSLOptions ssl = read();
        options.setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(ssl.getKeyCertOptions())
                .setEnabledSecureTransportProtocols(ssl.getEnabledSecureTransportProtocols());
        SUITES.forEach(options::addEnabledCipherSuite);
        if (tls.clients() != null) {
            options.setTrustOptions(ssl.getTrustOptions()).setClientAuth(ClientAuth.REQUIRED);
        }
        return options;
    }

    private ServerSSLOptions read() {
        ServerSSLOptions ssl = new ServerSSLOptions();
        ssl.setKeyCertOptions(
                new PemKeyCertOptions()
                        .setCertPath(tls.certificate().toString())
                        .setKeyPath(tls.key().toString()));
        ssl.setEnabledSecureTransportProtocols(new LinkedHashSet<>(Set.of("TLSv1.3", "TLSv1.2")));
        SUITES.forEach(ssl::addEnabledCipherSuite);
        ssl.setUseAlpn(true).setApplicationLayerProtocols(List.of("h2", "http/1.1"));
        if (tls.clients() != null) {
            ssl.setTrustOptions(new PemTrustOptions().addCertPath(tls.clients().toString()))
                    .setClientAuth(ClientAuth.REQUIRED);
        }
        return ssl;
    }

    /// Looks at the files from now on; what cannot be used is told, and the old ones stay in force.
    public void watch(Vertx vertx, HttpServer server) {
        vertx.setPeriodic(
                look.toMillis(),
                _ ->
                        vertx.<String>executeBlocking(this::state, false)
                                .onSuccess(state -> {
                                    if (!state.equals(seen)) {
                                        seen = state;
                                        renew(server);
                                    }
                                }));
    }

    private void renew(HttpServer server) {
        // The options name the same files as before: only force has them read again.
        server.updateSSLOptions(read(), true)
                .onSuccess(_ -> LOG.info("the certificate was read again"))
                .onFailure(failure ->
                        LOG.error(
                                "the changed certificate cannot be used, the old one stays: {}",
                                failure.toString()));
    }

    private String state() {
        List<String> states = new ArrayList<>();
        for (Path file : files()) {
            try {
                states.add(Files.getLastModifiedTime(file) + "/" + Files.size(file));
            } catch (IOException gone) {
                states.add("gone");
            }
        }
        return String.join(" ", states);
    }

    private List<Path> files() {
        return tls.clients() == null
                ? List.of(tls.certificate(), tls.key())
                : List.of(tls.certificate(), tls.key(), tls.clients());
    }

    /// @throws Config.Invalid when the files hold no certificate and key that belong together
    public static void check(Vertx vertx, Operating.Tls tls) {
        try {
            new PemKeyCertOptions()
                    .setCertPath(tls.certificate().toString())
                    .setKeyPath(tls.key().toString())
                    .loadKeyStore(vertx);
        } catch (Exception failure) {
            throw new Config.Invalid(
                    "YIFANG_TLS_CERTIFICATE and YIFANG_TLS_KEY cannot be used: "
                            + failure.getMessage());
        }
    }
}
