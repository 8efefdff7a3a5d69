package org.yifang.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.CutConnection;
import org.yifang.TestDatabase;
import org.yifang.TestService;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.workflow.Client;
import org.yifang.workflow.Story;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// What people do once in a while, and what happens when something breaks beneath them.
class WorkBrowserTest {
    private static final String PATIENT = "421281195809210020";
    private static final String BADGE = "Y421281019901";
    private static final AtomicLong PACK = new AtomicLong(System.nanoTime() % 1_000_000_000_000L);

    /// The aim of the counter: two lines in so many keystrokes and scans beyond the packs.
    private static final int KEYS_MOST = 9;

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
        return "8%06d%013d".formatted(900_000 + product, PACK.incrementAndGet());
    }

    /// A keyboard with a scanner at it, counting.
    private static final class Keys {
        private final Page page;
        private int pressed;

        Keys(Page page) {
            this.page = page;
        }

        void press(String key) {
            page.keyboard().press(key);
            pressed++;
        }

        /// One pull of the trigger, whatever comes out of it.
        void scan(String text) {
            page.keyboard().type(text);
            page.keyboard().press("Enter");
            pressed++;
        }

        void pack(int product) {
            scan(WorkBrowserTest.pack(product));
            pressed--;
        }
    }

    @Test
    void two_lines_are_handed_out_in_at_most_nine_keystrokes() {
        String code = Story.codeOfNew(service);
        Page counter = browser.signedIn("pharmacist-6", "/counter");
        Keys keys = new Keys(counter);
        keys.scan(code);
        counter.waitForSelector("#hand [data-line='2']");
        keys.scan(BADGE);
        keys.press("Escape");
        keys.pack(1);
        keys.pack(2);
        assertThat(counter.inputValue("[data-test=line-1-trace]")).hasSize(20);
        assertThat(counter.inputValue("[data-test=line-2-trace]")).hasSize(20);
        keys.press("F8");
        keys.press("Control+Enter");
        counter.waitForSelector("[data-state='completed/dispensed']");
        assertThat(keys.pressed).isLessThanOrEqualTo(KEYS_MOST);
        assertThat(browser.complaints).isEmpty();
    }

    @Test
    void the_auditor_asks_unmasks_exports_and_proves_against_a_kept_checkpoint() {
        Story.codeOfNew(service);
        Page auditor = browser.signedIn("auditor-1", "/auditor");
        // The checkpoint of now is kept and dropped in; later events are proven against it.
        auditor.locator("[data-test=prove]").first().click();
        auditor.waitForSelector("[data-proven=true]");
        String kept = auditor.request().get(service.url() + "/audit/checkpoint").text();
        Story.codeOfNew(service);
        auditor.navigate("/auditor");
        auditor.click("summary:has-text('保存的检查点')");
        auditor.setInputFiles(
                "#kept",
                new FilePayload("checkpoint", "text/plain", kept.getBytes(StandardCharsets.UTF_8)));
        auditor.locator("[data-test=prove]").first().click();
        auditor.waitForSelector("[data-proven=true]");
        assertThat(auditor.locator("[data-proven=true]").first().textContent())
                .contains("与保存的检查点一致");

        auditor.click("summary:has-text('现成的问题')");
        auditor.selectOption("[name=question]", "refusals");
        auditor.click("[data-test=question]");
        auditor.waitForSelector("main table, main .empty");
        Browser.isFit(auditor, "/auditor");

        Client hospital = new Client(service, "hospital-1");
        String patient =
                hospital.get("/fhir/Task?code=prescription&_count=1")
                        .body()
                        .at("/entry/0/resource/for/reference")
                        .asText()
                        .replace("Patient/", "");
        auditor.click("summary:has-text('解除遮蔽')");
        auditor.fill("[name=patient]", patient);
        auditor.fill("[name=reason]", "投诉核查 2026-17");
        auditor.click("[data-test=unmask]");
        auditor.waitForSelector("[data-test=said]");
        assertThat(auditor.url()).doesNotContain(patient);

        auditor.click("summary:has-text('导出')");
        auditor.click("[data-test=export]");
        auditor.waitForSelector("#progress a");

        for (int i = 0; i < 12; i++) {
            Story.codeOfNew(service);
        }
        auditor.navigate("/auditor");
        String newest = auditor.locator("[data-test=prove]").first().getAttribute("data-event");
        auditor.click("[data-test=older]");
        auditor.waitForLoadState();
        assertThat(auditor.locator("[data-test=prove]").first().getAttribute("data-event"))
                .isNotNull()
                .isNotEqualTo(newest);
        assertThat(auditor.url()).endsWith("/auditor");
        assertThat(browser.complaints).isEmpty();
    }

    @Test
    void the_operator_registers_imports_and_rotates() {
        Page operator = browser.signedIn("operator-1", "/operator");
        operator.waitForSelector("#needs li:not(.soft)");
        operator.fill("[data-test=client-id]", "clinic-77");
        operator.selectOption("[data-test=client-role]", "pharmacy");
        operator.fill("[data-test=client-organization]", "P42128100001");
        operator.click("[data-test=client-new]");
        operator.waitForSelector("#told.good");
        assertThat(operator.textContent("#told")).contains("clinic-77");
        operator.waitForSelector("#clients tr:has-text('clinic-77')");

        operator.fill("[data-test=person-login]", "new-pharmacist");
        operator.fill("[data-test=person-name]", "赵敏");
        operator.fill("[name=staff]", "Y421281019977");
        operator.selectOption("[data-test=person-role]", "pharmacy");
        operator.fill("[data-test=person-organization]", "P42128100001");
        operator.click("[data-test=person-new]");
        operator.waitForSelector("#told.good:has-text('new-pharmacist')");
        operator.waitForSelector("#people tr:has-text('new-pharmacist')");

        operator.selectOption("[data-test=key]", "signing");
        operator.click("[data-test=rotate]");
        operator.waitForSelector("#told.good");
        operator.waitForSelector("#jobs:has-text('已完成')");

        operator.fill("[data-test=feed-pharmacy]", "P42128100001");
        operator.fill("[data-test=feed-url]", "https://prices.example.org/1.csv");
        operator.fill("[data-test=feed-every]", "60");
        operator.click("[data-test=feed-new]");
        operator.waitForSelector("#feeds tr:has-text('prices.example.org')");
        assertThat(operator.textContent("#told")).contains("P42128100001");
        operator.click("#feeds tr:has-text('prices.example.org') button");
        operator.waitForSelector("#no-feeds:not([hidden])");

        operator.fill("[data-test=import-text]", "nothing,of,that\n1,2,3\n");
        operator.click("[data-test=import]");
        operator.waitForSelector("#told.bad, #import-report li");
        Browser.isFit(operator, "/operator");
        assertThat(browser.complaints).isEmpty();
    }

    @Test
    void a_password_is_changed_and_the_old_one_opens_nothing_more() {
        Page person = browser.signedIn("pharmacist-9", "/account");
        Browser.isFit(person, "/account");
        person.fill("[data-test=password]", "pharmacist-9");
        person.fill("[data-test=new-password]", "a quiet river at dawn");
        person.fill("[data-test=repeat-password]", "a quiet river at dawn");
        person.click("[data-test=change-password]");
        person.waitForLoadState();
        person.context().clearCookies();
        person.navigate("/sign-in?back=/counter");
        person.fill("[data-test=login]", "pharmacist-9");
        person.fill("[data-test=password]", "a quiet river at dawn");
        person.click("[data-test=sign-in]");
        person.waitForURL("**/counter");
    }

    @Test
    void pages_for_all_and_those_of_errors_are_fit_in_both_languages_and_widths() {
        for (int width : new int[] {390, 1280}) {
            Page page = browser.page(width, "zh-CN");
            for (String language : List.of("zh", "en")) {
                for (String path :
                        List.of(
                                "/board/P42128100001",
                                "/board",
                                "/queues",
                                "/sign-in",
                                "/setup",
                                "/my")) {
                    page.navigate(path + "?lang=" + language);
                    Browser.isFit(page, path);
                }
                page.navigate("/no/such/page?lang=" + language);
                Browser.isFit(page, "/no/such/page");
                assertThat(page.locator("[data-code]").getAttribute("data-code"))
                        .isEqualTo("RX-1004");
            }
        }
        assertThat(browser.complaints).isEmpty();
    }

    @Test
    void the_screen_in_the_hall_names_whom_to_call_next_and_who_is_called() {
        tell("joined", 1);
        Page wall = browser.page(1280, "zh-CN");
        wall.clock().install();
        wall.navigate("/board/H42128100001");
        wall.waitForSelector(".call:has-text('下一位 A17')");
        Browser.isFit(wall, "/board/H42128100001");
        // A night later, without a reload.
        wall.clock().fastForward("12:00:00");
        wall.clock().runFor(2_000);
        tell("called", 2);
        wall.waitForSelector(".call:has-text('请 A17')");
        assertThat(browser.complaints).isEmpty();
    }

    private static void tell(String code, int number) {
        String at = service.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString();
        String event =
                """
                {"name":"event","part":[{"name":"ticket","valueString":"A17"},
                {"name":"queue","valueString":"hall-3"},{"name":"seq","valueInteger":%d},
                {"name":"stage","valueCode":"registration"},{"name":"code","valueCode":"%s"},
                {"name":"at","valueInstant":"%s"},{"name":"department","valueString":"内科"}]}
                """
                        .formatted(number, code, at);
        String sent = "{\"name\":\"sent-at\",\"valueInstant\":\"%s\"}".formatted(at);
        assertThat(
                        new Client(service, "hospital-1")
                                .call("/fhir/$queue-events", sent, event)
                                .status())
                .isEqualTo(200);
    }

    @Test
    void a_diagnosis_and_a_drug_are_found_by_initials_and_any_route_is_written() {
        Page doctor = browser.signedIn("doctor-1", "/prescriptions/new");
        doctor.fill("[data-test=patient-number]", PATIENT);
        doctor.fill("[data-test=patient-name]", "陈秀英");
        doctor.fill("[data-test=diagnosis]", "gxy");
        doctor.waitForSelector(
                "#diagnoses option[value*='高血压病']",
                new Page.WaitForSelectorOptions()
                        .setState(com.microsoft.playwright.options.WaitForSelectorState.ATTACHED));
        doctor.fill("[data-test=diagnosis]", "I10.x00x002 高血压病");
        doctor.fill("[data-test=drug]", "苯磺酸氨氯地平片");
        doctor.fill("[data-test=dose]", "5mg");
        doctor.selectOption("[data-test=route]", "sublingual");
        doctor.fill("[data-test=frequency]", "qd");
        doctor.fill("[data-test=days]", "7");
        doctor.press("[data-test=days]", "Enter");
        doctor.waitForSelector("text=舌下含服");
        doctor.click("[data-test=submit]");
        doctor.waitForSelector("[data-state='requested/awaiting-review']");
        assertThat(doctor.textContent("main")).contains("舌下含服");
        assertThat(doctor.url()).doesNotContain(PATIENT);
    }

    @Test
    void a_patient_chooses_between_money_and_time_and_sees_who_looked() {
        Story.codeOfNew(service);
        Page patient = browser.page(390, "zh-CN");
        Browser.enter(patient, service, PATIENT);
        patient.navigate("/my");
        patient.waitForSelector("svg.map circle");
        patient.locator("[data-test=slider]").focus();
        patient.keyboard().press("End");
        // The page that answers, not the one whose slider was moved: that one is about to leave.
        patient.waitForSelector("#hour[value='120']");
        Browser.isFit(patient, "/my");
        assertThat(patient.locator("h2:has-text('谁看过') + ul li").count()).isPositive();
        Locator card = patient.locator("[data-test=option-cheapest]");
        card.check();
        patient.click("[data-test=choose]");
        patient.waitForSelector("[data-test=free]");
        String shown = patient.getAttribute("[data-task]", "data-task");
        // News of another prescription: what is shown is renewed, and stays what is shown.
        Story.codeOfNew(service);
        patient.waitForURL("**/my?task=" + shown);
        patient.click("[data-test=free]");
        patient.waitForSelector("[data-test=said]");
        assertThat(browser.complaints).isEmpty();
    }

    @Test
    void with_the_database_away_pages_say_so_and_what_was_scanned_is_sent_afterwards()
            throws IOException {
        DatabaseAddress address = TestDatabase.migrated();
        try (CutConnection way = new CutConnection(address);
                TestService cut =
                        TestService.on(address, Map.of("YIFANG_DATABASE_URL", way.url()));
                Browser other = Browser.open(cut.url())) {
            String code = Story.codeOfNew(cut);
            Page counter = other.signedIn("pharmacist-8", "/counter");
            Page second = counter.context().newPage();
            Keys keys = new Keys(counter);
            keys.scan(code);
            counter.waitForSelector("#hand");
            keys.scan(BADGE);
            keys.press("Escape");
            keys.pack(1);
            keys.pack(2);
            keys.press("F8");
            way.cut();
            keys.press("Control+Enter");
            counter.waitForSelector("#heard.bad");
            assertThat(counter.inputValue("[data-test=line-1-trace]")).hasSize(20);
            second.navigate(cut.url() + "/counter");
            second.waitForSelector("[data-code^='RX-']");
            Browser.isFit(second, "/counter");
            way.join();
            counter.waitForCondition(() -> counter.request().get(cut.url() + "/counter").ok());
            keys.press("Control+Enter");
            counter.waitForSelector("[data-state='completed/dispensed']");
        }
    }

    @Test
    void what_was_scanned_outlives_a_restart_and_is_sent_once() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Map<String, String> settings = Map.of("YIFANG_PORT", String.valueOf(port));
        TestService first = TestService.own(settings);
        try (Browser other = Browser.open(first.url())) {
            String code = Story.codeOfNew(first);
            Page counter = other.signedIn("pharmacist-7", "/counter");
            Page patient = patient(first, other);
            Keys keys = new Keys(counter);
            keys.scan(code);
            counter.waitForSelector("#hand");
            keys.scan(BADGE);
            keys.press("Escape");
            keys.pack(1);
            keys.pack(2);
            keys.press("F8");
            patient.waitForSelector("[data-state='in-progress/claimed']");
            first.close();
            keys.press("Control+Enter");
            counter.waitForSelector("#heard.bad");
            assertThat(counter.inputValue("[data-test=line-1-trace]")).hasSize(20);
            try (TestService again = TestService.on(first.database(), settings)) {
                assertThat(again.url()).isEqualTo(first.url());
                keys.press("Control+Enter");
                counter.waitForSelector("[data-state='completed/dispensed']");
                // Open all the while, the patient's page hears of it by itself.
                patient.waitForSelector("[data-state='completed/dispensed']");
            }
        }
    }

    /// The patient's page in a browser that has proven the slip.
    private static Page patient(TestService where, Browser browser) {
        Page page = browser.page(390, "zh-CN");
        Browser.enter(page, where, PATIENT);
        page.navigate("/my");
        page.waitForSelector("[data-state='ready/awaiting-claim']");
        return page;
    }
}
