package org.yifang.prescription.read;

import static org.jooq.impl.DSL.noCondition;
import static org.yifang.generated.Tables.*;

import org.jooq.Condition;
import org.jooq.Table;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.platform.Role;
import org.yifang.prescription.life.SightViews;
import org.yifang.prescription.life.Unsealing;
import org.yifang.prescription.paper.RxNumbers;

import java.util.List;

/// Reading and searching of what belongs to a prescription: its lines, what was handed out, and the
/// other parts of its document.
final class LineResourceViews {
    private final Unsealing unsealing;

    LineResourceViews(Unsealing unsealing) {
        this.unsealing = unsealing;
    }

    void mount(FhirRouter fhir) {
        fhir.mount(line());
        fhir.mount(dispense());
        for (String type : List.of("Composition", "Encounter", "Condition", "AllergyIntolerance")) {
            fhir.mount(part(type));
        }
    }

    private Stored line() {
        Table<?> table =
                PRESCRIPTION_LINE
                        .join(PRESCRIPTION)
                        .on(PRESCRIPTION.ID.eq(PRESCRIPTION_LINE.PRESCRIPTION_ID))
                        .join(PATIENT)
                        .on(PATIENT.ID.eq(PRESCRIPTION.PATIENT_ID));
        Stored stored =
                SightViews.of(Stored.of("MedicationRequest", table))
                        .id(PRESCRIPTION_LINE.ID)
                        .version(PRESCRIPTION_LINE.VERSION, PRESCRIPTION_LINE.UPDATED_AT)
                        .columns(
                                PRESCRIPTION_LINE.ID,
                                PRESCRIPTION_LINE.CONTENT,
                                PRESCRIPTION_LINE.STATUS,
                                PRESCRIPTION_LINE.REMAINING,
                                PRESCRIPTION_LINE.UNIT,
                                PRESCRIPTION_LINE.VERSION,
                                PRESCRIPTION_LINE.UPDATED_AT,
                                PRESCRIPTION.DOCUMENT_KEY,
                                PATIENT.PATIENT_KEY)
                        .render((row, caller) -> unsealing.line(row))
                        .patient(PRESCRIPTION.PATIENT_ID)
                        .task(PRESCRIPTION.ID)
                        .search(
                                SearchBy.token(
                                        "status",
                                        PRESCRIPTION_LINE.STATUS,
                                        "http://hl7.org/fhir/CodeSystem/medicationrequest-status"))
                        .search(
                                SearchBy.token(
                                        "identifier", PRESCRIPTION_LINE.IDENTIFIER, RxNumbers.LINE))
                        .search(
                                SearchBy.token(
                                        "group-identifier",
                                        PRESCRIPTION.RX_NUMBER,
                                        RxNumbers.PRESCRIPTION))
                        .search(
                                SearchBy.token(
                                        "code",
                                        PRESCRIPTION_LINE.DRUG_CODE,
                                        org.yifang.catalogue.DrugCode.SYSTEM))
                        .search(SearchBy.reference("patient", PRESCRIPTION.PATIENT_ID, "Patient"))
                        .search(SearchBy.reference("subject", PRESCRIPTION.PATIENT_ID, "Patient"))
                        .search(SearchBy.date("authoredon", PRESCRIPTION_LINE.AUTHORED_ON))
                        .search(
                                SearchBy.token("priority", PRESCRIPTION.PRIORITY)
                                        .sortedBy(PRESCRIPTION.URGENCY))
                        .search(
                                SearchBy.token(
                                        "intent",
                                        (system, code) ->
                                                "order".equals(code)
                                                        ? noCondition()
                                                        : org.jooq.impl.DSL.falseCondition()));
        return withHistory(stored);
    }

    private Stored withHistory(Stored lines) {
        return lines.history(
                PRESCRIPTION_LINE_HISTORY
                        .join(PRESCRIPTION_LINE)
                        .on(PRESCRIPTION_LINE.ID.eq(PRESCRIPTION_LINE_HISTORY.LINE_ID))
                        .join(PRESCRIPTION)
                        .on(PRESCRIPTION.ID.eq(PRESCRIPTION_LINE.PRESCRIPTION_ID))
                        .join(PATIENT)
                        .on(PATIENT.ID.eq(PRESCRIPTION.PATIENT_ID)),
                PRESCRIPTION_LINE_HISTORY.LINE_ID,
                PRESCRIPTION_LINE_HISTORY.VERSION,
                PRESCRIPTION_LINE_HISTORY.UPDATED_AT,
                (row, caller) -> unsealing.line(row),
                PRESCRIPTION_LINE.ID,
                PRESCRIPTION_LINE.CONTENT,
                PRESCRIPTION_LINE_HISTORY.STATUS,
                PRESCRIPTION_LINE_HISTORY.REMAINING,
                PRESCRIPTION_LINE.UNIT,
                PRESCRIPTION_LINE_HISTORY.VERSION,
                PRESCRIPTION_LINE_HISTORY.UPDATED_AT,
                PRESCRIPTION.DOCUMENT_KEY,
                PATIENT.PATIENT_KEY);
    }

    private Stored dispense() {
        Table<?> table =
                DISPENSE.join(PRESCRIPTION)
                        .on(PRESCRIPTION.ID.eq(DISPENSE.PRESCRIPTION_ID))
                        .join(PRESCRIPTION_LINE)
                        .on(PRESCRIPTION_LINE.ID.eq(DISPENSE.LINE_ID))
                        .join(PATIENT)
                        .on(PATIENT.ID.eq(PRESCRIPTION.PATIENT_ID));
        return Stored.of("MedicationDispense", table)
                .visible(Role.HOSPITAL, SightViews::issued)
                .visible(Role.PATIENT, SightViews::prescribed)
                // What another pharmacy handed out before matters to the one that holds the rest.
                .visible(
                        Role.PHARMACY,
                        who ->
                                DISPENSE.PHARMACY_ID
                                        .eq(who.organizationId())
                                        .or(SightViews.heldNow(who)))
                .id(DISPENSE.ID)
                .version(DISPENSE.VERSION, DISPENSE.UPDATED_AT)
                .columns(
                        DISPENSE.ID,
                        DISPENSE.CONTENT,
                        DISPENSE.TAKEN_BACK,
                        DISPENSE.VERSION,
                        DISPENSE.UPDATED_AT,
                        PRESCRIPTION_LINE.UNIT,
                        PRESCRIPTION.DOCUMENT_KEY,
                        PATIENT.PATIENT_KEY)
                .render((row, caller) -> unsealing.dispense(row))
                .patient(PRESCRIPTION.PATIENT_ID)
                .task(PRESCRIPTION.ID)
                .search(
                        SearchBy.token(
                                "identifier", DISPENSE.IDENTIFIER, DISPENSE.IDENTIFIER_SYSTEM))
                .search(
                        SearchBy.token(
                                "status",
                                (system, code) ->
                                        "completed".equals(code)
                                                ? noCondition()
                                                : org.jooq.impl.DSL.falseCondition()))
                .search(
                        SearchBy.token(
                                "code", DISPENSE.DRUG_CODE, org.yifang.catalogue.DrugCode.SYSTEM))
                .search(SearchBy.reference("prescription", DISPENSE.LINE_ID, "MedicationRequest"))
                .search(SearchBy.reference("patient", PRESCRIPTION.PATIENT_ID, "Patient"))
                .search(SearchBy.reference("subject", PRESCRIPTION.PATIENT_ID, "Patient"))
                .search(SearchBy.reference("performer", DISPENSE.PHARMACY_ID, "Organization"))
                .search(SearchBy.date("whenhandedover", DISPENSE.HANDED_OVER_AT));
    }

    private Stored part(String type) {
        Table<?> table =
                CLINICAL_RESOURCE
                        .join(PATIENT)
                        .on(PATIENT.ID.eq(CLINICAL_RESOURCE.PATIENT_ID))
                        .leftJoin(PRESCRIPTION)
                        .on(PRESCRIPTION.ID.eq(CLINICAL_RESOURCE.PRESCRIPTION_ID));
        Condition ofType = CLINICAL_RESOURCE.TYPE.eq(org.jooq.impl.DSL.inline(type));
        Stored stored =
                Stored.of(type, table)
                        .visible(
                                Role.HOSPITAL,
                                who ->
                                        ofType.and(
                                                CLINICAL_RESOURCE.ORGANIZATION_ID.eq(
                                                        who.organizationId())))
                        .visible(
                                Role.PATIENT,
                                who ->
                                        ofType.and(
                                                who.own(
                                                        CLINICAL_RESOURCE.PATIENT_ID,
                                                        CLINICAL_RESOURCE.PRESCRIPTION_ID)))
                        .visible(Role.PHARMACY, who -> ofType.and(SightViews.held(who)))
                        .visible(Role.REVIEWER, who -> ofType.and(SightViews.toReview(who)))
                        .id(CLINICAL_RESOURCE.ID)
                        .version(CLINICAL_RESOURCE.VERSION, CLINICAL_RESOURCE.UPDATED_AT)
                        .columns(
                                CLINICAL_RESOURCE.ID,
                                CLINICAL_RESOURCE.TYPE,
                                CLINICAL_RESOURCE.CONTENT,
                                CLINICAL_RESOURCE.VERSION,
                                CLINICAL_RESOURCE.UPDATED_AT,
                                CLINICAL_RESOURCE.DOCUMENT_KEY,
                                PATIENT.PATIENT_KEY)
                        .render((row, caller) -> unsealing.part(row))
                        .patient(CLINICAL_RESOURCE.PATIENT_ID)
                        .task(PRESCRIPTION.ID)
                        .search(
                                SearchBy.reference(
                                        "patient", CLINICAL_RESOURCE.PATIENT_ID, "Patient"))
                        .search(
                                SearchBy.token(
                                        "identifier",
                                        CLINICAL_RESOURCE.IDENTIFIER,
                                        CLINICAL_RESOURCE.IDENTIFIER_SYSTEM));
        return type.equals("Encounter") || type.equals("Composition")
                ? stored.search(SearchBy.token("status", CLINICAL_RESOURCE.STATUS))
                : stored;
    }
}
