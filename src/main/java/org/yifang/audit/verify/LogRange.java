package org.yifang.audit.verify;

import org.yifang.audit.event.Hash;
import org.yifang.audit.log.Checkpoint;
import org.yifang.audit.log.EntryBundle;
import org.yifang.audit.log.LogSource;
import org.yifang.audit.log.MerkleProofs;
import org.yifang.audit.log.MerkleTree;
import org.yifang.audit.log.Tile;
import org.yifang.audit.log.TileNodes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// Proves each entry of a range to be in the signed tree, and the tree to extend kept checkpoints,
/// reading only the tiles that this needs.
final class LogRange {
    private final LogSource source;
    private final Checkpoint head;
    private final List<Checkpoint> kept;
    private final LogFindings found;
    private final LogVerifier.Progress progress;
    private final MerkleTree tree;

    LogRange(
            LogSource source,
            Checkpoint head,
            List<Checkpoint> kept,
            LogFindings found,
            LogVerifier.Progress progress) {
        this.source = source;
        this.head = head;
        this.kept = kept;
        this.found = found;
        this.progress = progress;
        this.tree = new MerkleTree(new TileNodes(head.size(), this::tile));
    }

    private byte[] tile(Tile tile) {
        try {
            byte[] hashes = source.read(tile.path());
            if (hashes == null) {
                throw new IllegalArgumentException("`" + tile.path() + "` is not served.");
            }
            return hashes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void check(long from, long to) throws IOException {
        for (Checkpoint before : kept) {
            if (before.size() <= head.size()) {
                checkExtends(before);
            }
        }
        for (long index = from >> Tile.HEIGHT; index << Tile.HEIGHT < to; index++) {
            Tile bundle = Tile.inTree(Tile.ENTRIES, index, head.size());
            if (bundle != null) {
                check(bundle, from, to);
                progress.reached(Math.min(to, bundle.first() + bundle.width()) - from, to - from);
            }
        }
    }

    private void checkExtends(Checkpoint before) {
        try {
            List<Hash> proof = tree.consistency(before.size(), head.size());
            if (MerkleProofs.extendsTree(
                    before.size(), before.root(), head.size(), head.root(), proof)) {
                return;
            }
        } catch (IllegalArgumentException missing) {
            found.add(
                    LogFinding.whole(
                            LogFinding.Kind.MISSING, String.valueOf(missing.getMessage())));
            return;
        }
        found.add(
                new LogFinding(
                        LogFinding.Kind.REWRITTEN,
                        0,
                        before.size(),
                        ("The log of %d entries does not extend the checkpoint of %d"
                                        + " entries kept earlier. Check the whole log to learn "
                                        + "where.")
                                .formatted(head.size(), before.size())));
    }

    private void check(Tile bundle, long from, long to) throws IOException {
        byte[] content = source.read(bundle.path());
        List<byte[]> entries = content == null ? List.of() : EntryBundle.decode(content);
        for (int i = 0; i < bundle.width(); i++) {
            long index = bundle.first() + i;
            if (index < from || index >= to) {
                continue;
            }
            if (i >= entries.size()) {
                found.add(
                        LogFinding.at(
                                LogFinding.Kind.MISSING,
                                index,
                                "Entry %d is not served (`%s`).".formatted(index, bundle.path())));
            } else if (!isIncluded(index, entries.get(i))) {
                found.add(
                        LogFinding.at(
                                LogFinding.Kind.ENTRY,
                                index,
                                "Entry %d is not the one in the signed tree.".formatted(index)));
            }
        }
    }

    private boolean isIncluded(long index, byte[] entry) {
        try {
            return MerkleProofs.includes(
                    index,
                    Hash.ofLeaf(entry),
                    head.size(),
                    tree.inclusion(index, head.size()),
                    head.root());
        } catch (IllegalArgumentException missing) {
            return false;
        }
    }
}
