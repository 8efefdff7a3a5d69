package org.yifang.audit.question;

import static org.yifang.generated.Tables.AUDIT_EVENT;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.AuditLimits;
import org.yifang.audit.event.Commitment;
import org.yifang.audit.event.Event;
import org.yifang.audit.event.EventStore;
import org.yifang.audit.event.Hash;
import org.yifang.audit.event.Leaf;
import org.yifang.audit.event.NameSeal;
import org.yifang.audit.log.Checkpoint;
import org.yifang.audit.log.LogStore;
import org.yifang.audit.log.MerkleTree;
import org.yifang.audit.log.SignedNote;
import org.yifang.audit.log.TileNodes;
import org.yifang.audit.log.Witnesses;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.json.NamedValues;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Operation;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// AuditEvents over FHIR: read, search and `$proof`.
public final class AuditEventRoutes {
    private static final Duration POLL = Duration.ofMillis(50);

    private final Vertx vertx;
    private final Database database;
    private final EventStore store;
    private final AuditEventFhir fhir;
    private final Witnesses witnesses;
    private final People people;

    /// Knows people by their numbers, and organizations by their ids.
    public interface People {
        /// The Patient id behind a number of an identity card or another certificate; may wait.
        ///
        /// @param system of the number, null where the caller named none
        Optional<UUID> find(@Nullable String system, String number);

        /// The number of an organization.
        Optional<String> organization(UUID id);
    }

    /// An organization by reference, a client or a person by its id.
    private Condition agent(String value) {
        UUID organization = organizationId(value);
        return organization == null
                ? AuditEventViews.alternativeId(database, value)
                : AuditEventViews.organization(organization, people.organization(organization));
    }

    public AuditEventRoutes(
            Vertx vertx,
            Database database,
            NameSeal seal,
            String region,
            AuditEventFhir fhir,
            Witnesses witnesses,
            People people) {
        this.vertx = vertx;
        this.database = database;
        this.store = new EventStore(seal, region);
        this.fhir = fhir;
        this.witnesses = witnesses;
        this.people = people;
    }

    public void mount(FhirRouter router) {
        router.mount(events());
        new AuditQuestions(database).mount(router);
        new AuditTrail(database, store, fhir).mount(router);
        router.mount(
                Operation.instance("proof", "AuditEvent")
                        .roles(Role.AUDITOR, Role.PATIENT)
                        .reads()
                        .handler(this::proof));
    }

    private Stored events() {
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
                .search(SearchBy.custom("entity", "reference", AuditEventRoutes::entity))
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

    private Answer proof(Exchange exchange) {
        Caller caller = exchange.caller();
        EventStore.Stored stored = visible(exchange.id(), caller);
        Event event = stored.event();
        Proved proved = await(event.id());
        Leaf leaf = Event.leaf(event.id(), event.type(), stored.commitments());
        byte[] answer =
                FhirWriter.parameters(all -> {
                    all.string("index", String.valueOf(proved.index()))
                            .bytes("leaf", leaf.encode());
                    proved.path().forEach(hash -> all.bytes("hash", hash.bytes()));
                    all.string("checkpoint", proved.checkpoint().format());
                    commitments(all, stored, leaf, caller);
                });
        return Answer.ok(answer)
                .touching(
                        event.all("Patient").stream()
                                .filter(one -> AuditEventFhir.isVisible("Patient/" + one, caller))
                                .toList(),
                        event.all("Task"));
    }

    private static void commitments(
            NamedValues all, EventStore.Stored stored, Leaf leaf, Caller caller) {
        List<Event.Field> fields = stored.event().fields();
        for (int i = 0; i < fields.size(); i++) {
            int from = i * Commitment.SALT_BYTES;
            byte[] salt = Arrays.copyOfRange(stored.salts(), from, from + Commitment.SALT_BYTES);
            Event.Field field = fields.get(i);
            // What was erased opens no more; what is another patient's is not this caller's.
            if (leaf.opens(field.name(), salt, field.value())
                    && AuditEventFhir.isVisible(field.value(), caller)) {
                all.group(
                        "commitment",
                        parts ->
                                parts.string("field", field.name())
                                        .bytes("salt", salt)
                                        .string("value", Commitment.canonical(field.value())));
            }
        }
    }

    private EventStore.Stored visible(UUID id, Caller caller) {
        Condition seen =
                caller.is(Role.AUDITOR)
                        ? DSL.noCondition()
                        : AuditEventViews.concerns("Patient/" + caller.patientId());
        for (Row row : AuditEventViews.newest(database, AUDIT_EVENT.ID.eq(id).and(seen), 1)) {
            return store.read(row);
        }
        throw new Problem(ProblemCode.NOT_FOUND, "There is no such AuditEvent for you.");
    }

    private record Proved(long index, List<Hash> path, SignedNote checkpoint) {}

    /// Waits for the checkpoint that covers an event, but not for long.
    private Proved await(UUID event) {
        long end = System.nanoTime() + AuditLimits.PROOF_WAIT.toNanos();
        while (true) {
            Proved proved = prove(event);
            if (proved != null) {
                return proved;
            }
            if (System.nanoTime() > end) {
                throw new Problem(
                        List.of(
                                new Problem.Finding(
                                        ProblemCode.BUSY,
                                        "The event is newer than the last checkpoint.",
                                        "Ask again in a second.")),
                        Map.of("Retry-After", "1"));
            }
            vertx.timer(POLL.toMillis()).await();
        }
    }

    private @Nullable Proved prove(UUID event) {
        Long index = AuditEventViews.place(database, event);
        if (index == null) {
            return null;
        }
        SignedNote note = witnesses.newest(database::run);
        long size = Checkpoint.parse(note.text()).size();
        if (size <= index) {
            return null;
        }
        MerkleTree tree =
                new MerkleTree(new TileNodes(size, tile -> LogStore.tile(database::run, tile)));
        return new Proved(index, tree.inclusion(index, size), note);
    }
}
