package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;

import java.net.URI;
import java.net.http.HttpRequest;
import java.sql.DriverManager;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;

/// Who has the cookie of another's session: in as long as the session is, as of any bearer of it;
/// out, in every instance, when it ends. `SignInTest` has fixation and forged forms.
final class StolenCookieTest {
    private static final String COOKIE = "yifang-session";
    private static final String GOOD = "plum-Tidal-97-kettle";

    private static TestService service;
    private static TestService sibling;
    private static Client operator;

    @BeforeAll
    static void serve() {
        service = TestService.own(Map.of());
        sibling = service.sibling();
        operator = new Client(service, "operator-1");
    }

    @AfterAll
    static void stop() {
        sibling.close();
        service.close();
    }

    private static Browser in(String login, String password) {
        Browser browser = new Browser(service.url());
        assertThat(browser.signIn(login, password).status()).isEqualTo(303);
        assertThat(browser.get("/account").status()).isEqualTo(200);
        return browser;
    }

    /// Somebody whose password is no secret of the demonstration.
    private static Browser person(String login) {
        String once =
                AdminTest.json(
                                operator,
                                "POST",
                                "/admin/people",
                                """
                                {"login":"%s","name":"被盗","role":"pharmacy",
                                 "organization":"P42128100001"}\
                                """
                                        .formatted(login))
                        .body()
                        .path("password")
                        .asText();
        Browser browser = new Browser(service.url());
        browser.signIn(login, once);
        browser.fill("/sign-in", Map.of("new-password", GOOD, "repeat-password", GOOD));
        assertThat(browser.get("/account").status()).isEqualTo(200);
        return browser;
    }

    private static Browser thief(TestService at, Browser victim) {
        Browser thief = new Browser(at.url());
        thief.cookies().put(COOKIE, victim.cookies().get(COOKIE));
        return thief;
    }

    /// The thief at both instances, who was in at each of them: so both remember the session.
    private record Thieves(Browser here, Browser there) {
        static Thieves of(Browser victim) {
            Thieves thieves = new Thieves(thief(service, victim), thief(sibling, victim));
            assertThat(thieves.here().get("/account").status()).isEqualTo(200);
            assertThat(thieves.there().get("/account").status()).isEqualTo(200);
            assertThat(thieves.there().get("/fhir/Task?_count=1").status()).isEqualTo(200);
            return thieves;
        }

        /// The other instance hears of it at once, here a moment is given for that.
        void areOut() {
            assertThat(here.get("/account").status()).isEqualTo(303);
            assertThat(here.get("/fhir/Task?_count=1").status()).isEqualTo(401);
            await().until(() -> there.get("/account").status() == 303);
            assertThat(there.get("/fhir/Task?_count=1").status()).isEqualTo(401);
            assertThat(there.get("/events").status()).isEqualTo(401);
        }
    }

    @Test
    void it_is_worth_nothing_after_the_owner_signed_out() {
        Browser owner = in("pharmacist-2", "pharmacist-2");
        Thieves thieves = Thieves.of(owner);
        assertThat(owner.post("/sign-out", token(owner)).status()).isEqualTo(303);
        thieves.areOut();
    }

    @Test
    void it_is_worth_nothing_after_the_owner_changed_the_password_in_that_very_session() {
        Browser owner = person("stolen-1");
        Thieves thieves = Thieves.of(owner);
        Map<String, String> change =
                Map.of(
                        "password",
                        GOOD,
                        "new-password",
                        "plum-Tidal-98-kettle",
                        "repeat-password",
                        "plum-Tidal-98-kettle",
                        "form-token",
                        owner.get("/account").formToken());
        assertThat(owner.post("/account/password", change).status()).isEqualTo(303);
        thieves.areOut();
        assertThat(owner.get("/account").status()).isEqualTo(200);
    }

    @Test
    void it_is_worth_nothing_while_the_owner_is_suspended_nor_ever_again() {
        Thieves thieves = Thieves.of(person("stolen-2"));
        suspended("stolen-2", true);
        await().until(() -> thieves.here().get("/account").status() == 303);
        thieves.areOut();
        suspended("stolen-2", false);
        thieves.areOut();
    }

    @Test
    void it_is_worth_nothing_after_the_operator_gave_a_new_password() {
        Thieves thieves = Thieves.of(person("stolen-3"));
        AdminTest.json(operator, "POST", "/admin/people/stolen-3/reset", "{}");
        await().until(() -> thieves.here().get("/account").status() == 303);
        thieves.areOut();
    }

    @Test
    void its_owner_sees_every_session_and_ends_what_is_strange() {
        Browser owner = in("pharmacist-3", "pharmacist-3");
        Browser elsewhere = in("pharmacist-3", "pharmacist-3");
        Thieves thieves = Thieves.of(elsewhere);
        String page = owner.get("/account").text();
        assertThat(page).contains("127.0.0.1");
        Map<String, String> end =
                Map.of(
                        "session",
                        otherSession(page),
                        "form-token",
                        owner.get("/account").formToken());
        assertThat(owner.post("/account/end", end).status()).isEqualTo(303);
        thieves.areOut();
        assertThat(owner.get("/account").status()).isEqualTo(200);
    }

    @Test
    void the_thief_cannot_keep_it_by_changing_the_password() {
        Browser owner = person("stolen-4");
        Browser thief = thief(service, owner);
        Map<String, String> change =
                Map.of(
                        "password", "not-the-password-0",
                        "new-password", "plum-Tidal-99-kettle",
                        "repeat-password", "plum-Tidal-99-kettle",
                        "form-token", thief.get("/account").formToken());
        assertThat(thief.post("/account/password", change).status()).isEqualTo(401);
        assertThat(new Browser(service.url()).signIn("stolen-4", GOOD).status()).isEqualTo(303);
    }

    /// Nor does the table of sessions hold a cookie, or the page that lists them.
    @Test
    void what_the_database_and_the_page_show_of_a_session_is_no_cookie() throws Exception {
        Browser owner = in("pharmacist-4", "pharmacist-4");
        String cookie = owner.cookies().get(COOKIE);
        String page = owner.get("/account").text();
        assertThat(page).doesNotContain(cookie);
        var at = service.database();
        try (var connection = DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT id, s::text FROM account_session s")) {
            while (rows.next()) {
                assertThat(rows.getString(2)).doesNotContain(cookie);
                Browser thief = new Browser(service.url());
                String id =
                        Base64.getUrlEncoder().withoutPadding().encodeToString(rows.getBytes(1));
                thief.cookies().put(COOKIE, id);
                assertThat(thief.get("/account").status()).isEqualTo(303);
            }
        }
    }

    /// A page of another host has the browser send the cookie along, and reads and changes nothing.
    @Test
    void another_host_s_page_rides_on_no_session() {
        Browser owner = in("pharmacist-5", "pharmacist-5");
        String token = owner.get("/account").formToken();
        for (String path : new String[] {"/sign-out", "/account/password", "/account/end"}) {
            Browser.Page forged =
                    owner.send(
                            owner.form(path, Map.of("form-token", token))
                                    .header("Origin", "https://evil.test"));
            assertThat(forged.status()).as(path).isEqualTo(403);
            Browser.Page guessed = owner.post(path, Map.of("form-token", "A".repeat(43)));
            assertThat(guessed.status()).as(path).isEqualTo(403);
        }
        for (String path : new String[] {"/fhir/Task", "/events", "/admin/people/pharmacist-5"}) {
            Browser.Page read =
                    owner.send(
                            HttpRequest.newBuilder(URI.create(service.url() + path))
                                    .header("Sec-Fetch-Site", "cross-site"));
            assertThat(read.status()).as(path).isEqualTo(401);
        }
        Browser other = in("pharmacist-6", "pharmacist-6");
        assertThat(owner.post("/sign-out", token(other)).status()).isEqualTo(403);
        assertThat(owner.get("/account").status()).isEqualTo(200);
    }

    private static Map<String, String> token(Browser browser) {
        return Map.of("form-token", browser.get("/account").formToken());
    }

    private static void suspended(String login, boolean is) {
        assertThat(
                        AdminTest.json(
                                        operator,
                                        "PATCH",
                                        "/admin/people/" + login,
                                        "{\"active\":%s}".formatted(!is))
                                .status())
                .isEqualTo(200);
    }

    /// The name of the session that the page lets end; the own one it does not.
    private static String otherSession(String page) {
        var names = Pattern.compile("name=\"session\" value=\"([0-9a-f]{64})\"").matcher(page);
        assertThat(names.find()).isTrue();
        return names.group(1);
    }
}
