package org.yifang.audit.verify;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Commitment;
import org.yifang.audit.event.Event;
import org.yifang.audit.event.EventStore;
import org.yifang.audit.event.Hash;
import org.yifang.audit.event.NameSeal;
import org.yifang.audit.log.LogState;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Compares the business tables, the events and the leaves with each other: what the log alone
/// cannot show, as a change whose event was removed before it was hashed.
public final class Reconciliation {
    /// What does not fit.
    public enum Kind {
        CHANGE_WITHOUT_EVENT,
        EVENT_WITHOUT_CHANGE,
        EVENT_WITHOUT_LEAF,
        LEAF_WITHOUT_EVENT,
        EVENT_ALTERED,
        /// An event that the service did not write.
        EVENT_FORGED,
        /// A column by which events are found is not what the event's entities say.
        EVENT_HIDDEN,
        /// Salt and value of a field are gone: right for whoever asked to be erased, and for nobody
        /// else.
        FIELD_ERASED,
        LEAF_ALTERED,
        /// Business data is not what an event committed to.
        CONTENT_ALTERED,
        /// The ledger of what transactions changed is not what their events committed to.
        LEDGER_ALTERED,
        /// A trigger that guards a table is switched off or gone.
        TRIGGER_OFF,
        /// A view or function by which the database is checked is not that of the migrations.
        CHECK_REPLACED,
        /// An entry is gone from the middle of the log.
        ENTRY_MISSING,
        /// The entries do not make the tree that the log goes on from.
        TREE_ALTERED,
        /// A head that was published is not one of the entries that are stored.
        CHECKPOINT_CONTRADICTED
    }

    /// @param what the resource, event or leaf concerned
    /// @param text a full sentence for people
    public record Mismatch(Kind kind, String what, String text) {}

    private static final Duration BOTH_VERSIONS = Duration.ofDays(1);

    private final Database database;
    private final ReconciliationViews views;
    private final EventStore store;
    private @Nullable Instant vouchedSince;
    private boolean anyBefore;
    private final Set<String> erased = new HashSet<>();
    private long compared;

    public Reconciliation(Database database, NameSeal seal, String region) {
        this.database = database;
        this.store = new EventStore(seal, region);
        this.views = new ReconciliationViews(database, store);
    }

    /// Everything that does not fit; empty when the log is complete. At most 1000 of each kind.
    public List<Mismatch> run() {
        List<Mismatch> all = new ArrayList<>();
        compared = 0;
        vouchedSince = null;
        erased.clear();
        anyBefore = false;
        SchemaViews checks = new SchemaViews(database);
        all.addAll(checks.replaced());
        boolean sound = all.isEmpty();
        try {
            compare(checks, all);
        } catch (Exception failure) {
            if (sound) {
                throw failure;
            }
            // A check that somebody put in place of another may be made to fail: what was found
            // before must be told all the same.
            all.add(
                    new Mismatch(
                            Kind.CHECK_REPLACED,
                            "reconciliation",
                            "One of the replaced checks failed; what comes behind it was not"
                                    + " compared: `%s`.".formatted(failure.getMessage())));
        }
        return all;
    }

    private void compare(SchemaViews checks, List<Mismatch> all) {
        views.erasedPatients().forEach(id -> erased.add("Patient/" + id));
        all.addAll(checks.guardsOff());
        all.addAll(views.changesWithoutEvent());
        all.addAll(views.eventsWithoutChange());
        all.addAll(views.eventsWithoutLeaf());
        all.addAll(views.leavesWithoutEvent());
        all.addAll(views.hiddenEvents());
        all.addAll(new ContentViews(database).run());
        all.addAll(new LedgerViews(database).run());
        UUID after = LogState.NO_ID;
        while (after != null) {
            after = compare(after, all);
        }
    }

    /// The scripts of the migrations that define what the database is compared by.
    public static List<String> migrations() {
        return SchemaViews.MIGRATIONS;
    }

    /// How many events the last run compared with their entries.
    public long compared() {
        return compared;
    }

    /// Compares one page of events with their commitments and leaves; returns where to go on.
    private @Nullable UUID compare(UUID after, List<Mismatch> all) {
        UUID last = null;
        for (ReconciliationViews.Logged one : views.eventsAndLeaves(after)) {
            last = one.id();
            compared++;
            compare(one, all);
        }
        return last;
    }

    private void compare(ReconciliationViews.Logged one, List<Mismatch> all) {
        EventStore.Stored stored = one.stored();
        if (stored == null) {
            all.add(altered(one.id(), "its sealed name does not open"));
            return;
        }
        compareFields(stored, all);
        vouchedFor(stored, all);
        Hash hash = one.leaf();
        if (hash != null && !hash.equals(leafHash(stored))) {
            all.add(
                    new Mismatch(
                            Kind.LEAF_ALTERED,
                            "entry " + one.index(),
                            ("The commitments of event `%s` are not those that were"
                                            + " hashed as entry %d.")
                                    .formatted(one.id(), one.index())));
        }
    }

    /// Instances of the version before, which vouches for nothing, may run on for a while beside
    /// the first one of this version.
    private void vouchedFor(EventStore.Stored stored, List<Mismatch> all) {
        Event event = stored.event();
        Boolean ours = store.isOurs(stored);
        if (stored.mac() == null) {
            anyBefore |= vouchedSince == null;
            boolean late =
                    vouchedSince != null
                            && (!anyBefore
                                    || event.recorded().isAfter(vouchedSince.plus(BOTH_VERSIONS)));
            if (late) {
                all.add(forged(event.id(), "nothing vouches for it"));
            }
            return;
        }
        vouchedSince = vouchedSince == null ? event.recorded() : vouchedSince;
        if (Boolean.FALSE.equals(ours)) {
            all.add(forged(event.id(), "what should vouch for it does not fit"));
        }
    }

    private static Mismatch forged(UUID id, String how) {
        return new Mismatch(
                Kind.EVENT_FORGED,
                "AuditEvent/" + id,
                "The service did not write the event `%s`: %s.".formatted(id, how));
    }

    private static Hash leafHash(EventStore.Stored stored) {
        Event event = stored.event();
        return Hash.ofLeaf(Event.leaf(event.id(), event.type(), stored.commitments()).encode());
    }

    private static Mismatch altered(UUID id, String how) {
        return new Mismatch(
                Kind.EVENT_ALTERED,
                "AuditEvent/" + id,
                "The event `%s` was altered: %s.".formatted(id, how));
    }

    /// Whether who called was a patient who has been erased since.
    private boolean isErasedPatient(Event event) {
        return Role.PATIENT.code().equals(event.role())
                && event.entities().stream().anyMatch(erased::contains);
    }

    private void compareFields(EventStore.Stored stored, List<Mismatch> all) {
        UUID id = stored.event().id();
        List<Event.Field> fields = stored.event().fields();
        if (fields.size() * Hash.LENGTH != stored.commitments().length
                || fields.size() * Commitment.SALT_BYTES != stored.salts().length) {
            all.add(altered(id, "it has more or fewer entities than were committed to"));
            return;
        }
        for (int i = 0; i < fields.size(); i++) {
            Event.Field field = fields.get(i);
            Hash committed = Hash.of(stored.commitments(), i * Hash.LENGTH, Hash.LENGTH);
            int from = i * Commitment.SALT_BYTES;
            byte[] salt = Arrays.copyOfRange(stored.salts(), from, from + Commitment.SALT_BYTES);
            if (committed.equals(Commitment.of(salt, field.value()))) {
                continue;
            }
            if (field.value() == null && isZero(salt)) {
                if (field.name().equals("person.name") && isErasedPatient(stored.event())) {
                    continue;
                }
                all.add(
                        new Mismatch(
                                Kind.FIELD_ERASED,
                                "AuditEvent/" + id,
                                "The `%s` of event `%s` was erased.".formatted(field.name(), id)));
            } else {
                all.add(altered(id, "its `" + field.name() + "` is not what was committed to"));
            }
        }
    }

    private static boolean isZero(byte[] bytes) {
        for (byte one : bytes) {
            if (one != 0) {
                return false;
            }
        }
        return true;
    }
}
