package org.yifang.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.CutConnection;
import org.yifang.TestDatabase;
import org.yifang.TestService;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.workflow.Browser;
import org.yifang.workflow.Client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Each page of the console where there is nothing, where something broke, and for who may not see
/// it: said in words of the reader's language, with a code, and with a way back.
class StatesTest {
    private static final String PATIENT = "421281195809210020";
    private static final Pattern CODE = Pattern.compile("data-code=\"(RX-\\d{4})\"");

    /// Who works on each page; empty for who needs no account.
    private static final Map<String, String> PAGES = new LinkedHashMap<>();

    static {
        PAGES.put("/counter", "pharmacist-1");
        PAGES.put("/swaps", "pharmacist-1");
        PAGES.put("/review", "reviewer-1");
        PAGES.put("/prescriptions", "doctor-1");
        PAGES.put("/prescriptions/new", "doctor-1");
        for (String part :
                List.of(
                        "",
                        "/prices",
                        "/queues",
                        "/quality",
                        "/plans",
                        "/history",
                        "/held-prices",
                        "/registry")) {
            PAGES.put("/bureau" + part, "official-1");
        }
        PAGES.put("/auditor", "auditor-1");
        PAGES.put("/operator", "operator-1");
        PAGES.put("/account", "pharmacist-1");
    }

    /// Where a fresh service has nothing to list, and what asks for nothing where it has.
    private static final List<String> EMPTY =
            List.of(
                    "/counter",
                    "/swaps",
                    "/review",
                    "/prescriptions",
                    "/bureau/plans",
                    "/bureau/held-prices",
                    "/bureau/registry?find=NOBODY");

    /// Forms to be filled in, of which nothing is read before.
    private static final List<String> FORMS = List.of("/prescriptions/new", "/bureau/history");

    private static CutConnection way;
    private static TestService service;
    private static final Map<String, Browser> PEOPLE = new LinkedHashMap<>();

    private final List<String> wrong = new ArrayList<>();

    @BeforeAll
    static void open() {
        DatabaseAddress address = TestDatabase.migrated();
        way = new CutConnection(address);
        service = TestService.on(address, Map.of("YIFANG_DATABASE_URL", way.url()));
        PAGES.values().stream()
                .distinct()
                .forEach(login -> {
                    Browser browser = new Browser(service.url());
                    assertThat(browser.signIn(login, login).status()).isEqualTo(303);
                    PEOPLE.put(login, browser);
                });
    }

    @AfterAll
    static void close() throws IOException {
        service.close();
        way.close();
    }

    private static Browser.Page ask(Browser browser, String path, String language) {
        String question = path.contains("?") ? "&" : "?";
        return browser.send(
                browser.page(path + question + "lang=" + language).header("Accept", "text/html"));
    }

    private void holds(boolean right, String path, String language, String what) {
        if (!right) {
            wrong.add(path + " " + language + ": " + what);
        }
    }

    /// In the reader's language, with a main part that is named, and a link that leads on.
    private void isDesigned(Browser.Page page, String path, String language) {
        String spoken = language.equals("en") ? "lang=\"en\"" : "lang=\"zh-CN\"";
        holds(page.text().contains("<html " + spoken), path, language, "in another language");
        holds(page.text().contains("<h1"), path, language, "without a title");
        holds(
                page.text().contains("data-page=\"" + path.replaceAll("\\?.*", "") + "\""),
                path,
                language,
                "without the name of the page");
        holds(
                Pattern.compile("<a [^>]*href=\"/").matcher(page.text()).find(),
                path,
                language,
                "without a way on");
    }

    @Test
    void who_may_not_see_a_page_is_told_so_with_a_way_back() {
        for (String path : PAGES.keySet()) {
            if (path.equals("/account")) {
                continue;
            }
            for (String language : List.of("zh", "en")) {
                String other = path.equals("/operator") ? "auditor-1" : "operator-1";
                Browser.Page refused = ask(PEOPLE.get(other), path, language);
                holds(refused.status() == 403, path, language, "answers " + refused.status());
                holds(
                        refused.text().contains("data-code=\"RX-1002\""),
                        path,
                        language,
                        "without RX-1002");
                holds(
                        refused.text().contains("href=\"/account\""),
                        path,
                        language,
                        "without a way to the own pages");
                isDesigned(refused, path, language);
                Browser.Page stranger = ask(new Browser(service.url()), path, language);
                holds(
                        stranger.location().startsWith("/sign-in?back="),
                        path,
                        language,
                        "does not lead who is not signed in to the sign-in");
            }
        }
        for (String language : List.of("zh", "en")) {
            for (String path : List.of("/my", "/my/prices?task=x")) {
                Browser.Page door = ask(new Browser(service.url()), path, language);
                holds(
                        door.text().contains("data-test=\"last-four\"")
                                || door.location().equals("/my"),
                        path,
                        language,
                        "does not lead to the door");
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void where_there_is_nothing_a_page_says_what_would_stand_there() {
        for (String path : EMPTY) {
            String login = PAGES.get(path.replaceAll("\\?.*", ""));
            for (String language : List.of("zh", "en")) {
                Browser.Page page = ask(PEOPLE.get(login), path, language);
                holds(page.status() == 200, path, language, "answers " + page.status());
                holds(page.text().contains("class=\"empty\""), path, language, "nothing is said");
                isDesigned(page, path, language);
            }
        }
        for (String language : List.of("zh", "en")) {
            Browser.Page nowhere = ask(new Browser(service.url()), "/board/H00000000000", language);
            holds(nowhere.text().contains("class=\"empty\""), "/board", language, "not said");
            Browser patient = new Browser(service.url());
            patient.cookies().put("yifang-my", token());
            Browser.Page mine = ask(patient, "/my", language);
            holds(mine.text().contains("class=\"empty\""), "/my", language, "nothing is said");
            isDesigned(mine, "/my", language);
            Browser.Page prices = ask(patient, "/my/prices", language);
            holds(prices.text().contains("data-code=\"RX-1004\""), "/my/prices", language, "?");
            isDesigned(prices, "/my/prices", language);
        }
        assertThat(wrong).isEmpty();
    }

    private static String token() {
        return new Client(service, "patient-app", Map.of("patient", PATIENT)).token();
    }

    @Test
    void where_something_broke_a_page_says_so_with_its_code_and_a_way_back() {
        Browser patient = new Browser(service.url());
        patient.cookies().put("yifang-my", token());
        way.cut();
        try {
            for (String language : List.of("zh", "en")) {
                isBroken(ask(patient, "/my", language), 503, "/my", language);
            }
            PAGES.forEach((path, login) -> {
                if (FORMS.contains(path)) {
                    return;
                }
                for (String language : List.of("zh", "en")) {
                    isBroken(ask(PEOPLE.get(login), path, language), 503, path, language);
                }
            });
        } finally {
            way.join();
        }
        for (String language : List.of("zh", "en")) {
            Browser.Page lost = ask(new Browser(service.url()), "/no/such/page", language);
            isBroken(lost, 404, "/no/such/page", language);
            // The address of a form, as a telephone asks for it that opens its pages again.
            Browser.Page form = ask(new Browser(service.url()), "/my/place", language);
            holds(form.status() == 405, "/my/place", language, "answers " + form.status());
            holds(
                    form.text().contains("<a class=\"button\" href=\"/my\""),
                    "/my/place",
                    language,
                    "without a way to the form");
            isDesigned(form, "/my/place", language);
        }
        assertThat(wrong).isEmpty();
    }

    private void isBroken(Browser.Page page, int status, String path, String language) {
        holds(page.status() == status, path, language, "answers " + page.status());
        holds(CODE.matcher(page.text()).find(), path, language, "without a code");
        // Where nothing is, home is the first way on, and a second try the other.
        String again = status == 404 ? "button second" : "button";
        holds(
                page.text().contains("<a class=\"" + again + "\" href=\"" + path + "\"")
                        || page.text().contains("aria-current=\"page\""),
                path,
                language,
                "cannot be tried again");
        holds(page.text().contains("href=\"/\""), path, language, "without a way home");
        isDesigned(page, path, language);
    }
}
