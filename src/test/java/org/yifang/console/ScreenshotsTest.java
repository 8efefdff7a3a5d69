package org.yifang.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client;
import org.yifang.workflow.Story;

import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Every page with something on it, in both languages, on a telephone and on a desk, by day and by
/// night: looked at by rules, and taken as a picture for people to look at.
@Tag("soak")
class ScreenshotsTest {
    private static final String PATIENT = "421281195809210020";
    private static final Path PICTURES = Path.of("target/screenshots");
    private static final AtomicLong PACK = new AtomicLong(System.nanoTime() % 1_000_000_000_000L);

    private static TestService service;
    private static Browser browser;

    /// All faults are told at the end, so that one run shows every page.
    private final List<String> faults = new ArrayList<>();

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

    @Test
    void pages_for_everybody() {
        tell("joined", 1);
        tell("called", 2);
        for (String language : List.of("zh", "en")) {
            Page page = browser.page(1280, "zh-CN");
            for (String path :
                    List.of("/", "/sign-in", "/my", "/board", "/board/H42128100001", "/queues")) {
                page.navigate(path + "?lang=" + language);
                if (path.startsWith("/board/")) {
                    page.waitForSelector(".call");
                    page.waitForCondition(() ->
                            page.locator(".call").allTextContents().stream()
                                    .noneMatch("–"::equals));
                }
                look(page, "public" + path, language);
            }
            page.navigate("/no/such/page");
            look(page, "error-404", language);
            page.context().close();
        }
        told();
    }

    @Test
    void the_hospital_s_and_the_reviewer_s_pages() {
        Story.codeOfNew(service);
        for (String language : List.of("zh", "en")) {
            Page doctor = browser.signedIn("doctor-1", "/prescriptions/new");
            doctor.navigate("/prescriptions/new?lang=" + language);
            look(doctor, "write-empty", language);
            doctor.fill("[data-test=patient-number]", PATIENT);
            doctor.fill("[data-test=patient-name]", "陈秀英");
            doctor.fill("[data-test=diagnosis]", "高血压病");
            for (String drug : List.of("苯磺酸氨氯地平片", "阿司匹林肠溶片")) {
                doctor.fill("[data-test=drug]", drug);
                doctor.fill("[data-test=dose]", drug.startsWith("苯") ? "5mg" : "1");
                doctor.fill("[data-test=frequency]", "bid");
                doctor.fill("[data-test=days]", "7");
                doctor.press("[data-test=days]", "Enter");
                doctor.waitForSelector("#paper .card b:has-text('" + drug + "')");
            }
            look(doctor, "write", language);
            doctor.click("[data-test=submit]");
            doctor.waitForSelector("[data-task]");
            look(doctor, "prescription", language);
            doctor.navigate("/prescriptions");
            look(doctor, "prescriptions", language);
            Page reviewer = browser.signedIn("reviewer-1", "/review");
            reviewer.navigate("/review?lang=" + language);
            reviewer.waitForSelector("[data-task]");
            look(reviewer, "review", language);
            reviewer.navigate("/review");
            reviewer.keyboard().press("Alt+a");
            look(reviewer, "review-fault", language);
            reviewer.navigate("/counter");
            look(reviewer, "may-not", language);
            doctor.context().close();
            reviewer.context().close();
        }
        told();
    }

    @Test
    void the_counter_and_the_patient_s_page() {
        for (String language : List.of("zh", "en")) {
            String code = Story.codeOfNew(service);
            patient("my", language);
            Page counter = browser.signedIn("pharmacist-1", "/counter");
            counter.navigate("/counter?lang=" + language);
            look(counter, "counter-empty", language);
            scan(counter, "ZZZZ9999");
            counter.waitForSelector("[data-code='RX-2013']");
            look(counter, "counter-wrong", language);
            scan(counter, code);
            counter.waitForSelector("#hand");
            counter.keyboard().type("Y421281019901");
            counter.keyboard().press("Escape");
            for (int product = 1; product <= 2; product++) {
                scan(counter, "8%06d%013d".formatted(900_000 + product, PACK.incrementAndGet()));
            }
            look(counter, "counter", language);
            patient("my-claimed", language);
            counter.fill("[data-test=line-1-quantity]", "3");
            counter.keyboard().press("F8");
            counter.keyboard().press("Control+Enter");
            counter.waitForSelector("#receipt");
            look(counter, "counter-part", language);
            patient("my-part", language);
            counter.context().close();
        }
        told();
    }

    @Test
    void the_pages_of_prices() {
        var _ = Story.codeOfNew(service);
        for (String language : List.of("zh", "en")) {
            Page page = patientPage(language);
            page.click("[data-test=price-history]");
            look(page, "my-prices", language);
            page.fill("[data-test=alert-1-price]", "0.50");
            page.click("[data-test=alert-1-set]");
            page.click("[data-test=table-1]");
            look(page, "my-prices-alert", language);
            page.context().close();
            Page reviewer = browser.signedIn("reviewer-1", "/review");
            reviewer.navigate("/swaps?lang=" + language);
            look(reviewer, "swaps", language);
            reviewer.context().close();
            Page counter = browser.signedIn("pharmacist-1", "/counter");
            counter.navigate("/swaps?lang=" + language);
            look(counter, "swaps-counter", language);
            counter.context().close();
        }
        told();
    }

    private static void scan(Page counter, String text) {
        counter.fill("[data-test=code]", text);
        counter.press("[data-test=code]", "Enter");
    }

    private void patient(String name, String language) {
        Page page = patientPage(language);
        look(page, name, language);
        page.context().close();
    }

    private static Page patientPage(String language) {
        Page page = browser.page(390, "zh-CN");
        Browser.enter(page, service, PATIENT);
        page.navigate("/my?lang=" + language);
        return page;
    }

    @Test
    void the_auditor_s_and_the_operator_s_pages() {
        Story.codeOfNew(service);
        for (String language : List.of("zh", "en")) {
            Page auditor = browser.signedIn("auditor-1", "/auditor");
            auditor.navigate("/auditor?lang=" + language);
            auditor.locator("[data-test=prove]").first().click();
            auditor.waitForSelector("[data-proven=true]");
            look(auditor, "auditor", language);
            auditor.locator("details:has([data-test=question]) summary").click();
            auditor.selectOption("[name=question]", "outside-treatment");
            auditor.click("[data-test=question]");
            auditor.waitForSelector("main table, main .empty");
            look(auditor, "auditor-question", language);
            auditor.context().close();
            Page operator = browser.signedIn("operator-1", "/operator");
            operator.navigate("/operator?lang=" + language);
            operator.waitForSelector("#people tr");
            look(operator, "operator", language);
            operator.navigate("/account");
            look(operator, "account", language);
            operator.context().close();
        }
        told();
    }

    @Test
    void the_bureau_s_pages() {
        Page first = browser.signedIn("official-1", "/bureau");
        first.waitForCondition(
                () ->
                        first.request()
                                .get(service.url() + "/bureau")
                                .text()
                                .contains("data-test=\"price-verdict\" data-verdict=\"met\""),
                new Page.WaitForConditionOptions().setTimeout(240_000));
        for (String language : List.of("zh", "en")) {
            Page bureau = browser.signedIn("official-1", "/bureau");
            bureau.navigate("/bureau?lang=" + language);
            for (String path :
                    List.of(
                            "/bureau",
                            "/bureau/prices",
                            "/bureau/queues",
                            "/bureau/quality",
                            "/bureau/plans",
                            "/bureau/history",
                            "/bureau/held-prices",
                            "/bureau/registry")) {
                bureau.navigate(path);
                bureau.waitForCondition(
                        () -> bureau.locator(".progress, .drawn:not([data-drawn])").count() == 0,
                        new Page.WaitForConditionOptions().setTimeout(120_000));
                look(bureau, path.substring(1).replace('/', '-'), language);
            }
            bureau.context().close();
        }
        told();
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
        new Client(service, "hospital-1").call("/fhir/$queue-events", sent, event);
    }

    private void look(Page page, String name, String language) {
        String path = page.getAttribute("main", "data-page");
        String spoken = page.getAttribute("html", "lang");
        if (!spoken.startsWith(language)) {
            faults.add(path + " is in " + spoken + " for who reads " + language);
        }
        for (int width : new int[] {390, 1280}) {
            page.setViewportSize(width, width == 390 ? 844 : 900);
            fit(page, path);
            shoot(page, name + "-" + language + "-" + width);
        }
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        fit(page, path);
        shoot(page, name + "-" + language + "-dark");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    }

    private void fit(Page page, String path) {
        try {
            Browser.isFit(page, path);
        } catch (AssertionError fault) {
            faults.add(page.viewportSize().width + " " + fault.getMessage());
        }
    }

    private static void shoot(Page page, String name) {
        String file = name.replace("public/", "public-").replace('/', '-') + ".png";
        page.screenshot(
                new Page.ScreenshotOptions().setPath(PICTURES.resolve(file)).setFullPage(true));
    }

    private void told() {
        faults.addAll(browser.complaints);
        assertThat(String.join("\n", faults)).isEmpty();
    }
}
