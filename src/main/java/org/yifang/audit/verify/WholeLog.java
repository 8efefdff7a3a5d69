package org.yifang.audit.verify;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Hash;
import org.yifang.audit.event.Leaf;
import org.yifang.audit.log.Checkpoint;
import org.yifang.audit.log.CompactRange;
import org.yifang.audit.log.EntryBundle;
import org.yifang.audit.log.LogSource;
import org.yifang.audit.log.Tile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads a log from its first entry to its last, rebuilds the tree and compares it with every tile
/// and every checkpoint.
final class WholeLog {
    private final LogSource source;
    private final long size;
    private final Deque<Checkpoint> checkpoints;
    private final LogFindings found;
    private final LogVerifier.Progress progress;

    private final SeenIds seen = new SeenIds();
    private final Backdating backdating = new Backdating();
    // Rebuilt from the entries, and from the leaf hashes that the log shows: where the two differ,
    // the checkpoints tell which of them was signed.
    private final CompactRange ofEntries = new CompactRange();
    private final CompactRange ofTiles = new CompactRange();
    private final Map<Integer, List<Hash>> row = new HashMap<>();
    private final Map<Integer, Long> compared = new HashMap<>();
    private long goodUpTo;

    /// @param checkpoints valid ones of at most `size` entries, by size; the last is the head
    WholeLog(
            LogSource source,
            long size,
            List<Checkpoint> checkpoints,
            LogFindings found,
            LogVerifier.Progress progress) {
        this.source = source;
        this.size = size;
        this.checkpoints = new ArrayDeque<>(checkpoints);
        this.found = found;
        this.progress = progress;
    }

    void check() throws IOException {
        compareCheckpoints();
        for (long index = 0; index << Tile.HEIGHT < size; index++) {
            Tile bundle = Tile.inTree(Tile.ENTRIES, index, size);
            Tile tile = Tile.inTree(0, index, size);
            if (bundle == null || tile == null) {
                throw new IllegalStateException("The tree has tile " + index + ".");
            }
            check(bundle, tile);
            progress.reached(bundle.first() + bundle.width(), size);
        }
        report(backdating.end(size));
        for (int level = 1; row.containsKey(level); level++) {
            compareRow(level);
        }
    }

    private void check(Tile bundle, Tile tile) throws IOException {
        byte[] hashes = source.read(tile.path());
        boolean tileServed = hashes != null && hashes.length == tile.width() * Hash.LENGTH;
        if (!tileServed) {
            missing(tile, "The leaf hashes");
        }
        List<byte[]> entries = entries(bundle);
        for (int i = 0; i < bundle.width(); i++) {
            long index = bundle.first() + i;
            Hash shown =
                    tileServed && hashes != null
                            ? Hash.of(hashes, i * Hash.LENGTH, Hash.LENGTH)
                            : null;
            byte[] entry = i < entries.size() ? entries.get(i) : null;
            Hash computed = entry == null ? null : check(index, entry, shown);
            Hash either = computed != null ? computed : shown;
            if (either == null) {
                either = Hash.EMPTY_ROOT; // Both are gone, which is told already.
            }
            ofTiles.append(shown != null ? shown : either, this::completed);
            ofEntries.append(either, (height, at, hash) -> {});
            compareCheckpoints();
        }
    }

    private List<byte[]> entries(Tile bundle) throws IOException {
        byte[] content = source.read(bundle.path());
        if (content == null) {
            missing(bundle, "The entries");
            return List.of();
        }
        try {
            List<byte[]> entries = EntryBundle.decode(content);
            if (entries.size() == bundle.width()) {
                return entries;
            }
            found.add(
                    new LogFinding(
                            LogFinding.Kind.MISSING,
                            bundle.first(),
                            bundle.first() + bundle.width(),
                            "`%s` holds %d entries instead of %d."
                                    .formatted(bundle.path(), entries.size(), bundle.width())));
        } catch (IllegalArgumentException wrong) {
            found.add(
                    new LogFinding(
                            LogFinding.Kind.ENTRY,
                            bundle.first(),
                            bundle.first() + bundle.width(),
                            "`%s` is no bundle of entries: %s"
                                    .formatted(bundle.path(), wrong.getMessage())));
        }
        return List.of();
    }

    private void missing(Tile tile, String what) {
        found.add(
                new LogFinding(
                        LogFinding.Kind.MISSING,
                        tile.first(),
                        tile.first() + tile.width(),
                        "%s %d to %d are not served whole (`%s`)."
                                .formatted(
                                        what,
                                        tile.first(),
                                        tile.first() + tile.width() - 1,
                                        tile.path())));
    }

    private Hash check(long index, byte[] entry, @Nullable Hash shown) {
        Hash hash = Hash.ofLeaf(entry);
        String event = "unreadable";
        try {
            Leaf leaf = Leaf.decode(entry);
            event = leaf.id().toString();
            report(backdating.next(index, leaf.id()));
            if (!seen.add(leaf.id())) {
                found.add(
                        LogFinding.at(
                                LogFinding.Kind.DUPLICATE,
                                index,
                                "Entry %d is event `%s`, which stands in the log already."
                                        .formatted(index, event)));
            }
        } catch (IllegalArgumentException wrong) {
            found.add(
                    LogFinding.at(
                            LogFinding.Kind.ENTRY,
                            index,
                            "Entry %d cannot be read: %s".formatted(index, wrong.getMessage())));
        }
        if (shown != null && !shown.equals(hash)) {
            found.add(
                    LogFinding.at(
                            LogFinding.Kind.ENTRY,
                            index,
                            ("Entry %d (event `%s`) is not the one that was hashed:"
                                            + " it has the hash %s, the tree %s.")
                                    .formatted(index, event, hash, shown)));
        }
        return hash;
    }

    private void report(@Nullable LogFinding finding) {
        if (finding != null) {
            found.add(finding);
        }
    }

    private void compareCheckpoints() {
        while (!checkpoints.isEmpty() && checkpoints.getFirst().size() == ofTiles.size()) {
            Checkpoint signed = checkpoints.removeFirst();
            if (ofTiles.root().equals(signed.root()) || ofEntries.root().equals(signed.root())) {
                goodUpTo = signed.size();
            } else {
                found.add(
                        new LogFinding(
                                LogFinding.Kind.REWRITTEN,
                                goodUpTo,
                                signed.size(),
                                ("The first %d entries are not those of the"
                                                + " checkpoint signed over them: something among"
                                                + " entries %d to %d was changed, removed, moved or"
                                                + " put in. Signed root `%s`, found `%s`.")
                                        .formatted(
                                                signed.size(),
                                                goodUpTo,
                                                signed.size() - 1,
                                                signed.root().base64(),
                                                ofTiles.root().base64())));
            }
        }
    }

    private void completed(int height, long index, Hash hash) {
        if (height % Tile.HEIGHT == 0) {
            int level = height / Tile.HEIGHT;
            List<Hash> pending = row.computeIfAbsent(level, _ -> new ArrayList<>());
            pending.add(hash);
            if (pending.size() == Tile.FULL) {
                compareRow(level);
            }
        }
    }

    /// Compares the hashes collected of a level with the tile that the log shows for them.
    private void compareRow(int level) {
        List<Hash> pending = row.getOrDefault(level, List.of());
        if (pending.isEmpty()) {
            return;
        }
        long index = compared.merge(level, 1L, Long::sum) - 1;
        Tile tile = new Tile(level, index, pending.size());
        try {
            byte[] shown = source.read(tile.path());
            byte[] expected = new byte[pending.size() * Hash.LENGTH];
            for (int i = 0; i < pending.size(); i++) {
                pending.get(i).copyTo(expected, i * Hash.LENGTH);
            }
            if (shown == null || !Arrays.equals(shown, expected)) {
                long span = 1L << (Tile.HEIGHT * level);
                found.add(
                        new LogFinding(
                                LogFinding.Kind.TILE,
                                tile.first() * span,
                                (tile.first() + tile.width()) * span,
                                "`%s` does not hold the hashes of the tiles below it."
                                        .formatted(tile.path())));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        pending.clear();
    }
}
