package org.yifang.price.index;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.fhir.json.NamedValues;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.Inputs;
import org.yifang.queue.plan.Plan;
import org.yifang.queue.plan.PlanDraft;
import org.yifang.queue.plan.PlanGoal;
import org.yifang.queue.plan.Words;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The goal "drugs -10 %": reads plans and questions of `Measure/drug-price-change` and hands them
/// to the evaluation.
public final class PriceMeasure implements PlanGoal {
    /// The Measure's id.
    public static final String ID = "drug-price-change";

    private static final String CSV = "text/csv";
    private static final long DAYS_MOST = 800;

    /// February to April is the shortest three months.
    private static final long DAYS_LEAST = 89;

    private final PriceEvaluation evaluation;
    private final Catalogue catalogue;
    private final InstantSource clock;

    public PriceMeasure(PriceEvaluation evaluation, Catalogue catalogue, InstantSource clock) {
        this.evaluation = evaluation;
        this.catalogue = catalogue;
        this.clock = clock;
    }

    @Override
    public String measure() {
        return ID;
    }

    @Override
    public long daysLeast() {
        return DAYS_LEAST;
    }

    @Override
    public boolean isSameSeason(PlanDraft draft) {
        return planned(draft, Instant.EPOCH, null).isComparable();
    }

    /// All drugs in all pharmacies: a plan of prices has no terms to choose.
    @Override
    public PlanDraft read(Inputs inputs, PlanDraft stated) {
        return new PlanDraft(
                ID,
                stated.title(),
                stated.baselineStart(),
                stated.baselineEnd(),
                stated.periodStart(),
                stated.periodEnd(),
                List.of(),
                List.of(PlanDraft.EVERYWHERE));
    }

    @Override
    public List<Words> warnings(PlanDraft draft) {
        return List.of();
    }

    /// How much of a baseline there is so far, and in how many pharmacies; never how prices
    /// changed.
    @Override
    public Consumer<NamedValues> preview(PlanDraft draft) {
        var baseline = evaluation.baseline(planned(draft, clock.instant(), null));
        return all ->
                all.group(
                        "plan-preview",
                        told ->
                                told.integer("baseline-pharmacies", baseline.pharmacies())
                                        .integer("baseline-lines", baseline.lines())
                                        .decimal("baseline-yuan", baseline.yuan(), 4)
                                        .decimal("imported-share", baseline.importedShare(), 4)
                                        .decimal("held-out-share", baseline.heldOutShare(), 4));
    }

    private static PriceQuestion planned(
            PlanDraft draft, Instant asOf, PriceQuestion.@Nullable Plan plan) {
        return new PriceQuestion(
                draft.baselineStart(),
                draft.baselineEnd(),
                draft.periodStart(),
                draft.periodEnd(),
                PriceQuestion.Basis.ALL,
                List.of(),
                List.of(),
                null,
                asOf,
                plan);
    }

    /// Answers with a MeasureReport, or its tables; too little data is one that says why nothing is
    /// shown.
    @Override
    public Answer evaluate(Exchange exchange, Optional<Plan> plan) {
        String wanted =
                exchange.accepted(
                        "application/fhir+json",
                        "application/fhir+xml",
                        "application/json",
                        "application/xml",
                        CSV);
        PriceQuestion question =
                plan.isPresent() ? ofPlan(exchange, plan.get()) : ofTheMoment(exchange);
        exchange.auditQuery(question.text());
        byte[] report = evaluation.answer(question, plan.orElse(null));
        return wanted.equals(CSV)
                ? Answer.ok(CSV + "; charset=utf-8", PriceReportCsv.of(report))
                : Answer.ok(report);
    }

    private static PriceQuestion ofPlan(Exchange exchange, Plan plan) {
        Inputs in = exchange.inputs();
        in.findString("plan");
        Instant told = in.findInstant("asOf");
        notAhead(in, told, exchange.now());
        in.done();
        Instant asOf = plan.asOf(told, exchange.now()).truncatedTo(ChronoUnit.MICROS);
        return ofPlan(plan, asOf);
    }

    /// The one verdict of a plan. Waits; call from a virtual thread.
    public byte[] verdict(Plan plan) {
        return evaluation.answer(ofPlan(plan, plan.verdictAt()), plan);
    }

    private static PriceQuestion ofPlan(Plan plan, Instant asOf) {
        return planned(
                plan.draft(),
                asOf,
                new PriceQuestion.Plan(
                        plan.id(),
                        plan.registeredOn(),
                        plan.isVerdict(asOf),
                        plan.demonstration()));
    }

    private static void notAhead(Inputs in, @Nullable Instant told, Instant now) {
        if (told != null && told.isAfter(now)) {
            in.refuse("asOf", "`" + told + "` is still to come.", "Send a moment that is over.");
        }
    }

    private PriceQuestion ofTheMoment(Exchange exchange) {
        Inputs in = exchange.inputs();
        LocalDate start = in.date("periodStart");
        LocalDate end = in.date("periodEnd");
        LocalDate baselineStart = in.date("baselineStart");
        LocalDate baselineEnd = in.date("baselineEnd");
        Instant told = in.findInstant("asOf");
        Instant now = exchange.now();
        notAhead(in, told, now);
        order(in, "periodEnd", start, end);
        order(in, "baselineEnd", baselineStart, baselineEnd);
        var question =
                new PriceQuestion(
                        baselineStart,
                        baselineEnd,
                        start,
                        end,
                        basis(in),
                        in.strings("organization"),
                        sets(in),
                        inHouse(in),
                        (told == null ? now : told).truncatedTo(ChronoUnit.MICROS),
                        null);
        if (question.overlaps()) {
            in.refuse(
                    "periodStart",
                    "The baseline and the period overlap.",
                    "Send two periods that have no day in common.");
        }
        in.done();
        return question;
    }

    private static void order(Inputs in, String end, LocalDate from, LocalDate to) {
        if (to.isBefore(from) || ChronoUnit.DAYS.between(from, to) > DAYS_MOST) {
            in.refuse(
                    end,
                    "From `" + from + "` to `" + to + "` is no period that can be evaluated.",
                    "It ends no earlier than it begins and within " + DAYS_MOST + " days.");
        }
    }

    private static PriceQuestion.Basis basis(Inputs in) {
        String code = in.findString("basis");
        for (PriceQuestion.Basis one : PriceQuestion.Basis.values()) {
            if (one.code().equals(code)) {
                return one;
            }
        }
        if (code != null) {
            String known = Arrays.toString(PriceQuestion.Basis.values());
            in.refuse("basis", "The basis is `" + code + "`.", "It is one of " + known + ".");
        }
        return PriceQuestion.Basis.ALL;
    }

    private static @Nullable Boolean inHouse(Inputs in) {
        String outlet = in.findString("outlet");
        if (outlet == null) {
            return null;
        }
        if (!outlet.equals("retail") && !outlet.equals("in-house")) {
            in.refuse("outlet", "`" + outlet + "` is no outlet.", "Send retail or in-house.");
        }
        return outlet.equals("in-house");
    }

    /// Drugs are named by the code of any of their packs.
    private List<String> sets(Inputs in) {
        List<String> sets = new ArrayList<>();
        for (String code : in.strings("drug")) {
            Drug drug = catalogue.find(code).orElse(null);
            if (drug == null) {
                in.refuse("drug", "`" + code + "` is no drug of the catalogue.", "Send its code.");
            } else {
                sets.add(drug.substitutionSet());
            }
        }
        return sets;
    }
}
