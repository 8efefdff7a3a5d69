package org.yifang.console;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.yifang.TestService;
import org.yifang.workflow.Client;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// A prescription's whole day through the hands of every role, by keyboard and scanner alone, on a
/// telephone's width and a desk's, in both languages.
class DayBrowserTest {
    private static final String PATIENT = "421281195809210020";
    private static final String BADGE = "Y421281019901";
    private static final AtomicLong PACK = new AtomicLong(System.nanoTime() % 1_000_000_000_000L);
    private static final int NARROW = 390;
    private static final int WIDE = 1280;

    private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();

    private static TestService service;
    private static Browser browser;

    @BeforeAll
    static void open() {
        Browser.assumeInstalled();
        LOG.start();
        root().addAppender(LOG);
        service = TestService.own(Map.of());
        browser = Browser.open(service.url());
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @AfterAll
    static void close() {
        root().detachAppender(LOG);
        if (browser != null) {
            browser.close();
            service.close();
        }
    }

    @Test
    void a_day_on_a_narrow_screen_in_chinese() {
        day(NARROW, "zh-CN");
    }

    @Test
    void a_day_on_a_wide_screen_in_english() {
        day(WIDE, "en-US");
    }

    @Test
    @Tag("soak")
    void a_day_on_the_other_screens() {
        day(NARROW, "en-US");
        day(WIDE, "zh-CN");
    }

    private static void day(int width, String language) {
        String task = written(width, language);
        reviewed(width, language, task);
        JsonNode known = new Client(service, "hospital-1").get("/fhir/Task/" + task).body();
        String code = output(known, "pickup-code");
        atTheCounter(width, language, "pharmacist-1", code, "3", "ready/rest-awaiting-claim");
        lookedAtByThePatient(
                width, language, output(known, "pickup-token"), "ready/rest-awaiting-claim");
        atTheCounter(width, language, "pharmacist-2", code, "", "completed/dispensed");
        lookedAtByThePatient(width, language, output(known, "pickup-token"), "completed/dispensed");
        lookedAtByTheBureau(width, language);
        lookedAtByTheAuditor(width, language, task);
        keptByTheOperator(width, language);
        assertThat(browser.complaints).isEmpty();
        String token = output(known, "pickup-token");
        for (String personal : List.of(PATIENT, "陈秀英", "%E9%99%88%E7%A7%80", token, code)) {
            assertThat(browser.addresses).noneMatch(one -> path(one).contains(personal));
            assertThat(LOG.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .noneMatch(line -> line.contains(personal));
        }
        assertThat(browser.kept).isEmpty();
    }

    /// What of an address leaves the browser.
    private static String path(String address) {
        return address.replaceAll("#.*", "");
    }

    private static String output(JsonNode task, String code) {
        for (JsonNode output : task.path("output")) {
            if (output.at("/type/coding/0/code").asText().equals(code)) {
                return output.path("valueString").asText();
            }
        }
        throw new AssertionError("no " + code);
    }

    private static String written(int width, String language) {
        Page doctor = browser.page(width, language);
        Hands hands = new Hands(doctor);
        hands.signIn("doctor-1", "/prescriptions/new");
        hands.to("[data-test=patient-number]").write(PATIENT);
        hands.press("Enter");
        hands.write("陈秀英");
        hands.press("Enter");
        hands.write("高血压病");
        hands.to("[data-test=drug]").write("苯磺酸氨氯地平片");
        hands.press("Enter");
        hands.write("5mg");
        hands.press("Enter");
        hands.write("1");
        hands.press("Enter");
        hands.write("7");
        hands.press("Enter");
        doctor.waitForSelector("#paper .card b:has-text('苯磺酸氨氯地平片')");
        Browser.isFit(doctor, "/prescriptions/new");
        hands.to("[data-test=submit]").press("Enter");
        doctor.waitForSelector("[data-state='requested/awaiting-review']");
        Browser.isFit(doctor, "/prescriptions");
        String task = doctor.locator("[data-task]").getAttribute("data-task");
        doctor.context().close();
        return task;
    }

    private static void reviewed(int width, String language, String task) {
        Page reviewer = browser.page(width, language);
        Hands hands = new Hands(reviewer);
        hands.signIn("reviewer-1", "/review");
        reviewer.navigate("/review?task=" + task);
        Browser.isFit(reviewer, "/review");
        hands.press("Alt+p", "Alt+a");
        reviewer.waitForSelector("#heard.good");
        reviewer.context().close();
    }

    private static void atTheCounter(
            int width, String language, String login, String code, String quantity, String state) {
        Page counter = browser.page(width, language);
        Hands hands = new Hands(counter);
        hands.signIn(login, "/counter");
        hands.scan(code);
        counter.waitForSelector("#hand");
        hands.to("[data-test=prepare]").write(BADGE);
        hands.press("Escape");
        hands.scan("8900001%013d".formatted(PACK.incrementAndGet()));
        Browser.isFit(counter, "/counter");
        if (!quantity.isEmpty()) {
            hands.to("[data-test=line-1-quantity]").write(quantity);
        }
        hands.press("F8", "Control+Enter");
        counter.waitForSelector("[data-state='" + state + "']");
        assertThat(counter.locator("#receipt tbody tr").first().textContent()).contains("氨氯地平");
        Browser.isFit(counter, "/counter");
        counter.context().close();
    }

    /// As a telephone's camera opens it.
    private static void lookedAtByThePatient(
            int width, String language, String token, String state) {
        Page patient = browser.page(width, language);
        Hands hands = new Hands(patient);
        patient.navigate("/my#" + token);
        hands.to("[data-test=last-four]").write(PATIENT.substring(14));
        hands.press("Enter");
        patient.waitForSelector("[data-state='" + state + "']");
        assertThat(patient.url()).doesNotContain(token);
        Browser.isFit(patient, "/my");
        patient.context().close();
    }

    private static void lookedAtByTheBureau(int width, String language) {
        Page official = browser.page(width, language);
        Hands hands = new Hands(official);
        hands.signIn("official-1", "/bureau");
        official.waitForSelector("[data-test=queue-verdict]");
        Browser.isFit(official, "/bureau");
        hands.to("a[href='/bureau/quality']").press("Enter");
        official.waitForURL("**/bureau/quality");
        assertThat(official.locator("main tbody tr").count()).isPositive();
        Browser.isFit(official, "/bureau/quality");
        official.context().close();
    }

    private static void lookedAtByTheAuditor(int width, String language, String task) {
        Page auditor = browser.page(width, language);
        Hands hands = new Hands(auditor);
        hands.signIn("auditor-1", "/auditor");
        hands.to("[name=entity]").write("Task/" + task);
        hands.press("Enter");
        auditor.waitForLoadState();
        auditor.waitForSelector("td:has-text('Task/" + task + "')");
        hands.to("[data-test=prove]").press("Enter");
        auditor.waitForSelector("[data-proven=true]");
        Browser.isFit(auditor, "/auditor");
        auditor.context().close();
    }

    /// What needs a person, a client and a person registered, a file taken in, a key turned.
    private static void keptByTheOperator(int width, String language) {
        Page operator = browser.page(width, language);
        Hands hands = new Hands(operator);
        String name = "day-" + PACK.incrementAndGet();
        hands.signIn("operator-1", "/operator");
        operator.waitForSelector("#needs li:not(.soft)");
        operator.waitForSelector("#clients tr");
        Browser.isFit(operator, "/operator");
        hands.to("[data-test=client-id]").write(name);
        hands.to("[data-test=client-role]").press("ArrowDown", "ArrowDown");
        hands.to("[data-test=client-organization]").write("P42128100001");
        hands.to("[data-test=client-new]").press("Enter");
        operator.waitForSelector("#told.good:has-text('" + name + "')");
        hands.to("[data-test=person-login]").write(name);
        hands.to("[data-test=person-name]").write("周敏");
        hands.to("[data-test=person-role]").press("ArrowDown", "ArrowDown");
        hands.to("[data-test=person-organization]").write("P42128100001");
        hands.to("[data-test=person-new]").press("Enter");
        operator.waitForSelector("#people tr:has-text('" + name + "')");
        hands.to("[data-test=import-text]")
                .write(
                        "number,name,kind,uscc,part_of,address,latitude,longitude,hours\n"
                                + "P42128100099,第九十九药房,shop,,,,,,");
        hands.to("[data-test=import]").press("Enter");
        operator.waitForSelector("#import-report li");
        Browser.isFit(operator, "/operator");
        hands.to("[data-test=rotate]").press("Enter");
        operator.waitForSelector("#jobs:not(:empty)");
        operator.context().close();
    }
}
