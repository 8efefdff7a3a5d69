package org.yifang.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;

import io.vertx.ext.web.RoutingContext;

/// What all pages have in common.
final class Pages {
    static TemplateEngine engine() {
        return TemplateEngine.createPrecompiled(
                null, ContentType.Html, null, "org.yifang.console.pages");
    }

    /// Whether the reader wants English: by `?lang=`, else by `Accept-Language`; Chinese if unsaid.
    static boolean inEnglish(RoutingContext http) {
        String asked = http.request().getParam("lang");
        if (asked != null) {
            return "en".equals(asked);
        }
        return http.parsedHeaders().acceptLanguage().stream()
                .findFirst()
                .map(one -> "en".equalsIgnoreCase(one.tag()))
                .orElse(false);
    }

    /// @param policy what the page may load and do (Content-Security-Policy)
    static void send(RoutingContext http, String html, boolean english, String policy) {
        http.response()
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .putHeader("Content-Language", english ? "en" : "zh-CN")
                .putHeader("Content-Security-Policy", policy)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Vary", "Accept-Language")
                .end(html);
    }

    private Pages() {}
}
