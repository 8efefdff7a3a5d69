package org.yifang.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.Media;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/// What the bureau does: answers with their charts, plans, files of the past, held prices, the
/// registry.
class BureauBrowserTest {
    private static final Path PICTURES = Path.of("target/screenshots");

    /// A4 less its margins of 12 mm, in CSS pixels.
    private static final int PAPER_WIDTH = 703;

    private static final int PAPER_HEIGHT = 1032;
    private static final String DRUG = "ZD03AAA001E001010200023";
    private static final Pattern PDF_PAGE = Pattern.compile("/Type\\s*/Page(?![s\\w])");

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

    @Test
    void prices_are_drawn_with_table_file_and_report_and_printed_on_one_page() {
        Page bureau = browser.signedIn("official-1", "/bureau");
        // The demonstration's past comes in after the start, and its verdict is given for the first
        // time; from then on it stands in the first HTML.
        bureau.waitForCondition(
                () ->
                        bureau.request()
                                .get(service.url() + "/bureau")
                                .text()
                                .contains("data-test=\"price-verdict\" data-verdict=\"met\""),
                new Page.WaitForConditionOptions().setTimeout(120_000));
        assertThat(bureau.request().get(service.url() + "/bureau").text())
                .contains("data-test=\"price-verdict\" data-verdict=\"met\"");
        bureau.navigate("/bureau/prices");
        for (String chart :
                List.of(
                        "index-months",
                        "index",
                        "contributions",
                        "parts",
                        "price-coverage",
                        "charged")) {
            Locator figure = drawn(bureau, chart);
            assertThat(figure.locator("tbody tr").count()).as(chart).isPositive();
            for (String link : List.of("CSV", "MeasureReport")) {
                String to = figure.locator("a", text(link)).first().getAttribute("href");
                assertThat(bureau.request().get(service.url() + to).status()).as(to).isEqualTo(200);
            }
        }
        assertThat(bureau.locator(".facts").textContent()).contains("SHA-256");
        Browser.isFit(bureau, "/bureau/prices");
        onOnePage(bureau, "index-months", "index", "contributions", "parts", "charged");
        assertThat(browser.complaints).isEmpty();
    }

    private static Locator.LocatorOptions text(String text) {
        return new Locator.LocatorOptions().setHasText(text);
    }

    private static Locator drawn(Page page, String chart) {
        page.waitForSelector("#" + chart + "[data-drawn=true] canvas");
        return page.locator("#" + chart);
    }

    /// One sheet of A4, with the charts that the meeting looks at; its picture is for people.
    private static void onOnePage(Page page, String... charts) {
        page.screenshot(
                new Page.ScreenshotOptions()
                        .setPath(PICTURES.resolve(charts[0] + "-screen.png"))
                        .setFullPage(true));
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
        page.setViewportSize(PAPER_WIDTH, PAPER_HEIGHT);
        page.evaluate("dispatchEvent(new Event('beforeprint'))");
        for (String chart : charts) {
            assertThat(page.locator("#" + chart + " canvas").isVisible()).as(chart).isTrue();
        }
        page.screenshot(
                new Page.ScreenshotOptions()
                        .setPath(PICTURES.resolve(charts[0] + "-paper.png"))
                        .setFullPage(true));
        byte[] pdf = page.pdf(new Page.PdfOptions().setFormat("A4").setPreferCSSPageSize(true));
        String text = new String(pdf, StandardCharsets.ISO_8859_1);
        assertThat(PDF_PAGE.matcher(text).results().count()).isEqualTo(1);
    }

    @Test
    void a_file_of_the_past_is_looked_at_imported_and_seen_in_all_charts_of_queues() {
        Page bureau = browser.signedIn("official-1", "/bureau/history");
        Browser.isFit(bureau, "/bureau/history");
        bureau.setInputFiles(
                "[data-test=history-file]",
                new FilePayload(
                        "tickets.csv", "text/csv", tickets().getBytes(StandardCharsets.UTF_8)));
        bureau.waitForSelector("#preview:not([hidden])");
        assertThat(bureau.textContent("#facts")).contains("2025-04-07").contains("SHA-256");
        bureau.click("[data-test=history-import]");
        bureau.waitForSelector("#told.good");
        assertThat(bureau.textContent("#told")).contains("拒绝 0");

        bureau.navigate("/bureau/queues");
        assertThat(verdict(bureau)).isNotEmpty();
        if (bureau.locator("[name=plan]").count() > 0) {
            bureau.selectOption("[name=plan]", "");
        }
        bureau.fill("[name=baselineStart]", "2025-04-07");
        bureau.fill("[name=baselineEnd]", "2025-06-29");
        bureau.fill("[name=periodStart]", "2026-04-06");
        bureau.fill("[name=periodEnd]", "2026-06-28");
        bureau.click("[data-test=evaluate]");
        bureau.waitForSelector("[data-test=queue-verdict][data-verdict=exploratory]");
        for (String chart : List.of("xmr", "survival", "series", "heat", "heat-baseline")) {
            drawn(bureau, chart + "-consultation");
        }
        assertThat(bureau.locator("#survival-consultation th").allTextContents())
                .anyMatch(head -> head.contains("在险"));
        Browser.isFit(bureau, "/bureau/queues");
        onOnePage(
                bureau,
                "xmr-consultation",
                "survival-consultation",
                "series-consultation",
                "heat-consultation");
        assertThat(browser.complaints).isEmpty();
    }

    private static String verdict(Page page) {
        return page.locator("[data-test=queue-verdict]").getAttribute("data-verdict");
    }

    /// Two times twelve weeks, the later with half the waits.
    private static String tickets() {
        Random random = new Random(16);
        StringBuilder csv =
                new StringBuilder(
                        "organization,queue,department,day,ticket,"
                                + "joined,called,served,left,stage\n");
        period(csv, random, LocalDate.of(2025, 4, 7), 26);
        period(csv, random, LocalDate.of(2026, 4, 6), 12);
        return csv.toString();
    }

    private static void period(StringBuilder csv, Random random, LocalDate first, int mean) {
        for (int i = 0; i < 12 * 7; i++) {
            LocalDate day = first.plusDays(i);
            for (int k = 0; k < 16; k++) {
                var joined = day.atTime(8 + k % 4, random.nextInt(60));
                var served =
                        joined.plusSeconds(
                                60 + (long) (-Math.log(random.nextDouble()) * mean * 60));
                csv.append(
                        "H42128100001,win-1,内科,%s,T%d,%s:00+08:00,,%s+08:00,,consultation%n"
                                .formatted(
                                        day,
                                        k,
                                        joined,
                                        served.withNano(0).toString().length() == 16
                                                ? served.withNano(0) + ":00"
                                                : served.withNano(0).toString()));
            }
        }
    }

    @Test
    void a_plan_is_previewed_before_it_is_registered() {
        Page bureau = browser.signedIn("official-1", "/bureau/plans");
        LocalDate next = LocalDate.now(ZoneId.of("Asia/Shanghai")).plusMonths(2).withDayOfMonth(1);
        bureau.fill("[name=title]", "取药排队减半");
        bureau.selectOption("[name=measure]", "queue-time-reduction");
        bureau.fill("[name=periodStart]", next.toString());
        bureau.fill("[name=periodEnd]", next.plusWeeks(26).minusDays(1).toString());
        bureau.fill("[name=baselineStart]", next.minusDays(364).toString());
        bureau.fill(
                "[name=baselineEnd]", next.plusWeeks(26).minusDays(1).minusDays(364).toString());
        bureau.fill("[name=organization]", "H42128100001");
        bureau.selectOption("[name=stage]", "dispensing");
        bureau.click("[data-test=plan-preview]");
        bureau.waitForSelector("[data-test=preview] li");
        // What was typed is there to be registered, and nothing was stored.
        assertThat(bureau.inputValue("[name=title]")).isEqualTo("取药排队减半");
        assertThat(bureau.locator("ul.list li", new Page.LocatorOptions().setHasText("减半")).count())
                .isZero();
        Browser.isFit(bureau, "/bureau/plans");
        bureau.click("[data-test=plan-register]");
        bureau.waitForSelector("[data-test=said]");
        assertThat(bureau.locator("ul.list li", new Page.LocatorOptions().setHasText("减半")).count())
                .isEqualTo(1);
    }

    @Test
    void a_held_price_is_released_with_a_reason() {
        Client pharmacy = new Client(service, "pharmacy-1");
        String csv = "code,price_yuan,pack_quantity,pack_unit\n" + DRUG + ",990.00,100,粒\n";
        assertThat(
                        Client.send(
                                        pharmacy.request("/fhir/$import-offers")
                                                .header("Content-Type", "text/csv; charset=utf-8")
                                                .POST(HttpRequest.BodyPublishers.ofString(csv)))
                                .status())
                .isEqualTo(200);
        Page bureau = browser.signedIn("official-1", "/bureau/held-prices");
        Browser.isFit(bureau, "/bureau/held-prices");
        Locator held = bureau.locator(".card", new Page.LocatorOptions().setHasText("990"));
        held.locator("[name=reason]").fill("已电话核实");
        held.locator("[data-test=release-price]").click();
        bureau.waitForSelector("[data-test=said]");
        assertThat(bureau.locator(".card", new Page.LocatorOptions().setHasText("990")).count())
                .isZero();
    }

    @Test
    void the_registry_keeps_a_changed_name() {
        Page bureau = browser.signedIn("official-1", "/bureau/registry");
        Browser.isFit(bureau, "/bureau/registry");
        bureau.fill("#find", "P42128100012");
        bureau.press("#find", "Enter");
        bureau.waitForURL("**/bureau/registry?find=P42128100012");
        bureau.fill("form.card [name=name]", "湖滨示例大药房");
        bureau.click("form.card button");
        bureau.waitForSelector("[data-test=said]");
        bureau.navigate("/bureau/registry?find=P42128100012");
        assertThat(bureau.inputValue("form.card [name=name]")).isEqualTo("湖滨示例大药房");
    }
}
