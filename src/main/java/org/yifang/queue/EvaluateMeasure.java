package org.yifang.queue;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Answer;
import org.yifang.fhir.Exchange;
import org.yifang.fhir.FhirRouter;
import org.yifang.fhir.Inputs;
import org.yifang.fhir.Operation;
import org.yifang.platform.Problem;
import org.yifang.platform.ProblemCode;
import org.yifang.platform.Role;

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

    private final EvaluationDesk desk;
    private final Map<String, Evaluator> evaluators = new TreeMap<>();

    public EvaluateMeasure(EvaluationDesk desk) {
        this.desk = desk;
        evaluators.put("queue-time-reduction", this::queues);
    }

    /// Says who evaluates the Measure of this id. Before [#mount].
    public EvaluateMeasure register(String measure, Evaluator evaluator) {
        evaluators.put(measure, evaluator);
        return this;
    }

    public void mount(FhirRouter router) {
        router.mount(
                Operation.instance("evaluate-measure", "Measure")
                        .reads()
                        .roles(Role.BUREAU, Role.AUDITOR)
                        .definition(
                                "http://hl7.org/fhir/OperationDefinition/Measure-evaluate-measure")
                        .handler(this::evaluate));
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
        Instant told = inputs.findInstant("asOf");
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
        Instant asOf = (told == null ? now : told).truncatedTo(ChronoUnit.MICROS);
        return Answer.ok(
                desk.evaluate(
                        new EvaluationQuestion(
                                baselineStart,
                                baselineEnd,
                                periodStart,
                                periodEnd,
                                organizations,
                                controls,
                                stage,
                                department,
                                queue,
                                asOf)));
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
