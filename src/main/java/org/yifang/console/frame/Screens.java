package org.yifang.console.frame;

import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

import java.util.HashMap;
import java.util.Map;

/// Writes pages out of templates, each with the same headers.
public final class Screens {
    /// What any page may load and do: its own files, nothing inline, nothing from other hosts.
    public static final String POLICY =
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src"
                    + " 'self' data:; font-src 'self'; manifest-src 'self'; base-uri 'none';"
                    + " form-action 'self'; frame-ancestors 'none'";

    private static final TemplateEngine ENGINE = Pages.engine();

    /// Sends a page.
    ///
    /// @param values of the template, beside `p`
    public static void send(
            RoutingContext http,
            Page page,
            int status,
            String template,
            Map<String, Object> values) {
        Map<String, Object> all = new HashMap<>(values);
        all.put("p", page);
        StringOutput html = new StringOutput(32 * 1024);
        ENGINE.render(template, all, html);
        HttpServerResponse response = http.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status)
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .putHeader("Content-Language", page.language())
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "same-origin")
                .putHeader("Cache-Control", "no-store")
                .putHeader("Vary", "Accept-Language, Cookie")
                .end(html.toString());
    }

    /// A field of the form that was sent, empty when there is none.
    public static String field(RoutingContext http, String name) {
        String value = http.request().getFormAttribute(name);
        return value == null ? "" : value.strip();
    }

    /// A parameter of the address, empty when there is none.
    public static String parameter(RoutingContext http, String name) {
        String value = http.request().getParam(name);
        return value == null ? "" : value.strip();
    }

    private Screens() {}
}
