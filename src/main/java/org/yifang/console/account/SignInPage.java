package org.yifang.console.account;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.identity.person.PasswordDesk;
import org.yifang.identity.person.People;
import org.yifang.identity.person.SecondFactorDesk;
import org.yifang.identity.person.Secrets;
import org.yifang.identity.person.Session;
import org.yifang.identity.person.Sessions;
import org.yifang.identity.person.SignInDesk;
import org.yifang.identity.person.SignInOutcome;
import org.yifang.identity.person.SignedIn;
import org.yifang.platform.Role;
import org.yifang.platform.edge.FormBody;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The pages at `/sign-in` and `/sign-out`: one step after the other until the person is in.
public final class SignInPage {
    private static final int FORM_BYTES = 16 * 1024;

    /// Before there is a session, a form proves that it is ours by repeating this cookie.
    private static final String FORM_COOKIE = "yifang-form";

    /// Parameters that keep somebody here where people sign in elsewhere: who has a password of
    /// ours, as the first operator has, and who has just signed out.
    private static final String HERE = "here";

    private static final String OUT = "out";

    /// The least size asked for, so that each module is one unit of the drawing.
    private static final int QR_LEAST = 1;

    private final SignInDesk desk;
    private final PasswordDesk passwords;
    private final SecondFactorDesk factors;
    private final Sessions sessions;
    private final @Nullable ProviderPage provider;
    private final boolean secure;
    private final AccountPages pages;
    private final String style = AccountPages.file("account.css");

    /// What went wrong with the step before, for the page to say.
    enum Fault {
        WRONG,
        TOO_MANY,
        FORGED,
        SHORT,
        LONG,
        COMMON,
        DIFFERENT
    }

    /// @param secure whether people come by https
    public SignInPage(People people, InstantSource clock, boolean secure) {
        this.pages = new AccountPages(clock);
        this.desk = people.desk();
        this.passwords = people.passwords();
        this.factors = people.factors();
        this.sessions = people.sessions();
        this.secure = secure;
        this.provider =
                people.provider().map(one -> new ProviderPage(one, secure, pages)).orElse(null);
    }

    public void mount(Router router) {
        router.get("/account.css")
                .handler(http ->
                        http.response()
                                .putHeader("Content-Type", "text/css; charset=utf-8")
                                .putHeader("X-Content-Type-Options", "nosniff")
                                .putHeader("Cache-Control", "no-cache")
                                .end(style));
        router.get("/sign-in").handler(this::show);
        if (provider != null) {
            provider.mount(router);
        }
        router.post("/sign-in").handler(FormBody.upTo(FORM_BYTES)).handler(this::step);
        router.post("/sign-out").handler(FormBody.upTo(FORM_BYTES)).handler(this::signOut);
    }

    private void show(RoutingContext http) {
        Optional<SignedIn> in = sessions.find(http);
        String back = Guard.ownPath(http.request().getParam("back"));
        if (in.isPresent()) {
            redirect(http, home(in.get().role(), back));
            return;
        }
        Session.Stage stage = desk.stage(http);
        boolean here = stage != null || has(http, HERE) || has(http, OUT);
        if (provider == null || here) {
            page(http, 200, stage, back, null);
        } else {
            redirect(http, ProviderPage.address(back));
        }
    }

    private void step(RoutingContext http) {
        Session.Stage stage = desk.stage(http);
        String back = Guard.ownPath(field(http, "back"));
        if (!isOurForm(http)) {
            page(http, 403, stage, back, Fault.FORGED);
            return;
        }
        // Login and password begin anew, whatever was half done before.
        boolean first = stage == null || !field(http, "login").isEmpty();
        SignInOutcome outcome =
                first
                        ? desk.password(
                                http, field(http, "login").strip(), field(http, "password"), back)
                        : next(http, stage);
        switch (outcome) {
            case SignInOutcome.Next(var next, var to, var recovery) ->
                    go(http, first ? null : stage, next, to, recovery);
            case SignInOutcome.Wrong _ -> page(http, 401, first ? null : stage, back, Fault.WRONG);
            case SignInOutcome.TooMany _ -> {
                http.response().putHeader("Retry-After", "10");
                page(http, 429, null, back, Fault.TOO_MANY);
            }
            case SignInOutcome.Unfit(var fault) ->
                    page(
                            http,
                            422,
                            stage,
                            back,
                            fault == null ? Fault.DIFFERENT : Fault.valueOf(fault.name()));
        }
    }

    private SignInOutcome next(RoutingContext http, Session.@Nullable Stage stage) {
        return switch (stage) {
            case SECOND_FACTOR -> factors.secondFactor(http, field(http, "second-factor"));
            case CHANGE ->
                    passwords.change(
                            http, field(http, "new-password"), field(http, "repeat-password"));
            case ENROL -> factors.enrol(http, field(http, "second-factor"));
            case IN -> new SignInOutcome.Wrong();
            case null -> new SignInOutcome.Wrong();
        };
    }

    private void go(
            RoutingContext http,
            Session.@Nullable Stage from,
            Session.Stage next,
            String back,
            List<String> recovery) {
        if (from == Session.Stage.ENROL) {
            pages.send(http, 200, "account/recovery.jte", Map.of("codes", recovery, "back", back));
        } else {
            redirect(http, next == Session.Stage.IN ? back : "/sign-in");
        }
    }

    private void signOut(RoutingContext http) {
        Optional<SignedIn> who = sessions.find(http);
        boolean ours =
                who.isEmpty()
                        || (Sessions.isSameOrigin(http.request())
                                && Sessions.isToken(
                                        who.get().formToken(), field(http, SignedIn.FORM_TOKEN)));
        if (!ours) {
            pages.refuse(http, AccountPages.Refusal.FORGED);
            return;
        }
        desk.signOut(http, who.orElse(null));
        // Where others vouch for people, they would be in again at once.
        redirect(http, provider == null ? "/sign-in" : "/sign-in?" + OUT);
    }

    private boolean isOurForm(RoutingContext http) {
        String session = desk.formToken(http);
        Cookie cookie = http.request().getCookie(FORM_COOKIE);
        String sent = field(http, SignedIn.FORM_TOKEN);
        boolean known =
                (session != null && Sessions.isToken(session, sent))
                        || (cookie != null
                                && !cookie.getValue().isEmpty()
                                && Sessions.isToken(cookie.getValue(), sent));
        return known && Sessions.isSameOrigin(http.request());
    }

    private void page(
            RoutingContext http,
            int status,
            Session.@Nullable Stage stage,
            String back,
            @Nullable Fault fault) {
        Map<String, Object> values = new HashMap<>();
        values.put("stage", stage == null ? "password" : stage.name());
        values.put("fault", fault == null ? "" : fault.name());
        values.put("back", back);
        values.put("provider", provider == null || stage != null ? "" : ProviderPage.address(back));
        values.put("token", token(http, stage));
        values.put("demonstration", sessions.demonstration());
        Optional<SecondFactorDesk.Enrolment> enrolment =
                stage == Session.Stage.ENROL ? factors.enrolment(http) : Optional.empty();
        values.put("qr", enrolment.map(one -> qr(one.address())).orElse(""));
        values.put("size", enrolment.map(one -> size(one.address())).orElse(0));
        values.put("typed", enrolment.map(SecondFactorDesk.Enrolment::typed).orElse(""));
        pages.send(http, status, "account/signin.jte", values);
    }

    private String token(RoutingContext http, Session.@Nullable Stage stage) {
        String session = stage == null ? null : desk.formToken(http);
        if (session != null) {
            return session;
        }
        Cookie known = http.request().getCookie(FORM_COOKIE);
        String token =
                known == null || !known.getValue().matches("[A-Za-z0-9_-]{43}")
                        ? Secrets.token()
                        : known.getValue();
        http.response()
                .addCookie(
                        Cookie.cookie(FORM_COOKIE, token)
                                .setPath("/")
                                .setHttpOnly(true)
                                .setSameSite(CookieSameSite.STRICT)
                                .setSecure(secure));
        return token;
    }

    /// Where a person goes who did not want to go anywhere else.
    static String home(Role role, String back) {
        if (!back.equals("/")) {
            return back;
        }
        return switch (role) {
            case HOSPITAL -> "/prescriptions";
            case REVIEWER -> "/review";
            case PHARMACY -> "/counter";
            case BUREAU -> "/bureau";
            case AUDITOR -> "/auditor";
            case OPERATOR -> "/operator";
            case PATIENT -> "/my";
        };
    }

    /// The dark modules of a QR code as one SVG path.
    private static String qr(String text) {
        BitMatrix code = matrix(text);
        StringBuilder path = new StringBuilder();
        for (int y = 0; y < code.getHeight(); y++) {
            for (int x = 0; x < code.getWidth(); x++) {
                if (code.get(x, y)) {
                    path.append('M').append(x).append(' ').append(y).append("h1v1h-1z");
                }
            }
        }
        return path.toString();
    }

    private static int size(String text) {
        return matrix(text).getWidth();
    }

    private static BitMatrix matrix(String text) {
        try {
            return new QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, QR_LEAST, QR_LEAST);
        } catch (WriterException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static boolean has(RoutingContext http, String parameter) {
        return http.request().params().contains(parameter);
    }

    private static String field(RoutingContext http, String name) {
        String value = http.request().getFormAttribute(name);
        return value == null ? "" : value;
    }

    static void redirect(RoutingContext http, String to) {
        Guard.headers(http.response());
        http.response().setStatusCode(303).putHeader("Location", to).end();
    }
}
