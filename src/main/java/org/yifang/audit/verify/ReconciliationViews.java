package org.yifang.audit.verify;

import static org.yifang.generated.Tables.AUDIT_CHANGE_WITHOUT_EVENT;
import static org.yifang.generated.Tables.AUDIT_EVENT;
import static org.yifang.generated.Tables.AUDIT_EVENT_HIDDEN;
import static org.yifang.generated.Tables.AUDIT_EVENT_WITHOUT_CHANGE;
import static org.yifang.generated.Tables.AUDIT_EVENT_WITHOUT_LEAF;
import static org.yifang.generated.Tables.AUDIT_LEAF;
import static org.yifang.generated.Tables.AUDIT_LEAF_WITHOUT_EVENT;
import static org.yifang.generated.Tables.PATIENT;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.EventStore;
import org.yifang.audit.event.Hash;
import org.yifang.audit.verify.Reconciliation.Kind;
import org.yifang.audit.verify.Reconciliation.Mismatch;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Finds what does not fit and selects what a reconciliation compares, at most 1000 rows of each
/// kind at once.
final class ReconciliationViews {
    private static final int PAGE = 1000;

    private final Database database;
    private final EventStore store;

    ReconciliationViews(Database database, EventStore store) {
        this.database = database;
        this.store = store;
    }

    /// Every patient who was erased, however many.
    List<UUID> erasedPatients() {
        List<UUID> erased = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.select(PATIENT.ID)
                                .from(PATIENT)
                                .where(PATIENT.ERASED_AT.isNotNull()))) {
            erased.add(Rows.get(row, PATIENT.ID));
        }
        return erased;
    }

    List<Mismatch> changesWithoutEvent() {
        List<Mismatch> all = new ArrayList<>();
        var view = AUDIT_CHANGE_WITHOUT_EVENT;
        for (Row row :
                database.run(
                        SQL.select(view.REFERENCE, view.VERSION, view.UPDATED_AT)
                                .from(view)
                                .limit(PAGE))) {
            String what = Rows.get(row, view.REFERENCE);
            all.add(
                    new Mismatch(
                            Kind.CHANGE_WITHOUT_EVENT,
                            what,
                            "Version %d of `%s` (%s) has no audit event."
                                    .formatted(
                                            Rows.get(row, view.VERSION),
                                            what,
                                            Rows.get(row, view.UPDATED_AT))));
        }
        return all;
    }

    List<Mismatch> eventsWithoutChange() {
        List<Mismatch> all = new ArrayList<>();
        var view = AUDIT_EVENT_WITHOUT_CHANGE;
        for (Row row :
                database.run(
                        SQL.select(view.ID, view.TASK_ID, view.CHANGE).from(view).limit(PAGE))) {
            all.add(
                    new Mismatch(
                            Kind.EVENT_WITHOUT_CHANGE,
                            "AuditEvent/" + Rows.get(row, view.ID),
                            "The event `%s` tells that `Task/%s` went `%s`; no version of it did."
                                    .formatted(
                                            Rows.get(row, view.ID),
                                            Rows.get(row, view.TASK_ID),
                                            Rows.get(row, view.CHANGE))));
        }
        return all;
    }

    List<Mismatch> eventsWithoutLeaf() {
        List<Mismatch> all = new ArrayList<>();
        var view = AUDIT_EVENT_WITHOUT_LEAF;
        for (Row row : database.run(SQL.select(view.ID).from(view).limit(PAGE))) {
            all.add(
                    new Mismatch(
                            Kind.EVENT_WITHOUT_LEAF,
                            "AuditEvent/" + Rows.get(row, view.ID),
                            ("The event `%s` has no entry, though the log goes on behind it"
                                            + " or will never reach it.")
                                    .formatted(Rows.get(row, view.ID))));
        }
        return all;
    }

    List<Mismatch> leavesWithoutEvent() {
        List<Mismatch> all = new ArrayList<>();
        var view = AUDIT_LEAF_WITHOUT_EVENT;
        for (Row row : database.run(SQL.select(view.INDEX, view.EVENT_ID).from(view).limit(PAGE))) {
            all.add(
                    new Mismatch(
                            Kind.LEAF_WITHOUT_EVENT,
                            "entry " + Rows.get(row, view.INDEX),
                            "Entry %d stands for the event `%s`, which is gone."
                                    .formatted(
                                            Rows.get(row, view.INDEX),
                                            Rows.get(row, view.EVENT_ID))));
        }
        return all;
    }

    List<Mismatch> hiddenEvents() {
        List<Mismatch> all = new ArrayList<>();
        var view = AUDIT_EVENT_HIDDEN;
        for (Row row : database.run(SQL.select(view.ID, view.REFERENCE).from(view).limit(PAGE))) {
            all.add(
                    new Mismatch(
                            Kind.EVENT_HIDDEN,
                            "AuditEvent/" + Rows.get(row, view.ID),
                            ("The event `%s` is found wrongly: a search for `%s` does not tell what"
                                            + " its entities tell.")
                                    .formatted(
                                            Rows.get(row, view.ID),
                                            Rows.get(row, view.REFERENCE))));
        }
        return all;
    }

    /// An event with its leaf, where it has one.
    ///
    /// @param stored null where its sealed name does not open
    record Logged(
            UUID id,
            EventStore.@Nullable Stored stored,
            @Nullable Hash leaf,
            @Nullable Long index) {}

    /// The events after `after` by id.
    List<Logged> eventsAndLeaves(UUID after) {
        List<Field<?>> columns = new ArrayList<>(EventStore.columns());
        columns.add(AUDIT_LEAF.HASH);
        columns.add(AUDIT_LEAF.INDEX);
        List<Logged> events = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.select(columns)
                                .from(AUDIT_EVENT)
                                .leftJoin(AUDIT_LEAF)
                                .on(AUDIT_LEAF.EVENT_ID.eq(AUDIT_EVENT.ID))
                                .where(AUDIT_EVENT.ID.gt(after))
                                .orderBy(AUDIT_EVENT.ID)
                                .limit(PAGE))) {
            byte[] hash = Rows.find(row, AUDIT_LEAF.HASH);
            events.add(
                    new Logged(
                            Rows.get(row, AUDIT_EVENT.ID),
                            opened(row),
                            hash == null ? null : Hash.of(hash),
                            Rows.find(row, AUDIT_LEAF.INDEX)));
        }
        return events;
    }

    private EventStore.@Nullable Stored opened(Row row) {
        try {
            return store.read(row);
        } catch (RuntimeException broken) {
            return null;
        }
    }
}
