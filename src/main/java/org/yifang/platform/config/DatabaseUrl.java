package org.yifang.platform.config;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Reads `YIFANG_DATABASE_URL`, or that of a replica: all that stands in it is heeded or refused,
/// nothing is dropped.
final class DatabaseUrl {
    private static final String WANTED =
            "`postgresql://user@host:5432/database?sslmode=verify-full&sslrootcert=/path/ca.pem`,"
                    + " of which user, port and everything from `?` on may be left out";
    private static final Set<String> MODES =
            Set.of("disable", "prefer", "require", "verify-ca", "verify-full");

    private final String name;
    private final List<String> faults;

    /// @param name of the variable
    /// @param faults where what cannot be used is told, a line each
    DatabaseUrl(String name, List<String> faults) {
        this.name = name;
        this.faults = faults;
    }

    /// @param user what another variable says of the user, or null when it says nothing
    /// @param password what another variable says of the password, or null when it says nothing
    @Nullable DatabaseAddress read(
            String text, @Nullable String user, @Nullable String password, String defaultUser) {
        URI uri = uri(text);
        if (uri == null) {
            // The text may hold a password, so it is not repeated.
            faults.add(name + " is no address of a database; it must be " + WANTED + ".");
            return null;
        }
        String[] who =
                uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
        String givenUser = who.length > 0 ? decoded(who[0]) : null;
        String givenPassword = who.length > 1 ? decoded(who[1]) : null;
        String asUser = one("user", "YIFANG_DATABASE_USER", givenUser, user);
        String withPassword = one("password", "YIFANG_DATABASE_PASSWORD", givenPassword, password);
        return new DatabaseAddress(
                uri.getHost(),
                uri.getPort() < 0 ? 5432 : uri.getPort(),
                uri.getPath().substring(1),
                asUser == null ? defaultUser : asUser,
                withPassword == null ? "" : withPassword,
                tls(parameters(uri.getRawQuery())));
    }

    private static @Nullable URI uri(String text) {
        try {
            URI uri = URI.create(text);
            boolean scheme =
                    "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
            boolean place =
                    uri.getHost() != null && uri.getPath() != null && uri.getPath().length() > 1;
            return scheme && place ? uri : null;
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    private @Nullable String one(
            String what, String variable, @Nullable String inUrl, @Nullable String apart) {
        if (inUrl != null && apart != null && !inUrl.equals(apart)) {
            faults.add(
                    "The "
                            + what
                            + " in "
                            + name
                            + " is another than that in "
                            + variable
                            + "; give it in one of them.");
        }
        return inUrl == null ? apart : inUrl;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static Map<String, String> parameters(@Nullable String query) {
        Map<String, String> parameters = new TreeMap<>();
        for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            parameters.put(
                    decoded(equals < 0 ? pair : pair.substring(0, equals)),
                    equals < 0 ? "" : decoded(pair.substring(equals + 1)));
        }
        return parameters;
    }

    private DatabaseAddress.Tls tls(Map<String, String> parameters) {
        parameters.keySet().stream()
                .filter(one -> !one.equals("sslmode") && !one.equals("sslrootcert"))
                .forEach(one ->
                        faults.add(
                                name
                                        + " has the parameter `"
                                        + one
                                        + "`; `sslmode` and"
                                        + " `sslrootcert` are those that are heeded."));
        String mode = parameters.getOrDefault("sslmode", "disable");
        if (!MODES.contains(mode)) {
            faults.add(
                    name
                            + " has the sslmode `"
                            + mode
                            + "`; it must be one of disable, prefer,"
                            + " require, verify-ca and verify-full.");
            return DatabaseAddress.Tls.NONE;
        }
        String root = parameters.get("sslrootcert");
        if (root != null && !Files.isReadable(Path.of(root))) {
            faults.add(name + " has the sslrootcert `" + root + "`; it must be a PEM file.");
        } else if (root == null && mode.startsWith("verify-")) {
            faults.add(name + " has the sslmode `" + mode + "`; it needs an sslrootcert as well.");
        }
        return new DatabaseAddress.Tls(mode, root == null ? null : Path.of(root));
    }
}
