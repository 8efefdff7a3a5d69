package org.yifang.console.account;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.yifang.console.Trouble;
import org.yifang.fhir.Texts;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.platform.problem.Problem;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What a person sees in place of a page that could not be made, as when the database is away: a
/// page, too, with what happened and what to do. Programs get the OperationOutcome.
public final class TroublePage {
    /// Where no pages are.
    private static final Pattern FOR_PROGRAMS =
            Pattern.compile("/(fhir|auth|audit|admin|events|queue|metrics|health)(/.*)?");

    private final AccountPages pages = new AccountPages();

    /// Comes before every page.
    public void mount(Router router) {
        router.route().failureHandler(this::answer);
    }

    private void answer(RoutingContext http) {
        HttpServerResponse response = http.response();
        Throwable failure = http.failure();
        if (failure == null
                || response.headWritten()
                || response.closed()
                || !isForPerson(http.request())) {
            http.next();
            return;
        }
        boolean english = AccountPages.isEnglish(http);
        Problem problem = Outcomes.problem(failure);
        List<Trouble> troubles =
                problem.findings().stream()
                        .map(one ->
                                new Trouble(
                                        one.code().code(),
                                        Texts.of(one.code(), english ? "en" : "zh-CN"),
                                        one.detail()
                                                + (one.remedy() == null ? "" : ' ' + one.remedy()),
                                        false))
                        .toList();
        problem.headers().forEach(response::putHeader);
        int status = problem.code().status();
        pages.send(
                http,
                status,
                "account/trouble.jte",
                Map.of("troubles", troubles, "again", status == 503));
    }

    /// A browser says what it wants to show; what a page's own script asks for is no page.
    private static boolean isForPerson(HttpServerRequest request) {
        String accept = request.getHeader("Accept");
        String shown = request.getHeader("Sec-Fetch-Dest");
        boolean page =
                accept == null || accept.contains("text/html") || accept.strip().equals("*/*");
        return page
                && (shown == null || shown.equals("document"))
                && !FOR_PROGRAMS.matcher(String.valueOf(request.path())).matches();
    }
}
