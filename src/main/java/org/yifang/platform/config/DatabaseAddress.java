package org.yifang.platform.config;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;

import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Where a PostgreSQL database is, who we are there, and how the way to it is protected.
public record DatabaseAddress(
        String host, int port, String database, String user, String password, Tls tls) {

    /// How a connection is encrypted and whom it trusts, by the names PostgreSQL gives them.
    ///
    /// @param mode `disable`, `prefer`, `require`, `verify-ca` or `verify-full`
    /// @param root a PEM file of the authorities that `verify-…` trusts, or null
    public record Tls(String mode, @Nullable Path root) {
        static final Tls NONE = new Tls("disable", null);
    }

    /// One that is not encrypted.
    public DatabaseAddress(String host, int port, String database, String user, String password) {
        this(host, port, database, user, password, Tls.NONE);
    }

    /// The same address for JDBC, which only the migrations use.
    public String jdbcUrl() {
        String url =
                "jdbc:postgresql://"
                        + host
                        + ":"
                        + port
                        + "/"
                        + encoded(database)
                        + "?sslmode="
                        + tls.mode();
        return tls.root() == null ? url : url + "&sslrootcert=" + encoded(tls.root().toString());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// The same address for the client that serves requests.
    public PgConnectOptions connectOptions() {
        PgConnectOptions options =
                new PgConnectOptions()
                        .setHost(host)
                        .setPort(port)
                        .setDatabase(database)
                        .setUser(user)
                        .setPassword(password)
                        .setSslMode(SslMode.of(tls.mode()));
        if (tls.mode().equals("disable")) {
            return options;
        }
        ClientSSLOptions ssl = new ClientSSLOptions();
        if (tls.root() == null) {
            // As libpq has it: encrypted, to whomever answers there.
            ssl.setTrustAll(true).setHostnameVerificationAlgorithm("");
        } else {
            ssl.setTrustOptions(new PemTrustOptions().addCertPath(tls.root().toString()))
                    .setHostnameVerificationAlgorithm(
                            tls.mode().equals("verify-full") ? "HTTPS" : "");
        }
        return options.setSslOptions(ssl);
    }

    /// Without the password, for logs.
    @Override
    public String toString() {
        return host + ":" + port + "/" + database;
    }
}
