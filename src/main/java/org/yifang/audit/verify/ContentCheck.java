package org.yifang.audit.verify;

import static org.yifang.generated.Tables.AUDIT_CHECKPOINT;
import static org.yifang.generated.Tables.AUDIT_CONTENT_ALTERED;
import static org.yifang.generated.Tables.AUDIT_LEAF;
import static org.yifang.generated.Tables.AUDIT_OFFER_ALTERED;
import static org.yifang.generated.Tables.AUDIT_ORIGIN;
import static org.yifang.generated.Tables.AUDIT_TRACE_CODE_ALTERED;
import static org.yifang.generated.Tables.AUDIT_TRIGGER_OFF;
import static org.yifang.generated.Tables.AUDIT_TRIGGER_ON;
import static org.yifang.generated.Tables.AUDIT_VERSION_NOT_COMMITTED;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Hash;
import org.yifang.audit.log.Checkpoint;
import org.yifang.audit.log.CompactRange;
import org.yifang.audit.log.LogState;
import org.yifang.audit.log.LogStore;
import org.yifang.audit.log.SignedNote;
import org.yifang.audit.verify.Reconciliation.Kind;
import org.yifang.audit.verify.Reconciliation.Mismatch;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// Compares business data with what the events of its changes committed to, and the entries of the
/// log with the heads that were signed of them.
final class ContentCheck {
    private static final int PAGE = 1000;
    private static final int LEAVES = 10_000;

    private final Database database;
    private final List<Mismatch> all = new ArrayList<>();

    ContentCheck(Database database) {
        this.database = database;
    }

    /// Everything that does not fit. At most 1000 of each kind.
    List<Mismatch> run() {
        contents();
        versions();
        traceCodes();
        offers();
        triggers();
        leaves();
        return all;
    }

    private void add(Kind kind, String what, String text) {
        all.add(new Mismatch(kind, what, text));
    }

    private void contents() {
        var view = AUDIT_CONTENT_ALTERED;
        for (Row row :
                database.run(
                        SQL.select(view.ID, view.REFERENCE, view.WHAT).from(view).limit(PAGE))) {
            String what = Rows.get(row, view.REFERENCE);
            String told =
                    Rows.get(row, view.WHAT).equals("version")
                            ? "That version, or the document that it shows,"
                            : "The Task as it stands, or what was handed out of it,";
            add(
                    Kind.CONTENT_ALTERED,
                    what,
                    "%s `%s` is not what the event `%s` committed to."
                            .formatted(told, what, Rows.get(row, view.ID)));
        }
    }

    private void versions() {
        var view = AUDIT_VERSION_NOT_COMMITTED;
        for (Row row :
                database.run(SQL.select(view.REFERENCE, view.UPDATED_AT).from(view).limit(PAGE))) {
            String what = Rows.get(row, view.REFERENCE);
            add(
                    Kind.CHANGE_WITHOUT_EVENT,
                    what,
                    "No event commits to the version `%s` (%s)."
                            .formatted(what, Rows.get(row, view.UPDATED_AT)));
        }
    }

    private void traceCodes() {
        var view = AUDIT_TRACE_CODE_ALTERED;
        for (Row row :
                database.run(SQL.select(view.CODE, view.SOLD, view.TOLD).from(view).limit(PAGE))) {
            String code = Rows.get(row, view.CODE);
            add(
                    Kind.CONTENT_ALTERED,
                    "trace code " + code,
                    "Of the pack `%s` %s counts as sold, where dispenses tell of %s."
                            .formatted(
                                    code,
                                    Rows.get(row, view.SOLD).toPlainString(),
                                    Rows.get(row, view.TOLD).toPlainString()));
        }
    }

    private void offers() {
        var view = AUDIT_OFFER_ALTERED;
        for (Row row :
                database.run(
                        SQL.select(view.ID, view.PHARMACY, view.DRUG_CODE)
                                .from(view)
                                .limit(PAGE))) {
            add(
                    Kind.CONTENT_ALTERED,
                    "ChargeItemDefinition/" + Rows.get(row, view.ID),
                    "The offer `%s` (`%s`, `%s`) shows another price than the price event it names."
                            .formatted(
                                    Rows.get(row, view.ID),
                                    Rows.get(row, view.PHARMACY),
                                    Rows.get(row, view.DRUG_CODE)));
        }
    }

    private void triggers() {
        var off = AUDIT_TRIGGER_OFF;
        for (Row row :
                database.run(SQL.select(off.TABLE_NAME, off.TRIGGER_NAME).from(off).limit(PAGE))) {
            add(
                    Kind.TRIGGER_OFF,
                    Rows.get(row, off.TABLE_NAME),
                    "The trigger `%s` of the table `%s` is switched off."
                            .formatted(
                                    Rows.get(row, off.TRIGGER_NAME),
                                    Rows.get(row, off.TABLE_NAME)));
        }
        List<String> there = new ArrayList<>();
        database.run(SQL.select(AUDIT_TRIGGER_ON.TRIGGER_NAME).from(AUDIT_TRIGGER_ON).limit(PAGE))
                .forEach(row -> there.add(Rows.get(row, AUDIT_TRIGGER_ON.TRIGGER_NAME)));
        for (String wanted : Triggers.OF_MIGRATIONS) {
            if (!there.contains(wanted)) {
                add(Kind.TRIGGER_OFF, wanted, "The trigger `%s` is gone.".formatted(wanted));
            }
        }
    }

    /// Builds the tree from the stored hashes of entries and compares it with every head that was
    /// published and is still there.
    private void leaves() {
        // In this order: what is published and sequenced meanwhile is no contradiction.
        Map<Long, List<Checkpoint>> published = published();
        LogState state = LogStore.state(database::run);
        if (state == null) {
            return;
        }
        CompactRange tree = new CompactRange();
        compare(tree, published);
        long next = 0;
        while (next >= 0) {
            next = leaves(next, state.tree().size(), tree, published);
        }
        if (tree.size() != state.tree().size() || !tree.root().equals(state.tree().root())) {
            add(
                    Kind.TREE_ALTERED,
                    "audit_log",
                    "The entries stored (%d) do not make the tree that the log goes on from (%d)."
                            .formatted(tree.size(), state.tree().size()));
        }
        published.values().stream()
                .flatMap(List::stream)
                .forEach(one ->
                        add(
                                Kind.CHECKPOINT_CONTRADICTED,
                                "checkpoint " + one.size(),
                                "A checkpoint of %d entries was published; %d are stored."
                                        .formatted(one.size(), tree.size())));
    }

    private long leaves(
            long from, long end, CompactRange tree, Map<Long, List<Checkpoint>> published) {
        long next = from;
        int read = 0;
        for (Row row :
                database.run(
                        SQL.select(AUDIT_LEAF.INDEX, AUDIT_LEAF.HASH)
                                .from(AUDIT_LEAF)
                                .where(AUDIT_LEAF.INDEX.ge(from))
                                .and(AUDIT_LEAF.INDEX.lt(end))
                                .orderBy(AUDIT_LEAF.INDEX)
                                .limit(LEAVES))) {
            read++;
            long index = Rows.get(row, AUDIT_LEAF.INDEX);
            if (index != next && all.size() < PAGE) {
                add(
                        Kind.ENTRY_MISSING,
                        "entry " + next,
                        "Entries %d to %d are gone from the log.".formatted(next, index - 1));
            }
            next = index + 1;
            tree.append(Hash.of(Rows.get(row, AUDIT_LEAF.HASH)), (height, at, hash) -> {});
            compare(tree, published);
        }
        return read == LEAVES ? next : -1;
    }

    private void compare(CompactRange tree, Map<Long, List<Checkpoint>> published) {
        for (Checkpoint one :
                Objects.requireNonNullElse(published.remove(tree.size()), List.<Checkpoint>of())) {
            if (!one.root().equals(tree.root())) {
                add(
                        Kind.CHECKPOINT_CONTRADICTED,
                        "checkpoint " + one.size(),
                        ("The checkpoint of %d entries that was published is not that of the "
                                        + "entries.")
                                .formatted(one.size()));
            }
        }
    }

    /// The published heads by their size. Those of an earlier name of the log that cover what was
    /// lost before it got the next one are told of by `/audit/origins`.
    private Map<Long, List<Checkpoint>> published() {
        Map<String, Long> mostOf = new HashMap<>();
        for (Row row :
                database.run(
                        SQL.select(AUDIT_ORIGIN.PREDECESSOR, AUDIT_ORIGIN.FROM_SIZE)
                                .from(AUDIT_ORIGIN)
                                .where(AUDIT_ORIGIN.PREDECESSOR.isNotNull())
                                .limit(PAGE))) {
            mostOf.merge(
                    Rows.get(row, AUDIT_ORIGIN.PREDECESSOR),
                    Rows.get(row, AUDIT_ORIGIN.FROM_SIZE),
                    Math::min);
        }
        Map<Long, List<Checkpoint>> published = new TreeMap<>();
        String origin = "";
        long after = -1;
        while (true) {
            String fromOrigin = origin;
            long fromSize = after;
            int read = 0;
            for (Row row :
                    database.run(
                            SQL.select(
                                            AUDIT_CHECKPOINT.ORIGIN,
                                            AUDIT_CHECKPOINT.SIZE,
                                            AUDIT_CHECKPOINT.NOTE)
                                    .from(AUDIT_CHECKPOINT)
                                    .where(
                                            DSL.row(AUDIT_CHECKPOINT.ORIGIN, AUDIT_CHECKPOINT.SIZE)
                                                    .gt(fromOrigin, fromSize))
                                    .orderBy(AUDIT_CHECKPOINT.ORIGIN, AUDIT_CHECKPOINT.SIZE)
                                    .limit(LEAVES))) {
                read++;
                origin = Rows.get(row, AUDIT_CHECKPOINT.ORIGIN);
                after = Rows.get(row, AUDIT_CHECKPOINT.SIZE);
                Checkpoint one = parsed(after, Rows.get(row, AUDIT_CHECKPOINT.NOTE));
                if (one != null && one.size() <= mostOf.getOrDefault(origin, Long.MAX_VALUE)) {
                    published.computeIfAbsent(one.size(), size -> new ArrayList<>()).add(one);
                }
            }
            if (read < LEAVES) {
                return published;
            }
        }
    }

    private @Nullable Checkpoint parsed(long size, String note) {
        try {
            Checkpoint one = Checkpoint.parse(SignedNote.parse(note).text());
            if (one.size() == size) {
                return one;
            }
        } catch (IllegalArgumentException broken) {
            // Told below like any other that is not what its place says.
        }
        add(
                Kind.CHECKPOINT_CONTRADICTED,
                "checkpoint " + size,
                "What was published as the checkpoint of %d entries is none.".formatted(size));
        return null;
    }
}
