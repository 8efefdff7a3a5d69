package org.yifang.audit.log;

import io.vertx.sqlclient.Row;

import org.jooq.impl.DSL;
import org.yifang.audit.event.Hash;
import org.yifang.audit.event.Samples;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// What somebody can do who has every right in the database, and knows how the log is made.
public final class Superuser {
    private final LogFixture log;

    public Superuser(LogFixture log) {
        this.log = log;
    }

    public static void change(LogFixture log, int count) {
        for (int done = 0; done < count; done += 50) {
            int some = Math.min(50, count - done);
            log.database.inTransaction(tx -> {
                // Only the versions are needed of the business tables.
                tx.run(Database.SQL.query("set local session_replication_role = replica"));
                for (int i = 0; i < some; i++) {
                    UUID task = UUID.randomUUID();
                    version(tx, task);
                    log.audit.append(tx, LogFixture.claim(task));
                }
                return some;
            });
        }
    }

    private static void version(Tx tx, UUID task) {
        var _ =
                tx.start(
                        Database.SQL.query(
                                "insert into prescription_history (prescription_id, version, "
                                        + "state, task,"
                                        + " updated_at) values ({0}, 2, 'claimed', '\\x', now())",
                                DSL.val(task)));
    }

    public static String ofLeaf(long index) {
        return "(select event_id from audit_leaf where index = " + index + ")";
    }

    public static String flipped(long index) {
        return "update audit_event set commitments = set_byte(commitments, 5,"
                + " 1 # get_byte(commitments, 5)) where id = "
                + ofLeaf(index);
    }

    /// Hashes the tree anew from its leaves, as one would who wants to hide a change of them.
    public void rehash() {
        CompactRange tree = new CompactRange();
        List<String> nodes = new ArrayList<>();
        for (Row row : log.superuser("select hash from audit_leaf order by index")) {
            tree.append(
                    Hash.of(row.getBuffer("hash").getBytes()),
                    (height, index, hash) -> {
                        if (height % 8 == 0) {
                            nodes.add("(%d, %d, '\\x%s')".formatted(height / 8, index, hash));
                        }
                    });
        }
        log.tamper("delete from audit_node");
        if (!nodes.isEmpty()) {
            log.tamper(
                    "insert into audit_node (level, index, hash) values "
                            + String.join(", ", nodes));
        }
        log.tamper(
                "update audit_log set size = %d, subtrees = '\\x%s'"
                        .formatted(tree.size(), HexFormat.of().formatHex(tree.bytes())));
    }

    /// Makes the leaf hash of an entry fit its event again.
    public void rehashLeaf(long index) {
        Tile bundle = new Tile(Tile.ENTRIES, index >> 8, (int) (index & 255) + 1);
        byte[] entry = LogStore.entries(log.database::run, bundle).getLast();
        log.tamper(
                "update audit_leaf set hash = '\\x%s' where index = %d"
                        .formatted(Hash.ofLeaf(entry), index));
    }

    /// Has a head signed by whoever holds the service's own key, as a service that was fooled.
    public void signAgain() {
        LogState state = Objects.requireNonNull(LogStore.state(log.database::run));
        Checkpoint head = state.checkpoint();
        Origins origins =
                new Origins(
                        log.database,
                        Samples.SEAL,
                        LogFixture.ORIGIN,
                        new KeptCheckpoint(log.folder.resolve("audit-checkpoint")),
                        () -> LogFixture.NOON);
        SignedNote note =
                new SignedNote(
                        head.text(), List.of(origins.signer(head.origin()).sign(head.text())));
        log.tamper("delete from audit_checkpoint where size >= " + head.size());
        log.database.run(LogStore.publish(head, note, LogFixture.NOON));
    }

    public void swap(int one, int other) {
        log.tamper("alter table audit_leaf drop constraint audit_leaf_pkey");
        log.tamper(
                ("update audit_leaf set index = case index when %1$d then %2$d else"
                                + " %1$d end where index in (%1$d, %2$d)")
                        .formatted(one, other));
        log.tamper("alter table audit_leaf add primary key (index)");
    }
}
