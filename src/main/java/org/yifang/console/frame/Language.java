package org.yifang.console.frame;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;

import org.yifang.identity.client.Identity;

/// Which language a reader wants, on every page alike.
public final class Language {
    private static final String COOKIE = "yifang-language";

    /// By `?lang=`, which is remembered; else by the browser's own.
    public static boolean isEnglish(RoutingContext http) {
        String asked = http.request().getParam("lang");
        if (asked != null) {
            http.response()
                    .addCookie(
                            Cookie.cookie(COOKIE, "en".equals(asked) ? "en" : "zh")
                                    .setPath("/")
                                    .setHttpOnly(true)
                                    .setSameSite(CookieSameSite.LAX));
            return "en".equals(asked);
        }
        Cookie known = http.request().getCookie(COOKIE);
        return known == null ? "en".equals(Identity.language(http)) : "en".equals(known.getValue());
    }

    private Language() {}
}
