package org.yifang.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client;

import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// Each role's work in a real browser, by keyboard and scanner.
class BrowserTest {
    private static final String PATIENT = "421281195809210020";
    private static final AtomicLong PACK = new AtomicLong(System.nanoTime() % 1_000_000_000_000L);

    private static TestService service;
    private static Browser browser;

    @BeforeAll
    static void open() {
        Browser.assumeInstalled();
        // Its own: the bureau's first page reckons with all that other tests have imported.
        service = TestService.own(Map.of());
        browser = Browser.open(service.url());
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
            service.close();
        }
    }

    private static String pack() {
        return "8%06d%013d".formatted(900_001, PACK.incrementAndGet());
    }

    @Test
    void a_wrong_code_and_another_s_prescription_are_told_in_words() {
        Page counter = browser.signedIn("pharmacist-3", "/counter");
        counter.keyboard().type("ZZZZ9999");
        counter.keyboard().press("Enter");
        counter.waitForSelector("[data-code='RX-2013']");
        Browser.isFit(counter, "/counter");
        counter.navigate("/review");
        assertThat(counter.locator("[data-code='RX-1002']").count()).isEqualTo(1);
    }

    @Test
    void a_manager_makes_the_accounts_of_the_own_pharmacy_on_the_account_page() {
        Client.Reply made =
                Client.send(
                        new Client(service, "operator-1")
                                .request("/admin/people")
                                .header("Content-Type", "application/json")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                """
                                                {"login": "manager-1", "name": "周经理",
                                                 "role": "pharmacy", "manager": true,
                                                 "organization": "P42128100001"}
                                                """)));
        assertThat(made.status()).isEqualTo(201);
        Page manager = browser.page(390, "zh-CN");
        manager.navigate("/sign-in?back=/account");
        manager.fill("[data-test=login]", "manager-1");
        manager.fill("[data-test=password]", made.body().path("password").asText());
        manager.click("[data-test=sign-in]");
        manager.fill("[data-test=new-password]", "zhou-manages-the-shop");
        manager.fill("[data-test=repeat-password]", "zhou-manages-the-shop");
        manager.click("[data-test=sign-in]");
        manager.waitForSelector("#people tr");
        manager.fill("[data-test=person-login]", "clerk-1");
        manager.fill("[data-test=person-name]", "吴店员");
        manager.click("[data-test=person-new]");
        manager.waitForSelector("#told:has-text('一次性密码')");
        manager.waitForSelector("#people tr:has-text('clerk-1')");
        assertThat(manager.locator("#people").textContent()).doesNotContain("doctor-1");
        assertThat(manager.locator("[data-test=as-of]").textContent())
                .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
        Browser.isFit(manager, "/account");
        assertThat(browser.complaints).isEmpty();
    }

    @Test
    void the_bureau_s_answers_and_the_auditor_s_proofs_stand_in_the_first_page() {
        Page bureau = browser.signedIn("official-1", "/bureau");
        for (String verdict : List.of("queue-verdict", "price-verdict")) {
            assertThat(bureau.locator("[data-test=" + verdict + "]").getAttribute("data-verdict"))
                    .isIn("met", "improved", "no-change", "longer", "not-shown", "exploratory");
        }
        Browser.isFit(bureau, "/bureau");
        Page auditor = browser.signedIn("auditor-1", "/auditor");
        auditor.locator("[data-test=prove]").first().click();
        auditor.waitForSelector("[data-proven=true]");
        Browser.isFit(auditor, "/auditor");
        assertThat(browser.complaints).isEmpty();
    }

    @Test
    void a_patient_s_page_is_small_plain_and_whole_on_a_telephone() throws Exception {
        Page patient = browser.page(390, "zh-CN");
        patient.navigate("/my");
        Browser.isFit(patient, "/my");
        Browser.enter(patient, service, PATIENT);
        patient.navigate("/my");
        Browser.isFit(patient, "/my");
        assertThat(patient.content()).hasSizeLessThan(60_000);
    }

    @Test
    void of_two_counters_one_gets_it_and_what_was_scanned_outlives_the_session() {
        String code = prescribed();
        Page first = browser.signedIn("pharmacist-4", "/counter");
        Page second = browser.signedIn("pharmacist-5", "/counter");
        for (Page counter : List.of(first, second)) {
            counter.fill("[data-test=code]", code);
            counter.press("[data-test=code]", "Enter");
        }
        first.waitForSelector("#hand");
        second.waitForSelector("[data-code='RX-2002']");
        String pack = pack();
        first.keyboard().press("Escape");
        first.keyboard().type(pack);
        first.keyboard().press("Enter");
        first.context().clearCookies();
        first.fill("[data-test=prepare]", "Y421281019901");
        first.check("[data-test=checked]");
        first.click("[data-test=dispense]");
        first.waitForURL("**/sign-in**");
        first.fill("[data-test=login]", "pharmacist-4");
        first.fill("[data-test=password]", "pharmacist-4");
        first.click("[data-test=sign-in]");
        first.waitForURL("**/counter");
        first.fill("[data-test=code]", code);
        first.press("[data-test=code]", "Enter");
        first.waitForSelector("#hand");
        assertThat(first.inputValue("[data-test=line-1-trace]")).isEqualTo(pack);
    }

    private static String prescribed() {
        return org.yifang.workflow.Story.codeOfNew(service);
    }

    @Test
    void who_waits_reads_words_and_neither_our_codes_nor_a_figure_for_statisticians() {
        Page counter = browser.signedIn("pharmacist-6", "/counter");
        counter.fill("[data-test=code]", prescribed());
        counter.press("[data-test=code]", "Enter");
        counter.waitForSelector("#hand");
        String place = "organization=P42128100006";
        assertThat(counter.request().get(service.url() + "/queue?" + place).text())
                .contains("\"rx-dispensing\"");
        for (String language : List.of("zh", "en")) {
            Page page = browser.page(390, "zh-CN");
            page.navigate("/queues?" + place + "&lang=" + language);
            page.waitForSelector("#queues .count:not(:empty)");
            assertThat(page.innerText("main"))
                    .contains(language.equals("en") ? "Preparing medicine" : "处方调配")
                    .doesNotContain("rx-", "%");
            page.context().close();
        }
    }

    @Test
    void a_queue_that_has_no_name_is_told_by_its_stage_and_a_hospital_s_own_by_its_name() {
        Page page = browser.page(390, "zh-CN");
        page.route(
                "**/queue?*",
                route ->
                        route.fulfill(
                                new Route.FulfillOptions()
                                        .setContentType("application/json")
                                        .setBody(
                                                """
                                                {"queues":[
                                                {"id":"a","queue":"x-ray-7","stage":"payment",\
                                                "department":"影像科"},
                                                {"id":"b","queue":"内科三诊室",\
                                                "stage":"consultation"},
                                                {"id":"c","queue":"CT-2","department":"放射科"},
                                                {"id":"d","queue":"A1","stage":"triage"},
                                                {"id":"e","queue":"A2","stage":"triage"}]}
                                                """)));
        page.navigate("/queues?lang=zh");
        page.waitForSelector("#queues .card:nth-child(5)");
        assertThat(page.locator("#queues .stage").allInnerTexts())
                .containsExactly("缴费", "就诊", "放射科", "分诊", "分诊");
        assertThat(page.locator("#queues .where").allTextContents())
                .containsExactly("影像科", "内科三诊室", "", "A1", "A2");
        page.context().close();
    }

    @Test
    void a_page_of_another_role_says_so_in_both_languages_and_shows_nothing() {
        Map<String, String> pages =
                Map.of(
                        "pharmacist-1", "/counter",
                        "reviewer-1", "/review",
                        "doctor-1", "/prescriptions",
                        "official-1", "/bureau",
                        "auditor-1", "/auditor",
                        "operator-1", "/operator");
        pages.forEach((login, own) -> {
            Page page = browser.signedIn(login, own);
            for (String other : pages.values()) {
                if (other.equals(own)) {
                    continue;
                }
                var refused = page.request().get(service.url() + other);
                assertThat(refused.status()).as(login + other).isEqualTo(403);
                assertThat(refused.text()).contains("RX-1002");
            }
            for (String language : List.of("zh", "en")) {
                String other = own.equals("/counter") ? "/review" : "/counter";
                page.navigate(other + "?lang=" + language);
                Browser.isFit(page, other);
            }
            page.context().close();
        });
        assertThat(browser.complaints).isEmpty();
    }
}
