package org.yifang.queue;

import static org.jooq.impl.DSL.castNull;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.trueCondition;
import static org.yifang.generated.Tables.QUEUE;
import static org.yifang.generated.Tables.QUEUE_TICKET;
import static org.yifang.generated.Tables.QUEUE_VISIT;
import static org.yifang.platform.data.Database.SQL;

import org.jooq.Condition;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.platform.Role;
import org.yifang.platform.data.Rows;

/// Reading and searching of tickets, which are Tasks beside those of prescriptions, and of visits
/// that were sent by themselves, which are Encounters beside those of prescriptions.
final class QueueResourceViews {
    private static final String SYSTEMS = "https://yifang.org/fhir/CodeSystem/";
    private static final String SID = "https://yifang.org/fhir/sid/";

    /// After the prescriptions', which both types belong to first.
    static void mount(FhirRouter fhir) {
        fhir.mountBeside(ticket());
        fhir.mountBeside(visit());
    }

    private static Stored ticket() {
        return Stored.of("Task", QUEUE_TICKET)
                .visible(
                        Role.HOSPITAL, who -> QUEUE_TICKET.ORGANIZATION_ID.eq(who.organizationId()))
                .visible(
                        Role.PHARMACY, who -> QUEUE_TICKET.ORGANIZATION_ID.eq(who.organizationId()))
                .visible(
                        Role.PATIENT,
                        who -> who.own(QUEUE_TICKET.PATIENT_ID, QUEUE_TICKET.PRESCRIPTION_ID))
                .id(QUEUE_TICKET.ID)
                .version(QUEUE_TICKET.VERSION, QUEUE_TICKET.UPDATED_AT)
                .columns(QUEUE_TICKET.TASK)
                .render((row, caller) -> Rows.get(row, QUEUE_TICKET.TASK))
                .patient(QUEUE_TICKET.PATIENT_ID)
                .task(QUEUE_TICKET.PRESCRIPTION_ID)
                .search(
                        SearchBy.token(
                                "status",
                                QUEUE_TICKET.TASK_STATUS,
                                "http://hl7.org/fhir/task-status"))
                .search(
                        SearchBy.token(
                                "business-status",
                                QUEUE_TICKET.STATE,
                                SYSTEMS + "queue-ticket-status"))
                .search(SearchBy.token("group-identifier", QUEUE_TICKET.VISIT, SID + "visit"))
                .search(SearchBy.token("identifier", QUEUE_TICKET.TICKET, SID + "queue-ticket"))
                .search(SearchBy.token("code", QueueResourceViews::code).present(trueCondition()))
                .search(SearchBy.token("queue", QueueResourceViews::queue).present(trueCondition()))
                .search(SearchBy.never("priority", "token", castNull(SQLDataType.INTEGER)))
                .search(SearchBy.reference("patient", QUEUE_TICKET.PATIENT_ID, "Patient"))
                .search(SearchBy.reference("subject", QUEUE_TICKET.PATIENT_ID, "Patient"))
                .search(SearchBy.reference("owner", QUEUE_TICKET.ORGANIZATION_ID, "Organization"))
                .search(SearchBy.reference("part-of", QUEUE_TICKET.PRESCRIPTION_ID, "Task"))
                .search(SearchBy.date("authored-on", QUEUE_TICKET.JOINED))
                .search(SearchBy.date("modified", QUEUE_TICKET.UPDATED_AT))
                .search(
                        SearchBy.period(
                                "period", QUEUE_TICKET.SERVICE_START, QUEUE_TICKET.SERVICE_END))
                // The events that a ticket shows are its history.
                .history(
                        QUEUE_TICKET,
                        QUEUE_TICKET.ID,
                        QUEUE_TICKET.VERSION,
                        QUEUE_TICKET.UPDATED_AT,
                        (row, caller) -> Rows.get(row, QUEUE_TICKET.TASK),
                        QUEUE_TICKET.TASK);
    }

    private static Condition code(@Nullable String system, @Nullable String code) {
        boolean kind = system == null || system.equals(SYSTEMS + "task-code");
        boolean stage = system == null || system.equals(SYSTEMS + "queue-stage");
        if (kind && (code == null || code.equals("queue-ticket"))) {
            return trueCondition();
        }
        if (!stage) {
            return falseCondition();
        }
        return code == null ? QUEUE_TICKET.STAGE.isNotNull() : QUEUE_TICKET.STAGE.eq(code);
    }

    private static Condition queue(@Nullable String system, @Nullable String code) {
        boolean named = code != null && (system == null || system.isEmpty());
        return named
                ? QUEUE_TICKET.QUEUE_ID.in(
                        SQL.select(QUEUE.ID).from(QUEUE).where(QUEUE.CODE.eq(code)))
                : falseCondition();
    }

    private static Stored visit() {
        return Stored.of("Encounter", QUEUE_VISIT)
                .visible(Role.HOSPITAL, who -> QUEUE_VISIT.ORGANIZATION_ID.eq(who.organizationId()))
                .id(QUEUE_VISIT.ID)
                .version(QUEUE_VISIT.VERSION, QUEUE_VISIT.UPDATED_AT)
                .columns(QUEUE_VISIT.CONTENT)
                .render((row, caller) -> Rows.get(row, QUEUE_VISIT.CONTENT))
                .search(
                        SearchBy.token(
                                "identifier",
                                QUEUE_VISIT.IDENTIFIER,
                                QUEUE_VISIT.IDENTIFIER_SYSTEM))
                .search(
                        SearchBy.token(
                                "status",
                                QUEUE_VISIT.STATUS,
                                "http://hl7.org/fhir/encounter-status"))
                .search(SearchBy.period("date", QUEUE_VISIT.STARTED_AT, QUEUE_VISIT.ENDED_AT));
    }

    private QueueResourceViews() {}
}
