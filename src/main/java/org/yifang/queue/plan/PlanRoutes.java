package org.yifang.queue.plan;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.fhir.search.Source;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;

/// `Measure/{id}/$register-plan` and `Measure/{id}/$plans`.
public final class PlanRoutes {
    private static final int TITLE_LENGTH = 200;

    private final PlanDesk desk;
    private final Map<String, PlanGoal> goals = new TreeMap<>();
    private String base = "";

    public PlanRoutes(PlanDesk desk) {
        this.desk = desk;
    }

    /// Adds a goal. Before [#mount].
    public void register(PlanGoal goal) {
        goals.put(goal.measure(), goal);
    }

    public void mount(FhirRouter router) {
        base = router.base();
        router.mount(
                Operation.instance("register-plan", "Measure")
                        .roles(Role.BUREAU)
                        .handler(this::register));
        router.mount(
                Operation.instance("plans", "Measure")
                        .reads()
                        .roles(Role.BUREAU, Role.AUDITOR)
                        .handler(this::plans));
        router.readBeside("Measure", this::read);
        router.mount(ReportViews.reports());
    }

    /// A plan by its id, with every result; for those who may list plans.
    private Source.@Nullable Found read(String id, Caller caller) {
        if (!caller.is(Role.BUREAU) && !caller.is(Role.AUDITOR)) {
            return null;
        }
        return desk.find(id)
                .map(plan -> {
                    PlanGoal goal = Objects.requireNonNull(goals.get(plan.draft().goal()));
                    List<PlanStore.Result> results = desk.results(plan);
                    Instant changed =
                            results.stream()
                                    .map(PlanStore.Result::createdAt)
                                    .max(Instant::compareTo)
                                    .orElse(plan.registeredAt());
                    return new Source.Found(
                            "Measure",
                            id,
                            1 + results.size(),
                            changed,
                            measure(goal, plan, results),
                            List.of(),
                            List.of(),
                            false);
                })
                .orElse(null);
    }

    private static byte[] measure(PlanGoal goal, Plan plan, List<PlanStore.Result> results) {
        return PlanFhir.registered(plan, PlanRules.warnings(goal, plan.draft()), results);
    }

    private PlanGoal goal(Exchange exchange) {
        PlanGoal goal = goals.get(exchange.idText());
        if (goal == null) {
            throw new Problem(
                    ProblemCode.NOT_FOUND,
                    "There is no Measure `" + exchange.idText() + "` that takes plans.",
                    "There are: `" + String.join("`, `", goals.keySet()) + "`.");
        }
        return goal;
    }

    private Answer register(Exchange exchange) {
        PlanGoal goal = goal(exchange);
        Inputs inputs = exchange.inputs();
        boolean isPreview = Objects.requireNonNullElse(inputs.findFlag("preview"), false);
        PlanDraft draft = goal.read(inputs, stated(goal, inputs, exchange));
        inputs.done();
        List<Words> warnings = PlanRules.warnings(goal, draft);
        if (isPreview) {
            byte[] seen = PlanFhir.draft(draft, warnings, goal.preview(draft));
            return exchange.recorded(() -> Answer.ok(seen));
        }
        PlanDesk.Registered registered = desk.register(exchange.caller(), draft);
        Plan plan = registered.plan();
        if (registered.isNew()) {
            exchange.audited();
            // What is new has no results to be read.
            return answer(plan, warnings, List.of()).withStatus(201);
        }
        return exchange.recorded(() -> answer(plan, warnings, desk.results(plan)));
    }

    private static Answer answer(Plan plan, List<Words> warnings, List<PlanStore.Result> results) {
        return Answer.ok(PlanFhir.registered(plan, warnings, results))
                .withVersion(1, plan.registeredAt())
                .withLocation("Measure/" + plan.id());
    }

    /// Title and periods, which every plan has.
    private static PlanDraft stated(PlanGoal goal, Inputs inputs, Exchange exchange) {
        String title = inputs.string("title").strip();
        LocalDate baselineStart = inputs.date("baselineStart");
        LocalDate baselineEnd = inputs.date("baselineEnd");
        LocalDate periodStart = inputs.date("periodStart");
        LocalDate periodEnd = inputs.date("periodEnd");
        if (inputs.has("title") && (title.isEmpty() || title.length() > TITLE_LENGTH)) {
            inputs.refuse("title", "The title is empty or too long.", "Send 1 to 200 characters.");
        }
        order(inputs, "baselineEnd", baselineStart, baselineEnd);
        order(inputs, "periodEnd", periodStart, periodEnd);
        if (!baselineEnd.isBefore(periodStart)) {
            inputs.refuse(
                    "periodStart",
                    "The period begins on `" + periodStart + "`, within the baseline.",
                    "It begins after `" + baselineEnd + "`.");
        }
        LocalDate today = LocalDate.ofInstant(exchange.now(), Plan.ZONE);
        if (ChronoUnit.DAYS.between(today, periodStart) > PlanRules.AHEAD_DAYS_MOST) {
            inputs.refuse(
                    "periodStart",
                    "`" + periodStart + "` is more than two years ahead.",
                    "Register a plan within two years before its period.");
        }
        return new PlanDraft(
                goal.measure(),
                title,
                baselineStart,
                baselineEnd,
                periodStart,
                periodEnd,
                List.of(),
                List.of());
    }

    private static void order(Inputs inputs, String end, LocalDate from, LocalDate to) {
        if (to.isBefore(from) || ChronoUnit.DAYS.between(from, to) > PlanRules.DAYS_MOST) {
            inputs.refuse(
                    end,
                    "From `" + from + "` to `" + to + "` is no period that can be evaluated.",
                    "It ends no earlier than it begins and within "
                            + PlanRules.DAYS_MOST
                            + " days.");
        }
    }

    private Answer plans(Exchange exchange) {
        PlanGoal goal = goal(exchange);
        Inputs inputs = exchange.inputs();
        inputs.done();
        List<Plan> plans = desk.plans(goal.measure());
        return Answer.ok(
                FhirWriter.resource(
                        "Bundle",
                        json ->
                                json.string("id", UUID.randomUUID().toString())
                                        .string("type", "searchset")
                                        .number("total", plans.size())
                                        .list(
                                                "entry",
                                                all ->
                                                        plans.forEach(
                                                                plan -> entry(all, goal, plan)))));
    }

    private void entry(FhirWriter all, PlanGoal goal, Plan plan) {
        all.element(one ->
                one.string("fullUrl", base + "/Measure/" + plan.id())
                        .raw("resource", measure(goal, plan, desk.results(plan)))
                        .object("search", search -> search.string("mode", "match")));
    }
}
