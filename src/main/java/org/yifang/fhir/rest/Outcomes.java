package org.yifang.fhir.rest;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.OperationOutcome.OperationOutcomeIssueComponent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.fhir.AnswerFormat;
import org.yifang.fhir.Bodies;
import org.yifang.fhir.FindingTexts;
import org.yifang.fhir.Texts;
import org.yifang.fhir.search.Query;
import org.yifang.platform.Limits;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Fault;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.operate.Tracing;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/// Answers every error of the service, FHIR or not; nothing else writes an error body.
public final class Outcomes {
    /// The CodeSystem of the codes in `details`.
    public static final String SYSTEM = "https://yifang.org/fhir/CodeSystem/problem";

    /// SQL state of a text that is none.
    private static final String CHARACTER_NOT_IN_REPERTOIRE = "22021";

    private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);

    /// Makes a router answer whatever goes wrong in any of its routes, and what it has no route
    /// for, with an OperationOutcome.
    public static void mount(Router router) {
        for (int status : new int[] {400, 401, 403, 404, 405, 406, 413, 414, 415, 500, 503}) {
            router.errorHandler(status, Outcomes::answer);
        }
    }

    /// Answers a failed route: by its exception, or else by its status alone.
    public static void answer(RoutingContext failed) {
        Throwable failure = failed.failure();
        answer(failed, failure == null ? ofStatus(failed.statusCode()) : failure);
    }

    /// Answers with an OperationOutcome that says everything about `failure` that the caller may
    /// know.
    public static void answer(RoutingContext http, Throwable failure) {
        HttpServerResponse response = http.response();
        if (isGone(failure) || response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            // Half an answer is out; breaking it off, without the end that a whole one has, is the
            // only honest ending.
            LOG.warn("half an answer was broken off: {}", failure.getClass().getName());
            var _ = response.reset();
            return;
        }
        Problem problem = problem(failure);
        Query query = lenient(http.request().query());
        AnswerFormat wanted = Negotiation.wantedForError(http.request().getHeader("Accept"), query);
        String language = Negotiation.language(http.request().getHeader("Accept-Language"));
        problem.headers().forEach(response::putHeader);
        if (problem.code() == ProblemCode.NOT_AUTHENTICATED) {
            response.putHeader("WWW-Authenticate", "Bearer realm=\"yifang\"");
        }
        response.setStatusCode(problem.code().status())
                .putHeader("Content-Type", wanted.mediaType() + ";charset=utf-8")
                .putHeader("Content-Language", language)
                .putHeader("Cache-Control", "no-store")
                .end(
                        io.vertx.core.buffer.Buffer.buffer(
                                Bodies.encode(outcome(problem.findings(), language), wanted)));
    }

    /// Answers a request whose head cannot be taken, and which no route therefore sees.
    public static void refuse(HttpServerRequest http, Problem problem) {
        String language = Negotiation.language(http.getHeader("Accept-Language"));
        http.response()
                .setStatusCode(problem.code().status())
                .putHeader("Content-Type", AnswerFormat.DEFAULT.mediaType() + ";charset=utf-8")
                .end(
                        io.vertx.core.buffer.Buffer.buffer(
                                Bodies.encode(
                                        outcome(problem.findings(), language),
                                        AnswerFormat.DEFAULT)));
    }

    private static Query lenient(@Nullable String query) {
        try {
            return Query.parse(query, true);
        } catch (Problem unreadable) {
            return Query.EMPTY;
        }
    }

    /// The findings as FHIR tells them.
    ///
    /// @param language `zh-CN` or `en`
    public static OperationOutcome outcome(List<Finding> findings, String language) {
        OperationOutcome outcome = new OperationOutcome();
        boolean all = findings.size() <= Limits.FINDINGS;
        for (Finding finding : all ? findings : findings.subList(0, Limits.FINDINGS - 1)) {
            outcome.addIssue(issue(finding, language));
        }
        if (!all) {
            outcome.addIssue(more(findings.size() - Limits.FINDINGS + 1, language));
        }
        return outcome;
    }

    /// Says how many findings there are beside those that are told.
    private static OperationOutcomeIssueComponent more(int count, String language) {
        boolean english = language.startsWith("en");
        OperationOutcomeIssueComponent issue = new OperationOutcomeIssueComponent();
        issue.setSeverity(IssueSeverity.INFORMATION);
        issue.setCode(IssueType.INCOMPLETE);
        issue.getDetails()
                .setText(
                        english
                                ? "and " + count + " more."
                                : "另有 " + count + " 项（and " + count + " more）。");
        issue.setDiagnostics(english ? "Mend these first, then send it again." : "请先更正以上各项，再重新提交。");
        return issue;
    }

    private static OperationOutcomeIssueComponent issue(Finding finding, String language) {
        ProblemCode code = finding.code();
        String sentence = Texts.of(code, language);
        OperationOutcomeIssueComponent issue = new OperationOutcomeIssueComponent();
        issue.setSeverity(
                finding.warning()
                        ? IssueSeverity.WARNING
                        : code.status() >= 500 ? IssueSeverity.FATAL : IssueSeverity.ERROR);
        issue.setCode(IssueType.fromCode(code.issueType()));
        issue.getDetails().setText(FindingTexts.told(finding, language));
        issue.getDetails().addCoding().setSystem(SYSTEM).setCode(code.code()).setDisplay(sentence);
        issue.setDiagnostics(FindingTexts.right(finding, language));
        if (finding.expression() != null) {
            issue.addExpression(FindingTexts.shortened(finding.expression()));
        }
        return issue;
    }

    /// The trace where there is one, which leads to all that the call did; else a number.
    private static String reference() {
        String trace = Tracing.currentId();
        return trace.isEmpty()
                ? HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()).substring(4)
                : trace;
    }

    /// What a failure is to the caller. Ours are logged with their trace and a reference number.
    public static Problem problem(Throwable failure) {
        if (failure instanceof Problem problem) {
            return problem;
        }
        if (Database.isAway(failure)) {
            LOG.debug("the database is away: {}", failure.getClass().getSimpleName());
            return new Problem(
                    List.of(
                            new Finding(
                                    ProblemCode.DATABASE_AWAY,
                                    "The database does not answer now; nothing was changed.",
                                    "Send the same request again after a moment.")),
                    Map.of("Retry-After", String.valueOf(Problem.RETRY_AFTER_SECONDS)));
        }
        if (Database.isTooLong(failure)) {
            Bound.STATEMENT_TIME.reached();
            return Problem.busy("The database takes too long for this now.");
        }
        if (isNoText(failure)) {
            return new Problem(
                    ProblemCode.UNREADABLE,
                    "A text of the request holds the character U+0000.",
                    "Send texts of characters that can be written.");
        }
        String reference = reference();
        LOG.error("reference {}: {}", reference, trace(failure));
        return new Problem(
                ProblemCode.INTERNAL,
                "Reference `" + reference + "`.",
                "Tell the operator of this service that reference; it stands in the log.");
    }

    /// Whether the database was given what no text can hold, which only a caller can have sent.
    private static boolean isNoText(Throwable failure) {
        Throwable at = failure;
        for (int depth = 0; at != null && depth < 8; depth++, at = at.getCause()) {
            if (CHARACTER_NOT_IN_REPERTOIRE.equals(Fault.state(at))) {
                return true;
            }
        }
        return false;
    }

    /// The trace without messages: those may hold values of a person's data.
    private static String trace(Throwable failure) {
        StringBuilder text = new StringBuilder();
        Throwable at = failure;
        for (int depth = 0; at != null && depth < 8; depth++, at = at.getCause()) {
            text.append(depth == 0 ? "" : "\n caused by ").append(at.getClass().getName());
            if (Fault.state(at) != null) {
                text.append(" state ").append(Fault.state(at));
                text.append(" constraint ").append(Fault.constraint(at));
            }
            text.append(
                    java.util.Arrays.stream(at.getStackTrace())
                            .limit(40)
                            .map(frame -> "\n   at " + frame)
                            .collect(Collectors.joining()));
        }
        return text.toString();
    }

    /// Whether the caller has gone, so that nobody reads an answer.
    static boolean isGone(Throwable failure) {
        return Edge.isGone(failure);
    }

    public static Problem ofStatus(int status) {
        return switch (status) {
            case 401 -> new Problem(ProblemCode.NOT_AUTHENTICATED, "A token is needed.");
            case 403 -> new Problem(ProblemCode.NOT_FOR_THIS_ROLE, "This is not allowed.");
            case 404 -> notFound();
            case 405 -> new Problem(ProblemCode.METHOD_NOT_ALLOWED, "Another method is needed.");
            case 406 ->
                    new Problem(
                            ProblemCode.NOT_ACCEPTABLE, "Another media type has to be accepted.");
            case 413 -> new Problem(ProblemCode.TOO_LARGE, "Less has to be sent.");
            case 414 -> new Problem(ProblemCode.URL_TOO_LONG, "Send it in the body of a POST.");
            case 415 -> new Problem(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Send another type.");
            case 503 -> new Problem(ProblemCode.BUSY, "Send the same request again later.");
            default ->
                    status < 500
                            ? new Problem(ProblemCode.UNREADABLE, "The request cannot be read.")
                            : problem(new IllegalStateException());
        };
    }

    /// Says that nothing is wrong.
    static OperationOutcome fine(String text) {
        OperationOutcome outcome = new OperationOutcome();
        outcome.addIssue()
                .setSeverity(IssueSeverity.INFORMATION)
                .setCode(IssueType.INFORMATIONAL)
                .getDetails()
                .setText(text);
        return outcome;
    }

    /// What is answered for all that is not there or not this caller's to see.
    public static Problem notFound() {
        return new Problem(
                ProblemCode.NOT_FOUND,
                "The resource is unknown, or not yours to see.",
                "Check the type and the id.");
    }

    static Problem unsupported(String mediaType) {
        return new Problem(
                ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                mediaType.isEmpty()
                        ? "The body has no media type."
                        : "The media type `" + mediaType + "` is not read here.",
                "Send `Content-Type: application/fhir+json` or `application/fhir+xml`.");
    }

    private Outcomes() {}
}
