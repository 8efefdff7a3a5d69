package org.yifang.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client;
import org.yifang.workflow.Story;

import java.net.http.HttpRequest;
import java.util.List;

/// What the pages say of prices: the patient's history and alerts, the pharmacists' substitutions.
class PriceBrowserTest {
    private static final String PATIENT = "421281195809210020";
    private static final String AMLODIPINE = "XC08CAA013A001010100001";

    private static TestService service;
    private static Browser browser;

    @BeforeAll
    static void open() {
        Browser.assumeInstalled();
        service = TestService.ownWithPast();
        browser = Browser.open(service.url());
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
            service.close();
        }
    }

    @AfterEach
    void nothing_is_complained_of() {
        assertThat(browser.complaints).isEmpty();
    }

    /// The patient's page in a browser that has proven the slip.
    private static Page patient(int width, String language, boolean scripts) {
        Page page = browser.page(width, "zh-CN", scripts);
        Browser.enter(page, service, PATIENT);
        page.navigate("/my?lang=" + language);
        return page;
    }

    @Test
    void how_prices_went_stands_in_the_first_page_with_its_table_and_needs_no_script() {
        var _ = Story.codeOfNew(service);
        for (String language : List.of("zh", "en")) {
            for (int width : new int[] {390, 1280}) {
                Page page = patient(width, language, false);
                page.click("[data-test=price-history]");
                assertThat(page.locator("svg.course:not(.key)").count()).isEqualTo(2);
                assertThat(page.locator("svg .way").count()).isGreaterThan(4);
                assertThat(page.locator("svg .band").count()).isGreaterThan(1);
                page.click("[data-test=table-1]");
                assertThat(page.locator("details[open] table").count()).isEqualTo(2);
                assertThat(page.locator("details[open] tbody tr").count()).isGreaterThan(26);
                page.context().close();
                Page scripted = patient(width, language, true);
                scripted.click("[data-test=price-history]");
                scripted.click("[data-test=table-1]");
                Browser.isFit(scripted, "/my/prices");
                scripted.context().close();
            }
        }
    }

    @Test
    void a_price_waited_for_is_set_by_keyboard_and_told_on_the_open_page() {
        var _ = Story.codeOfNew(service);
        Page page = patient(390, "zh", true);
        Hands hands = new Hands(page);
        hands.to("[data-test=price-history]").press("Enter");
        page.waitForURL("**/my/prices**");
        hands.to("[data-test=alert-1-price]").write("abc");
        hands.press("Enter");
        page.waitForSelector("[data-code='RX-1406']");
        Browser.isFit(page, "/my/prices");
        hands.to("[data-test=alert-1-price]").write("1.05");
        hands.press("Enter");
        page.waitForSelector("[data-test=alert-1-waiting]");
        Browser.isFit(page, "/my/prices");
        // News renew the page that is shown, and not another, once its answer was there to read.
        page.waitForSelector("[data-test=said]");
        var _ = Story.codeOfNew(service);
        page.waitForURL("**/my/prices?task=**");
        page.waitForSelector("[data-test=alert-1-waiting]");
        page.navigate("/my?" + page.url().substring(page.url().indexOf("task=")));
        assertThat(page.locator("[data-test=price-reached]").count()).isZero();
        sell("7.00");
        page.waitForSelector(
                "[data-test=price-reached]", new Page.WaitForSelectorOptions().setTimeout(90_000));
        Browser.isFit(page, "/my");
        page.click("[data-test=price-history]");
        page.waitForSelector("[data-test=alert-1-reached]");
        Browser.isFit(page, "/my/prices");
        page.click("[data-test=alert-1-end]");
        page.waitForSelector("[data-test=said]");
        assertThat(page.locator("[data-test=alert-1-end]").count()).isZero();
        page.context().close();
    }

    /// 7 tablets at a pharmacy that had asked some ten yuan.
    private static void sell(String yuan) {
        Client.Reply sent =
                Client.send(
                        new Client(service, "pharmacy-1")
                                .request("/fhir/$import-offers")
                                .header("Content-Type", "text/csv")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "code,price_yuan,pack_quantity,pack_unit,stock,"
                                                        + "price_type,observed_at\n"
                                                        + AMLODIPINE
                                                        + ","
                                                        + yuan
                                                        + ",7,片,50,retail,"
                                                        + service.clock().instant())));
        assertThat(sent.status()).as(sent.raw().body()).isEqualTo(200);
    }

    @Test
    void what_was_chosen_is_kept_until_a_time_that_its_card_says() {
        var _ = Story.codeOfNew(service);
        Page page = patient(390, "en", false);
        assertThat(page.locator("[data-test=held-until]").count()).isZero();
        assertThat(page.locator("[data-test=price-age]").count()).isGreaterThan(2);
        page.check("[data-test=option-one-stop]");
        page.click("[data-test=choose]");
        assertThat(page.locator("[data-test=held-until]").first().textContent())
                .matches("kept for you until \\d\\d:\\d\\d");
        page.context().close();
    }

    @Test
    void a_reviewing_pharmacist_refuses_a_swap_by_keyboard_and_a_counter_looks_on() {
        Page reviewer = browser.page(1280, "zh-CN");
        Hands hands = new Hands(reviewer);
        hands.signIn("reviewer-1", "/review");
        hands.to("a[href='/swaps']").press("Enter");
        reviewer.waitForURL("**/swaps");
        // The demonstration makes its sales up beside its start.
        reviewer.waitForCondition(
                () -> {
                    reviewer.navigate("/swaps");
                    return reviewer.locator("[data-test=swap-1]").count() > 0;
                },
                new Page.WaitForConditionOptions().setTimeout(240_000));
        Browser.isFit(reviewer, "/swaps");
        String first = reviewer.textContent("[data-test=swap-1] p");
        int judged = reviewer.locator("[data-test^=judged-][data-holds]").count();
        hands.to("[data-test=swap-1-reason]").type("包装容易混淆");
        hands.to("[data-test=swap-1-refuse]").press("Enter");
        reviewer.waitForSelector("[data-test=said]");
        assertThat(reviewer.textContent("[data-test=swap-1] p")).isNotEqualTo(first);
        assertThat(reviewer.locator("[data-test^=judged-][data-holds]").count())
                .isEqualTo(judged + 1);
        assertThat(reviewer.textContent("[data-test=judged-1]")).contains("包装容易混淆");
        reviewer.setViewportSize(390, 844);
        reviewer.navigate("/swaps?lang=en");
        Browser.isFit(reviewer, "/swaps");
        reviewer.click("[data-test=judged-1] summary");
        hands.to("[data-test=judged-1-reason]").type("I10");
        hands.to("[data-test=judged-1-accept]").press("Enter");
        reviewer.waitForSelector("[data-test=judged-1][data-holds=true]");
        Page counter = browser.signedIn("pharmacist-1", "/counter");
        counter.click("a[href='/swaps']");
        counter.waitForSelector("[data-test=looks-on]");
        assertThat(counter.locator("main form").count()).isZero();
        Browser.isFit(counter, "/swaps");
        Page doctor = browser.signedIn("doctor-1", "/prescriptions");
        assertThat(doctor.request().get(service.url() + "/swaps").status()).isEqualTo(403);
        for (Page page : List.of(reviewer, counter, doctor)) {
            page.context().close();
        }
    }
}
