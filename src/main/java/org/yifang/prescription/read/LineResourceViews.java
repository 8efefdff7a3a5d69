package org.yifang.prescription.read;

import static org.yifang.generated.Tables.*;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Table;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.search.Link;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.generated.tables.ClinicalResource;
import org.yifang.platform.Role;
import org.yifang.prescription.life.SightViews;
import org.yifang.prescription.life.Unsealing;
import org.yifang.prescription.paper.FurtherTokens;
import org.yifang.prescription.paper.RxNumbers;
import org.yifang.registry.RegistryViews;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Reading and searching of what belongs to a prescription: its lines, what was handed out, and the
/// other parts of its document.
final class LineResourceViews {
    private static final String VISIT_STATUS = "http://hl7.org/fhir/encounter-status";
    private static final String DOCUMENT_STATUS = "http://hl7.org/fhir/composition-status";

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
                        .task(PRESCRIPTION.ID);
        return withHistory(about(identified(stored)));
    }

    /// The end of a time; of rows that have none, that of the second that they name.
    private static Field<Instant> second(Field<Instant> end, Field<Instant> start) {
        return org.jooq.impl.DSL.coalesce(
                end,
                org.jooq.impl.DSL.field(
                        "{0} + interval '999999 microseconds'", end.getDataType(), start));
    }

    /// What the line names; of lines before that was kept, what the prescription is known to.
    private static Field<String> priority() {
        return org.jooq.impl.DSL.coalesce(
                PRESCRIPTION_LINE.PRIORITY,
                org.jooq.impl.DSL.nullif(
                        PRESCRIPTION.PRIORITY, org.jooq.impl.DSL.inline("routine")));
    }

    /// By what it is called and what it prescribes.
    private static Stored identified(Stored line) {
        return line.search(
                        SearchBy.token(
                                "status",
                                PRESCRIPTION_LINE.STATUS,
                                "http://hl7.org/fhir/CodeSystem/medicationrequest-status"))
                .search(
                        SearchBy.token(
                                "identifier",
                                PRESCRIPTION_LINE.IDENTIFIER,
                                RxNumbers.LINE,
                                further(PRESCRIPTION_LINE.FURTHER_TOKENS, "identifier")))
                .search(
                        SearchBy.token(
                                "group-identifier", PRESCRIPTION.RX_NUMBER, RxNumbers.PRESCRIPTION))
                .search(
                        SearchBy.token(
                                "code",
                                PRESCRIPTION_LINE.DRUG_CODE,
                                org.yifang.catalogue.DrugCode.SYSTEM,
                                further(PRESCRIPTION_LINE.FURTHER_TOKENS, "code")));
    }

    /// What a resource has beside the token with a column, see [FurtherTokens].
    private static SearchBy.Token further(Field<String> column, String parameter) {
        return (system, code) ->
                column.isNotNull()
                        .and(
                                "string_to_array({0}, ' ') @> array[{1}]",
                                column,
                                org.jooq.impl.DSL.val(FurtherTokens.key(parameter, system, code)));
    }

    /// By whom, for whom, when and why it was written.
    private static Stored about(Stored line) {
        return line.search(SearchBy.reference("patient", PRESCRIPTION.PATIENT_ID, "Patient"))
                .search(SearchBy.reference("subject", PRESCRIPTION.PATIENT_ID, "Patient"))
                .search(
                        SearchBy.period(
                                "authoredon",
                                PRESCRIPTION_LINE.AUTHORED_ON,
                                second(
                                        PRESCRIPTION_LINE.AUTHORED_TO,
                                        PRESCRIPTION_LINE.AUTHORED_ON)))
                .search(
                        SearchBy.token(
                                        "priority",
                                        priority(),
                                        "http://hl7.org/fhir/request-priority")
                                .sortedBy(PRESCRIPTION.URGENCY))
                .search(
                        SearchBy.fixed(
                                "intent",
                                "order",
                                "http://hl7.org/fhir/CodeSystem/medicationrequest-intent"))
                .search(
                        SearchBy.token(
                                "category",
                                PRESCRIPTION.KIND,
                                FhirJson.SYSTEMS + "prescription-type",
                                further(PRESCRIPTION_LINE.FURTHER_TOKENS, "category")))
                .search(
                        SearchBy.reference(
                                "requester",
                                RegistryViews.numbered(PRESCRIPTION.PRESCRIBER),
                                "Practitioner"))
                .search(SearchBy.reference("encounter", visit(PRESCRIPTION.ID), "Encounter"))
                .search(
                        SearchBy.periods(
                                "date",
                                PRESCRIPTION_LINE_EVENT.DATED_FROM,
                                PRESCRIPTION_LINE_EVENT.DATED_TO,
                                LineResourceViews::taken,
                                taken(org.jooq.impl.DSL.trueCondition())));
    }

    /// The Encounter of the same document.
    private static Link visit(Field<UUID> prescription) {
        ClinicalResource visit = CLINICAL_RESOURCE.as("visit");
        return Link.through(
                prescription,
                visit,
                visit.PRESCRIPTION_ID,
                visit.ID,
                visit.TYPE.eq(org.jooq.impl.DSL.inline("Encounter")));
    }

    /// Lines with a time of being taken that meets the condition.
    private static Condition taken(Condition when) {
        return PRESCRIPTION_LINE.ID.in(
                org.yifang.platform.data.Database.SQL
                        .select(PRESCRIPTION_LINE_EVENT.LINE_ID)
                        .from(PRESCRIPTION_LINE_EVENT)
                        .where(when));
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
                                "identifier",
                                DISPENSE.IDENTIFIER,
                                DISPENSE.IDENTIFIER_SYSTEM,
                                further(DISPENSE.FURTHER_TOKENS, "identifier")))
                .search(
                        SearchBy.fixed(
                                "status",
                                "completed",
                                "http://terminology.hl7.org/CodeSystem/medicationdispense-status"))
                .search(
                        SearchBy.token(
                                "code",
                                DISPENSE.DRUG_CODE,
                                org.yifang.catalogue.DrugCode.SYSTEM,
                                further(DISPENSE.FURTHER_TOKENS, "code")))
                .search(SearchBy.reference("prescription", DISPENSE.LINE_ID, "MedicationRequest"))
                .search(SearchBy.reference("patient", PRESCRIPTION.PATIENT_ID, "Patient"))
                .search(SearchBy.reference("subject", PRESCRIPTION.PATIENT_ID, "Patient"))
                .search(SearchBy.reference("performer", DISPENSE.PHARMACY_ID, "Organization"))
                .search(
                        SearchBy.period(
                                "whenhandedover",
                                DISPENSE.HANDED_OVER_AT,
                                second(DISPENSE.HANDED_OVER_TO, DISPENSE.HANDED_OVER_AT)));
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
                                        CLINICAL_RESOURCE.IDENTIFIER_SYSTEM,
                                        further(CLINICAL_RESOURCE.FURTHER_TOKENS, "identifier")));
        return switch (type) {
            case "Encounter" ->
                    stored.search(status(VISIT_STATUS)).search(dated()).search(subject());
            case "Composition" ->
                    stored.search(status(DOCUMENT_STATUS))
                            .search(dated())
                            .search(subject())
                            .search(encounter());
            case "Condition" ->
                    stored.search(encounter()).search(subject()).search(named("recorded-date"));
            default -> stored.search(dated());
        };
    }

    private static SearchBy status(String system) {
        return SearchBy.token("status", CLINICAL_RESOURCE.STATUS, system);
    }

    private static SearchBy subject() {
        return SearchBy.reference("subject", CLINICAL_RESOURCE.PATIENT_ID, "Patient");
    }

    private static SearchBy dated() {
        return named("date");
    }

    private static SearchBy named(String date) {
        return SearchBy.period(date, CLINICAL_RESOURCE.DATED_FROM, CLINICAL_RESOURCE.DATED_TO);
    }

    private static SearchBy encounter() {
        return SearchBy.reference(
                "encounter", visit(CLINICAL_RESOURCE.PRESCRIPTION_ID), "Encounter");
    }
}
