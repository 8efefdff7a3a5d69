package org.yifang.console.account;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.identity.person.OpenIdDesk;
import org.yifang.identity.person.OpenIdDesk.Why;
import org.yifang.identity.person.Session;
import org.yifang.identity.person.SignInOutcome;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The way to the OpenID provider and back, `/sign-in/provider` and `/sign-in/return`; and a page
/// that says why somebody is not let in.
final class ProviderPage {
    private static final String PATH = "/sign-in/provider";
    private static final String COOKIE = "yifang-provider";

    private final OpenIdDesk desk;
    private final boolean secure;
    private final AccountPages pages;

    ProviderPage(OpenIdDesk desk, boolean secure, AccountPages pages) {
        this.desk = desk;
        this.secure = secure;
        this.pages = pages;
    }

    void mount(Router router) {
        router.get(PATH).handler(this::begin);
        router.get("/sign-in/return").handler(this::finish);
    }

    /// Where signing in at the provider begins.
    static String address(String back) {
        return PATH + "?back=" + URLEncoder.encode(back, StandardCharsets.UTF_8);
    }

    private void begin(RoutingContext http) {
        String back = Guard.ownPath(http.request().getParam("back"));
        OpenIdDesk.Begun begun = desk.begin(back).orElse(null);
        if (begun == null) {
            refuse(http, Why.AWAY);
            return;
        }
        http.response()
                .addCookie(cookie(begun.remembered()).setMaxAge(OpenIdDesk.LIFE.toSeconds()));
        SignInPage.redirect(http, begun.address());
    }

    private void finish(RoutingContext http) {
        Cookie cookie = http.request().getCookie(COOKIE);
        String remembered = cookie == null ? null : cookie.getValue();
        // Whatever comes of it, it is not used again.
        http.response().addCookie(cookie("").setMaxAge(0));
        OpenIdDesk.Outcome outcome =
                desk.finish(
                        http,
                        remembered,
                        one(http, "state"),
                        one(http, "code"),
                        one(http, "error"));
        switch (outcome) {
            case OpenIdDesk.Outcome.In(SignInOutcome.Next(var stage, var back, _)) ->
                    SignInPage.redirect(http, stage == Session.Stage.IN ? back : "/sign-in");
            case OpenIdDesk.Outcome.Out(var why) -> refuse(http, why);
        }
    }

    private void refuse(RoutingContext http, Why why) {
        int status =
                switch (why) {
                    case AWAY -> 503;
                    case NOT_BEGUN -> 400;
                    case REFUSED, NOT_TRUSTED, UNKNOWN, OTHER_PERSON -> 403;
                };
        pages.send(http, status, "account/provider.jte", Map.of("why", why.name()));
    }

    /// A parameter that stands there once; another would be somebody's second try at it.
    private static @Nullable String one(RoutingContext http, String name) {
        var all = http.request().params().getAll(name);
        return all.size() == 1 ? all.getFirst() : null;
    }

    private Cookie cookie(String value) {
        return Cookie.cookie(COOKIE, value)
                .setPath("/sign-in")
                .setHttpOnly(true)
                // Lax: the way back begins at the provider.
                .setSameSite(CookieSameSite.LAX)
                .setSecure(secure);
    }
}
