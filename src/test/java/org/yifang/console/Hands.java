package org.yifang.console;

import com.microsoft.playwright.Page;

/// Somebody who works by keyboard and scanner alone.
final class Hands {
    private static final int TABS_MOST = 400;

    private final Page page;

    Hands(Page page) {
        this.page = page;
    }

    void press(String... keys) {
        for (String key : keys) {
            page.keyboard().press(key);
        }
    }

    void type(String text) {
        page.keyboard().type(text);
    }

    /// One pull of a scanner's trigger.
    void scan(String text) {
        type(text);
        press("Enter");
    }

    /// Goes on by the tabulator until there.
    Hands to(String selector) {
        for (int i = 0; i < TABS_MOST; i++) {
            boolean there =
                    (Boolean)
                            page.evaluate(
                                    "which => document.activeElement?.matches(which)", selector);
            if (there) {
                return this;
            }
            press("Tab");
        }
        throw new AssertionError("no way by keyboard to " + selector + " of " + page.url());
    }

    /// Instead of what stands there.
    void write(String text) {
        press("Control+a");
        type(text);
    }

    /// In the demonstration a login is its own password.
    void signIn(String login, String path) {
        page.navigate("/sign-in?back=" + path);
        to("[data-test=login]").write(login);
        to("[data-test=password]").write(login);
        press("Enter");
        page.waitForURL(url -> url.endsWith(path) && !url.contains("/sign-in"));
        // Who sees the page begins; on a slow machine its scripts are there no sooner.
        page.waitForLoadState();
    }
}
