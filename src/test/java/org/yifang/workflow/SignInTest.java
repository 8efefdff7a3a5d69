package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Map;

/// People of the demonstration sign in, and those who are not stay out.
class SignInTest {
    private static TestService service;

    @BeforeAll
    static void serve() {
        service = TestService.own(Map.of());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Browser browser() {
        return new Browser(service.url());
    }

    private static Browser in(String login) {
        Browser browser = browser();
        assertThat(browser.signIn(login, login).status()).isEqualTo(303);
        return browser;
    }

    @Test
    void who_is_not_signed_in_comes_back_to_where_it_wanted_to() {
        Browser browser = browser();
        Browser.Page away = browser.get("/counter?code=ABC");
        assertThat(away.status()).isEqualTo(303);
        assertThat(away.location()).isEqualTo("/sign-in?back=%2Fcounter%3Fcode%3DABC");
        Browser.Page form = browser.get(away.location());
        assertThat(form.text()).contains("data-page=\"/sign-in\"", "data-test=\"login\"");
        assertThat(form.header("Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'")
                .doesNotContain("unsafe");
        Browser.Page in =
                browser.post(
                        "/sign-in",
                        Map.of(
                                "login", "pharmacist-1",
                                "password", "pharmacist-1",
                                "back", "/counter?code=ABC",
                                "form-token", form.formToken()));
        assertThat(in.location()).isEqualTo("/counter?code=ABC");
        assertThat(in.raw().headers().allValues("Set-Cookie").toString())
                .containsIgnoringCase("HttpOnly")
                .contains("SameSite=Lax");
    }

    @Test
    void a_return_address_never_leads_to_another_host() {
        for (String evil : new String[] {"//evil.test", "https://evil.test", "/\\evil.test"}) {
            Browser browser = browser();
            String token = browser.get("/sign-in").formToken();
            Browser.Page in =
                    browser.post(
                            "/sign-in",
                            Map.of(
                                    "login",
                                    "doctor-1",
                                    "password",
                                    "doctor-1",
                                    "back",
                                    evil,
                                    "form-token",
                                    token));
            assertThat(in.location()).isEqualTo("/");
        }
    }

    @Test
    void a_page_of_another_role_is_403() {
        Browser browser = in("doctor-1");
        assertThat(browser.get("/counter").status()).isEqualTo(403);
        assertThat(browser.get("/operator/clients").status()).isEqualTo(403);
    }

    @Test
    void a_wrong_password_and_an_unknown_login_look_alike() {
        Browser.Page wrong = browser().signIn("doctor-2", "doctor-1");
        Browser.Page unknown = browser().signIn("nobody-7", "doctor-1");
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(unknown.status()).isEqualTo(401);
        assertThat(lasting(unknown)).isEqualTo(lasting(wrong));
    }

    /// What of a page is the same in the next second.
    private static String lasting(Browser.Page page) {
        return page.text()
                .replace(page.formToken(), "")
                .replaceAll("(data-test=\"as-of\">)[^<]*", "$1");
    }

    @Test
    void a_session_planted_before_is_worth_nothing_after() {
        Browser browser = browser();
        browser.cookies().put("yifang-session", "A".repeat(43));
        assertThat(browser.signIn("doctor-1", "doctor-1").status()).isEqualTo(303);
        assertThat(browser.cookies().get("yifang-session")).isNotEqualTo("A".repeat(43));
        String before = browser.cookies().get("yifang-session");
        assertThat(browser.fill("/account", Map.of()).status()).isNotEqualTo(500);
        // Signing in anew ends what was seen before.
        Browser thief = browser();
        thief.cookies().put("yifang-session", before);
        assertThat(thief.get("/account").status()).isNotEqualTo(303);
        Browser again = browser();
        again.cookies().put("yifang-session", before);
        String token = again.get("/account").formToken();
        again.post(
                "/sign-in",
                Map.of("login", "doctor-1", "password", "doctor-1", "form-token", token));
        assertThat(thief.get("/account").status()).isEqualTo(303);
    }

    @Test
    void a_form_from_elsewhere_changes_nothing() {
        Browser browser = in("doctor-2");
        String token = browser.get("/account").formToken();
        Browser.Page without = browser.post("/sign-out", Map.of());
        assertThat(without.status()).isEqualTo(403);
        Browser.Page foreign =
                browser.send(
                        browser.form("/sign-out", Map.of("form-token", token))
                                .header("Origin", "https://evil.test"));
        assertThat(foreign.status()).isEqualTo(403);
        assertThat(browser.get("/account").status()).isNotEqualTo(303);
        assertThat(browser.post("/sign-out", Map.of("form-token", token)).status()).isEqualTo(303);
        assertThat(browser.get("/account").status()).isEqualTo(303);
    }

    @Test
    void a_page_calls_the_interface_as_the_person_and_only_with_the_form_token() {
        Browser browser = in("pharmacist-1");
        Browser.Page read = browser.get("/fhir/Task?status=in-progress");
        assertThat(read.status()).isEqualTo(200);
        HttpRequest.Builder forged =
                HttpRequest.newBuilder(URI.create(service.url() + "/fhir/Task/$claim"))
                        .header("Content-Type", "application/fhir+json")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"));
        assertThat(browser.send(forged).status()).isEqualTo(401);
        Browser.Page cross =
                browser.send(
                        HttpRequest.newBuilder(URI.create(service.url() + "/fhir/Task"))
                                .header("Sec-Fetch-Site", "cross-site"));
        assertThat(cross.status()).isEqualTo(401);
    }

    @Test
    void a_session_ends_when_idle_and_after_half_a_day() {
        try (TestService own = TestService.own(Map.of())) {
            Browser browser = new Browser(own.url());
            assertThat(browser.signIn("doctor-1", "doctor-1").status()).isEqualTo(303);
            own.clock().forward(Duration.ofMinutes(29));
            assertThat(browser.get("/prescriptions").status()).isNotEqualTo(303);
            own.clock().forward(Duration.ofMinutes(31));
            assertThat(browser.get("/prescriptions").status()).isEqualTo(303);
            assertThat(browser.signIn("doctor-1", "doctor-1").status()).isEqualTo(303);
            for (int i = 0; i < 28; i++) {
                own.clock().forward(Duration.ofMinutes(25));
                assertThat(browser.get("/prescriptions").status()).isNotEqualTo(303);
            }
            own.clock().forward(Duration.ofMinutes(25));
            assertThat(browser.get("/prescriptions").status()).isEqualTo(303);
        }
    }
}
