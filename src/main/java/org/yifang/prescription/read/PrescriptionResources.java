package org.yifang.prescription.read;

import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.when;
import static org.yifang.generated.Tables.*;

import org.jooq.CaseConditionStep;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Table;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.platform.Role;
import org.yifang.prescription.life.RxNumbers;
import org.yifang.prescription.life.SightViews;
import org.yifang.prescription.life.State;
import org.yifang.prescription.life.Unsealing;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Reading and searching of prescriptions and all that belongs to them.
public final class PrescriptionResources {
    private static final String STATUS = "http://hl7.org/fhir/task-status";

    private static final Table<?> PRESCRIPTION_AND_PATIENT =
            PRESCRIPTION.join(PATIENT).on(PATIENT.ID.eq(PRESCRIPTION.PATIENT_ID));

    private final Unsealing unsealing;

    public PrescriptionResources(Unsealing unsealing) {
        this.unsealing = unsealing;
    }

    public void mount(FhirRouter fhir) {
        fhir.mount(task());
        fhir.mount(bundle());
        fhir.mount(binary());
        fhir.mount(line());
        fhir.mount(dispense());
        for (String type : List.of("Composition", "Encounter", "Condition", "AllergyIntolerance")) {
            fhir.mount(part(type));
        }
    }

    private Stored task() {
        Field<String> status = taskStatus();
        return SightViews.of(Stored.of("Task", PRESCRIPTION_AND_PATIENT))
                .id(PRESCRIPTION.ID)
                .version(PRESCRIPTION.VERSION, PRESCRIPTION.UPDATED_AT)
                .columns(
                        PRESCRIPTION.ID,
                        PRESCRIPTION.TASK,
                        PRESCRIPTION.CLAIMED_BY,
                        PRESCRIPTION.LEASE_UNTIL,
                        PRESCRIPTION.DIRECTED_TO,
                        PRESCRIPTION.DOCUMENT_KEY,
                        PRESCRIPTION.PICKUP_CODE,
                        PRESCRIPTION.PICKUP_TOKEN,
                        PRESCRIPTION.REVIEWS,
                        PATIENT.PATIENT_KEY)
                .render(unsealing::task)
                .patient(PRESCRIPTION.PATIENT_ID)
                .task(PRESCRIPTION.ID)
                // Who reviews begins with what is most urgent, then with what is due first.
                .first(
                        Role.REVIEWER,
                        Map.of("business-status", "awaiting-review", "status", "requested"),
                        PRESCRIPTION.URGENCY,
                        PRESCRIPTION.REVIEW_DUE)
                .search(SearchBy.token("status", status, STATUS))
                .search(
                        SearchBy.token(
                                "business-status",
                                PRESCRIPTION.STATE,
                                FhirJson.SYSTEMS + "prescription-status"))
                .search(
                        SearchBy.token(
                                "group-identifier", PRESCRIPTION.RX_NUMBER, RxNumbers.PRESCRIPTION))
                .search(
                        SearchBy.token(
                                "identifier", PRESCRIPTION.RX_NUMBER, RxNumbers.PRESCRIPTION))
                .search(
                        SearchBy.token(
                                "code",
                                (system, code) ->
                                        "prescription".equals(code)
                                                ? noCondition()
                                                : org.jooq.impl.DSL.falseCondition()))
                .search(
                        SearchBy.token("priority", PRESCRIPTION.PRIORITY)
                                .sortedBy(PRESCRIPTION.URGENCY))
                .search(SearchBy.reference("patient", PRESCRIPTION.PATIENT_ID, "Patient"))
                .search(SearchBy.reference("subject", PRESCRIPTION.PATIENT_ID, "Patient"))
                .search(SearchBy.reference("requester", PRESCRIPTION.HOSPITAL_ID, "Organization"))
                .search(SearchBy.reference("owner", PRESCRIPTION.CLAIMED_BY, "Organization"))
                .search(SearchBy.reference("focus", PRESCRIPTION.BUNDLE_ID, "Bundle"))
                .search(SearchBy.date("authored-on", PRESCRIPTION.CREATED_AT))
                .search(SearchBy.date("modified", PRESCRIPTION.UPDATED_AT))
                .search(
                        SearchBy.period(
                                "period", PRESCRIPTION.VALID_FROM, PRESCRIPTION.VALID_UNTIL))
                .history(
                        PRESCRIPTION_HISTORY,
                        PRESCRIPTION_HISTORY.PRESCRIPTION_ID,
                        PRESCRIPTION_HISTORY.VERSION,
                        PRESCRIPTION_HISTORY.UPDATED_AT,
                        Unsealing::version,
                        PRESCRIPTION_HISTORY.TASK,
                        PRESCRIPTION_HISTORY.REVIEWS);
    }

    /// Task.status as [State] has it, for searches.
    private static Field<String> taskStatus() {
        CaseConditionStep<String> status = null;
        for (State state : State.values()) {
            Condition is = PRESCRIPTION.STATE.eq(inline(state.code()));
            Field<String> told = inline(state.taskStatus());
            status = status == null ? when(is, told) : status.when(is, told);
        }
        return Objects.requireNonNull(status);
    }

    private Stored bundle() {
        return SightViews.of(Stored.of("Bundle", PRESCRIPTION_AND_PATIENT))
                .id(PRESCRIPTION.BUNDLE_ID)
                .version(one(), PRESCRIPTION.CREATED_AT)
                .columns(
                        PRESCRIPTION.BUNDLE_ID,
                        PRESCRIPTION.ORIGINAL_ID,
                        PRESCRIPTION.ORIGINAL,
                        PRESCRIPTION.ORIGINAL_TYPE,
                        PRESCRIPTION.DOCUMENT_KEY,
                        PRESCRIPTION.CREATED_AT,
                        PATIENT.PATIENT_KEY)
                .render((row, caller) -> unsealing.bundle(row))
                .patient(PRESCRIPTION.PATIENT_ID)
                .task(PRESCRIPTION.ID)
                .search(
                        SearchBy.token(
                                "identifier", PRESCRIPTION.RX_NUMBER, RxNumbers.PRESCRIPTION))
                .search(
                        SearchBy.token(
                                "type",
                                (system, code) ->
                                        "document".equals(code)
                                                ? noCondition()
                                                : org.jooq.impl.DSL.falseCondition()))
                .search(SearchBy.date("timestamp", PRESCRIPTION.CREATED_AT));
    }

    private Stored binary() {
        return SightViews.of(Stored.of("Binary", PRESCRIPTION_AND_PATIENT))
                .id(PRESCRIPTION.ORIGINAL_ID)
                .version(one(), PRESCRIPTION.CREATED_AT)
                .columns(
                        PRESCRIPTION.ORIGINAL_ID,
                        PRESCRIPTION.ORIGINAL,
                        PRESCRIPTION.ORIGINAL_TYPE,
                        PRESCRIPTION.DOCUMENT_KEY,
                        PATIENT.PATIENT_KEY)
                .render((row, caller) -> unsealing.binary(row))
                .patient(PRESCRIPTION.PATIENT_ID)
                .task(PRESCRIPTION.ID)
                .notSearchable();
    }

    /// What never changes has one version.
    private static Field<Long> one() {
        return org.jooq.impl.DSL.inline(1L);
    }

    private Stored line() {
        Table<?> table =
                PRESCRIPTION_LINE
                        .join(PRESCRIPTION)
                        .on(PRESCRIPTION.ID.eq(PRESCRIPTION_LINE.PRESCRIPTION_ID))
                        .join(PATIENT)
                        .on(PATIENT.ID.eq(PRESCRIPTION.PATIENT_ID));
        return SightViews.of(Stored.of("MedicationRequest", table))
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
                .search(SearchBy.token("identifier", PRESCRIPTION_LINE.IDENTIFIER, RxNumbers.LINE))
                .search(
                        SearchBy.token(
                                "group-identifier", PRESCRIPTION.RX_NUMBER, RxNumbers.PRESCRIPTION))
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
                                                : org.jooq.impl.DSL.falseCondition()))
                .history(
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
                                        .or(PRESCRIPTION.CLAIMED_BY.eq(who.organizationId())))
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
