package org.yifang.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.yifang.console.frame.BrokenRead;
import org.yifang.console.frame.Codes;
import org.yifang.console.frame.Page;
import org.yifang.console.frame.Screens;
import org.yifang.console.frame.Trouble;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Answers people with a page whatever goes wrong, where programs are answered with an
/// OperationOutcome.
public final class ErrorPage {
    /// What programs call, whatever they say that they accept.
    private static final List<String> PROGRAMS =
            List.of(
                    "/fhir",
                    "/admin",
                    "/auth",
                    "/audit/",
                    "/events",
                    "/queue/",
                    "/metrics",
                    "/health");

    private static final int[] STATUSES = {400, 401, 403, 404, 405, 406, 413, 414, 415, 500, 503};

    private final InstantSource clock;

    public ErrorPage(InstantSource clock) {
        this.clock = clock;
    }

    /// After everything else that answers errors.
    public void mount(Router router) {
        for (int status : STATUSES) {
            router.errorHandler(status, this::answer);
        }
    }

    private void answer(RoutingContext http) {
        if (!isForPeople(http) || http.response().headWritten() || http.response().ended()) {
            Outcomes.answer(http);
            return;
        }
        Problem problem =
                http.failure() == null
                        ? Outcomes.ofStatus(http.statusCode())
                        : Outcomes.problem(http.failure());
        problem.headers().forEach(http.response()::putHeader);
        Page page = Page.open(http, http.request().path(), clock.instant());
        Map<String, Object> values = new HashMap<>();
        values.put("status", problem.code().status());
        values.put("troubles", troubles(problem, page));
        Screens.send(http, page, problem.code().status(), "error.jte", values);
    }

    private static List<Trouble> troubles(Problem problem, Page page) {
        if (problem instanceof BrokenRead broken) {
            return broken.troubles();
        }
        return Outcomes.outcome(problem.findings(), page.language()).getIssue().stream()
                .map(issue -> {
                    String code = issue.getDetails().getCodingFirstRep().getCode();
                    return new Trouble(
                            code, text(code, issue.getDetails().getText(), page.en()), "", false);
                })
                .toList();
    }

    /// Of an address that leads nowhere the detail says once more what the sentence says.
    private static String text(String code, String text, boolean english) {
        boolean nowhere = code.equals(ProblemCode.NOT_FOUND.code());
        return nowhere ? Codes.text("problem", code, english) : text;
    }

    private static boolean isForPeople(RoutingContext http) {
        String path = http.request().path();
        String accept = http.request().getHeader("Accept");
        boolean browser = accept != null && accept.contains("text/html");
        boolean part = http.request().getHeader("HX-Request") != null;
        return path != null && (browser || part) && PROGRAMS.stream().noneMatch(path::startsWith);
    }
}
