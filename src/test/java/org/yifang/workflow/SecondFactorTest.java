package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A second factor is taken on, asked for and lost through the pages; guessed or used twice it
/// opens nothing.
class SecondFactorTest {
    private static final String PASSWORD = "plum-Tidal-98-kettle";
    private static final Pattern KEY = Pattern.compile("data-test=\"totp-key\">([A-Z2-7]+)<");
    private static final Pattern RECOVERY =
            Pattern.compile("data-test=\"recovery-code\">([A-Z0-9-]+)<");

    private static TestService service;
    private static Client operator;

    @BeforeAll
    static void serve() {
        service = TestService.own(Map.of());
        operator = new Client(service, "operator-1");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /// Somebody who needs a second factor, and has one now.
    private record Enrolled(String login, Authenticator telephone, List<String> recovery) {}

    private static Enrolled enrolled(String login) {
        Client.Reply made =
                AdminTest.json(
                        operator,
                        "POST",
                        "/admin/people",
                        "{\"login\":\"%s\",\"name\":\"示例\",\"role\":\"auditor\"}".formatted(login));
        assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
        return enrolled(login, made.body().path("password").asText());
    }

    private static Enrolled enrolled(String login, String once) {
        Browser browser = new Browser(service.url());
        assertThat(browser.signIn(login, once).location()).isEqualTo("/sign-in");
        // The step is the session's, whatever else is asked for meanwhile.
        assertThat(browser.get("/auditor").status()).isEqualTo(303);
        change(browser, "short", "short", 422);
        change(browser, PASSWORD, PASSWORD + "x", 422);
        change(browser, once, once, 422);
        change(browser, PASSWORD, PASSWORD, 303);
        assertThat(browser.get("/auditor").status()).isEqualTo(303);
        Browser.Page page = browser.get("/sign-in");
        assertThat(page.text()).contains("<svg class=\"qr\"");
        Matcher key = KEY.matcher(page.text());
        assertThat(key.find()).isTrue();
        Authenticator telephone = new Authenticator(key.group(1));
        assertThat(browser.fill("/sign-in", Map.of("second-factor", "000000")).status())
                .isEqualTo(401);
        Browser.Page codes =
                browser.fill(
                        "/sign-in",
                        Map.of("second-factor", telephone.code(service.clock().instant())));
        List<String> recovery =
                RECOVERY.matcher(codes.text()).results().map(one -> one.group(1)).toList();
        assertThat(recovery).hasSize(8).doesNotHaveDuplicates();
        assertThat(browser.get("/auditor").status()).isEqualTo(200);
        return new Enrolled(login, telephone, recovery);
    }

    private static void change(Browser browser, String password, String again, int status) {
        assertThat(
                        browser.fill(
                                        "/sign-in",
                                        Map.of("new-password", password, "repeat-password", again))
                                .status())
                .isEqualTo(status);
    }

    /// A browser that has shown the password and is asked for the second factor.
    private static Browser asked(String login) {
        Browser browser = new Browser(service.url());
        assertThat(browser.signIn(login, PASSWORD).location()).isEqualTo("/sign-in");
        return browser;
    }

    private static int factor(Browser browser, String code) {
        return browser.fill("/sign-in", Map.of("second-factor", code)).status();
    }

    private static String nextCode(Enrolled one) {
        service.clock().forward(Duration.ofSeconds(30));
        return one.telephone().code(service.clock().instant());
    }

    @Test
    void digits_and_recovery_codes_open_once() {
        Enrolled one = enrolled("factor-1");
        String code = nextCode(one);
        Browser browser = asked("factor-1");
        assertThat(browser.get("/auditor").status()).isEqualTo(303);
        assertThat(factor(browser, code)).isEqualTo(303);
        assertThat(browser.get("/auditor").status()).isEqualTo(200);
        // Whoever looked over the shoulder.
        assertThat(factor(asked("factor-1"), code)).isEqualTo(401);
        String recovery = one.recovery().getFirst().toLowerCase(java.util.Locale.ROOT);
        assertThat(factor(asked("factor-1"), recovery)).isEqualTo(303);
        assertThat(factor(asked("factor-1"), recovery)).isEqualTo(401);
    }

    @Test
    void the_password_alone_neither_lets_in_nor_changes_anything() {
        enrolled("factor-2");
        Browser half = asked("factor-2");
        assertThat(half.get("/fhir/AuditEvent").status()).isEqualTo(401);
        assertThat(half.get("/account").status()).isEqualTo(303);
        // No other step is taken out of turn.
        assertThat(
                        half.fill(
                                        "/sign-in",
                                        Map.of(
                                                "new-password", "other-Tidal-98-kettle",
                                                "repeat-password", "other-Tidal-98-kettle"))
                                .status())
                .isEqualTo(401);
        assertThat(half.get("/sign-in").text()).doesNotContain("totp-key");
        String token = half.get("/sign-in").formToken();
        assertThat(half.post("/account/password", Map.of("form-token", token)).status())
                .isEqualTo(303);
        assertThat(half.get("/auditor").status()).isEqualTo(303);
    }

    @Test
    void many_tries_at_once_are_no_more_than_one_after_the_other() throws Exception {
        Enrolled one = enrolled("factor-3");
        Browser thief = asked("factor-3");
        String token = thief.get("/sign-in").formToken();
        List<Callable<Integer>> tries = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            String guess = "%06d".formatted(i);
            tries.add(() -> {
                Browser same = new Browser(service.url());
                same.cookies().putAll(thief.cookies());
                return same.post("/sign-in", Map.of("second-factor", guess, "form-token", token))
                        .status();
            });
        }
        List<Integer> answers = new ArrayList<>();
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> answer : people.invokeAll(tries)) {
                answers.add(answer.get());
            }
        }
        // Five were looked at; the session is over, and what came later is nobody's.
        assertThat(answers).doesNotContain(303).contains(429);
        assertThat(thief.get("/sign-in").text()).contains("data-test=\"login\"");
        // The owner comes in all the same.
        assertThat(factor(asked("factor-3"), nextCode(one))).isEqualTo(303);
    }

    @Test
    void who_is_guessed_at_from_many_browsers_still_has_the_recovery_codes() {
        Enrolled one = enrolled("factor-4");
        for (int browser = 0; browser < 4; browser++) {
            // Nothing waits longer than the slow-down of one person, and that is over by then.
            service.clock().forward(Duration.ofMinutes(11));
            Browser thief = asked("factor-4");
            for (int i = 0; i < 5; i++) {
                assertThat(factor(thief, "00000" + i)).isEqualTo(401);
            }
        }
        service.clock().forward(Duration.ofMinutes(11));
        assertThat(factor(asked("factor-4"), nextCode(one))).isEqualTo(401);
        assertThat(factor(asked("factor-4"), one.recovery().getLast())).isEqualTo(303);
        service.clock().forward(Duration.ofHours(1));
        assertThat(factor(asked("factor-4"), nextCode(one))).isEqualTo(303);
    }

    @Test
    void a_lost_telephone_is_replaced_by_the_operator_and_every_session_ends() {
        Enrolled one = enrolled("factor-5");
        Browser before = asked("factor-5");
        assertThat(factor(before, nextCode(one))).isEqualTo(303);
        Client.Reply reset = AdminTest.json(operator, "POST", "/admin/people/factor-5/reset", "{}");
        assertThat(reset.status()).as(reset.raw().body()).isEqualTo(200);
        assertThat(reset.body().path("secondFactor").asBoolean()).isFalse();
        assertThat(before.get("/auditor").status()).isEqualTo(303);
        assertThat(new Browser(service.url()).signIn("factor-5", PASSWORD).status()).isEqualTo(401);
        Enrolled again = enrolled("factor-5", reset.body().path("password").asText());
        assertThat(again.recovery()).doesNotContainAnyElementsOf(one.recovery());
    }

    @Test
    void a_person_sees_and_ends_the_own_sessions_and_no_other() {
        Browser here = new Browser(service.url());
        here.signIn("pharmacist-5", "pharmacist-5");
        Browser there = new Browser(service.url());
        there.signIn("pharmacist-5", "pharmacist-5");
        Browser other = new Browser(service.url());
        other.signIn("pharmacist-6", "pharmacist-6");
        Pattern name = Pattern.compile("name=\"session\" value=\"([0-9a-f]{64})\"");
        List<String> own =
                name.matcher(here.get("/account").text())
                        .results()
                        .map(one -> one.group(1))
                        .toList();
        String foreign =
                name.matcher(other.get("/account").text())
                        .results()
                        .map(one -> one.group(1))
                        .findFirst()
                        .orElse("");
        assertThat(own).isNotEmpty().doesNotContain(foreign);
        String token = here.get("/account").formToken();
        here.post("/account/end", Map.of("session", foreign, "form-token", token));
        assertThat(other.get("/account").status()).isEqualTo(200);
        for (String each : own) {
            here.post("/account/end", Map.of("session", each, "form-token", token));
        }
        assertThat(there.get("/account").status()).isEqualTo(303);
    }
}
