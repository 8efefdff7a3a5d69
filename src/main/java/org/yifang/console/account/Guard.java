package org.yifang.console.account;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.console.frame.Screens;
import org.yifang.identity.person.Sessions;
import org.yifang.identity.person.SignedIn;
import org.yifang.platform.Role;
import org.yifang.platform.edge.FormBody;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// Stands before the pages of people: who is not signed in goes to `/sign-in` and comes back, who
/// has another role gets 403, and a form that does not come from our own page changes nothing.
///
/// `guard.before(router, "/counter", Role.PHARMACY)`, then `router.get("/counter")` with
/// [SignedIn#of]; every form carries [SignedIn#FORM_TOKEN].
public final class Guard {
    /// The largest form: a prescription typed by hand with all its lines is some 20 KiB.
    private static final int FORM_BYTES = 256 * 1024;

    /// The only page that takes files.
    private static final String FILES = "/bureau/history";

    /// A path of ours: not another host's (`//`), nothing that a browser reads as one (`/\`).
    private static final Pattern OWN_PATH = Pattern.compile("/(?![/\\\\])[!-\\[\\]-~]{0,500}");

    private final Sessions sessions;
    private final AccountPages pages;

    public Guard(Sessions sessions, InstantSource clock) {
        this.sessions = sessions;
        this.pages = new AccountPages(clock);
    }

    /// Guards a path and all below it. Mount it before the pages themselves.
    ///
    /// @param roles who may see them; everybody who is signed in when there are none
    public void before(Router router, String path, Role... roles) {
        // Matches the path itself, too; with a route for each, everything would be done twice.
        router.route(path + "/*")
                .handler(http -> requireKnown(http, roles))
                .handler(Guard::takeForm)
                .handler(this::check);
    }

    /// Nothing of a form is read before it is known whose it is, and that the page is theirs.
    private void requireKnown(RoutingContext http, Role... roles) {
        headers(http.response());
        Optional<SignedIn> found = sessions.find(http);
        if (found.isEmpty()) {
            toSignIn(http, isReading(http));
        } else if (roles.length > 0 && !Arrays.asList(roles).contains(found.get().role())) {
            pages.refuse(http, AccountPages.Refusal.ROLE);
        } else {
            http.next();
        }
    }

    /// A file is taken by its page, piece by piece; its form's token comes in a header.
    private static void takeForm(RoutingContext http) {
        if (FILES.equals(http.request().path())) {
            http.next();
        } else {
            FormBody.upTo(FORM_BYTES).handle(http);
        }
    }

    private void check(RoutingContext http) {
        boolean reads = isReading(http);
        SignedIn who = SignedIn.of(http);
        if (!reads && !isOwnForm(http, who)) {
            pages.refuse(http, AccountPages.Refusal.FORGED);
            return;
        }
        http.next();
    }

    private static void toSignIn(RoutingContext http, boolean reads) {
        String back = reads ? http.request().uri() : http.request().path();
        http.response()
                .setStatusCode(303)
                .putHeader("Location", "/sign-in?back=" + encoded(ownPath(back)))
                .end();
    }

    private static boolean isOwnForm(RoutingContext http, SignedIn who) {
        String header = http.request().getHeader("X-Form-Token");
        String sent =
                header == null ? http.request().getFormAttribute(SignedIn.FORM_TOKEN) : header;
        return Sessions.isSameOrigin(http.request()) && Sessions.isToken(who.formToken(), sent);
    }

    static boolean isReading(RoutingContext http) {
        HttpMethod method = http.request().method();
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }

    /// What every page of people is sent with.
    static void headers(HttpServerResponse response) {
        response.putHeader("Content-Security-Policy", Screens.POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                // With less a browser says `Origin: null` of our own forms.
                .putHeader("Referrer-Policy", "same-origin")
                .putHeader("Cache-Control", "no-store");
    }

    /// A path to go back to, or `/` for what is none of ours.
    static String ownPath(@Nullable String path) {
        return path != null && OWN_PATH.matcher(path).matches() ? path : "/";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
