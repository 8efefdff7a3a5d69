package org.yifang.console.account;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.yifang.identity.person.PasswordDesk;
import org.yifang.identity.person.Sessions;
import org.yifang.identity.person.SignInOutcome;
import org.yifang.identity.person.SignedIn;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;

import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/// The page at `/account`: a person's own sessions, to be ended, and the password, to be changed.
public final class AccountPage {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.of("Asia/Shanghai"));

    /// A session as the page shows it.
    public record Shown(
            String name,
            boolean present,
            String since,
            String seen,
            String address,
            String agent) {}

    private final PasswordDesk desk;
    private final Sessions sessions;
    private final Organizations organizations;
    private final AccountPages pages;

    public AccountPage(
            PasswordDesk desk,
            Sessions sessions,
            Organizations organizations,
            InstantSource clock) {
        this.desk = desk;
        this.sessions = sessions;
        this.organizations = organizations;
        this.pages = new AccountPages(clock);
    }

    private String organization(String number) {
        return organizations.byNumber(number).map(Organization::name).orElse(number);
    }

    /// Behind a [Guard].
    public void mount(Router router) {
        router.get("/account").handler(http -> show(http, 200, ""));
        router.post("/account/password").handler(this::password);
        router.post("/account/end").handler(this::end);
    }

    private void show(RoutingContext http, int status, String fault) {
        SignedIn who = SignedIn.of(http);
        List<Shown> all =
                sessions.of(who.login()).stream()
                        .map(one ->
                                new Shown(
                                        one.name(),
                                        one.name().equals(who.sessionId()),
                                        TIME.format(one.createdAt()),
                                        TIME.format(one.seenAt()),
                                        one.address(),
                                        Agents.words(one.agent())))
                        .toList();
        pages.send(
                http,
                status,
                "account/account.jte",
                Map.of(
                        "who",
                        who,
                        "organization",
                        organization(who.organization()),
                        "home",
                        SignInPage.home(who.role(), "/"),
                        "sessions",
                        all,
                        "fault",
                        fault));
    }

    private void password(RoutingContext http) {
        switch (desk.change(
                http,
                SignedIn.of(http),
                field(http, "password"),
                field(http, "new-password"),
                field(http, "repeat-password"))) {
            case SignInOutcome.Next _ -> back(http);
            case SignInOutcome.Wrong _ -> show(http, 401, "WRONG");
            case SignInOutcome.TooMany _ -> show(http, 429, "TOO_MANY");
            case SignInOutcome.Unfit(var fault) ->
                    show(http, 422, fault == null ? "DIFFERENT" : fault.name());
        }
    }

    private void end(RoutingContext http) {
        sessions.end(SignedIn.of(http).login(), field(http, "session"));
        back(http);
    }

    private static void back(RoutingContext http) {
        http.response().setStatusCode(303).putHeader("Location", "/account").end();
    }

    private static String field(RoutingContext http, String name) {
        String value = http.request().getFormAttribute(name);
        return value == null ? "" : value;
    }
}
