package org.yifang.workflow;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/// A small OpenID provider: whoever comes as `as=login.subject` is that person, codes are good once
/// and for who has the verifier. A test may bend the tokens that it makes.
final class SmallProvider implements AutoCloseable {
    static final String CLIENT = "county";
    static final String SECRET = "between-us: 100%";

    private record Asked(HttpServerRequest request, String as) {}

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final Map<String, Asked> codes = new ConcurrentHashMap<>();
    private volatile InstantSource clock = InstantSource.system();
    private volatile ECKey key = key();
    private volatile UnaryOperator<JWTClaimsSet.Builder> bend = claims -> claims;
    private volatile BiFunction<JWTClaimsSet, ECKey, String> signing = SmallProvider::signed;
    private volatile boolean broken;

    SmallProvider() {
        Router router = Router.router(vertx);
        router.get("/realm/.well-known/openid-configuration").handler(this::configuration);
        router.get("/realm/authorize").handler(this::authorize);
        router.post("/realm/token").handler(BodyHandler.create(false)).handler(this::token);
        router.get("/realm/keys").handler(http -> http.end(new JWKSet(key).toString()));
        server = vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1").await();
    }

    static ECKey key() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(UUID.randomUUID().toString()).generate();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    String issuer() {
        return "http://127.0.0.1:" + server.actualPort() + "/realm";
    }

    void keep(InstantSource time) {
        clock = time;
    }

    /// From now on it signs with another key.
    void rotate() {
        key = key();
    }

    void bend(UnaryOperator<JWTClaimsSet.Builder> how) {
        bend = how;
    }

    void sign(BiFunction<JWTClaimsSet, ECKey, String> how) {
        signing = how;
    }

    void straight() {
        bend = claims -> claims;
        signing = SmallProvider::signed;
        broken = false;
    }

    void breakDown() {
        broken = true;
    }

    static String signed(JWTClaimsSet claims, ECKey key) {
        try {
            var header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build();
            SignedJWT token = new SignedJWT(header, claims);
            token.sign(new ECDSASigner(key));
            return token.serialize();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void configuration(RoutingContext http) {
        http.json(
                new JsonObject()
                        .put("issuer", issuer())
                        .put("authorization_endpoint", issuer() + "/authorize")
                        .put("token_endpoint", issuer() + "/token")
                        .put("jwks_uri", issuer() + "/keys"));
    }

    private void authorize(RoutingContext http) {
        HttpServerRequest request = http.request();
        boolean whole =
                "code".equals(request.getParam("response_type"))
                        && CLIENT.equals(request.getParam("client_id"))
                        && "S256".equals(request.getParam("code_challenge_method"))
                        && request.getParam("scope").contains("openid");
        if (!whole) {
            http.response().setStatusCode(400).end();
            return;
        }
        String code = UUID.randomUUID().toString();
        String as = request.getParam("as");
        String answer = as == null ? "error=access_denied" : "code=" + code;
        codes.put(code, new Asked(request, String.valueOf(as)));
        http.response()
                .setStatusCode(302)
                .putHeader(
                        "Location",
                        request.getParam("redirect_uri")
                                + "?"
                                + answer
                                + "&state="
                                + request.getParam("state"))
                .end();
    }

    private void token(RoutingContext http) {
        HttpServerRequest request = http.request();
        Asked asked = codes.remove(String.valueOf(request.getFormAttribute("code")));
        String basic = CLIENT + ":" + "between-us%3A+100%25";
        boolean known =
                ("Basic "
                                + Base64.getEncoder()
                                        .encodeToString(basic.getBytes(StandardCharsets.UTF_8)))
                        .equals(request.getHeader("Authorization"));
        boolean same =
                asked != null
                        && asked.request()
                                .getParam("code_challenge")
                                .equals(hash(request.getFormAttribute("code_verifier")))
                        && asked.request()
                                .getParam("redirect_uri")
                                .equals(request.getFormAttribute("redirect_uri"));
        if (broken || !known || !same) {
            http.response().setStatusCode(broken ? 500 : 400).end("{\"error\":\"invalid_grant\"}");
            return;
        }
        String[] person = asked.as().split("\\.", 2);
        JWTClaimsSet.Builder claims =
                new JWTClaimsSet.Builder()
                        .issuer(issuer())
                        .audience(CLIENT)
                        .subject(person[1])
                        .claim("preferred_username", person[0])
                        .claim("nonce", asked.request().getParam("nonce"))
                        .issueTime(Date.from(clock.instant()))
                        .expirationTime(Date.from(clock.instant().plusSeconds(300)));
        http.json(
                new JsonObject()
                        .put("access_token", "none of our business")
                        .put("token_type", "Bearer")
                        .put("id_token", signing.apply(bend.apply(claims).build(), key)));
    }

    private static String hash(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
