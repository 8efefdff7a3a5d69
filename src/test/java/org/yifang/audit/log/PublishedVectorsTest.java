package org.yifang.audit.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.yifang.audit.event.Hash;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// The test tree that Certificate Transparency implementations share, through everything that our
/// entries go through: appended and stored, signed, served as tiles, proved from them.
class PublishedVectorsTest {
    /// The leaf hashes of its eight entries, as published.
    private static final List<String> LEAVES =
            List.of(
                    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                    "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
                    "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                    "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
                    "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
                    "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1");

    private final LogFixture log = new LogFixture();

    @AfterEach
    void close() {
        log.close();
    }

    private void append(byte[] entry) {
        log.database.inTransaction(tx -> {
            LogState state = Objects.requireNonNull(LogStore.lock(tx));
            LogStore.Unsequenced event =
                    new LogStore.Unsequenced(
                            UUID.randomUUID(), LogFixture.NOON, state.lastTxid(), entry);
            return LogStore.append(tx, state, List.of(event), Instant.now());
        });
        log.sequencer.round();
    }

    private byte[] served(String path) throws Exception {
        return Objects.requireNonNull(log.source().read(path), path);
    }

    @Test
    void what_is_signed_and_served_of_the_shared_tree_is_what_was_published() throws Exception {
        for (int size = 1; size <= 8; size++) {
            append(MerkleTreeTest.ENTRIES.get(size - 1));
            Checkpoint signed =
                    Checkpoint.verified(
                            SignedNote.parse(served("checkpoint")), NoteKey.parse(log.vkey()));
            assertThat(signed.size()).isEqualTo(size);
            assertThat(signed.root()).hasToString(MerkleTreeTest.ROOTS.get(size));
            assertThat(HexFormat.of().formatHex(served("tile/0/000.p/" + size)))
                    .isEqualTo(String.join("", LEAVES.subList(0, size)));
        }
        MerkleTree tree =
                new MerkleTree(new TileNodes(8, tile -> LogStore.tile(log.database::run, tile)));
        MerkleTreeTest.assertPublishedPaths(tree);
        MerkleTreeTest.assertPublishedConsistency(tree);
        // The widths of earlier checkpoints stay readable.
        assertThat(served("tile/0/000.p/3")).hasSize(3 * 32);
        assertThat(log.source().read("tile/0/000")).isNull();
        assertThat(log.source().read("tile/0/000.p/9")).isNull();
    }

    /// The part of a log of 256,300 entries that has three groups in its paths.
    @Test
    void tiles_and_bundles_behind_the_thousandth_are_served_under_grouped_paths() throws Exception {
        log.grow(300);
        log.tamper("update audit_leaf set index = index + 256000");
        LogState state = Objects.requireNonNull(LogStore.state(log.database::run));
        Checkpoint head = new Checkpoint(LogFixture.ORIGIN, 256_300, state.tree().root());
        NoteSigner anyone = new NoteSigner(LogFixture.ORIGIN, NoteKey.Kind.ED25519, new byte[32]);
        log.database.run(
                LogStore.publish(
                        head,
                        new SignedNote(head.text(), List.of(anyone.sign(head.text()))),
                        LogFixture.NOON));
        byte[] tile = served("tile/0/x001/000");
        List<byte[]> full = EntryBundle.decode(served("tile/entries/x001/000"));
        assertThat(full).hasSize(256);
        ByteArrayOutputStream hashes = new ByteArrayOutputStream();
        full.forEach(entry -> hashes.writeBytes(Hash.ofLeaf(entry).bytes()));
        assertThat(tile).isEqualTo(hashes.toByteArray());
        assertThat(EntryBundle.decode(served("tile/entries/x001/001.p/44"))).hasSize(44);
        assertThat(served("tile/0/x001/001.p/44")).hasSize(44 * 32);
        assertThat(log.source().read("tile/0/x001/001")).isNull();
        assertThat(log.source().read("tile/0/1000")).isNull();
        assertThat(log.source().read("tile/entries/x001/002.p/1")).isNull();
    }
}
