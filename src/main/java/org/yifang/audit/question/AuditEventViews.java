package org.yifang.audit.question;

import static org.yifang.generated.Tables.AUDIT_EVENT;
import static org.yifang.generated.Tables.AUDIT_FURTHER_ENTITY;
import static org.yifang.generated.Tables.AUDIT_LEAF;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Event;
import org.yifang.audit.event.EventStore;
import org.yifang.export.ExportSource.Window;
import org.yifang.fhir.json.FhirJson;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// What is asked of AuditEvents, as SQL that the indexes answer.
final class AuditEventViews {
    private static final String OUTCOME = "http://hl7.org/fhir/audit-event-outcome";
    private static final Pattern REFERENCE = Pattern.compile("[A-Za-z]+/[A-Za-z0-9.-]{1,64}");

    /// Events that concern a patient, the first of theirs or a further one.
    static Condition patient(Field<UUID> id) {
        return either(
                AUDIT_EVENT.as("e").PATIENT_ID.eq(id),
                // Said to be a uuid first: a parameter that is only cast to text is taken for text.
                DSL.field("'Patient/' || {0}::uuid::text", String.class, id));
    }

    /// Events that concern a resource, wherever it stands among their entities.
    static Condition concerns(String reference) {
        if (!REFERENCE.matcher(reference).matches()) {
            return DSL.falseCondition();
        }
        UUID id = uuid(reference.substring(reference.indexOf('/') + 1));
        Field<String> referred = DSL.val(reference);
        if (id != null && reference.startsWith("Patient/")) {
            return either(AUDIT_EVENT.as("e").PATIENT_ID.eq(id), referred);
        }
        if (id != null && reference.startsWith("Task/")) {
            return either(AUDIT_EVENT.as("e").TASK_ID.eq(id), referred);
        }
        return either(DSL.falseCondition(), referred);
    }

    /// One list of keys out of two indexes: with an OR over a sub-query the planner would walk
    /// through every event. The time stands in the keys so that each is looked up in its own month
    /// only.
    private static Condition either(Condition first, Field<String> further) {
        var event = AUDIT_EVENT.as("e");
        return DSL.row(AUDIT_EVENT.ID, AUDIT_EVENT.RECORDED)
                .in(
                        SQL.select(event.ID, event.RECORDED)
                                .from(event)
                                .where(first)
                                .unionAll(
                                        SQL.select(
                                                        AUDIT_FURTHER_ENTITY.EVENT_ID,
                                                        AUDIT_FURTHER_ENTITY.RECORDED)
                                                .from(AUDIT_FURTHER_ENTITY)
                                                .where(
                                                        AUDIT_FURTHER_ENTITY.REFERENCE.eq(
                                                                further))));
    }

    /// The newest events of those asked for.
    private static RowSet<Row> newest(Database database, Condition asked, int most) {
        return database.run(
                SQL.select(EventStore.columns())
                        .from(AUDIT_EVENT)
                        .where(asked)
                        .orderBy(AUDIT_EVENT.ID.desc())
                        .limit(most));
    }

    /// One event, if the caller may see it.
    static Optional<EventStore.Stored> find(
            Database database, EventStore store, UUID id, Caller caller) {
        Condition seen =
                caller.is(Role.AUDITOR)
                        ? DSL.noCondition()
                        : ofPatient(caller.patientId(), caller.taskId());
        for (Row row : newest(database, AUDIT_EVENT.ID.eq(id).and(seen), 1)) {
            return Optional.of(store.read(row));
        }
        return Optional.empty();
    }

    /// What concerns a patient, nothing for an unknown one; of who showed a slip only what concerns
    /// its prescription.
    private static Condition ofPatient(@Nullable UUID patient, @Nullable UUID task) {
        Condition own = concerns("Patient/" + patient);
        return task == null ? own : own.and(concerns("Task/" + task));
    }

    /// What a patient asks for in the own trail.
    ///
    /// @param task the prescription of a slip, which shows no other; or null
    /// @param before only older events, or null
    /// @param others leaves out what the patient did
    record Trail(UUID patient, @Nullable UUID task, @Nullable UUID before, boolean others) {}

    /// What the patient's own page or app does that stays with what others did: who has the slip
    /// may be somebody else. What can be done to a prescription stands later, so it is named here.
    static final List<String> OWN_ACTS = List.of("token", "choose-pharmacy", "release", "consent");

    /// The newest events of a trail.
    static List<Event> trail(Database database, EventStore store, Trail asked, int most) {
        Condition older =
                asked.before() == null ? DSL.noCondition() : AUDIT_EVENT.ID.lt(asked.before());
        List<Event> events = new ArrayList<>();
        for (Row row :
                newest(
                        database,
                        ofPatient(asked.patient(), asked.task())
                                .and(older)
                                .and(asked.others() ? byOthers() : DSL.noCondition()),
                        most)) {
            events.add(store.read(row).event());
        }
        return events;
    }

    private static Condition byOthers() {
        return AUDIT_EVENT
                .ROLE
                .isDistinctFrom(Role.PATIENT.code())
                .or(AUDIT_EVENT.OPERATION.in(OWN_ACTS));
    }

    /// An event and its place in the log.
    record Logged(EventStore.Stored stored, long index) {}

    /// Events in the order of the log, from one place on and before another.
    static List<Logged> logged(
            Database database, EventStore store, Window window, long first, long end, int most) {
        Condition asked = AUDIT_EVENT.RECORDED.le(window.until());
        if (window.since() != null) {
            asked = asked.and(AUDIT_EVENT.RECORDED.gt(window.since()));
        }
        List<Logged> events = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.select(EventStore.columns())
                                .select(AUDIT_LEAF.INDEX)
                                .from(AUDIT_LEAF)
                                .join(AUDIT_EVENT)
                                .on(AUDIT_EVENT.ID.eq(AUDIT_LEAF.EVENT_ID))
                                .and(AUDIT_EVENT.RECORDED.eq(AUDIT_LEAF.RECORDED))
                                .where(AUDIT_LEAF.INDEX.ge(first))
                                .and(AUDIT_LEAF.INDEX.lt(end))
                                .and(asked)
                                .orderBy(AUDIT_LEAF.INDEX)
                                .limit(DSL.inline(most)))) {
            events.add(new Logged(store.read(row), Rows.get(row, AUDIT_LEAF.INDEX)));
        }
        return events;
    }

    /// The place of an event in the log; null while it has none.
    static @Nullable Long place(Database database, UUID event) {
        for (Row row :
                database.run(
                        SQL.select(AUDIT_LEAF.INDEX)
                                .from(AUDIT_LEAF)
                                .where(AUDIT_LEAF.EVENT_ID.eq(event))
                                .limit(1))) {
            return Rows.get(row, AUDIT_LEAF.INDEX);
        }
        return null;
    }

    static @Nullable UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    /// By client or by person, whichever the value names: an index serves one of them, and none
    /// serves both at once. Waits for two looks into indexes.
    static Condition alternativeId(Database database, @Nullable String value) {
        if (value == null) {
            return DSL.falseCondition();
        }
        Condition client = AUDIT_EVENT.CLIENT.eq(value);
        Condition person = AUDIT_EVENT.PERSON_ID.eq(value);
        boolean clients = exists(database, client);
        boolean persons = exists(database, person);
        if (clients && persons) {
            return client.or(person);
        }
        // Where nobody has the name, the index of clients says so at once.
        return persons ? person : client;
    }

    private static boolean exists(Database database, Condition condition) {
        return database.run(SQL.selectOne().from(AUDIT_EVENT).where(condition).limit(1)).size() > 0;
    }

    /// An organization by the number that it has or had; the index is on the number.
    static Condition organization(UUID id, Optional<String> number) {
        return number.map(known ->
                        AUDIT_EVENT.ORGANIZATION.eq(known).and(AUDIT_EVENT.ORGANIZATION_ID.eq(id)))
                .orElse(DSL.falseCondition());
    }

    /// Addresses that begin with `prefix`.
    static Condition address(String prefix) {
        String first = prefix.toLowerCase(Locale.ROOT);
        return DSL.condition(
                "{0} collate \"C\" >= {1} and {0} collate \"C\" < {2}",
                AUDIT_EVENT.ADDRESS, DSL.val(first), DSL.val(first + '\u007f'));
    }

    /// An organization by the number that stands in the event.
    static Condition organizationNumber(@Nullable String system, @Nullable String number) {
        boolean ours = system == null || system.equals(FhirJson.SIDS + "nhsa-org");
        return number == null || !ours ? DSL.falseCondition() : AUDIT_EVENT.ORGANIZATION.eq(number);
    }

    static Condition purpose(@Nullable String system, @Nullable String code) {
        if (!isOf(system, AuditEventFhir.REASON)) {
            return DSL.falseCondition();
        }
        if (code == null) {
            return AUDIT_EVENT.PURPOSE.isNotNull();
        }
        if (!code.matches("[A-Za-z0-9-]{1,40}")) {
            return DSL.falseCondition();
        }
        Condition equal = AUDIT_EVENT.PURPOSE.eq(DSL.inline(code));
        // Said twice, so that the index of the others serves.
        return code.equals("TREAT")
                ? equal
                : equal.and(AUDIT_EVENT.PURPOSE.ne(DSL.inline("TREAT")));
    }

    private static boolean isOf(@Nullable String named, String system) {
        return named == null || named.equals(system);
    }

    /// There are two types and no index: for any other, every event would be looked at in vain.
    static Condition type(@Nullable String system, @Nullable String code) {
        return either(system, code, Event.REST, AuditEventFhir.EVENT_TYPE)
                .or(either(system, code, Event.LOGIN, AuditEventFhir.DICOM));
    }

    private static Condition either(
            @Nullable String system, @Nullable String code, String type, String itsSystem) {
        boolean asked = isOf(system, itsSystem) && (code == null || code.equals(type));
        return asked ? AUDIT_EVENT.TYPE.eq(type) : DSL.falseCondition();
    }

    /// A login shows its operation alone.
    static Condition subtype(@Nullable String system, @Nullable String code) {
        Condition condition = DSL.falseCondition();
        if (isOf(system, AuditEventFhir.INTERACTION)) {
            condition =
                    code == null
                            ? AUDIT_EVENT.TYPE.ne(Event.LOGIN)
                            : AUDIT_EVENT
                                    .INTERACTION
                                    .eq(code)
                                    .and(AUDIT_EVENT.TYPE.ne(Event.LOGIN));
        }
        if (isOf(system, AuditEventFhir.OPERATION)) {
            condition =
                    condition.or(
                            code == null
                                    ? AUDIT_EVENT.OPERATION.ne("")
                                    : AUDIT_EVENT.OPERATION.eq(code));
        }
        return condition;
    }

    static Condition hasSubtype() {
        return AUDIT_EVENT.TYPE.ne(Event.LOGIN).or(AUDIT_EVENT.OPERATION.ne(""));
    }

    static Condition outcome(@Nullable String system, @Nullable String code) {
        if (!isOf(system, OUTCOME)) {
            return DSL.falseCondition();
        }
        if (code == null) {
            return DSL.trueCondition();
        }
        if (!code.matches("0|4|8|12")) {
            return DSL.falseCondition();
        }
        Condition equal = AUDIT_EVENT.OUTCOME.eq(DSL.inline(Integer.parseInt(code)));
        // Said twice, so that the index of refusals serves.
        return code.equals("0") ? equal : equal.and(AUDIT_EVENT.OUTCOME.ne(DSL.inline(0)));
    }

    private AuditEventViews() {}
}
