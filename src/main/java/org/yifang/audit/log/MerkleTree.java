package org.yifang.audit.log;

import org.yifang.audit.event.Hash;

import java.util.ArrayList;
import java.util.List;

/// Roots and proofs of a tree whose complete nodes can be looked up (RFC 6962 section 2.1).
public final class MerkleTree {
    /// Looks up the hash of a complete subtree: the leaves `index << height` and the following, `1
    /// << height` of them.
    @FunctionalInterface
    public interface Nodes {
        Hash at(int height, long index);
    }

    private final Nodes nodes;

    public MerkleTree(Nodes nodes) {
        this.nodes = nodes;
    }

    /// The root hash of the first `size` entries.
    public Hash root(long size) {
        return size == 0 ? Hash.EMPTY_ROOT : range(0, size);
    }

    /// The audit path of entry `index` in the tree of `size` entries, nearest sibling first (RFC
    /// 6962 section 2.1.1).
    public List<Hash> inclusion(long index, long size) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException(
                    "Entry " + index + " is not in a tree of " + size + ".");
        }
        List<Hash> path = new ArrayList<>();
        inclusion(index, 0, size, path);
        return path;
    }

    private void inclusion(long index, long start, long end, List<Hash> path) {
        if (end - start == 1) {
            return;
        }
        long split = start + split(end - start);
        if (index < split) {
            inclusion(index, start, split, path);
            path.add(range(split, end));
        } else {
            inclusion(index, split, end, path);
            path.add(range(start, split));
        }
    }

    /// The proof that the tree of `to` entries extends the tree of `from` (RFC 6962 section 2.1.2).
    /// Empty when `from` is 0 or equals `to`.
    public List<Hash> consistency(long from, long to) {
        if (from < 0 || from > to) {
            throw new IllegalArgumentException(
                    "A tree of " + to + " cannot extend a tree of " + from + ".");
        }
        List<Hash> proof = new ArrayList<>();
        if (from > 0) {
            consistency(from, 0, to, true, proof);
        }
        return proof;
    }

    /// `whole` says that the subtree from `start` to `from` is itself the old tree, whose root the
    /// verifier has.
    private void consistency(long from, long start, long end, boolean whole, List<Hash> proof) {
        if (from == end) {
            if (!whole) {
                proof.add(range(start, end));
            }
            return;
        }
        long split = start + split(end - start);
        if (from <= split) {
            consistency(from, start, split, whole, proof);
            proof.add(range(split, end));
        } else {
            consistency(from, split, end, false, proof);
            proof.add(range(start, split));
        }
    }

    private Hash range(long start, long end) {
        long width = end - start;
        if (Long.bitCount(width) == 1) {
            int height = Long.numberOfTrailingZeros(width);
            return nodes.at(height, start >> height);
        }
        long split = start + split(width);
        return Hash.ofChildren(range(start, split), range(split, end));
    }

    /// The largest power of two smaller than `width`.
    private static long split(long width) {
        return Long.highestOneBit(width - 1);
    }
}
