package org.yifang.audit.question;

import io.vertx.core.Vertx;

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
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
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
        router.mount(new AuditEventSearchViews(database, store, fhir, people).stored());
        new AuditQuestions(database).mount(router);
        new AuditTrail(database, store, fhir).mount(router);
        router.mount(
                Operation.instance("proof", "AuditEvent")
                        .roles(Role.AUDITOR, Role.PATIENT)
                        .reads()
                        .handler(this::proof));
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
        return AuditEventViews.find(database, store, id, caller)
                .orElseThrow(() ->
                        new Problem(ProblemCode.NOT_FOUND, "There is no such AuditEvent for you."));
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
