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
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.yifang.audit.event.EventStore;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Selects what a reconciliation compares, at most 1000 rows of each kind at once.
final class ReconciliationViews {
    private static final int PAGE = 1000;

    private final Database database;

    ReconciliationViews(Database database) {
        this.database = database;
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

    RowSet<Row> changesWithoutEvent() {
        var view = AUDIT_CHANGE_WITHOUT_EVENT;
        return database.run(
                SQL.select(view.REFERENCE, view.VERSION, view.UPDATED_AT).from(view).limit(PAGE));
    }

    RowSet<Row> eventsWithoutChange() {
        var view = AUDIT_EVENT_WITHOUT_CHANGE;
        return database.run(SQL.select(view.ID, view.TASK_ID, view.CHANGE).from(view).limit(PAGE));
    }

    RowSet<Row> eventsWithoutLeaf() {
        var view = AUDIT_EVENT_WITHOUT_LEAF;
        return database.run(SQL.select(view.ID).from(view).limit(PAGE));
    }

    RowSet<Row> leavesWithoutEvent() {
        var view = AUDIT_LEAF_WITHOUT_EVENT;
        return database.run(SQL.select(view.INDEX, view.EVENT_ID).from(view).limit(PAGE));
    }

    RowSet<Row> hiddenEvents() {
        var view = AUDIT_EVENT_HIDDEN;
        return database.run(SQL.select(view.ID, view.REFERENCE).from(view).limit(PAGE));
    }

    /// The events after `after` by id, each with its leaf where it has one.
    RowSet<Row> eventsAndLeaves(UUID after) {
        List<Field<?>> columns = new ArrayList<>(EventStore.columns());
        columns.add(AUDIT_LEAF.HASH);
        columns.add(AUDIT_LEAF.INDEX);
        return database.run(
                SQL.select(columns)
                        .from(AUDIT_EVENT)
                        .leftJoin(AUDIT_LEAF)
                        .on(AUDIT_LEAF.EVENT_ID.eq(AUDIT_EVENT.ID))
                        .where(AUDIT_EVENT.ID.gt(after))
                        .orderBy(AUDIT_EVENT.ID)
                        .limit(PAGE));
    }
}
