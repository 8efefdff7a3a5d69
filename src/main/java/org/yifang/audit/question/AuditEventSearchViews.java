package org.yifang.audit.question;

import static org.yifang.generated.Tables.AUDIT_EVENT;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Event;
import org.yifang.audit.event.EventStore;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.UUID;

/// How AuditEvents are read and searched, parameter by parameter.
final class AuditEventSearchViews {
    private final Database database;
    private final EventStore store;
    private final AuditEventFhir fhir;
    private final AuditEventRoutes.People people;

    AuditEventSearchViews(
            Database database,
            EventStore store,
            AuditEventFhir fhir,
            AuditEventRoutes.People people) {
        this.database = database;
        this.store = store;
        this.fhir = fhir;
        this.people = people;
    }

    /// What is to be mounted.
    Stored stored() {
        return Stored.of("AuditEvent", AUDIT_EVENT)
                .id(AUDIT_EVENT.ID)
                .version(DSL.inline(1L), AUDIT_EVENT.RECORDED)
                .visibleToAll(Role.AUDITOR)
                .visible(
                        Role.PATIENT,
                        who -> AuditEventViews.patient(who.patientId()).and(who.seesAll()))
                .columns(EventStore.columns().toArray(Field<?>[]::new))
                .render(this::json)
                .touching(this::touch)
                .search(SearchBy.date("date", AUDIT_EVENT.RECORDED).sortedBy(AUDIT_EVENT.ID))
                .search(SearchBy.custom("agent", "reference", this::agent))
                .search(
                        SearchBy.token(
                                "altid",
                                (system, code) ->
                                        system == null || system.isEmpty()
                                                ? AuditEventViews.alternativeId(database, code)
                                                : DSL.falseCondition()))
                .search(SearchBy.custom("entity", "reference", AuditEventSearchViews::entity))
                .search(
                        SearchBy.custom(
                                        "patient",
                                        "reference",
                                        value ->
                                                AuditEventViews.concerns(
                                                        value.startsWith("Patient/")
                                                                ? value
                                                                : "Patient/" + value))
                                .identifiedBy(this::byNumber))
                .search(SearchBy.token("type", AuditEventViews::type).present(DSL.trueCondition()))
                .search(
                        SearchBy.token("subtype", AuditEventViews::subtype)
                                .present(AuditEventViews.hasSubtype()))
                .search(
                        SearchBy.token(
                                "action",
                                AUDIT_EVENT.ACTION,
                                "http://hl7.org/fhir/audit-event-action"))
                .search(
                        SearchBy.token("outcome", AuditEventViews::outcome)
                                .present(DSL.trueCondition()))
                .search(SearchBy.custom("address", "string", AuditEventViews::address))
                .search(
                        SearchBy.token("purpose", AuditEventViews::purpose)
                                .present(AUDIT_EVENT.PURPOSE.isNotNull()))
                .search(
                        SearchBy.custom("organization", "reference", this::organization)
                                .identifiedAs(AuditEventViews::organizationNumber));
    }

    /// An organization by reference, a client or a person by its id.
    private Condition agent(String value) {
        UUID organization = organizationId(value);
        return organization == null
                ? AuditEventViews.alternativeId(database, value)
                : AuditEventViews.organization(organization, people.organization(organization));
    }

    /// An organization by reference or by its number.
    private Condition organization(String value) {
        UUID organization = organizationId(value);
        return organization == null
                ? AuditEventViews.organizationNumber(null, value)
                : AuditEventViews.organization(organization, people.organization(organization));
    }

    /// An entity may be of any type: without one, events of all would be looked for.
    private static Condition entity(String value) {
        if (AuditEventViews.uuid(value) != null) {
            throw new Problem(
                    ProblemCode.PARAMETER_UNREADABLE,
                    "The parameter `entity` is an id without a type.",
                    "Write `Task/id`, `Patient/id` and the like.");
        }
        return AuditEventViews.concerns(value);
    }

    private static @Nullable UUID organizationId(String value) {
        String type = "Organization/";
        return AuditEventViews.uuid(
                value.startsWith(type) ? value.substring(type.length()) : value);
    }

    private byte[] json(Row row, Caller caller) {
        return fhir.json(store.read(row).event(), caller);
    }

    /// What an answer shows of an event is what it touches: a patient's own trail is no look at the
    /// others of a list.
    private void touch(Row row, Stored.Touched touched) {
        for (String entity : Rows.get(row, AUDIT_EVENT.ENTITIES).split(" ", -1)) {
            UUID patient = Event.idOf("Patient", entity);
            UUID task = Event.idOf("Task", entity);
            if (patient != null && AuditEventFhir.isVisible(entity, touched.reader())) {
                touched.patient(patient);
            } else if (task != null) {
                touched.task(task);
            }
        }
    }

    /// By the blind index: the number itself is neither stored nor logged anywhere.
    private Condition byNumber(@Nullable String system, @Nullable String number) {
        return number == null
                ? DSL.falseCondition()
                : people.find(system, number)
                        .map(id -> AuditEventViews.concerns("Patient/" + id))
                        .orElse(DSL.falseCondition());
    }
}
