package org.yifang.queue.plan;

import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.json.NamedValues;

import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/// A plan as the Measure that is sent.
final class PlanFhir {
    private static final String MEASURES = "https://yifang.org/fhir/Measure/";

    /// A registered plan.
    static byte[] registered(Plan plan, List<Words> warnings, List<PlanStore.Result> results) {
        return FhirWriter.resource(
                "Measure",
                json -> {
                    json.string("id", plan.id().toString());
                    json.extensions(all -> {
                        all.group(
                                "plan",
                                told -> {
                                    terms(told, plan.draft());
                                    registration(told, plan);
                                });
                        warnings(all, warnings);
                        results.forEach(one -> all.group("plan-result", told -> result(told, one)));
                    });
                    json.string("url", MEASURES + plan.id())
                            .string("version", "1.0.0")
                            .string("title", plan.draft().title())
                            .string("status", "active")
                            .string("date", plan.registeredAt().toString())
                            .string("publisher", plan.organization());
                    tail(json, plan.draft());
                });
    }

    /// A plan that is not registered, or not yet.
    ///
    /// @param preview what it could show
    static byte[] draft(PlanDraft draft, List<Words> warnings, Consumer<NamedValues> preview) {
        return FhirWriter.resource(
                "Measure",
                json -> {
                    json.extensions(all -> {
                        all.group("plan", told -> terms(told, draft));
                        warnings(all, warnings);
                        preview.accept(all);
                    });
                    json.string("version", "1.0.0")
                            .string("title", draft.title())
                            .string("status", "draft");
                    tail(json, draft);
                });
    }

    private static void terms(NamedValues told, PlanDraft draft) {
        told.code("goal", draft.goal())
                .days("baseline", draft.baselineStart(), draft.baselineEnd())
                .days("period", draft.periodStart(), draft.periodEnd());
        draft.terms().forEach(term -> told.string(term.name(), term.value()));
        told.string("sha-256", HexFormat.of().formatHex(draft.hash()));
    }

    private static void registration(NamedValues told, Plan plan) {
        told.exactInstant("registered", plan.registeredAt())
                .exactInstant("verdict-at", plan.verdictAt());
        if (plan.auditEvent() != null) {
            told.reference("audit-event", "AuditEvent/" + plan.auditEvent());
        }
        if (plan.demonstration()) {
            told.truth("demonstration", true);
        }
    }

    private static void warnings(NamedValues all, List<Words> warnings) {
        warnings.forEach(one -> all.string("plan-warning", one.both()));
    }

    private static void result(NamedValues told, PlanStore.Result result) {
        told.code("verdict", result.verdict())
                .string("sentence", result.sentence().both())
                .truth("final", result.isFinal())
                .exactInstant("as-of", result.asOf())
                .reference("report", "MeasureReport/" + result.report());
    }

    private static void tail(FhirWriter json, PlanDraft draft) {
        json.days("effectivePeriod", draft.periodStart(), draft.periodEnd());
        json.list(
                "relatedArtifact",
                all ->
                        all.element(one ->
                                one.string("type", "derived-from")
                                        .string("resource", MEASURES + draft.goal() + "|1.0.0")));
        ReportJson.lessIsBetter(json);
    }

    private PlanFhir() {}
}
