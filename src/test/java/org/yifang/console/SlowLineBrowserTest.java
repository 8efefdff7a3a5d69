package org.yifang.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.Alone;
import org.yifang.TestService;
import org.yifang.workflow.Story;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// The patient's page on an old telephone: a line of 50 kB/s that takes 400 ms for each answer, a
/// processor a sixth as fast, and, after the proof of the slip, no script at all.
@Alone
class SlowLineBrowserTest {
    private static final String PATIENT = "421281195809210020";
    private static final int LATENCY_MILLIS = 400;
    private static final int BYTES_A_SECOND = 50 * 1024;
    private static final int SLOWER_BY = 6;
    private static final long FIRST_PAGE_BYTES_MOST = 60 * 1024;

    /// Two turns of the line for the page, one for what it loads, and room for a busy machine.
    private static final Duration READABLE_MOST = Duration.ofSeconds(5);

    private static TestService service;
    private static Browser browser;

    @BeforeAll
    static void open() {
        Browser.assumeInstalled();
        service = TestService.own(Map.of());
        browser = Browser.open(service.url());
        Story.codeOfNew(service);
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
            service.close();
        }
    }

    private static Page patient(boolean scripts) {
        Page page = browser.page(390, "zh-CN", scripts);
        Browser.enter(page, service, PATIENT);
        return page;
    }

    /// What came over the line from now on, compressed as it came.
    private static AtomicLong slowed(Page page) {
        CDPSession line = page.context().newCDPSession(page);
        line.send("Network.enable");
        JsonObject slow = new JsonObject();
        slow.addProperty("offline", false);
        slow.addProperty("latency", LATENCY_MILLIS);
        slow.addProperty("downloadThroughput", BYTES_A_SECOND);
        slow.addProperty("uploadThroughput", BYTES_A_SECOND);
        line.send("Network.emulateNetworkConditions", slow);
        JsonObject old = new JsonObject();
        old.addProperty("rate", SLOWER_BY);
        line.send("Emulation.setCPUThrottlingRate", old);
        AtomicLong bytes = new AtomicLong();
        line.on(
                "Network.loadingFinished",
                told -> bytes.addAndGet(told.get("encodedDataLength").getAsLong()));
        return bytes;
    }

    @Test
    void the_first_page_is_light_and_soon_there() {
        Page page = patient(true);
        AtomicLong bytes = slowed(page);
        long begun = System.nanoTime();
        page.navigate("/my");
        page.waitForSelector("[data-state='ready/awaiting-claim']");
        Duration readable = Duration.ofNanos(System.nanoTime() - begun);
        page.waitForFunction("() => document.readyState === 'complete'");
        Duration whole = Duration.ofNanos(System.nanoTime() - begun);
        System.out.printf(
                "/my on a slow line: %d bytes, readable in %d ms, whole in %d ms%n",
                bytes.get(), readable.toMillis(), whole.toMillis());
        assertThat(bytes.get()).isPositive().isLessThan(FIRST_PAGE_BYTES_MOST);
        assertThat(readable).isLessThan(READABLE_MOST);
        page.context().close();
    }

    @Test
    void everything_after_the_proof_works_without_script() {
        Page page = patient(false);
        page.navigate("/my");
        page.waitForSelector("[data-state='ready/awaiting-claim']");
        page.locator("[data-test=option-cheapest]").check();
        page.locator("[data-test=choose]").click();
        page.waitForSelector("[data-test=said]");
        assertThat(page.textContent("#mine")).contains("您选择了");
        page.locator("[data-test=free]").click();
        page.waitForSelector("[data-test=said]");
        page.locator("#place button:not([type])").click();
        page.waitForSelector("[data-test=option-cheapest]");
        page.locator("[data-test=show-code]").click();
        page.waitForCondition(
                () -> browser.addresses.stream().anyMatch(one -> one.contains("/my/slip?task=")));
        assertThat(browser.complaints).isEmpty();
        page.context().close();
    }
}
