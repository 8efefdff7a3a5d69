package org.yifang.console.account;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;

import io.vertx.ext.web.RoutingContext;

import org.yifang.console.frame.Language;
import org.yifang.console.frame.Read;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// Writes the pages of this room.
final class AccountPages {
    /// Why a page is not shown.
    enum Refusal {
        ROLE,
        FORGED
    }

    private final TemplateEngine engine =
            TemplateEngine.createPrecompiled(
                    null, ContentType.Html, null, "org.yifang.console.pages");

    private final InstantSource clock;

    AccountPages(InstantSource clock) {
        this.clock = clock;
    }

    void refuse(RoutingContext http, Refusal why) {
        send(http, 403, "account/refused.jte", Map.of("role", why == Refusal.ROLE));
    }

    void send(RoutingContext http, int status, String template, Map<String, Object> values) {
        boolean english = Language.isEnglish(http);
        Map<String, Object> all = new HashMap<>(values);
        all.put("en", english);
        all.put("path", http.request().path());
        all.put("at", Read.whole(clock.instant()));
        StringOutput html = new StringOutput(4096);
        engine.render(template, all, html);
        Guard.headers(http.response());
        http.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .putHeader("Content-Language", english ? "en" : "zh-CN")
                .end(html.toString());
    }

    /// A file of `pages/` as it is sent.
    static String file(String name) {
        try (InputStream in = AccountPages.class.getResourceAsStream("/pages/" + name)) {
            return new String(
                    Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
