package org.yifang.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Media;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Story;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// What a counter does with packs, with what is left over, with paper, and with time.
class CounterBrowserTest {
    private static final String PATIENT = "421281195809210020";
    private static final String BADGE = "Y421281019901";
    private static final AtomicLong PACK = new AtomicLong(System.nanoTime() % 1_000_000_000_000L);
    private static final long NEARLY_OVER_MILLIS = 26L * 60 * 1000;

    private static TestService service;
    private static Browser browser;

    @BeforeAll
    static void open() {
        Browser.assumeInstalled();
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

    /// @param product whose packs begin alike
    private static String pack(int product) {
        return "8%06d%013d".formatted(910_000 + product, PACK.incrementAndGet());
    }

    private static Page claimed(String login) {
        String code = Story.codeOfNew(service);
        Page counter = browser.signedIn(login, "/counter");
        new Hands(counter).scan(code);
        counter.waitForSelector("#hand [data-line='2']");
        counter.fill("[data-test=prepare]", BADGE);
        counter.keyboard().press("Escape");
        return counter;
    }

    @Test
    void part_dispensing_says_where_the_rest_can_go_and_prints_what_was_handed_out() {
        Page counter = claimed("pharmacist-1");
        Hands hands = new Hands(counter);
        String first = pack(1);
        hands.scan(first);
        hands.scan(pack(2));
        counter.fill("[data-test=line-2-quantity]", "3");
        hands.press("F8", "Control+Enter");
        counter.waitForSelector("[data-state='ready/rest-awaiting-claim']");
        String rest = counter.textContent("[data-test=rest]");
        assertThat(rest).contains("阿托伐他汀").contains("药房").doesNotContain("氨氯地平");
        counter.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
        assertThat(counter.locator("#receipt").isVisible()).isTrue();
        assertThat(counter.locator("#receipt .print-only").textContent()).contains("药房");
        assertThat(counter.textContent("#receipt")).contains(first).contains("氨氯地平");
        assertThat(counter.locator("#scan").isVisible()).isFalse();
        assertThat(counter.locator("header.top").isVisible()).isFalse();
        assertThat(browser.complaints).isEmpty();
    }

    @Test
    void a_gs1_code_tells_lot_and_expiry_bare_or_in_brackets() {
        Page counter = claimed("pharmacist-2");
        Hands hands = new Hands(counter);
        hands.scan("]d20106901234567892172712311" + "0B42\u001d21S77");
        assertThat(counter.inputValue("[data-test=line-1-lot]")).isEqualTo("B42");
        assertThat(counter.inputValue("[data-test=line-1-expiry]")).isEqualTo("2027-12-31");
        assertThat(counter.inputValue("[data-test=line-1-trace]")).startsWith("0106901234567892");
        hands.scan("(01)06901234567885(17)280430(10)C7-1(21)000123");
        assertThat(counter.inputValue("[data-test=line-2-lot]")).isEqualTo("C7-1");
        assertThat(counter.inputValue("[data-test=line-2-expiry]")).isEqualTo("2028-04-30");
        hands.press("F8", "Control+Enter");
        counter.waitForSelector("[data-state='completed/dispensed']");
        assertThat(counter.textContent("#receipt")).contains("B42").contains("C7-1");
    }

    @Test
    void the_patient_is_told_that_it_is_ready_and_since_when() {
        Page counter = claimed("pharmacist-5");
        String task = counter.getAttribute("#work [data-task]", "data-task");
        Page patient = browser.page(390, "zh-CN");
        Browser.enter(patient, service, PATIENT);
        patient.navigate("/my?task=" + task);
        assertThat(patient.locator("[data-test=ready]").count()).isZero();
        counter.click("[data-test=prepared]");
        counter.waitForSelector("[data-test=said]");
        // Live: nobody loads the page again.
        patient.waitForSelector("[data-test=ready]");
        assertThat(patient.textContent("[data-test=ready]")).contains("药已备好");
        Browser.isFit(patient, "/my");
    }

    @Test
    void a_cancellation_reaches_the_counter_that_holds_it_and_says_that_it_is_on_its_way() {
        Page counter = claimed("pharmacist-6");
        String task = counter.getAttribute("#work [data-task]", "data-task");
        Page patient = browser.page(390, "zh-CN");
        Browser.enter(patient, service, PATIENT);
        patient.navigate("/my?task=" + task);
        Page doctor = browser.signedIn("doctor-1", "/prescriptions/" + task);
        assertThat(doctor.locator("[data-test=recall]").count()).isZero();
        doctor.selectOption("[name=reason]", "prescribing-error");
        doctor.click("[data-test=cancel]");
        doctor.waitForSelector("[data-test=recall][data-on-its-way=true]");
        assertThat(doctor.textContent("[data-test=recall]")).contains("撤销在途", "药房", "电话确认");
        Browser.isFit(doctor, "/prescriptions");

        // Live at the counter and at the patient: nobody loads a page again.
        counter.waitForSelector("[data-test=recalled]");
        assertThat(counter.locator("#hand").count()).isZero();
        assertThat(counter.textContent("[data-test=recalled]")).contains("不要发药", "原因");
        assertThat(counter.getAttribute("#work [data-state]", "data-state"))
                .isEqualTo("cancelled/cancelled");
        Browser.isFit(counter, "/counter");
        patient.waitForSelector("[data-state='cancelled/cancelled']");
        assertThat(patient.textContent("[data-test=meaning]")).contains("医院撤销了这张处方", "原因");

        doctor.navigate("/prescriptions/" + task + "?lang=en");
        assertThat(doctor.textContent("[data-test=recall]"))
                .contains("The cancellation is on its way", "telephone");
        Browser.isFit(doctor, "/prescriptions");
        patient.navigate("/my?task=" + task + "&lang=en");
        assertThat(patient.textContent("[data-test=meaning]")).contains("The hospital cancelled");
        Browser.isFit(patient, "/my");
        assertThat(browser.complaints).isEmpty();
    }

    @Test
    void a_wrong_pack_and_one_scanned_twice_are_told_before_anything_is_sent() {
        Page counter = claimed("pharmacist-3");
        Hands hands = new Hands(counter);
        String mine = pack(3);
        hands.scan(mine);
        hands.scan(mine);
        assertThat(counter.textContent("#heard.bad")).contains("已经扫过");
        counter.evaluate(
                "localStorage.setItem('yifang-products',"
                        + " JSON.stringify({'8910009': 'XA00AAA000A000000000000'}))");
        hands.scan(pack(9));
        assertThat(counter.textContent("#heard.bad")).contains("拿错了");
        assertThat(counter.inputValue("[data-test=line-2-trace]")).isEmpty();
        assertThat(counter.locator("#receipt").count()).isZero();
    }

    @Test
    void the_lease_renews_itself_while_one_works() {
        String code = Story.codeOfNew(service);
        Page counter = browser.signedIn("pharmacist-4", "/counter");
        counter.clock().install();
        counter.navigate("/counter");
        new Hands(counter).scan(code);
        counter.waitForSelector("#hand");
        String before = counter.getAttribute("#work [data-lease]", "data-lease");
        // Only the browser's clock goes on: by it the lease is nearly over.
        counter.clock().fastForward(NEARLY_OVER_MILLIS);
        counter.keyboard().press("Escape");
        counter.clock().runFor(2_000);
        counter.waitForFunction(
                "before => document.querySelector('#work [data-lease]').dataset.lease !== before",
                before);
        assertThat(counter.textContent("#work")).contains("已续期");
    }
}
