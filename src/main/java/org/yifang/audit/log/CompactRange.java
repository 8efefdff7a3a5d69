package org.yifang.audit.log;

import org.yifang.audit.event.Hash;

import java.util.ArrayList;
import java.util.List;

/// What must be remembered of a tree to append to it: the roots of its complete subtrees, one per
/// bit of its size, largest first.
public final class CompactRange {
    /// Hears of each subtree that an entry completes.
    @FunctionalInterface
    public interface Completed {
        void node(int height, long index, Hash hash);
    }

    private final List<Hash> subtrees;
    private long size;

    /// The tree without entries.
    public CompactRange() {
        this.subtrees = new ArrayList<>();
    }

    /// A tree as [#bytes] wrote it.
    ///
    /// @throws IllegalArgumentException when the number of hashes does not fit the size
    public CompactRange(long size, byte[] hashes) {
        if (hashes.length != Long.bitCount(size) * Hash.LENGTH) {
            throw new IllegalArgumentException(
                    "A tree of %d entries has %d subtrees, not %d bytes of them."
                            .formatted(size, Long.bitCount(size), hashes.length));
        }
        this.size = size;
        this.subtrees = new ArrayList<>();
        for (int offset = 0; offset < hashes.length; offset += Hash.LENGTH) {
            subtrees.add(Hash.of(hashes, offset, Hash.LENGTH));
        }
    }

    public long size() {
        return size;
    }

    /// Appends one leaf hash and reports every inner node that it completes, lowest first.
    public void append(Hash leaf, Completed completed) {
        Hash hash = leaf;
        long index = size;
        int height = 0;
        while ((index & 1) == 1) {
            hash = Hash.ofChildren(subtrees.removeLast(), hash);
            index >>= 1;
            height++;
            completed.node(height, index, hash);
        }
        subtrees.add(hash);
        size++;
    }

    public Hash root() {
        if (subtrees.isEmpty()) {
            return Hash.EMPTY_ROOT;
        }
        Hash root = subtrees.getLast();
        for (int i = subtrees.size() - 2; i >= 0; i--) {
            root = Hash.ofChildren(subtrees.get(i), root);
        }
        return root;
    }

    /// The subtrees' hashes one after the other, largest subtree first.
    public byte[] bytes() {
        byte[] bytes = new byte[subtrees.size() * Hash.LENGTH];
        for (int i = 0; i < subtrees.size(); i++) {
            subtrees.get(i).copyTo(bytes, i * Hash.LENGTH);
        }
        return bytes;
    }
}
