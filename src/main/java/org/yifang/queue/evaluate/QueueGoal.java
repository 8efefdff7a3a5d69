package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.NamedValues;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.Inputs;
import org.yifang.platform.data.Database;
import org.yifang.queue.plan.Plan;
import org.yifang.queue.plan.PlanDraft;
import org.yifang.queue.plan.PlanDraft.Term;
import org.yifang.queue.plan.PlanGoal;
import org.yifang.queue.plan.Words;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.QueueStage;

import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// The goal "queues half as long": what its plans say beside title and periods.
public final class QueueGoal implements PlanGoal {
    /// Whose units tickets may be linked to.
    static final Set<String> EXPECTED_SOURCES =
            Set.of("registrations", "encounters", "prescriptions", "settlements");

    private static final int WASH_IN_WEEKS_MOST = 4;
    private static final int WEEKS_LEAST = 26;
    private static final int NAMES_MOST = 500;

    private final EvaluateMeasure measures;
    private final EvaluationStore store;
    private final PlanData.Records records;
    private final InstantSource clock;

    public QueueGoal(
            EvaluateMeasure measures, Database database, String region, InstantSource clock) {
        this.measures = measures;
        this.store = new EvaluationStore(database, region);
        this.records = new KnownPlans(database, store);
        this.clock = clock;
    }

    @Override
    public String measure() {
        return EvaluateMeasure.QUEUES;
    }

    @Override
    public long daysLeast() {
        return WEEKS_LEAST * 7L;
    }

    @Override
    public PlanDraft read(Inputs inputs, PlanDraft stated) {
        List<String> organizations = names(inputs, "organization");
        if (organizations.isEmpty()) {
            inputs.count("organization", 1, NAMES_MOST);
        }
        String stage = stage(inputs);
        List<String> queues = names(inputs, "queue");
        List<String> controls = names(inputs, "control");
        for (String control : controls) {
            if (organizations.contains(control)) {
                inputs.refuse(
                        "control",
                        "`" + control + "` is a site of the plan.",
                        "A control site is one where nothing is changed.");
            }
        }
        List<Term> terms = new ArrayList<>();
        organizations.forEach(one -> terms.add(new Term("organization", one)));
        if (stage != null) {
            terms.add(new Term("stage", stage));
        }
        frozen(organizations, stage, queues).forEach(one -> terms.add(new Term("queue", one)));
        departments(inputs).forEach(one -> terms.add(new Term("department", one)));
        change(inputs, stated, terms);
        controls.forEach(one -> terms.add(new Term("control", one)));
        expected(inputs, terms);
        return new PlanDraft(
                stated.goal(),
                stated.title(),
                stated.baselineStart(),
                stated.baselineEnd(),
                stated.periodStart(),
                stated.periodEnd(),
                terms,
                organizations);
    }

    private static List<String> names(Inputs inputs, String name) {
        List<String> names = inputs.strings(name);
        for (String one : names) {
            if (one.length() > QueueLimits.NAME_LENGTH
                    || one.chars().anyMatch(Character::isISOControl)) {
                inputs.refuse(
                        name,
                        "`" + name + "` is too long or holds a control character.",
                        "Send a number or short name of at most 64 characters.");
            }
        }
        return List.copyOf(new TreeSet<>(names));
    }

    private static @Nullable String stage(Inputs inputs) {
        String code = inputs.findCode("stage");
        if (code != null && QueueStage.of(code).isEmpty()) {
            inputs.refuse(
                    "stage",
                    "`" + code + "` is no stage.",
                    "The CodeSystem `queue-stage` has them.");
        }
        return code;
    }

    /// The list is frozen: all queues known now when the plan names none, so that a slow one cannot
    /// be left out later nor a fast one be put beside.
    private List<String> frozen(
            List<String> organizations, @Nullable String stage, List<String> queues) {
        if (!queues.isEmpty()) {
            return queues;
        }
        return store.queues(clock.instant()).keySet().stream()
                .filter(row -> organizations.contains(row.organization()))
                .filter(row ->
                        stage == null
                                || (row.stage() != null
                                        && Objects.requireNonNull(row.stage())
                                                .code()
                                                .equals(stage)))
                .map(row -> row.organization() + "/" + row.code())
                .sorted()
                .toList();
    }

    private static List<String> departments(Inputs inputs) {
        List<String> renamed = new ArrayList<>();
        for (Inputs one : inputs.parts("department")) {
            String before = one.string("before");
            String after = one.string("after");
            renamed.add(before + " -> " + after);
        }
        return renamed.stream().sorted().distinct().toList();
    }

    /// The day of the change and the weeks behind it that count for neither side.
    private static void change(Inputs inputs, PlanDraft stated, List<Term> terms) {
        Integer weeks = inputs.findInteger("wash-in-weeks");
        LocalDate told = inputs.findDate("change-date");
        int washIn = weeks == null ? 0 : weeks;
        if (washIn < 0 || washIn > WASH_IN_WEEKS_MOST) {
            inputs.refuse(
                    "wash-in-weeks",
                    "`" + washIn + "` weeks of wash-in are too many or too few.",
                    "Send 0 to " + WASH_IN_WEEKS_MOST + ".");
        }
        LocalDate change = told == null ? stated.periodStart().minusWeeks(washIn) : told;
        boolean outside =
                change.isAfter(stated.periodStart()) || !change.isAfter(stated.baselineEnd());
        if (outside || change.plusWeeks(washIn).isAfter(stated.periodStart())) {
            inputs.refuse(
                    "change-date",
                    "The change on `" + change + "` does not lie between baseline and period.",
                    "It lies behind `%s`, and the period begins after it and the wash-in."
                            .formatted(stated.baselineEnd()));
        }
        terms.add(new Term("change-date", change.toString()));
        terms.add(new Term("wash-in-weeks", String.valueOf(washIn)));
    }

    private static void expected(Inputs inputs, List<Term> terms) {
        String source = inputs.findCode("expected-source");
        if (source == null) {
            return;
        }
        if (!EXPECTED_SOURCES.contains(source)) {
            inputs.refuse(
                    "expected-source",
                    "`" + source + "` is no source of expected units.",
                    "Send one of `" + String.join("`, `", new TreeSet<>(EXPECTED_SOURCES)) + "`.");
        }
        terms.add(new Term("expected-source", source));
    }

    @Override
    public List<Words> warnings(PlanDraft draft) {
        List<Words> warnings = new ArrayList<>();
        if (draft.term("expected-source") == null) {
            warnings.add(
                    new Words(
                            "未指定应到单位的来源，票号无法逐一核对，不能证实达标",
                            "no source of expected units is named, so that tickets cannot be"
                                    + " linked: it cannot show the target met"));
        }
        return warnings;
    }

    @Override
    public Consumer<NamedValues> preview(PlanDraft draft) {
        return PlanPreview.of(records, draft, clock.instant());
    }

    @Override
    public Answer evaluate(Exchange exchange, Optional<Plan> plan) {
        return measures.queues(exchange, plan);
    }
}
