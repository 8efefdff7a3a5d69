package org.yifang.identity.person;

import com.nimbusds.jose.jwk.JWKSet;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.codec.BodyCodec;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.BoundedBody;
import org.yifang.platform.config.OpenId;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// What the OpenID provider publishes, kept for a while, and its exchange of codes for tokens.
final class OpenIdProvider implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    /// Its keys and its configuration take some 10 KiB.
    private static final int BYTES_MOST = 256 * 1024;

    private static final Duration KEPT = Duration.ofMinutes(10);

    /// Forged key ids must not make us call the provider again and again.
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(30);

    /// It does not answer, or not as a provider does.
    static final class Away extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Away(String what) {
            super(what, null, false, false);
        }
    }

    /// It does not take the code.
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String error) {
            super(error, null, false, false);
        }
    }

    /// Where it does what (OpenID Connect Discovery 1.0 section 3).
    record Published(String authorize, String token, String keys, Instant readAt) {}

    private record Keys(JWKSet set, Instant readAt) {}

    private final OpenId options;
    private final InstantSource clock;
    private final WebClient web;
    private volatile @Nullable Published published;
    private volatile @Nullable Keys keys;

    OpenIdProvider(Vertx vertx, OpenId options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
        this.web =
                WebClient.create(
                        vertx,
                        new WebClientOptions()
                                .setUserAgent("yifang-sign-in")
                                .setConnectTimeout((int) TIMEOUT.toMillis())
                                .setFollowRedirects(false)
                                .setDecompressionSupported(false));
    }

    /// Its configuration, read when it is wanted: the service starts without the provider. Waits.
    ///
    /// @throws Away when it cannot be read, or belongs to another issuer
    Published published() {
        Published known = published;
        Instant now = clock.instant();
        if (known != null && now.isBefore(known.readAt().plus(KEPT))) {
            return known;
        }
        try {
            known = read(now);
            published = known;
        } catch (Away away) {
            // What it published before is still the best that is known.
            if (known == null) {
                throw away;
            }
        }
        return known;
    }

    private Published read(Instant now) {
        JsonObject json = get(options.issuer() + "/.well-known/openid-configuration");
        if (!options.issuer().toString().equals(json.getString("issuer"))) {
            throw new Away("its configuration names another issuer");
        }
        return new Published(
                endpoint(json, "authorization_endpoint"),
                endpoint(json, "token_endpoint"),
                endpoint(json, "jwks_uri"),
                now);
    }

    /// A provider that is spoken to by TLS never sends anybody on without.
    private String endpoint(JsonObject json, String name) {
        String address = json.getValue(name) instanceof String text ? text : "";
        boolean fits =
                address.startsWith("https://")
                        || (address.startsWith("http://")
                                && "http".equals(options.issuer().getScheme()));
        if (!fits) {
            throw new Away("its configuration has no usable `" + name + "`");
        }
        return address;
    }

    /// Its keys, those of a moment ago when `kid` is among them. Waits.
    JWKSet keys(@Nullable String kid) {
        Keys known = keys;
        Instant now = clock.instant();
        boolean fits =
                known != null
                        && now.isBefore(known.readAt().plus(KEPT))
                        && (kid == null
                                || known.set().getKeyByKeyId(kid) != null
                                || now.isBefore(known.readAt().plus(AGAIN_AFTER)));
        if (known != null && fits) {
            return known.set();
        }
        try {
            JWKSet read = JWKSet.parse(get(published().keys()).encode());
            keys = new Keys(read, now);
            return read;
        } catch (ParseException unreadable) {
            throw new Away("its keys are no JWKS");
        }
    }

    /// The identity token behind a code. Waits.
    ///
    /// @param verifier what only the browser that began has (PKCE, RFC 7636)
    /// @throws Refused when the provider does not take the code
    String token(String code, String verifier, String redirect) {
        MultiMap form =
                MultiMap.caseInsensitiveMultiMap()
                        .add("grant_type", "authorization_code")
                        .add("code", code)
                        .add("redirect_uri", redirect)
                        .add("code_verifier", verifier)
                        .add("client_id", options.client());
        HttpRequest<Buffer> request = web.postAbs(published().token());
        if (options.secret() != null) {
            request.basicAuthentication(encoded(options.client()), encoded(options.secret()));
        }
        Answer answer = answer(request, form);
        if (answer.status() == 400 || answer.status() == 401) {
            throw new Refused(String.valueOf(answer.json().getValue("error")));
        }
        if (answer.status() != 200
                || !(answer.json().getValue("id_token") instanceof String token)) {
            throw new Away("its token endpoint answered " + answer.status());
        }
        return token;
    }

    private JsonObject get(String address) {
        Answer answer = answer(web.getAbs(address), null);
        if (answer.status() != 200) {
            throw new Away(URI.create(address).getPath() + " answered " + answer.status());
        }
        return answer.json();
    }

    /// What it answered; an empty object where that is none.
    private record Answer(int status, JsonObject json) {}

    private static Answer answer(HttpRequest<Buffer> request, @Nullable MultiMap form) {
        BoundedBody body = new BoundedBody(BYTES_MOST);
        var bounded =
                request.timeout(TIMEOUT.toMillis())
                        .putHeader("Accept", "application/json")
                        .as(BodyCodec.pipe(body));
        int status;
        try {
            status =
                    (form == null ? bounded.send() : bounded.sendForm(form)).await().statusCode();
        } catch (Exception failure) {
            // `await` throws what the client failed with, checked exceptions too.
            throw new Away("it does not answer: " + failure.getClass().getSimpleName());
        }
        try {
            return new Answer(status, new JsonObject(body.bytes()));
        } catch (RuntimeException unreadable) {
            return new Answer(status, new JsonObject());
        }
    }

    /// RFC 6749 section 2.3.1: id and secret are form-encoded before RFC 7617 joins them.
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        web.close();
    }
}
