package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// People sign in at an OpenID provider; what is not its word for this very sign-in opens nothing.
class OpenIdTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static SmallProvider provider;
    private static TestService service;

    @BeforeAll
    static void serve() {
        provider = new SmallProvider();
        service =
                TestService.own(
                        Map.of(
                                "YIFANG_OIDC_ISSUER", provider.issuer(),
                                "YIFANG_OIDC_CLIENT", SmallProvider.CLIENT,
                                "YIFANG_OIDC_SECRET", SmallProvider.SECRET));
        provider.keep(service.clock());
    }

    @AfterAll
    static void stop() {
        service.close();
        provider.close();
    }

    @BeforeEach
    void straighten() {
        provider.straight();
    }

    /// The address to which the provider sends somebody back, as path and query.
    private static String returned(Browser browser, String as) {
        Browser.Page here = browser.get("/sign-in?back=/account");
        assertThat(here.location()).isEqualTo("/sign-in/provider?back=%2Faccount");
        Browser.Page there = browser.get(here.location());
        assertThat(there.location()).startsWith(provider.issuer() + "/authorize?");
        String address = there.location() + (as.isEmpty() ? "" : "&as=" + as);
        URI back = URI.create(send(address).headers().firstValue("Location").orElseThrow());
        return back.getPath() + "?" + back.getRawQuery();
    }

    private static HttpResponse<String> send(String address) {
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(URI.create(address)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (java.io.IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static Browser browser() {
        return new Browser(service.url());
    }

    private static void refused(Browser.Page page, int status, String why) {
        assertThat(page.status()).as(page.text()).isEqualTo(status);
        assertThat(page.text()).contains("data-why=\"" + why + "\"");
    }

    @Test
    void who_signed_in_there_is_in_here_and_the_account_is_tied_to_that_person() {
        Browser browser = browser();
        Browser.Page in = browser.get(returned(browser, "pharmacist-1.a-subject"));
        assertThat(in.status()).isEqualTo(303);
        assertThat(in.location()).isEqualTo("/account");
        assertThat(browser.get("/counter").status()).isEqualTo(200);
        assertThat(in.raw().headers().allValues("Set-Cookie").toString())
                .containsIgnoringCase("HttpOnly")
                .contains("SameSite=Lax");
        Browser again = browser();
        assertThat(again.get(returned(again, "pharmacist-1.a-subject")).status()).isEqualTo(303);
        // The login was given to somebody else there; or somebody took another's login.
        Browser other = browser();
        refused(other.get(returned(other, "pharmacist-1.another")), 403, "OTHER_PERSON");
        refused(other.get(returned(other, "pharmacist-2.a-subject")), 403, "OTHER_PERSON");
        // One way in, not two.
        assertThat(local("pharmacist-1", "pharmacist-1").status()).isEqualTo(401);
        assertThat(local("pharmacist-3", "pharmacist-3").status()).isEqualTo(303);
    }

    private static Browser.Page local(String login, String password) {
        Browser browser = browser();
        String token = browser.get("/sign-in?here").formToken();
        return browser.post(
                "/sign-in", Map.of("login", login, "password", password, "form-token", token));
    }

    @Test
    void who_is_not_known_here_is_told_so_and_gets_no_account() {
        Browser browser = browser();
        refused(browser.get(returned(browser, "stranger.s-1")), 403, "UNKNOWN");
        Client operator = new Client(service, "operator-1");
        assertThat(operator.get("/admin/people/stranger").status()).isEqualTo(404);
        AdminTest.json(operator, "PATCH", "/admin/people/pharmacist-9", "{\"active\":false}");
        refused(browser.get(returned(browser, "pharmacist-9.p-9")), 403, "UNKNOWN");
    }

    @Test
    void a_token_that_is_not_the_provider_s_word_for_this_sign_in_opens_nothing() {
        Instant now = service.clock().instant();
        Map<String, UnaryOperator<JWTClaimsSet.Builder>> bent = new LinkedHashMap<>();
        bent.put("another issuer", one -> one.issuer("https://evil.test/realm"));
        bent.put("another audience", one -> one.audience("other-client"));
        bent.put("two audiences", one -> one.audience(List.of(SmallProvider.CLIENT, "other")));
        bent.put("another party", one -> one.claim("azp", "other-client"));
        bent.put("another nonce", one -> one.claim("nonce", "of-another-sign-in"));
        bent.put("no nonce", one -> one.claim("nonce", null));
        bent.put("no subject", one -> one.subject(null));
        bent.put("over", one -> one.expirationTime(Date.from(now.minusSeconds(120))));
        bent.put("no end", one -> one.expirationTime(null));
        bent.put("of yesterday", one -> one.issueTime(Date.from(now.minusSeconds(86_400))));
        bent.put("not yet", one -> one.notBeforeTime(Date.from(now.plusSeconds(600))));
        bent.forEach((what, how) -> {
            provider.bend(how);
            Browser browser = browser();
            Browser.Page page = browser.get(returned(browser, "pharmacist-4.p-4"));
            assertThat(page.text()).as(what).contains("data-why=\"NOT_TRUSTED\"");
            assertThat(browser.get("/account").status()).as(what).isEqualTo(303);
        });
    }

    @Test
    void a_token_that_another_signed_opens_nothing() {
        ECKey own = SmallProvider.key();
        provider.sign((claims, key) -> SmallProvider.signed(claims, own));
        refusedToken();
        provider.sign((claims, key) -> new PlainJWT(claims).serialize());
        refusedToken();
        // The public key as a secret that everybody has.
        provider.sign((claims, key) -> withSecret(claims, key, publicBytes(key)));
        refusedToken();
        provider.sign((claims, key) ->
                withSecret(
                        claims,
                        key,
                        Arrays.copyOf(SmallProvider.SECRET.getBytes(StandardCharsets.UTF_8), 32)));
        refusedToken();
        provider.sign((claims, key) -> "not.a.token");
        refusedToken();
    }

    private static byte[] publicBytes(ECKey key) {
        try {
            ECPublicKey open = key.toECPublicKey();
            return open.getEncoded();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String withSecret(JWTClaimsSet claims, ECKey key, byte[] secret) {
        try {
            var header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build();
            SignedJWT token = new SignedJWT(header, claims);
            token.sign(new MACSigner(secret));
            return token.serialize();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void refusedToken() {
        Browser browser = browser();
        refused(browser.get(returned(browser, "pharmacist-5.p-5")), 403, "NOT_TRUSTED");
    }

    @Test
    void an_answer_is_good_once_and_in_the_browser_that_asked() {
        Browser browser = browser();
        String answer = returned(browser, "pharmacist-6.p-6");
        String remembered = browser.cookies().get("yifang-provider");
        // Somebody else's browser: signing a victim in as the attacker, or a stolen address.
        refused(browser().get(answer), 400, "NOT_BEGUN");
        Browser other = browser();
        returned(other, "pharmacist-7.p-7");
        refused(other.get(answer), 400, "NOT_BEGUN");
        assertThat(browser.get(answer).status()).isEqualTo(303);
        refused(browser.get(answer), 400, "NOT_BEGUN");
        browser.cookies().put("yifang-provider", remembered);
        refused(browser.get(answer), 403, "REFUSED");
        Browser forged = browser();
        forged.cookies().put("yifang-provider", "A".repeat(200));
        refused(forged.get("/sign-in/return?state=&code=x"), 400, "NOT_BEGUN");
        Browser twice = browser();
        String twoCodes = returned(twice, "pharmacist-8.p-8") + "&code=another";
        refused(twice.get(twoCodes), 403, "REFUSED");
    }

    @Test
    void a_provider_that_says_no_or_breaks_is_told_apart() {
        Browser browser = browser();
        refused(browser.get(returned(browser, "")), 403, "REFUSED");
        String answer = returned(browser, "pharmacist-10.p-10");
        provider.breakDown();
        refused(browser.get(answer), 503, "AWAY");
    }

    @Test
    void a_key_that_the_provider_has_changed_is_fetched() {
        Browser browser = browser();
        assertThat(browser.get(returned(browser, "pharmacist-11.p-11")).status()).isEqualTo(303);
        provider.rotate();
        service.clock().forward(Duration.ofSeconds(31));
        Browser later = browser();
        assertThat(later.get(returned(later, "pharmacist-11.p-11")).status()).isEqualTo(303);
    }

    @Test
    void a_second_factor_is_asked_for_here_unless_the_provider_did() {
        Client.Reply made =
                AdminTest.json(
                        new Client(service, "operator-1"),
                        "POST",
                        "/admin/people",
                        "{\"login\":\"official-7\",\"name\":\"示例\",\"role\":\"bureau\"}");
        assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
        Browser weak = browser();
        assertThat(weak.get(returned(weak, "official-7.o-7")).location()).isEqualTo("/sign-in");
        assertThat(weak.get("/sign-in").text()).contains("data-test=\"totp-key\"");
        assertThat(weak.get("/bureau").status()).isEqualTo(303);
        provider.bend(one -> one.claim("amr", List.of("pwd", "otp")));
        Browser strong = browser();
        assertThat(strong.get(returned(strong, "official-7.o-7")).location()).isEqualTo("/account");
        assertThat(strong.get("/bureau").status()).isEqualTo(200);
    }

    @Test
    void who_signs_out_stays_out() {
        Browser browser = browser();
        browser.get(returned(browser, "pharmacist-12.p-12"));
        Browser.Page out = browser.fill("/account", Map.of());
        assertThat(out.status()).isNotEqualTo(500);
        String token = browser.get("/account").formToken();
        assertThat(browser.post("/sign-out", Map.of("form-token", token)).location())
                .isEqualTo("/sign-in?out");
        assertThat(browser.get("/sign-in?out").text()).contains("data-test=\"provider\"");
        assertThat(browser.get("/account").status()).isEqualTo(303);
    }
}
