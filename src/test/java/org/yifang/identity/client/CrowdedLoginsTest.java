package org.yifang.identity.client;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.abuse.Wire;
import org.yifang.platform.Limits;
import org.yifang.platform.edge.Bounds;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.edge.Proxies;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// An address that floods the service has had its share; who has the right secret there gets its
/// token all the same, whatever else comes from it.
final class CrowdedLoginsTest extends TokenEndpoint {
    private static final int FLOODERS = 16;

    private static int crowded;

    @BeforeAll
    static void small() {
        Bounds one =
                new Bounds(
                        Limits.HEAD,
                        Limits.BODY_GRACE,
                        Limits.BODY_BYTES_PER_SECOND,
                        1_000,
                        1_000,
                        100,
                        3,
                        1024 * 1024,
                        16 * 1024 * 1024,
                        2 * 1024 * 1024,
                        1,
                        2);
        crowded =
                another.apply(new Edge(one, Proxies.NONE, URI.create("http://x"), Edge.options()));
    }

    private static Wire.Reply ask(String id, String secret) throws IOException {
        return ask(crowded, id, secret);
    }

    private static Wire.Reply ask(int at, String id, String secret) throws IOException {
        String form = "grant_type=client_credentials";
        try (Wire wire = Wire.to(at, "127.0.0.1")) {
            return wire.send(head(id, secret, form.length()) + form).answer();
        }
    }

    private static String head(String id, String secret, int length) {
        return "POST /auth/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic "
                + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(UTF_8))
                + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                + length
                + "\r\n\r\n";
    }

    @Test
    void the_right_secret_gets_its_token_and_nothing_else_is_let_through() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger passed = new AtomicInteger();
        List<String> guessed = List.of("pharmacy-3", "hospital-1", "nobody-");
        try (ExecutorService all = Executors.newFixedThreadPool(FLOODERS)) {
            List<Future<?>> flood = new ArrayList<>();
            for (int i = 0; i < FLOODERS; i++) {
                String id = guessed.get(i % guessed.size());
                Callable<Void> guessing =
                        () -> {
                            for (int n = 0; !over.get(); n++) {
                                String name = id.endsWith("-") ? id + n : id;
                                passed.addAndGet(ask(name, "guess-" + n).status() == 429 ? 0 : 1);
                            }
                            return null;
                        };
                flood.add(all.submit(guessing));
            }
            try {
                for (String id : List.of("pharmacy-3", "hospital-1", "hospital-2", "pharmacy-4")) {
                    for (int n = 0; n < 5; n++) {
                        Wire.Reply reply = ask(id, id);
                        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
                    }
                }
                assertThat(ask("closed", "closed").status()).isEqualTo(429);
            } finally {
                over.set(true);
            }
            for (Future<?> one : flood) {
                one.get();
            }
        }
        // The share itself, some a second.
        assertThat(passed.get()).isLessThan(120);
    }

    @Test
    void guesses_at_one_client_are_counted_over_all_instances() throws IOException {
        int beside = another.apply(Edge.standard());
        for (int i = 0; i < 10; i++) {
            assertThat(ask(port, "pharmacy-6", "guess-" + i).status()).isEqualTo(401);
            assertThat(ask(beside, "pharmacy-6", "other-" + i).status()).isEqualTo(401);
        }
        assertThat(ask(port, "pharmacy-6", "one more").status()).isEqualTo(429);
        assertThat(ask(beside, "pharmacy-6", "one more").status()).isEqualTo(429);
        assertThat(ask(beside, "pharmacy-6", "pharmacy-6").status()).isEqualTo(200);
    }

    @Test
    void who_signs_with_a_registered_key_gets_its_token_from_there_too() throws Exception {
        for (int n = 0; n < 40; n++) {
            ask("nobody-" + n, "guess");
        }
        for (ECKey key : List.of(es256, es384)) {
            for (int n = 0; n < 5; n++) {
                Wire.Reply reply = assertion("his", key);
                assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            }
        }
        assertThat(assertion("his", new ECKeyGenerator(Curve.P_256).keyID("a").generate()).status())
                .isEqualTo(429);
        assertThat(assertion("closed", es256).status()).isEqualTo(429);
        assertThat(assertion("nobody", es256).status()).isEqualTo(429);
    }

    private static Wire.Reply assertion(String id, ECKey key) throws Exception {
        var claims =
                new JWTClaimsSet.Builder()
                        .issuer(id)
                        .subject(id)
                        .audience(URL + "/auth/token")
                        .jwtID(UUID.randomUUID().toString())
                        .expirationTime(Date.from(NOW.get().plusSeconds(300)));
        JWSAlgorithm algorithm =
                key.getCurve().equals(Curve.P_256) ? JWSAlgorithm.ES256 : JWSAlgorithm.ES384;
        var jwt =
                new SignedJWT(
                        new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(),
                        claims.build());
        jwt.sign(new ECDSASigner(key));
        String form =
                "grant_type=client_credentials&client_assertion_type="
                        + URLEncoder.encode(ClientAssertion.TYPE, UTF_8)
                        + "&client_assertion="
                        + jwt.serialize();
        try (Wire wire = Wire.to(crowded, "127.0.0.1")) {
            return wire.send(
                            "POST /auth/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                    + "Content-Type: application/x-www-form-urlencoded\r\n"
                                    + "Content-Length: "
                                    + form.length()
                                    + "\r\n\r\n"
                                    + form)
                    .answer();
        }
    }

    @Test
    void bodies_that_are_left_unfinished_keep_nobody_out() throws IOException {
        List<Wire> held = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                held.add(Wire.to(crowded, "127.0.0.1").send(head("pharmacy-5", "no", 20) + "a="));
            }
            assertThat(ask("pharmacy-5", "pharmacy-5").status()).isEqualTo(200);
            assertThat(ask("pharmacy-5", "guess").status()).isIn(401, 429);
        } finally {
            for (Wire wire : held) {
                wire.close();
            }
        }
    }

    @Test
    void an_address_that_has_had_its_share_gets_no_other_page_with_a_secret() throws IOException {
        String get = "GET /who HTTP/1.1\r\nHost: x\r\nAuthorization: Basic cDpw\r\n\r\n";
        try (Wire wire = Wire.to(crowded, "127.0.0.1")) {
            assertThat(wire.send(get.repeat(20)).answer().text()).contains("HTTP/1.1 429");
        }
    }
}
