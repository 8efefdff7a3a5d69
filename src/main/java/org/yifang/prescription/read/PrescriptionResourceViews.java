package org.yifang.prescription.read;

import static org.jooq.impl.DSL.castNull;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.when;
import static org.yifang.generated.Tables.*;
import static org.yifang.platform.data.Database.SQL;

import org.jooq.CaseConditionStep;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.platform.Role;
import org.yifang.prescription.life.SightViews;
import org.yifang.prescription.life.State;
import org.yifang.prescription.life.Unsealing;
import org.yifang.prescription.paper.RxNumbers;

import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/// Reading and searching of prescriptions and all that belongs to them.
public final class PrescriptionResourceViews {
    private static final String STATUS = "http://hl7.org/fhir/task-status";

    private static final String PRIORITY = "http://hl7.org/fhir/request-priority";

    private static final Table<?> PRESCRIPTION_AND_PATIENT =
            PRESCRIPTION.join(PATIENT).on(PATIENT.ID.eq(PRESCRIPTION.PATIENT_ID));

    private final Unsealing unsealing;

    public PrescriptionResourceViews(Unsealing unsealing) {
        this.unsealing = unsealing;
    }

    public void mount(FhirRouter fhir) {
        fhir.mount(task());
        fhir.mount(bundle());
        fhir.mount(binary());
        new LineResourceViews(unsealing).mount(fhir);
    }

    private Stored task() {
        Field<String> status = taskStatus();
        return withVersions(SightViews.of(Stored.of("Task", PRESCRIPTION_AND_PATIENT)))
                .id(PRESCRIPTION.ID)
                .version(PRESCRIPTION.VERSION, PRESCRIPTION.UPDATED_AT)
                .columns(
                        PRESCRIPTION.ID,
                        PRESCRIPTION.TASK,
                        PRESCRIPTION.TASK_MAC,
                        intact(
                                PRESCRIPTION.TASK_MAC,
                                PRESCRIPTION.ID,
                                PRESCRIPTION.VERSION,
                                PRESCRIPTION.TASK),
                        PRESCRIPTION.CLAIMED_BY,
                        PRESCRIPTION.LEASE_UNTIL,
                        PRESCRIPTION.CLAIM_PREPARED,
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
                        Map.of(
                                "business-status",
                                State.AWAITING_REVIEW.code(),
                                "status",
                                State.AWAITING_REVIEW.taskStatus()),
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
                .search(SearchBy.fixed("code", "prescription", FhirJson.SYSTEMS + "task-code"))
                .search(
                        SearchBy.token("priority", PRESCRIPTION.PRIORITY, PRIORITY)
                                .sortedBy(PRESCRIPTION.URGENCY))
                .search(SearchBy.reference("patient", PRESCRIPTION.PATIENT_ID, "Patient"))
                .search(SearchBy.reference("subject", PRESCRIPTION.PATIENT_ID, "Patient"))
                .search(SearchBy.reference("requester", PRESCRIPTION.HOSPITAL_ID, "Organization"))
                .search(SearchBy.reference("owner", PRESCRIPTION.CLAIMED_BY, "Organization"))
                .search(SearchBy.reference("focus", PRESCRIPTION.BUNDLE_ID, "Bundle"))
                .search(SearchBy.date("authored-on", PRESCRIPTION.CREATED_AT))
                .search(SearchBy.date("modified", PRESCRIPTION.UPDATED_AT))
                // R4 asks for executionPeriod, which a prescription has not: its time is its
                // lines'.
                .search(SearchBy.never("period", "date", castNull(SQLDataType.INSTANT)));
    }

    private Stored withVersions(Stored task) {
        return task.history(
                PRESCRIPTION_HISTORY,
                PRESCRIPTION_HISTORY.PRESCRIPTION_ID,
                PRESCRIPTION_HISTORY.VERSION,
                PRESCRIPTION_HISTORY.UPDATED_AT,
                unsealing::version,
                PRESCRIPTION_HISTORY.PRESCRIPTION_ID,
                PRESCRIPTION_HISTORY.VERSION,
                PRESCRIPTION_HISTORY.TASK,
                PRESCRIPTION_HISTORY.TASK_MAC,
                intact(
                        PRESCRIPTION_HISTORY.TASK_MAC,
                        PRESCRIPTION_HISTORY.PRESCRIPTION_ID,
                        PRESCRIPTION_HISTORY.VERSION,
                        PRESCRIPTION_HISTORY.TASK),
                PRESCRIPTION_HISTORY.REVIEWS,
                PRESCRIPTION_HISTORY.CLAIMED_BY,
                PRESCRIPTION_HISTORY.LEASE_UNTIL,
                PRESCRIPTION_HISTORY.DIRECTED_TO,
                keyOf(PRESCRIPTION.DOCUMENT_KEY),
                keyOf(PATIENT.PATIENT_KEY));
    }

    /// Asks the log after a Task that nothing vouches for; the others are vouched for by their MAC.
    private static Field<Boolean> intact(
            Field<byte[]> mac, Field<UUID> id, Field<Long> version, Field<byte[]> task) {
        return when(
                        mac.isNull(),
                        DSL.coalesce(
                                DSL.function("audit_task_intact", Boolean.class, id, version, task),
                                inline(false)))
                .otherwise(inline(true))
                .as(Unsealing.INTACT);
    }

    /// A key of the prescription that a former version is of.
    private static Field<byte[]> keyOf(Field<byte[]> key) {
        return DSL.field(
                        SQL.select(key)
                                .from(PRESCRIPTION_AND_PATIENT)
                                .where(PRESCRIPTION.ID.eq(PRESCRIPTION_HISTORY.PRESCRIPTION_ID)))
                .as(key);
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
                .search(SearchBy.fixed("type", "document", "http://hl7.org/fhir/bundle-type"))
                .search(SearchBy.period("timestamp", PRESCRIPTION.MADE_FROM, PRESCRIPTION.MADE_TO));
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
}
