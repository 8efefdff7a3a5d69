package org.yifang.audit.log;

import static org.yifang.generated.Tables.AUDIT_CHECKPOINT;
import static org.yifang.generated.Tables.AUDIT_EVENT;
import static org.yifang.generated.Tables.AUDIT_LEAF;
import static org.yifang.generated.Tables.AUDIT_LOG;
import static org.yifang.generated.Tables.AUDIT_NODE;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jooq.Query;
import org.jooq.SelectConditionStep;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Hash;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Prepared;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/// All SQL of the log's tree and its checkpoints.
public final class LogStore {
    /// Runs a query, in a transaction or alone.
    public interface Runner extends Function<Query, RowSet<Row>> {}

    private static final Field<String> TXID_TEXT =
            DSL.field("{0}::text", String.class, AUDIT_EVENT.TXID).as("txid_text");
    private static final Field<String> LAST_TXID_TEXT =
            DSL.field("{0}::text", String.class, AUDIT_LOG.LAST_TXID).as("last_txid_text");

    /// An event that no leaf stands for yet.
    record Unsequenced(UUID id, Instant recorded, String txid, byte[] entry) {}

    /// Makes the commit of this transaction wait until it is durable, whatever the server is set
    /// to.
    static void commitDurably(Tx tx) {
        var _ = tx.start(SQL.query("set local synchronous_commit = on"));
    }

    /// Whether the server will count transactions on from after the last one of `state`.
    static boolean isCounterAhead(Runner run, LogState state) {
        Query query =
                SQL.resultQuery(
                        "select pg_snapshot_xmax(pg_current_snapshot()) > {0}::text::xid8 as ahead",
                        DSL.val(state.lastTxid()));
        return run.apply(query).iterator().next().getBoolean("ahead");
    }

    /// Locks the log for this transaction; null when another instance is at work, or no log was
    /// started.
    static @Nullable LogState lock(Tx tx) {
        return state(tx.run(stateQuery().and(AUDIT_LOG.SINGLE.isTrue()).forUpdate().skipLocked()));
    }

    /// The log as it is committed now; null when none was started.
    public static @Nullable LogState state(Runner run) {
        return state(run.apply(stateQuery()));
    }

    private static SelectConditionStep<?> stateQuery() {
        return SQL.select(
                        AUDIT_LOG.ORIGIN,
                        AUDIT_LOG.SIZE,
                        AUDIT_LOG.SUBTREES,
                        LAST_TXID_TEXT,
                        AUDIT_LOG.LAST_ID)
                .from(AUDIT_LOG)
                .where(AUDIT_LOG.SINGLE.isTrue());
    }

    private static @Nullable LogState state(RowSet<Row> rows) {
        for (Row row : rows) {
            return new LogState(
                    Rows.get(row, AUDIT_LOG.ORIGIN),
                    new CompactRange(
                            Rows.get(row, AUDIT_LOG.SIZE), Rows.get(row, AUDIT_LOG.SUBTREES)),
                    Rows.get(row, LAST_TXID_TEXT),
                    Rows.get(row, AUDIT_LOG.LAST_ID));
        }
        return null;
    }

    /// Events after `state` that no running transaction can still precede, in sequence.
    static List<Unsequenced> next(Tx tx, LogState state, int limit) {
        return unsequenced(
                tx.run(
                        unsequencedQuery()
                                .where(
                                        "({0}, {1}) > ({2}::text::xid8, {3}::uuid)",
                                        AUDIT_EVENT.TXID,
                                        AUDIT_EVENT.ID,
                                        DSL.val(state.lastTxid()),
                                        DSL.val(state.lastId()))
                                .and(
                                        "{0} < pg_snapshot_xmin(pg_current_snapshot())",
                                        AUDIT_EVENT.TXID)
                                .orderBy(AUDIT_EVENT.TXID, AUDIT_EVENT.ID)
                                .limit(limit)));
    }

    /// Events that have no leaf, whatever their transaction; only while nothing else is written.
    static List<Unsequenced> leftOver(Tx tx, int limit) {
        return unsequenced(
                tx.run(
                        unsequencedQuery()
                                .whereNotExists(
                                        SQL.selectOne()
                                                .from(AUDIT_LEAF)
                                                .where(AUDIT_LEAF.EVENT_ID.eq(AUDIT_EVENT.ID)))
                                .orderBy(AUDIT_EVENT.TXID, AUDIT_EVENT.ID)
                                .limit(limit)));
    }

    private static org.jooq.SelectJoinStep<?> unsequencedQuery() {
        return SQL.select(
                        AUDIT_EVENT.ID,
                        AUDIT_EVENT.RECORDED,
                        AUDIT_EVENT.TYPE,
                        TXID_TEXT,
                        AUDIT_EVENT.COMMITMENTS)
                .from(AUDIT_EVENT);
    }

    private static List<Unsequenced> unsequenced(RowSet<Row> rows) {
        List<Unsequenced> events = new ArrayList<>();
        for (Row row : rows) {
            events.add(
                    new Unsequenced(
                            Rows.get(row, AUDIT_EVENT.ID),
                            Rows.get(row, AUDIT_EVENT.RECORDED),
                            Rows.get(row, TXID_TEXT),
                            entry(row)));
        }
        return events;
    }

    private static byte[] entry(Row row) {
        return Entries.entry(
                Rows.get(row, AUDIT_EVENT.ID),
                Rows.get(row, AUDIT_EVENT.TYPE),
                Rows.get(row, AUDIT_EVENT.COMMITMENTS));
    }

    /// An event at its place in the log.
    private record Leaf(long index, Unsequenced event, Hash hash) {}

    private static final Insert<Leaf> LEAVES =
            Insert.into(AUDIT_LEAF)
                    .set(AUDIT_LEAF.INDEX, Leaf::index)
                    .set(AUDIT_LEAF.EVENT_ID, one -> one.event().id())
                    .set(AUDIT_LEAF.RECORDED, one -> one.event().recorded())
                    .set(AUDIT_LEAF.HASH, one -> one.hash().bytes());

    /// A hash of the tiles above the leaves.
    private record Node(int level, long index, Hash hash) {}

    private static final Insert<Node> NODES =
            Insert.into(AUDIT_NODE)
                    .set(AUDIT_NODE.LEVEL, Node::level)
                    .set(AUDIT_NODE.INDEX, Node::index)
                    .set(AUDIT_NODE.HASH, one -> one.hash().bytes());

    /// The state of the log, and since when.
    private record Saved(LogState state, Instant at) {}

    private static final Prepared<Saved> SAVE =
            Prepared.of(v ->
                    SQL.insertInto(AUDIT_LOG)
                            .set(
                                    AUDIT_LOG.ORIGIN,
                                    v.of(AUDIT_LOG.ORIGIN, one -> one.state().origin()))
                            .set(
                                    AUDIT_LOG.SIZE,
                                    v.of(AUDIT_LOG.SIZE, one -> one.state().tree().size()))
                            .set(
                                    AUDIT_LOG.SUBTREES,
                                    v.of(AUDIT_LOG.SUBTREES, one -> one.state().tree().bytes()))
                            .set(
                                    AUDIT_LOG.LAST_TXID,
                                    DSL.field(
                                            "{0}::text::xid8",
                                            AUDIT_LOG.LAST_TXID.getDataType(),
                                            v.of(LAST_TXID_TEXT, one -> one.state().lastTxid())))
                            .set(
                                    AUDIT_LOG.LAST_ID,
                                    v.of(AUDIT_LOG.LAST_ID, one -> one.state().lastId()))
                            .set(AUDIT_LOG.SEQUENCED_AT, v.of(AUDIT_LOG.SEQUENCED_AT, Saved::at))
                            .onConflict(AUDIT_LOG.SINGLE)
                            .doUpdate()
                            .setAllToExcluded());

    /// Appends `events` to the tree and writes their leaves, the nodes they complete and the new
    /// state; `state.tree()` is changed.
    static LogState append(Tx tx, LogState state, List<Unsequenced> events, Instant now) {
        List<Leaf> leaves = new ArrayList<>();
        List<Node> nodes = new ArrayList<>();
        for (Unsequenced event : events) {
            Hash leaf = Hash.ofLeaf(event.entry());
            leaves.add(new Leaf(state.tree().size(), event, leaf));
            state.tree()
                    .append(
                            leaf,
                            (height, index, hash) -> {
                                if (height % Tile.HEIGHT == 0) {
                                    nodes.add(new Node(height / Tile.HEIGHT, index, hash));
                                }
                            });
        }
        var _ = LEAVES.startAll(tx, leaves);
        if (!nodes.isEmpty()) {
            var _ = NODES.startAll(tx, nodes);
        }
        Unsequenced last = events.getLast();
        LogState next = new LogState(state.origin(), state.tree(), last.txid(), last.id());
        save(tx, next, now);
        return next;
    }

    /// Writes the state of the log.
    static void save(Tx tx, LogState state, Instant now) {
        var _ = SAVE.start(tx, new Saved(state, now));
    }

    /// The hashes of a tile as stored, or what is left of them.
    public static byte[] tile(Runner run, Tile tile) {
        Field<byte[]> hash = tile.level() == 0 ? AUDIT_LEAF.HASH : AUDIT_NODE.HASH;
        Query query =
                tile.level() == 0
                        ? SQL.select(AUDIT_LEAF.HASH)
                                .from(AUDIT_LEAF)
                                .where(AUDIT_LEAF.INDEX.ge(tile.first()))
                                .and(AUDIT_LEAF.INDEX.lt(tile.first() + tile.width()))
                                .orderBy(AUDIT_LEAF.INDEX)
                                .limit(Tile.FULL)
                        : SQL.select(AUDIT_NODE.HASH)
                                .from(AUDIT_NODE)
                                .where(AUDIT_NODE.LEVEL.eq(tile.level()))
                                .and(AUDIT_NODE.INDEX.ge(tile.first()))
                                .and(AUDIT_NODE.INDEX.lt(tile.first() + tile.width()))
                                .orderBy(AUDIT_NODE.INDEX)
                                .limit(Tile.FULL);
        java.io.ByteArrayOutputStream hashes = new java.io.ByteArrayOutputStream();
        for (Row row : run.apply(query)) {
            hashes.writeBytes(Rows.get(row, hash));
        }
        return hashes.toByteArray();
    }

    /// The entries of a bundle in order; fewer than its width when events are gone.
    static List<byte[]> entries(Runner run, Tile bundle) {
        List<byte[]> entries = new ArrayList<>();
        for (Row row :
                run.apply(
                        SQL.select(AUDIT_EVENT.ID, AUDIT_EVENT.TYPE, AUDIT_EVENT.COMMITMENTS)
                                .from(AUDIT_LEAF)
                                .join(AUDIT_EVENT)
                                .on(AUDIT_EVENT.RECORDED.eq(AUDIT_LEAF.RECORDED))
                                .and(AUDIT_EVENT.ID.eq(AUDIT_LEAF.EVENT_ID))
                                .where(AUDIT_LEAF.INDEX.ge(bundle.first()))
                                .and(AUDIT_LEAF.INDEX.lt(bundle.first() + bundle.width()))
                                .orderBy(AUDIT_LEAF.INDEX)
                                .limit(Tile.FULL))) {
            entries.add(entry(row));
        }
        return entries;
    }

    /// Publishes a checkpoint; one of this size that stands there already is the same.
    static Query publish(Checkpoint checkpoint, SignedNote note, Instant now) {
        return SQL.insertInto(AUDIT_CHECKPOINT)
                .set(AUDIT_CHECKPOINT.ORIGIN, checkpoint.origin())
                .set(AUDIT_CHECKPOINT.SIZE, checkpoint.size())
                .set(AUDIT_CHECKPOINT.SIGNED_AT, now)
                .set(AUDIT_CHECKPOINT.NOTE, note.format())
                .onConflictDoNothing();
    }

    /// A checkpoint as it was published.
    record Head(long size, Instant signed, String note) {}

    /// Checkpoints after a size, of whatever origin, oldest first.
    static List<Head> heads(Runner run, long after, int limit) {
        List<Head> heads = new ArrayList<>();
        for (Row row :
                run.apply(
                        SQL.select(
                                        AUDIT_CHECKPOINT.SIZE,
                                        AUDIT_CHECKPOINT.SIGNED_AT,
                                        AUDIT_CHECKPOINT.NOTE)
                                .from(AUDIT_CHECKPOINT)
                                .where(AUDIT_CHECKPOINT.SIZE.gt(after))
                                .orderBy(AUDIT_CHECKPOINT.SIZE, AUDIT_CHECKPOINT.SIGNED_AT)
                                .limit(limit))) {
            heads.add(
                    new Head(
                            Rows.get(row, AUDIT_CHECKPOINT.SIZE),
                            Rows.get(row, AUDIT_CHECKPOINT.SIGNED_AT),
                            Rows.get(row, AUDIT_CHECKPOINT.NOTE)));
        }
        return heads;
    }

    /// Of checkpoints signed before `before` leaves the last of each minute and every cosigned one.
    public static void thin(Database database, Instant before) {
        database.run(
                SQL.query(
                        "delete from audit_checkpoint c where signed_at < {0}"
                                + " and exists (select 1 from audit_checkpoint later"
                                + " where later.origin = c.origin and later.size > c.size"
                                + " and date_trunc('minute', later.signed_at)"
                                + " = date_trunc('minute', c.signed_at))"
                                + " and not exists (select 1 from audit_cosignature w"
                                + " where w.origin = c.origin and w.size = c.size)",
                        DSL.val(before)));
    }

    private LogStore() {}
}
