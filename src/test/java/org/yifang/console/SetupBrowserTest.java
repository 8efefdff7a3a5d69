package org.yifang.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.TestService;
import org.yifang.workflow.Authenticator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The first operator in a real browser: from the address that the start printed to the page of the
/// operator.
class SetupBrowserTest {
    private static final String PASSWORD = "plum-Tidal-32-kettle";

    @TempDir private Path data;

    @Test
    void the_first_operator_comes_from_the_printed_address_to_the_own_page() throws IOException {
        Browser.assumeInstalled();
        Map<String, String> settings =
                Map.of("YIFANG_DEMONSTRATION", "false", "YIFANG_DATA", data.toString());
        try (TestService service = TestService.own(settings);
                Browser browser = Browser.open(service.url())) {
            String code = Files.readString(data.resolve("setup-code"));
            Page page = browser.page(1280, "zh-CN");
            page.navigate("/setup#" + code);
            Browser.isFit(page, "/setup");
            assertThat(page.inputValue("[data-test=code]")).isEqualTo(code);
            // The code stays neither in the bar nor in the history of the browser.
            assertThat(page.url()).doesNotContain(code);
            page.fill("[data-test=code]", "wrong");
            fill(page);
            page.waitForSelector("#fault[data-code='RX-1103']");
            page.fill("[data-test=code]", code);
            page.fill("[data-test=password]", "1234567890");
            page.click("[data-test=setup]");
            page.waitForSelector("#fault[data-code='RX-1102']");
            fill(page);
            page.waitForSelector("#made:not([hidden])");
            Browser.isFit(page, "/setup");
            assertThat(page.textContent("[data-test=client]")).isEqualTo("operator-ops");
            assertThat(page.textContent("[data-test=secret]")).hasSize(43);
            page.click("#made a");
            signIn(page, service);
            assertThat(browser.complaints).isEmpty();
            Page later = browser.page(390, "en");
            later.navigate("/setup#" + code);
            Browser.isFit(later, "/setup");
            fill(later);
            later.waitForSelector("#fault[data-code='RX-1010']");
        }
    }

    private static void fill(Page page) {
        page.fill("[data-test=login]", "ops");
        page.fill("[data-test=name]", "示例运维");
        page.fill("[data-test=password]", PASSWORD);
        page.click("[data-test=setup]");
    }

    private static void signIn(Page page, TestService service) {
        page.fill("[data-test=login]", "ops");
        page.fill("[data-test=password]", PASSWORD);
        page.click("[data-test=sign-in]");
        page.waitForSelector("[data-test=totp-key]");
        Browser.isFit(page, "/sign-in");
        Authenticator telephone = new Authenticator(page.textContent("[data-test=totp-key]"));
        page.fill("[data-test=second-factor]", telephone.code(service.clock().instant()));
        page.click("[data-test=sign-in]");
        page.waitForSelector("[data-test=recovery-code]");
        Browser.isFit(page, "/sign-in");
        assertThat(page.locator("[data-test=recovery-code]").count()).isEqualTo(8);
        page.navigate("/operator");
        page.waitForSelector("main[data-page='/operator']");
        assertThat(page.locator("[data-test=client-new]").count()).isPositive();
    }
}
