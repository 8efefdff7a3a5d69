package org.yifang.platform.config;

import java.util.List;

/// Every variable that the service reads, as README lists them.
final class ConfigKeys {
    static final List<Config.Key> ALL =
            List.of(
                    new Config.Key(
                            "YIFANG_HOST",
                            "",
                            "Address to listen on; empty: `127.0.0.1` with demonstration data,"
                                    + " whose secrets everybody knows, else `0.0.0.0`"),
                    new Config.Key("YIFANG_PORT", "8080", "Port to listen on; 0 takes a free one"),
                    new Config.Key(
                            "YIFANG_PUBLIC_URL",
                            "",
                            "How clients reach the service; stands in links and token audiences;"
                                    + " empty: `http://localhost:` and the port, `https` with"
                                    + " YIFANG_TLS_CERTIFICATE"),
                    new Config.Key(
                            "YIFANG_DATA",
                            ".yifang",
                            "Folder of the embedded PostgreSQL, the key file and the kept "
                                    + "checkpoint"),
                    new Config.Key(
                            "YIFANG_DATABASE_URL",
                            "",
                            "External PostgreSQL, `postgresql://host:5432/database`, with"
                                    + " `?sslmode=verify-full&sslrootcert=…` where the way to it"
                                    + " is not safe; empty: embedded"),
                    new Config.Key(
                            "YIFANG_DATABASE_USER", "yifang", "User at the external PostgreSQL"),
                    new Config.Key(
                            "YIFANG_DATABASE_PASSWORD", "", "Password at the external PostgreSQL"),
                    new Config.Key(
                            "YIFANG_DATABASE_CONNECTIONS",
                            "16",
                            "Connections of this instance to the database"),
                    new Config.Key(
                            "YIFANG_REPLICA_URL",
                            "",
                            "Standby of that PostgreSQL, written in the same way, on which reports"
                                    + " of bureau and auditors are read; empty: none"),
                    new Config.Key(
                            "YIFANG_DEMONSTRATION",
                            "",
                            "`true` loads demonstration data and clients; empty: only with the"
                                    + " embedded database"),
                    new Config.Key(
                            "YIFANG_DEMONSTRATION_PAST",
                            "true",
                            "`false` leaves the made-up two years of tickets and sales, with their"
                                    + " plans, out of the demonstration"),
                    new Config.Key("YIFANG_REGION", "421281", "Region by GB/T 2260, six digits"),
                    new Config.Key(
                            "YIFANG_MASTER_KEY",
                            "",
                            "Base64 of the 32 bytes that wrap every other key, or"
                                    + " `seal.1=…,index.1=…` (docs/operators.md, keys); empty: a"
                                    + " key file in YIFANG_DATA, made at the first start"),
                    new Config.Key(
                            "YIFANG_BASIC_SECRETS",
                            "true",
                            "Whether clients may authenticate with HTTP Basic and a secret"),
                    new Config.Key(
                            "YIFANG_SIGNATURE_REQUIRED",
                            "false",
                            "Whether a prescription without signature is refused"),
                    new Config.Key(
                            "YIFANG_TRUST_ANCHORS",
                            "",
                            "PEM file of the certificates that signatures must chain to"),
                    new Config.Key(
                            "YIFANG_REVOCATION_LISTS",
                            "",
                            "Folder of lists of revoked certificates (CRL, `*.crl`), read anew "
                                    + "every"
                                    + " hour; empty: revocation is not checked"),
                    new Config.Key(
                            "YIFANG_PERSON_REQUIRED",
                            "",
                            "Whether a review, a claim, a dispense and a take-back need a person;"
                                    + " empty: unless with demonstration data"),
                    new Config.Key(
                            "YIFANG_CLAIM_LEASE_MINUTES",
                            "30",
                            "How long a pharmacy's claim lasts without renewal"),
                    new Config.Key(
                            "YIFANG_CLAIM_MOST_MINUTES",
                            "240",
                            "How long a claim may last with renewals"),
                    new Config.Key(
                            "YIFANG_REVIEW_MINUTES",
                            "15",
                            "How long a hospital reviews alone before the county pool sees it too"),
                    new Config.Key(
                            "YIFANG_LINES_MOST",
                            "5",
                            "Western and Chinese patent drugs on one prescription"),
                    new Config.Key("YIFANG_SUPPLY_DAYS", "7", "Supply of an ordinary prescription"),
                    new Config.Key(
                            "YIFANG_EMERGENCY_DAYS", "3", "Supply of an emergency prescription"),
                    new Config.Key(
                            "YIFANG_VALIDITY_DAYS", "3", "How long a prescription may be valid"),
                    new Config.Key(
                            "YIFANG_VALIDITY_CALENDAR_DAY",
                            "false",
                            "`true`: validity ends with its last calendar day (Asia/Shanghai)"),
                    new Config.Key(
                            "YIFANG_LONG_DAYS",
                            "28",
                            "Supply of a long prescription without an assessment"),
                    new Config.Key(
                            "YIFANG_LONG_DAYS_MOST",
                            "84",
                            "Supply of a long prescription with a noted assessment"),
                    new Config.Key(
                            "YIFANG_COLD_CHAIN_CIRCULATES",
                            "true",
                            "Whether drugs of the cold chain may leave the issuing hospital"),
                    new Config.Key(
                            "YIFANG_COLD_CHAIN_LONG",
                            "false",
                            "Whether drugs of the cold chain may be on long prescriptions"),
                    new Config.Key(
                            "YIFANG_TRACE_CODES_FROM",
                            "",
                            "Day from which on nothing but herbal pieces is dispensed without its"
                                    + " trace codes, as `2026-01-01`; empty: they are optional"),
                    new Config.Key(
                            "YIFANG_REPEAT_WINDOW_DAYS",
                            "7",
                            "How long the next fill of a long prescription stays open"),
                    new Config.Key(
                            "YIFANG_DIAGNOSES",
                            "",
                            "CSV file (UTF-8) of the diagnoses that the writing page offers, code"
                                    + " and name in its first two columns; empty: 229 of township"
                                    + " clinics"),
                    new Config.Key(
                            "YIFANG_AUDIT_WITNESSES",
                            "",
                            "Witnesses of the audit log, separated by commas: the verifier key of"
                                    + " each and, when checkpoints are to be pushed to it, a space"
                                    + " and its address"),
                    new Config.Key(
                            "YIFANG_PATIENTS_PER_HOUR",
                            "600",
                            "Different patients that one app may name in an hour"),
                    new Config.Key(
                            "YIFANG_OUTBOUND_ALLOWED",
                            "",
                            "Ranges of private or loopback addresses, as `10.1.0.0/16`,"
                                    + " separated by commas, that webhooks, price feeds and the"
                                    + " `jwksUrl` of clients may lie in"),
                    new Config.Key(
                            "YIFANG_TRUSTED_PROXIES",
                            "",
                            "Ranges, as `10.1.0.7/32`, separated by commas, of the proxies in front"
                                    + " whose `Forwarded` (or `X-Forwarded-For`) is believed"),
                    new Config.Key(
                            "YIFANG_CORS_ORIGINS",
                            "",
                            "Origins, as `https://his.example.org`, separated by commas, whose"
                                    + " pages may call `/fhir` and `/auth` in a browser; `*`:"
                                    + " everybody's; empty: nobody's"),
                    new Config.Key(
                            "YIFANG_TLS_CERTIFICATE",
                            "",
                            "PEM file of the certificate, and of those that lead to its authority;"
                                    + " read again when it changes; empty: plain HTTP"),
                    new Config.Key(
                            "YIFANG_TLS_KEY", "", "PEM file of the certificate's private key"),
                    new Config.Key(
                            "YIFANG_TLS_CLIENTS",
                            "",
                            "PEM file of authorities of which every client needs a certificate;"
                                    + " empty: none is asked for"),
                    new Config.Key(
                            "YIFANG_OIDC_ISSUER",
                            "",
                            "OpenID provider at which people sign in, as"
                                    + " `https://sso.example.org/realms/county`; empty: by the"
                                    + " passwords kept here"),
                    new Config.Key("YIFANG_OIDC_CLIENT", "yifang", "What the provider knows us as"),
                    new Config.Key(
                            "YIFANG_OIDC_SECRET",
                            "",
                            "Our secret at the provider; empty: a public client, by PKCE alone"),
                    new Config.Key(
                            "YIFANG_OIDC_CLAIM",
                            "preferred_username",
                            "Claim that holds the login of the account; one that people cannot"
                                    + " change themselves"),
                    new Config.Key(
                            "YIFANG_TRACES_URL",
                            "",
                            "Where OpenTelemetry traces are sent, as"
                                    + " `http://collector:4318/v1/traces`; empty: none are made"),
                    new Config.Key(
                            "YIFANG_LOG_FORMAT", "text", "`text`, or `json`: one object a line"),
                    new Config.Key(
                            "YIFANG_DRAIN_SECONDS",
                            "0",
                            "How long the service says that it ends before it stops listening, up"
                                    + " to 10: longer than a balancer waits between two looks"));

    private ConfigKeys() {}
}
