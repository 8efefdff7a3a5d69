package org.yifang.platform.config;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// How the service stands in its surroundings: what protects the way to it, and who watches it.
///
/// @param tls how it speaks TLS by itself, or null when something before it does, or nothing
/// @param traces where OpenTelemetry traces are sent (OTLP over HTTP), or null
/// @param jsonLogs whether the log is a JSON object a line
/// @param openId where people sign in, or null when they do it here
/// @param replica a standby on which reports are read, or null
/// @param corsOrigins whose pages may call the contract in a browser, `https://host`, or `*` for
///   everybody's; none when empty
/// @param drain how long it says that it ends before it stops listening: a balancer looks meanwhile
public record Operating(
        @Nullable Tls tls,
        @Nullable URI traces,
        boolean jsonLogs,
        @Nullable OpenId openId,
        @Nullable DatabaseAddress replica,
        List<String> corsOrigins,
        Duration drain) {
    /// PEM files, which are read again when they change.
    ///
    /// @param certificate the certificate and those that lead to its authority
    /// @param key its private key
    /// @param clients authorities of which every client needs a certificate, or null
    public record Tls(Path certificate, Path key, @Nullable Path clients) {}
}
