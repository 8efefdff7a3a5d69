package org.yifang.platform.config;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Outbound;
import org.yifang.platform.PrescribingLimits;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/// What a deployment decides, read once from `YIFANG_*` variables of the environment.
///
/// @param host the address to listen on
/// @param port the port to listen on; 0 takes a free one
/// @param publicUrl how clients reach the service, without a slash at its end
/// @param data the folder for everything kept outside the database
/// @param database the external PostgreSQL, or null for the embedded one
/// @param databaseConnections connections of this instance
/// @param demonstration whether demonstration data and clients are loaded
/// @param demonstrationPast whether a made-up past with two plans is loaded with it
/// @param region GB/T 2260, six digits
/// @param masterKey what wraps all other keys, in the form of `MasterKeys`, or null for a key file
///   in `data`
/// @param basicSecrets whether clients may use HTTP Basic at the token endpoint
/// @param signatureRequired whether an unsigned prescription is refused
/// @param trustAnchors a PEM file of certificates that signatures chain to, or null
/// @param revocationLists a folder of lists of revoked certificates (CRL), or null
/// @param personRequired whether a review, a claim, a dispense and a take-back need a person
/// @param claimLease how long a claim lasts without renewal
/// @param claimMost how long a claim may last with renewals
/// @param reviewWithin how long a hospital's own reviewers have before the county pool sees it too
/// @param prescribing the region's limits of prescribing
/// @param tracedFrom the day (Asia/Shanghai) from which on nothing is dispensed without trace
///   codes, or null
/// @param repeatWindow how long the next fill of a long prescription may be claimed
/// @param diagnoses a CSV of the county's diagnoses, or null for the short list
/// @param witnesses of the audit log, each a verifier key and, where it is asked, its address
/// @param outbound which addresses the service may call that others have told it
/// @param patientsPerHour different patients that one app may name in an hour
/// @param trustedProxies whose word is taken for where a request comes from
/// @param operating how it stands in its surroundings
public record Config(
        String host,
        int port,
        URI publicUrl,
        Path data,
        @Nullable DatabaseAddress database,
        int databaseConnections,
        boolean demonstration,
        boolean demonstrationPast,
        String region,
        @Nullable String masterKey,
        boolean basicSecrets,
        boolean signatureRequired,
        @Nullable Path trustAnchors,
        @Nullable Path revocationLists,
        boolean personRequired,
        Duration claimLease,
        Duration claimMost,
        Duration reviewWithin,
        PrescribingLimits prescribing,
        @Nullable LocalDate tracedFrom,
        Duration repeatWindow,
        @Nullable Path diagnoses,
        List<String> witnesses,
        Outbound outbound,
        int patientsPerHour,
        List<Outbound.Range> trustedProxies,
        Operating operating) {

    /// One variable: its name, its default as a person would write it, and what it means.
    public record Key(String name, String defaultText, String meaning) {}

    /// What cannot be used, one line for each fault.
    public static final class Invalid extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Invalid(String message) {
            super(message);
        }
    }

    /// Every variable there is, for the documentation and its test.
    public static List<Key> keys() {
        return ConfigKeys.ALL;
    }

    /// Reads the configuration.
    ///
    /// @throws Invalid naming every fault at once
    public static Config read(Map<String, String> environment) {
        Reader reader = new Reader(environment);
        DatabaseAddress database = reader.database();
        boolean demonstration =
                reader.text("YIFANG_DEMONSTRATION").isEmpty()
                        ? database == null
                        : reader.flag("YIFANG_DEMONSTRATION");
        int port = reader.number("YIFANG_PORT", 0, 65_535);
        Config config =
                new Config(
                        reader.host(demonstration),
                        port,
                        reader.publicUrl(port),
                        Path.of(reader.text("YIFANG_DATA")),
                        database,
                        reader.number("YIFANG_DATABASE_CONNECTIONS", 2, 500),
                        demonstration,
                        demonstration && reader.flag("YIFANG_DEMONSTRATION_PAST"),
                        reader.region(),
                        reader.masterKey(),
                        reader.flag("YIFANG_BASIC_SECRETS"),
                        reader.flag("YIFANG_SIGNATURE_REQUIRED"),
                        reader.path("YIFANG_TRUST_ANCHORS"),
                        reader.path("YIFANG_REVOCATION_LISTS"),
                        reader.text("YIFANG_PERSON_REQUIRED").isEmpty()
                                ? !demonstration
                                : reader.flag("YIFANG_PERSON_REQUIRED"),
                        reader.minutes("YIFANG_CLAIM_LEASE_MINUTES", 24 * 60),
                        reader.minutes("YIFANG_CLAIM_MOST_MINUTES", 24 * 60),
                        reader.minutes("YIFANG_REVIEW_MINUTES", 24 * 60),
                        reader.prescribing(),
                        reader.date("YIFANG_TRACE_CODES_FROM"),
                        Duration.ofDays(reader.number("YIFANG_REPEAT_WINDOW_DAYS", 1, 28)),
                        reader.path("YIFANG_DIAGNOSES"),
                        reader.list("YIFANG_AUDIT_WITNESSES"),
                        reader.parsed(
                                "YIFANG_OUTBOUND_ALLOWED",
                                Outbound.PUBLIC,
                                "address ranges as `10.1.0.0/16`, separated by commas",
                                _ -> Outbound.of(reader.list("YIFANG_OUTBOUND_ALLOWED"))),
                        reader.number("YIFANG_PATIENTS_PER_HOUR", 1, 1_000_000),
                        reader.parsed(
                                "YIFANG_TRUSTED_PROXIES",
                                List.of(),
                                "address ranges as `10.1.0.7/32`, separated by commas",
                                _ -> Outbound.ranges(reader.list("YIFANG_TRUSTED_PROXIES"))),
                        reader.operating());
        reader.unknown();
        if (!reader.faults.isEmpty()) {
            throw new Invalid(String.join(System.lineSeparator(), reader.faults));
        }
        return config;
    }

    /// Reads what needs more than one variable, or means more than its text.
    private static final class Reader extends Settings {
        Reader(Map<String, String> environment) {
            super(environment);
        }

        /// What everybody can sign in to is not for everybody to reach.
        String host(boolean demonstration) {
            String given = text("YIFANG_HOST");
            return given.isEmpty() ? (demonstration ? "127.0.0.1" : "0.0.0.0") : given;
        }

        PrescribingLimits prescribing() {
            PrescribingLimits limits =
                    new PrescribingLimits(
                            number("YIFANG_LINES_MOST", 1, 20),
                            number("YIFANG_SUPPLY_DAYS", 1, 31),
                            number("YIFANG_EMERGENCY_DAYS", 1, 31),
                            number("YIFANG_VALIDITY_DAYS", 1, 3),
                            flag("YIFANG_VALIDITY_CALENDAR_DAY"),
                            number("YIFANG_LONG_DAYS", 1, 84),
                            number("YIFANG_LONG_DAYS_MOST", 1, 84),
                            flag("YIFANG_COLD_CHAIN_CIRCULATES"),
                            flag("YIFANG_COLD_CHAIN_LONG"));
            if (limits.longDays() > limits.longDaysMost()) {
                faults.add(
                        "YIFANG_LONG_DAYS is `"
                                + limits.longDays()
                                + "`; it must not be more than YIFANG_LONG_DAYS_MOST, `"
                                + limits.longDaysMost()
                                + "`.");
            }
            return limits;
        }

        Operating operating() {
            return new Operating(
                    tls(),
                    text("YIFANG_TRACES_URL").isEmpty()
                            ? null
                            : parsed(
                                    "YIFANG_TRACES_URL",
                                    URI.create("http://localhost"),
                                    "an address as `http://collector:4318/v1/traces`, or empty",
                                    text -> text.matches("https?://.+") ? URI.create(text) : null),
                    parsed(
                            "YIFANG_LOG_FORMAT",
                            false,
                            "`text` or `json`",
                            text ->
                                    switch (text) {
                                        case "text" -> false;
                                        case "json" -> true;
                                        default -> null;
                                    }),
                    openId(),
                    replica(),
                    parsed(
                            "YIFANG_CORS_ORIGINS",
                            List.of(),
                            "origins as `https://his.example.org`, separated by commas, or `*`",
                            _ -> origins(list("YIFANG_CORS_ORIGINS"))),
                    Duration.ofSeconds(number("YIFANG_DRAIN_SECONDS", 0, 10)));
        }

        private static @Nullable List<String> origins(List<String> named) {
            return named.stream().allMatch(one -> one.matches("\\*|https?://[^/\\s*]+"))
                    ? named
                    : null;
        }

        private @Nullable OpenId openId() {
            if (text("YIFANG_OIDC_ISSUER").isEmpty()) {
                return null;
            }
            URI issuer =
                    parsed(
                            "YIFANG_OIDC_ISSUER",
                            URI.create("https://localhost"),
                            "an https address without a slash at its end (http on this machine"
                                    + " alone), or empty",
                            text ->
                                    text.matches(
                                                    "(https://|"
                                                            + "http://(localhost|127\\.0\\.0\\.1)"
                                                            + "\\b)[^?#]*[^?#/]")
                                            ? URI.create(text)
                                            : null);
            return new OpenId(
                    issuer,
                    text("YIFANG_OIDC_CLIENT"),
                    set("YIFANG_OIDC_SECRET"),
                    text("YIFANG_OIDC_CLAIM"));
        }

        private Operating.@Nullable Tls tls() {
            Path certificate = path("YIFANG_TLS_CERTIFICATE");
            Path key = path("YIFANG_TLS_KEY");
            Path clients = path("YIFANG_TLS_CLIENTS");
            if (certificate == null && key == null && clients == null) {
                return null;
            }
            if (certificate == null || key == null) {
                faults.add("YIFANG_TLS_CERTIFICATE and YIFANG_TLS_KEY belong together; give both.");
                return null;
            }
            return new Operating.Tls(certificate, key, clients);
        }

        URI publicUrl(int port) {
            if (environment.getOrDefault("YIFANG_PUBLIC_URL", "").isBlank()) {
                boolean secure = !text("YIFANG_TLS_CERTIFICATE").isEmpty();
                return URI.create((secure ? "https" : "http") + "://localhost:" + port);
            }
            return parsed(
                    "YIFANG_PUBLIC_URL",
                    URI.create("http://localhost"),
                    "an http or https URL without a slash at its end",
                    text -> text.matches("https?://[^/]+(/[^/]+)*") ? URI.create(text) : null);
        }

        String region() {
            return parsed(
                    "YIFANG_REGION",
                    "",
                    "six digits",
                    text -> text.matches("\\d{6}") ? text : null);
        }

        @Nullable String masterKey() {
            String value = text("YIFANG_MASTER_KEY");
            if (value.isEmpty()) {
                return null;
            }
            // The key itself never stands in a message. A comma may end the list.
            for (String word : value.split("[,\\s]+", 0)) {
                if (!isKey(word.replaceFirst("^((seal|index)\\.\\d{1,5}|index)=", ""))) {
                    faults.add(
                            "YIFANG_MASTER_KEY must be the base64 of exactly 32 bytes, followed"
                                    + " after a comma by `seal.2=` or `index.2=` and such a key to"
                                    + " replace it.");
                    break;
                }
            }
            return value;
        }

        private static boolean isKey(String base64) {
            try {
                return java.util.Base64.getDecoder().decode(base64).length == 32;
            } catch (IllegalArgumentException none) {
                return false;
            }
        }

        @Nullable DatabaseAddress database() {
            return address("YIFANG_DATABASE_URL");
        }

        private @Nullable DatabaseAddress replica() {
            boolean alone = text("YIFANG_DATABASE_URL").isEmpty();
            if (alone && !text("YIFANG_REPLICA_URL").isEmpty()) {
                faults.add("YIFANG_REPLICA_URL is of use only beside YIFANG_DATABASE_URL.");
                return null;
            }
            return address("YIFANG_REPLICA_URL");
        }

        private @Nullable DatabaseAddress address(String name) {
            String url = text(name);
            if (url.isEmpty()) {
                return null;
            }
            return new DatabaseUrl(name, faults)
                    .read(
                            url,
                            set("YIFANG_DATABASE_USER"),
                            set("YIFANG_DATABASE_PASSWORD"),
                            text("YIFANG_DATABASE_USER"));
        }
    }
}
