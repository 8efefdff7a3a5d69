package org.yifang.queue.plan;

import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Measure;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.RelatedArtifact;
import org.hl7.fhir.r4.model.StringType;

import java.time.Instant;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;

/// A plan as the Measure that is sent.
final class PlanFhir {
    private static final String ROOT = "https://yifang.org/fhir/";
    private static final String EXTENSION = ROOT + "StructureDefinition/";

    /// A registered plan.
    static Measure registered(Plan plan, List<Words> warnings, List<PlanStore.Result> results) {
        Measure measure = draft(plan.draft(), warnings);
        measure.setId(plan.id().toString());
        measure.setUrl(ROOT + "Measure/" + plan.id());
        measure.setStatus(PublicationStatus.ACTIVE);
        measure.getDateElement().setValueAsString(plan.registeredAt().toString());
        measure.setPublisher(plan.organization());
        Extension told = measure.getExtensionByUrl(EXTENSION + "plan");
        told.addExtension("registered", instant(plan.registeredAt()));
        told.addExtension("verdict-at", instant(plan.verdictAt()));
        if (plan.auditEvent() != null) {
            told.addExtension("audit-event", new Reference("AuditEvent/" + plan.auditEvent()));
        }
        if (plan.demonstration()) {
            told.addExtension("demonstration", new BooleanType(true));
        }
        results.forEach(result -> measure.addExtension(result(result)));
        return measure;
    }

    /// A plan that is not registered, or not yet.
    static Measure draft(PlanDraft draft, List<Words> warnings) {
        Measure measure = new Measure();
        measure.setVersion("1.0.0");
        measure.setStatus(PublicationStatus.DRAFT);
        measure.setTitle(draft.title());
        measure.setEffectivePeriod(period(draft.periodStart(), draft.periodEnd()));
        measure.addRelatedArtifact(
                new RelatedArtifact()
                        .setType(RelatedArtifact.RelatedArtifactType.DERIVEDFROM)
                        .setResource(ROOT + "Measure/" + draft.goal() + "|1.0.0"));
        measure.setImprovementNotation(
                new CodeableConcept()
                        .addCoding(
                                new Coding()
                                        .setSystem(
                                                "http://terminology.hl7.org/CodeSystem/"
                                                        + "measure-improvement-notation")
                                        .setCode("decrease")));
        Extension told = measure.addExtension().setUrl(EXTENSION + "plan");
        told.addExtension("goal", new CodeType(draft.goal()));
        told.addExtension("baseline", period(draft.baselineStart(), draft.baselineEnd()));
        told.addExtension("period", period(draft.periodStart(), draft.periodEnd()));
        draft.terms().forEach(term -> text(told, term.name(), term.value()));
        text(told, "sha-256", HexFormat.of().formatHex(draft.hash()));
        warnings.forEach(warning ->
                measure.addExtension(EXTENSION + "plan-warning", new StringType(warning.both())));
        return measure;
    }

    private static Extension result(PlanStore.Result result) {
        Extension told = new Extension(EXTENSION + "plan-result");
        told.addExtension("verdict", new CodeType(result.verdict()));
        text(told, "sentence", result.sentence().both());
        told.addExtension("final", new BooleanType(result.isFinal()));
        told.addExtension("as-of", instant(result.asOf()));
        told.addExtension("report", new Reference("MeasureReport/" + result.report()));
        return told;
    }

    private static void text(Extension into, String name, String value) {
        into.addExtension(name, new StringType(value));
    }

    private static InstantType instant(Instant at) {
        return new InstantType(at.toString());
    }

    private static Period period(LocalDate start, LocalDate end) {
        Period period = new Period();
        period.getStartElement().setValueAsString(start.toString());
        period.getEndElement().setValueAsString(end.toString());
        return period;
    }

    private PlanFhir() {}
}
