package org.yifang.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.Route;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Story;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// Open pages when something happens elsewhere: they show it, and leave alone what somebody reads
/// or fills in.
class NewsBrowserTest {
    /// However far one has scrolled.
    private static final String IS_IN_SIGHT =
            "() => document.getElementById('news').getBoundingClientRect().top >= 0";

    private static final String PATIENT = "421281195809210020";

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

    private static String prescribed() {
        return Story.codeOfNew(service);
    }

    /// The number in the first row of a hospital's list.
    private static String newest(Page hospital) {
        return hospital.locator("#rows a.code").first().textContent();
    }

    @Test
    void a_list_that_renews_itself_says_of_when_it_is() {
        Page doctor = browser.signedIn("doctor-1", "/prescriptions");
        String before = doctor.textContent("[data-test=as-of]");
        String newest = newest(doctor);
        // The moment is told in whole seconds.
        doctor.waitForTimeout(1_000);
        prescribed();
        doctor.waitForCondition(() -> !newest(doctor).equals(newest));
        doctor.waitForCondition(() -> !doctor.textContent("[data-test=as-of]").equals(before));
        assertThat(doctor.locator("[data-test=as-of]").count()).isEqualTo(1);
    }

    @Test
    void a_list_misses_nothing_that_happens_before_its_line_stands_or_while_it_is_told_not_now() {
        Page doctor = browser.signedIn("doctor-1", "/prescriptions");
        String newest = newest(doctor);
        AtomicLong lines = new AtomicLong();
        doctor.route(
                "**/events?*",
                line -> {
                    if (lines.getAndIncrement() == 0) {
                        prescribed();
                        line.fulfill(new Route.FulfillOptions().setStatus(503));
                    } else {
                        line.resume();
                    }
                });
        AtomicLong looks = new AtomicLong();
        doctor.route(
                "**/prescriptions",
                look -> {
                    boolean live = look.request().headers().containsKey("x-live");
                    if (live && looks.getAndIncrement() == 0) {
                        look.fulfill(new Route.FulfillOptions().setStatus(503).setBody("{}"));
                    } else {
                        look.resume();
                    }
                });
        doctor.reload();
        doctor.waitForCondition(() -> looks.get() > 1);
        doctor.waitForCondition(() -> !newest(doctor).equals(newest));
        assertThat(lines.get()).isEqualTo(2);
    }

    /// What answers a form stands at the form's address, which cannot be fetched again.
    @Test
    void what_a_form_answered_stays_what_is_shown_when_news_come() {
        Page doctor = browser.signedIn("doctor-1", "/prescriptions");
        prescribed();
        doctor.navigate("/prescriptions");
        doctor.click("#rows tbody tr a");
        doctor.waitForSelector("[data-test=suspend]");
        String task = doctor.getAttribute("[data-task]", "data-task");
        doctor.click("[data-test=suspend]");
        doctor.waitForSelector("[data-test=resume]");
        Page other = browser.signedIn("doctor-1", "/prescriptions/" + task);
        other.click("[data-test=resume]");
        doctor.waitForSelector("[data-test=suspend]");
        assertThat(doctor.getAttribute("[data-task]", "data-task")).isEqualTo(task);
        assertThat(doctor.textContent("[data-test=said]")).contains("已暂停");

        other.navigate("/prescriptions");
        other.fill("[data-test=find]", "421281000001202601010000");
        other.press("[data-test=find]", "Enter");
        other.waitForSelector("#rows:not([data-live]) .empty");
        Response news =
                doctor.waitForResponse("**/prescriptions/" + task, NewsBrowserTest::prescribed);
        assertThat(news.ok()).isTrue();
        assertThat(other.locator("#rows .empty").count()).isEqualTo(1);
    }

    /// After two answers that say "not now", how many milliseconds the line takes to renew a page
    /// once it is back; the next try was more than four seconds away.
    private static final String AFTER_AN_OUTAGE =
            """
            async () => {
              const real = window.EventSource;
              let line;
              window.EventSource = class extends EventTarget {
                constructor() { super(); line = this; }
              };
              let renewed = 0;
              window.watch(['prescription-status'], 500, () => { renewed++; });
              window.EventSource = real;
              const away = () => document.dispatchEvent(new CustomEvent('htmx:beforeSwap',
                {detail: {requestConfig: {headers: {'X-Live': '1'}}, xhr: {status: 503}}}));
              const another = async () => {
                const before = renewed;
                while (renewed === before) {
                  await new Promise(go => setTimeout(go, 50));
                }
              };
              away();
              await another();
              away();
              const back = performance.now();
              line.dispatchEvent(new Event('open'));
              line.dispatchEvent(new MessageEvent('prescription-status'));
              await another();
              return Math.round(performance.now() - back);
            }\
            """;

    @Test
    void news_without_end_renew_a_page_too_and_what_has_the_focus_waits_until_it_is_left() {
        Page doctor = browser.signedIn("doctor-1", "/prescriptions");
        Object renewed =
                doctor.evaluate(
                        """
                        async () => {
                          const real = window.EventSource;
                          let line;
                          window.EventSource = class extends EventTarget {
                            constructor() { super(); line = this; }
                          };
                          let renewed = 0;
                          window.watch(['prescription-status'], 500, () => { renewed++; });
                          window.EventSource = real;
                          for (let i = 0; i < 30; i++) {
                            line.dispatchEvent(new MessageEvent('prescription-status'));
                            await new Promise(go => setTimeout(go, 100));
                          }
                          return renewed;
                        }\
                        """);
        assertThat((Integer) renewed).isBetween(2, 7);
        assertThat((Integer) doctor.evaluate(AFTER_AN_OUTAGE)).isBetween(0, 2500);
        prescribed();
        doctor.reload();
        String newest = newest(doctor);
        doctor.locator("#rows a.code").first().focus();
        prescribed();
        doctor.waitForSelector("#rows[data-stale]");
        assertThat(newest(doctor)).isEqualTo(newest);
        doctor.locator("[data-test=find]").focus();
        doctor.waitForCondition(() -> !newest(doctor).equals(newest));
    }

    @Test
    void what_a_doctor_fills_in_outlives_news() {
        prescribed();
        Page doctor = browser.signedIn("doctor-1", "/prescriptions");
        doctor.click("#rows tbody tr a");
        doctor.waitForSelector("[data-test=cancel]");
        doctor.fill("[name=reason-text]", "开错了剂量");
        prescribed();
        doctor.waitForSelector("#one[data-stale]");
        doctor.click("#one h2 >> nth=0");
        doctor.waitForTimeout(1_500);
        assertThat(doctor.inputValue("[name=reason-text]")).isEqualTo("开错了剂量");
        Response renewed =
                doctor.waitForResponse(
                        "**/prescriptions/*",
                        () -> {
                            doctor.fill("[name=reason-text]", "");
                            doctor.click("#one h2 >> nth=0");
                        });
        assertThat(renewed.ok()).isTrue();
        doctor.waitForSelector("#one:not([data-stale])");
        assertThat(browser.complaints).isEmpty();
    }

    @Test
    void news_take_neither_what_a_patient_fills_in_nor_the_place_that_cards_are_reckoned_from() {
        Page patient = patient("");
        patient.click("summary:has-text('我的位置')");
        patient.fill("[name=latitude]", "29.72");
        patient.fill("[name=longitude]", "113.9");
        patient.click("#place button:has-text('重新计算')");
        patient.waitForURL("**/my/place");
        patient.waitForSelector("svg.map .me");
        String shown = patient.getAttribute("[data-task]", "data-task");
        patient.evaluate("() => { document.body.dataset.before = 'true'; }");
        prescribed();
        patient.waitForSelector("body:not([data-before]) svg.map .me");
        assertThat(patient.inputValue("[name=latitude]")).isEqualTo("29.72");
        assertThat(patient.getAttribute("[data-task]", "data-task")).isEqualTo(shown);
        patient.locator("[data-test=option-cheapest]").check();
        prescribed();
        patient.waitForSelector("#news:visible");
        assertThat((Boolean) patient.evaluate(IS_IN_SIGHT)).isTrue();
        assertThat(patient.isChecked("[data-test=option-cheapest]")).isTrue();
        patient.click("#news a");
        patient.waitForURL("**/my?task=" + shown);
        assertThat(patient.isVisible("#news")).isFalse();
        assertThat(browser.complaints).isEmpty();
    }

    /// A patient's telephone at `/my`, with a prescription.
    ///
    /// @param first what runs there before the scripts of each page
    private static Page patient(String first) {
        prescribed();
        Page patient = browser.page(390, "zh-CN");
        patient.addInitScript(first);
        Browser.enter(patient, service, PATIENT);
        patient.navigate("/my");
        return patient;
    }

    @Test
    void what_a_patient_sends_is_answered_whatever_news_come_meanwhile() {
        isAnswered(patient(""));
    }

    /// Some telephones tell no page that it is about to leave.
    @Test
    void what_a_patient_sends_is_answered_where_no_page_hears_that_it_leaves() {
        isAnswered(
                patient("addEventListener('beforeunload', on => on.stopImmediatePropagation())"));
    }

    /// On a slow line, after news that waited for the focus to leave a field.
    private static void isAnswered(Page patient) {
        patient.click("summary:has-text('我的位置')");
        patient.focus("[name=latitude]");
        prescribed();
        patient.waitForSelector("#news:visible");
        patient.route(
                "**/my/place",
                sent -> {
                    pause(1_500);
                    sent.resume();
                });
        patient.click("#place button:has-text('重新计算')");
        patient.waitForURL("**/my/place");
        assertThat(browser.complaints).isEmpty();
    }

    /// No page hears that somebody stopped waiting for its answer.
    @Test
    void what_is_never_answered_puts_news_off_for_a_while_only() {
        Page patient = patient("");
        AtomicLong sent = new AtomicLong();
        patient.route("**/my/place", _ -> sent.incrementAndGet());
        patient.evaluate(
                """
                () => {
                  document.body.dataset.before = 'true';
                  document.getElementById('place').requestSubmit();
                  setTimeout(() => window.stop(), 1000);
                }\
                """);
        patient.waitForCondition(() -> sent.get() > 0);
        pause(1_500);
        prescribed();
        patient.waitForSelector("body:not([data-before])");
        assertThat(browser.complaints).isEmpty();
    }

    @Test
    void news_leave_alone_what_a_patient_typed_and_nobody_took() {
        Page patient = patient("");
        patient.click("[data-test=price-history]");
        patient.fill("[data-test=alert-1-price]", "abc");
        patient.click("[data-test=alert-1-set]");
        patient.waitForSelector("[data-code='RX-1406']");
        prescribed();
        patient.waitForSelector("#news:visible");
        assertThat(patient.inputValue("[data-test=alert-1-price]")).isEqualTo("abc");
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /// That nothing is warned of means something only where the rules were asked.
    @Test
    void a_reviewer_is_told_when_the_rules_could_not_be_asked() throws SQLException {
        var at = service.database();
        try (Connection connection =
                        DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                Statement sql = connection.createStatement()) {
            Page reviewer = browser.signedIn("reviewer-1", "/queues");
            Story.submitToReview(service);
            sql.execute("ALTER TABLE prescription_line RENAME COLUMN runs_until TO runs_away");
            reviewer.navigate("/review");
            reviewer.waitForSelector("[data-test=unchecked]");
            assertThat(reviewer.textContent("[data-test=running]")).contains("未能检查");
            sql.execute("ALTER TABLE prescription_line RENAME COLUMN runs_away TO runs_until");
            reviewer.click("[data-test=unchecked] a");
            reviewer.waitForSelector(
                    "[data-test=running]:has-text('本平台上没有其他在用药品')," + " [data-test=running] li");
            assertThat(reviewer.isVisible("[data-test=unchecked]")).isFalse();
        }
    }
}
