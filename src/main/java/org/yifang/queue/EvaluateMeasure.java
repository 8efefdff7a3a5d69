package org.yifang.queue;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Answer;
import org.yifang.fhir.Exchange;
import org.yifang.fhir.FhirRouter;
import org.yifang.fhir.Inputs;
import org.yifang.fhir.Operation;
import org.yifang.fhir.Outcomes;
import org.yifang.platform.Problem;
import org.yifang.platform.ProblemCode;
import org.yifang.platform.Role;
import org.yifang.queue.LaterEvaluations.State;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// `Measure/{id}/$evaluate-measure`: hands each Measure to whoever evaluates it, and evaluates the
/// reduction of queues itself.
public final class EvaluateMeasure {
    /// Evaluates one Measure.
    @FunctionalInterface
    public interface Evaluator {
        Answer evaluate(Exchange exchange);
    }

    private static final long DAYS_MOST = 800;

    private static final String QUEUES = "queue-time-reduction";
    private static final String RETRY_AFTER_SECONDS = "2";

    private final EvaluationDesk desk;
    private final LaterEvaluations later;
    private final Map<String, Evaluator> evaluators = new TreeMap<>();

    private String base = "";

    public EvaluateMeasure(EvaluationDesk desk, LaterEvaluations later) {
        this.desk = desk;
        this.later = later;
        evaluators.put(QUEUES, this::queues);
    }

    /// Says who evaluates the Measure of this id. Before [#mount].
    public EvaluateMeasure register(String measure, Evaluator evaluator) {
        evaluators.put(measure, evaluator);
        return this;
    }

    public void mount(FhirRouter router) {
        base = router.base();
        router.mount(
                Operation.instance("evaluate-measure", "Measure")
                        .reads()
                        .roles(Role.BUREAU, Role.AUDITOR)
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
        Evaluator evaluator = evaluators.get(exchange.idText());
        if (evaluator == null) {
            throw new Problem(
                    ProblemCode.NOT_FOUND,
                    "There is no Measure `" + exchange.idText() + "` that can be evaluated.",
                    "There are: `" + String.join("`, `", evaluators.keySet()) + "`.");
        }
        return evaluator.evaluate(exchange);
    }

    private Answer queues(Exchange exchange) {
        boolean isLater = prefersLater(exchange.header("Prefer"));
        EvaluationQuestion question =
                question(exchange, isLater ? ChronoUnit.MILLIS : ChronoUnit.MICROS);
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
        return switch (later.state(question(exchange, null))) {
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

    /// @param finest how finely a moment that is not stated is told; null where it must be stated
    private static EvaluationQuestion question(Exchange exchange, @Nullable ChronoUnit finest) {
        Inputs inputs = exchange.inputs();
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
        if (told != null && told.isAfter(now)) {
            inputs.refuse(
                    "asOf",
                    "`" + told + "` is still to come.",
                    "Nothing later than `" + now + "` can be known.");
        }
        inputs.done();
        // Kept as precisely as the database keeps it.
        Instant asOf =
                told != null
                        ? told.truncatedTo(ChronoUnit.MICROS)
                        : now.truncatedTo(finest == null ? ChronoUnit.MICROS : finest);
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
