package org.yifang.identity.seal;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.yifang.identity.client.AccessTokens;
import org.yifang.identity.client.SigningKeys;
import org.yifang.identity.client.TokenEndpoint;
import org.yifang.platform.Caller;
import org.yifang.platform.data.Database;
import org.yifang.platform.problem.ProblemCode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class SecretLoginTest extends TokenEndpoint {
    @Nested
    class With_a_secret {
        @Test
        void gives_a_token_that_says_who_calls() {
            var answer =
                    login(
                            "hospital-1",
                            "hospital-1",
                            "subject_id",
                            "D421281000001",
                            "subject_name",
                            "王医生",
                            "subject_role",
                            "prescriber",
                            "purpose_of_use",
                            "TREAT");
            assertThat(answer.statusCode()).isEqualTo(200);
            var body = answer.bodyAsJsonObject();
            assertThat(body.getString("token_type")).isEqualToIgnoringCase("bearer");
            assertThat(body.getInteger("expires_in")).isLessThanOrEqualTo(900);
            assertThat(body.getString("scope")).isEqualTo("system/*.cruds");
            assertThat(answer.getHeader("Cache-Control")).isEqualTo("no-store");
            String who = who(body.getString("access_token")).bodyAsString();
            assertThat(who)
                    .contains(
                            "clientId=hospital-1",
                            "role=HOSPITAL",
                            "H42128100001",
                            "王医生",
                            "D421281000001",
                            "TREAT",
                            "language=zh-CN");
            Caller caller = AUDITED.getFirst().caller();
            assertThat(caller).isNotNull();
            assertThat(caller.person().name()).isEqualTo("王医生");
        }

        @Test
        void knows_every_demonstration_client() {
            for (String id :
                    List.of(
                            "hospital-2",
                            "pharmacy-1",
                            "pharmacy-12",
                            "bureau-1",
                            "auditor-1",
                            "reviewer-1")) {
                assertThat(login(id, id).statusCode()).as(id).isEqualTo(200);
            }
            assertThat(who(token(login("reviewer-1", "reviewer-1"))).bodyAsString())
                    .contains("reviewsFor=[H42128100001, H42128100002]");
            assertThat(who(token(login("pharmacy-12", "pharmacy-12"))).bodyAsString())
                    .contains("P42128100012");
        }

        @Test
        void refuses_a_wrong_secret_and_an_unknown_client_alike() {
            var wrong = login("hospital-1", "hospital-2");
            denied(wrong, 401, "invalid_client");
            assertThat(AUDITED.getFirst().query()).isEqualTo("client_id=hospital-1");
            AUDITED.clear();
            var unknown = login("no-such", "no-such");
            denied(unknown, 401, "invalid_client");
            assertThat(unknown.bodyAsString()).isEqualTo(wrong.bodyAsString());
            assertThat(unknown.getHeader("WWW-Authenticate")).startsWith("Basic");
            assertThat(AUDITED.getFirst().query()).isNull();
        }

        @Test
        void refuses_a_client_without_secret_and_a_closed_one() {
            denied(login("his", "null"), 401, "invalid_client");
            AUDITED.clear();
            denied(login("closed", ""), 401, "invalid_client");
        }

        @Test
        void refuses_a_header_that_cannot_be_read() {
            for (String header : List.of("", "Basic", "Basic %%%", "Basic YQ==", "Bearer x")) {
                AUDITED.clear();
                denied(
                        send(header, Map.of("grant_type", "client_credentials")),
                        401,
                        "invalid_client");
            }
        }

        @Test
        void refuses_another_grant_and_a_missing_one() {
            denied(
                    send(basic("hospital-1", "hospital-1"), Map.of("grant_type", "password")),
                    400,
                    "unsupported_grant_type");
            AUDITED.clear();
            denied(send(basic("hospital-1", "hospital-1"), Map.of()), 400, "invalid_request");
        }

        @Test
        void gives_what_was_asked_for_within_what_is_registered() {
            var some = login("auditor-1", "auditor-1", "scope", "system/AuditEvent.cruds x");
            assertThat(some.bodyAsJsonObject().getString("scope"))
                    .isEqualTo("system/AuditEvent.rs");
            AUDITED.clear();
            denied(login("auditor-1", "auditor-1", "scope", "system/Task.c"), 400, "invalid_scope");
        }

        @Test
        void refuses_a_person_with_a_line_of_its_own_or_that_xml_cannot_carry() {
            for (String name :
                    List.of("a\nb", "a\u001bb", "a\u2028b", "a\u202eb", "a\ufffeb", "a\uffffb")) {
                denied(
                        login("hospital-1", "hospital-1", "subject_name", name),
                        400,
                        "invalid_request");
                AUDITED.clear();
            }
            for (String part :
                    List.of("subject_id", "subject_role", "organization_id", "purpose_of_use")) {
                denied(login("hospital-1", "hospital-1", part, "\uffff"), 400, "invalid_request");
                AUDITED.clear();
            }
            denied(
                    login("hospital-1", "hospital-1", "subject_name", "a".repeat(201)),
                    400,
                    "invalid_request");
        }

        @Test
        void is_answered_429_after_twenty_and_neither_it_nor_anybody_else_is_kept_out() {
            for (int i = 0; i < 20; i++) {
                assertThat(login("pharmacy-7", "guess-" + i).statusCode()).isEqualTo(401);
            }
            AUDITED.clear();
            var answer = login("pharmacy-7", "another");
            denied(answer, 429, "temporarily_unavailable");
            assertThat(answer.getHeader("Retry-After")).isEqualTo("600");
            assertThat(login("pharmacy-7", "pharmacy-7").statusCode()).isEqualTo(200);
            assertThat(login("pharmacy-8", "pharmacy-8").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_right_secret_is_taken_while_wrong_ones_come_from_the_same_address() {
        for (int i = 0; i < 20; i++) {
            login("pharmacy-9", "guess-" + i);
        }
        Vertx vertx = Vertx.vertx();
        WebClient many =
                WebClient.create(
                        vertx, new WebClientOptions(), new PoolOptions().setHttp1MaxSize(30));
        try {
            List<Future<HttpResponse<Buffer>>> flood = new ArrayList<>();
            for (int i = 0; i < 29; i++) {
                flood.add(sending(many, "more-" + i));
            }
            var right = sending(many, "pharmacy-9").await();
            assertThat(right.statusCode()).as(right.bodyAsString()).isEqualTo(200);
            for (var guess : flood) {
                assertThat(guess.await().statusCode()).isEqualTo(429);
            }
        } finally {
            vertx.close().await();
        }
    }

    private static Future<HttpResponse<Buffer>> sending(WebClient by, String secret) {
        return by.post(port, "localhost", "/auth/token")
                .putHeader("Authorization", basic("pharmacy-9", secret))
                .sendForm(
                        MultiMap.caseInsensitiveMultiMap().add("grant_type", "client_credentials"));
    }

    @Nested
    class Of_a_patient_app {
        @Test
        void names_its_patient_by_id_or_identity_card() {
            for (String named : List.of(PATIENT.toString(), CARD)) {
                var answer = login("patient-app", "patient-app", "patient", named);
                assertThat(answer.bodyAsJsonObject().getString("patient"))
                        .isEqualTo(PATIENT.toString());
                assertThat(who(token(answer)).bodyAsString()).contains("patientId=" + PATIENT);
            }
            assertThat(AUDITED.getFirst().patients()).containsExactly(PATIENT);
        }

        @Test
        void is_refused_without_one_and_learns_nothing_of_an_unknown_one() {
            denied(login("patient-app", "patient-app"), 400, "invalid_request");
            var unknown = login("patient-app", "patient-app", "patient", "421281199003070012");
            assertThat(unknown.statusCode()).isEqualTo(200);
            assertThat(unknown.bodyAsString()).doesNotContain("421281199003070012");
            assertThat(unknown.bodyAsJsonObject().getString("patient"))
                    .isNotEqualTo(PATIENT.toString());
        }

        @Test
        void is_the_only_one_to_name_a_patient() {
            denied(
                    login("pharmacy-1", "pharmacy-1", "patient", PATIENT.toString()),
                    400,
                    "invalid_request");
        }
    }

    @Nested
    class A_call {
        @Test
        void without_a_good_token_is_told_how_to_get_one() {
            var without = web.get(port, "localhost", "/who").send().await();
            assertThat(without.statusCode()).isEqualTo(401);
            assertThat(without.getHeader("WWW-Authenticate")).isEqualTo("Bearer realm=\"yifang\"");
            var bad = who("x.y.z");
            assertThat(bad.statusCode()).isEqualTo(401);
            assertThat(bad.bodyAsString()).isEqualTo(ProblemCode.NOT_AUTHENTICATED.code());
            assertThat(bad.getHeader("WWW-Authenticate")).contains("invalid_token");
        }

        @Test
        void with_a_token_that_is_over_is_refused() {
            String token = token(login("hospital-1", "hospital-1"));
            Instant before = NOW.get();
            try {
                NOW.set(before.plus(AccessTokens.LIFETIME));
                assertThat(who(token).statusCode()).isEqualTo(401);
            } finally {
                NOW.set(before);
            }
            assertThat(who(token).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void keys_and_configuration_are_open_and_hold_nothing_private() {
        var jwks = web.get(port, "localhost", "/auth/jwks").send().await().bodyAsJsonObject();
        var key = jwks.getJsonArray("keys").getJsonObject(0);
        assertThat(key.fieldNames()).contains("kty", "crv", "x", "y", "kid").doesNotContain("d");
        var smart =
                web.get(port, "localhost", "/fhir/.well-known/smart-configuration").send().await();
        assertThat(smart.getHeader("Content-Type")).startsWith("application/json");
        assertThat(smart.bodyAsJsonObject().getString("token_endpoint"))
                .isEqualTo(URL + "/auth/token");
        assertThat(smart.bodyAsJsonObject().getString("jwks_uri")).isEqualTo(URL + "/auth/jwks");
    }

    @Test
    void our_private_key_rests_sealed_and_another_master_key_is_noticed() {
        var sealed =
                database.run(
                                Database.SQL
                                        .select(
                                                org.yifang.generated.Tables.SIGNING_KEY
                                                        .PRIVATE_SEALED)
                                        .from(org.yifang.generated.Tables.SIGNING_KEY)
                                        .limit(1))
                        .iterator()
                        .next()
                        .getBuffer(0);
        assertThat(sealed.toString(UTF_8)).doesNotContain("\"d\"");
        Seal other = new Seal(MasterKeys.parse(MasterKeys.generate()));
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> SigningKeys.load(database, other, NOW::get))
                .isInstanceOf(SealBroken.class);
    }
}
