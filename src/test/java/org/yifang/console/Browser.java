package org.yifang.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.Cookie;

import org.junit.jupiter.api.Assumptions;
import org.yifang.TestService;
import org.yifang.workflow.Client;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A Chromium that is installed on this machine, for tests that look at pages as people do.
final class Browser implements AutoCloseable {
    private static final List<String> PLACES =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

    private static final List<String> QUIET =
            List.of(
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;
    private final String url;

    /// What pages complained of: a broken rule of the policy, an error of a script.
    final List<String> complaints = new ArrayList<>();

    /// Every address that was asked for, and every page that may be kept where others could read
    /// it.
    final List<String> addresses = new ArrayList<>();

    final List<String> kept = new ArrayList<>();

    private Browser(Path executable, String url) {
        this.url = url;
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        chromium =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(executable)
                                        .setArgs(QUIET));
    }

    private static Optional<Path> executable() {
        return PLACES.stream().map(Path::of).filter(Files::isExecutable).findFirst();
    }

    /// Skips the tests where there is none.
    static void assumeInstalled() {
        Assumptions.assumeTrue(
                executable().isPresent(), "no Chromium on this machine: pages are not looked at");
    }

    static Browser open(String url) {
        return new Browser(executable().orElseThrow(), url);
    }

    Page page(int width, String language) {
        return page(width, language, true);
    }

    /// @param scripts whether the browser runs any
    Page page(int width, String language, boolean scripts) {
        BrowserContext context =
                chromium.newContext(
                        new com.microsoft.playwright.Browser.NewContextOptions()
                                .setViewportSize(width, 800)
                                .setBaseURL(url)
                                .setJavaScriptEnabled(scripts)
                                .setLocale(language));
        Page page = context.newPage();
        page.setDefaultTimeout(30_000);
        page.onConsoleMessage(message -> {
            if (message.text().contains("Content Security Policy")) {
                complaints.add(page.url() + ": " + message.text());
            }
        });
        page.onRequest(request -> addresses.add(request.url()));
        page.onResponse(response -> {
            String type = response.headers().getOrDefault("content-type", "");
            boolean told = type.contains("html") || type.contains("json");
            String keeping = response.headers().getOrDefault("cache-control", "");
            if (told && !keeping.contains("no-store")) {
                kept.add(response.url() + ": " + keeping);
            }
        });
        page.onPageError(error -> complaints.add(page.url() + ": " + error));
        return page;
    }

    /// Signed in; in the demonstration a login is its own password.
    Page signedIn(String login, String path) {
        Page page = page(1280, "zh-CN");
        page.navigate("/sign-in?back=" + path);
        page.fill("[data-test=login]", login);
        page.fill("[data-test=password]", login);
        page.click("[data-test=sign-in]");
        page.waitForURL(url -> url.endsWith(path) && !url.contains("/sign-in"));
        return page;
    }

    /// Lets a page's person in at `/my`, as after the slip was shown.
    static void enter(Page page, TestService service, String patient) {
        Client app = new Client(service, "patient-app", Map.of("patient", patient));
        page.context()
                .addCookies(List.of(new Cookie("yifang-my", app.token()).setUrl(service.url())));
    }

    /// No violation of WCAG 2.2 AA, nothing that sticks out sideways, no word of the other
    /// language, and the name of the page.
    static void isFit(Page page, String path) {
        assertThat(page.locator("main").getAttribute("data-page")).isEqualTo(path);
        assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth > innerWidth"))
                .as("%s sticks out", page.url())
                .isFalse();
        assertThat(Wording.strangers(page)).as("%s in two languages", page.url()).isEmpty();
        assertThat(violations(page))
                .as(page.url())
                .extracting(one -> one.getId() + " " + one.getNodes().getFirst().getHtml())
                .isEmpty();
    }

    /// A page that is replaced by the next one in the middle takes the checker with it: the checker
    /// is brought into the next one then.
    private static List<Rule> violations(Page page) {
        for (int tries = 1; ; tries++) {
            try {
                return new AxeBuilder(page)
                        .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"))
                        .setLegacyMode(true)
                        .analyze()
                        .getViolations();
            } catch (RuntimeException gone) {
                if (tries == 3 || !String.valueOf(gone.getMessage()).contains("unable to inject")) {
                    throw gone;
                }
                page.waitForLoadState();
            }
        }
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
