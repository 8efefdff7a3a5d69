package org.yifang.queue.evaluate;

import org.hl7.fhir.r4.model.MeasureReport;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.platform.Role;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.queue.evaluate.LaterEvaluations.State;
import org.yifang.queue.plan.Plan;
import org.yifang.queue.plan.PlanDesk;
import org.yifang.queue.plan.PlanGoal;
import org.yifang.queue.plan.ReportCsv;
import org.yifang.queue.ticket.QueueStage;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// `Measure/{id}/$evaluate-measure`: hands each Measure to the goal that it is of.
public final class EvaluateMeasure {
    private static final long DAYS_MOST = 800;

    public static final String QUEUES = "queue-time-reduction";
    private static final String CSV = "text/csv";
    private static final String RETRY_AFTER_SECONDS = "2";

    private final EvaluationDesk desk;
    private final LaterEvaluations later;
    private final PlanDesk plans;
    private final Map<String, PlanGoal> goals = new TreeMap<>();

    private String base = "";

    public EvaluateMeasure(EvaluationDesk desk, LaterEvaluations later, PlanDesk plans) {
        this.desk = desk;
        this.later = later;
        this.plans = plans;
    }

    /// Adds a goal that plans can be registered for. Before [#mount].
    public EvaluateMeasure register(PlanGoal goal) {
        goals.put(goal.measure(), goal);
        return this;
    }

    public void mount(FhirRouter router) {
        base = router.base();
        router.mount(
                Operation.instance("evaluate-measure", "Measure")
                        .reads()
                        .produces(CSV)
                        .roles(Role.BUREAU, Role.AUDITOR)
                        .produces("text/csv")
                        .definition(
                                "http://hl7.org/fhir/OperationDefinition/Measure-evaluate-measure")
                        .handler(this::evaluate));
        router.mount(
                Operation.instance("evaluation-status", "Measure")
                        .reads()
                        .roles(Role.BUREAU, Role.AUDITOR)
                        .handler(this::status));
    }

    private Answer evaluate(Exchange exchange) {
        PlanGoal goal = goals.get(exchange.idText());
        String accept = exchange.header("Accept");
        boolean wantsTables = accept != null && accept.toLowerCase(Locale.ROOT).contains(CSV);
        if (goal == null) {
            throw new Problem(
                    ProblemCode.NOT_FOUND,
                    "There is no Measure `" + exchange.idText() + "` that can be evaluated.",
                    "There are: `" + String.join("`, `", goals.keySet()) + "`.");
        }
        Answer answer = goal.evaluate(exchange, plan(goal, exchange));
        return wantsTables ? tables(answer) : answer;
    }

    /// The tables of a report instead of the report.
    private static Answer tables(Answer answer) {
        return answer.body() instanceof Answer.Json report
                ? Answer.ok(
                        CSV + "; charset=utf-8",
                        ReportCsv.of(
                                Fhir.parse(MeasureReport.class, report.bytes(), Fhir.Format.JSON)))
                : answer;
    }

    /// The plan that is asked about.
    private Optional<Plan> plan(PlanGoal goal, Exchange exchange) {
        String named = exchange.query("plan");
        if (named == null && exchange.body().length > 0) {
            named = exchange.inputs().findString("plan");
        }
        if (named == null) {
            return Optional.empty();
        }
        String id = named.startsWith("Measure/") ? named.substring("Measure/".length()) : named;
        return Optional.of(
                uuid(id).flatMap(one -> plans.find(goal.measure(), one))
                        .orElseThrow(() ->
                                new Problem(
                                        ProblemCode.NOT_FOUND,
                                        "There is no plan `" + id + "` of this goal.",
                                        "`$plans` lists those that are registered.")));
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    public Answer queues(Exchange exchange, Optional<Plan> plan) {
        boolean isLater = prefersLater(exchange.header("Prefer"));
        EvaluationQuestion question =
                question(exchange, plan, isLater ? ChronoUnit.MILLIS : ChronoUnit.MICROS);
        exchange.auditQuery(question.canonical() + "&asOf=" + question.asOf());
        if (!isLater) {
            return Answer.ok(desk.evaluate(question));
        }
        later.ask(question);
        return Answer.nothing(202)
                .withHeader(
                        "Content-Location",
                        base + "/Measure/" + QUEUES + "/$evaluation-status?" + question.query());
    }

    private static boolean prefersLater(@Nullable String prefer) {
        return prefer != null && List.of(prefer.split("[,;]\\s*")).contains("respond-async");
    }

    private Answer status(Exchange exchange) {
        if (!exchange.idText().equals(QUEUES)) {
            throw Outcomes.notFound();
        }
        return switch (later.state(question(exchange, plan(exchange), null))) {
            case State.Done done -> Answer.ok(done.report());
            case State.Running running ->
                    Answer.nothing(202)
                            .withHeader("X-Progress", running.progress())
                            .withHeader("Retry-After", RETRY_AFTER_SECONDS);
            case State.Failed _ ->
                    throw new Problem(
                            ProblemCode.INTERNAL,
                            "The evaluation was given up.",
                            "Ask `$evaluate-measure` again; the reason stands in the log.");
            case State.Unknown _ -> throw Outcomes.notFound();
        };
    }

    private Optional<Plan> plan(Exchange exchange) {
        PlanGoal goal = goals.get(exchange.idText());
        return goal == null ? Optional.empty() : plan(goal, exchange);
    }

    private static EvaluationQuestion ofPlan(
            Inputs inputs, Plan plan, Instant now, @Nullable ChronoUnit finest) {
        inputs.findString("plan");
        Instant told = finest == null ? inputs.instant("asOf") : inputs.findInstant("asOf");
        notAhead(inputs, told, now);
        inputs.done();
        return EvaluationQuestion.of(plan, rounded(plan.asOf(told, now), told != null, finest));
    }

    /// A moment as precisely as the database keeps it, or as it is to be told.
    private static Instant rounded(Instant at, boolean isTold, @Nullable ChronoUnit finest) {
        return at.truncatedTo(isTold || finest == null ? ChronoUnit.MICROS : finest);
    }

    private static void notAhead(Inputs inputs, @Nullable Instant told, Instant now) {
        if (told != null && told.isAfter(now)) {
            inputs.refuse(
                    "asOf",
                    "`" + told + "` is still to come.",
                    "Nothing later than `" + now + "` can be known.");
        }
    }

    /// @param finest how finely a moment that is not stated is told; null where it must be stated
    private static EvaluationQuestion question(
            Exchange exchange, Optional<Plan> plan, @Nullable ChronoUnit finest) {
        Inputs inputs = exchange.inputs();
        if (plan.isPresent()) {
            return ofPlan(inputs, plan.get(), exchange.now(), finest);
        }
        LocalDate periodStart = inputs.date("periodStart");
        LocalDate periodEnd = inputs.date("periodEnd");
        LocalDate baselineStart = inputs.date("baselineStart");
        LocalDate baselineEnd = inputs.date("baselineEnd");
        List<String> organizations = inputs.strings("organization");
        List<String> controls = inputs.strings("control");
        QueueStage stage = stage(inputs);
        String department = inputs.findString("department");
        String queue = inputs.findString("queue");
        Instant told = finest == null ? inputs.instant("asOf") : inputs.findInstant("asOf");
        Instant now = exchange.now();
        order(inputs, "baselineEnd", baselineStart, baselineEnd);
        order(inputs, "periodEnd", periodStart, periodEnd);
        if (!baselineEnd.isBefore(periodStart)) {
            inputs.refuse(
                    "periodStart",
                    "The period begins on `" + periodStart + "`, within the baseline.",
                    "It begins after `" + baselineEnd + "`.");
        }
        notAhead(inputs, told, now);
        inputs.done();
        Instant asOf = rounded(told == null ? now : told, told != null, finest);
        return new EvaluationQuestion(
                baselineStart,
                baselineEnd,
                periodStart,
                periodEnd,
                organizations,
                controls,
                stage,
                department,
                queue,
                asOf);
    }

    private static @Nullable QueueStage stage(Inputs inputs) {
        String code = inputs.findString("stage");
        if (code == null) {
            return null;
        }
        QueueStage stage = QueueStage.of(code).orElse(null);
        if (stage == null) {
            inputs.refuse(
                    "stage",
                    "`" + code + "` is no stage.",
                    "The CodeSystem `queue-stage` has them.");
        }
        return stage;
    }

    private static void order(Inputs inputs, String end, LocalDate from, LocalDate to) {
        if (to.isBefore(from) || ChronoUnit.DAYS.between(from, to) > DAYS_MOST) {
            inputs.refuse(
                    end,
                    "From `" + from + "` to `" + to + "` is no period that can be evaluated.",
                    "It ends no earlier than it begins and within " + DAYS_MOST + " days.");
        }
    }
}
