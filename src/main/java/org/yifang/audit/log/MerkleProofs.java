package org.yifang.audit.log;

import org.yifang.audit.event.Hash;

import java.util.List;

/// Checks proofs against roots that the checker already trusts (RFC 9162 sections 2.1.3.2 and
/// 2.1.4.2; the trees are those of RFC 6962).
public final class MerkleProofs {
    /// Whether `path` leads from the leaf hash at `index` to `root` of the tree of `size` entries.
    public static boolean includes(long index, Hash leaf, long size, List<Hash> path, Hash root) {
        if (index < 0 || index >= size) {
            return false;
        }
        long node = index;
        long last = size - 1;
        Hash hash = leaf;
        for (Hash sibling : path) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                hash = Hash.ofChildren(sibling, hash);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                hash = Hash.ofChildren(hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && hash.equals(root);
    }

    /// Whether `proof` shows that the tree (`to`, `newRoot`) begins with the tree (`from`,
    /// `oldRoot`).
    public static boolean extendsTree(
            long from, Hash oldRoot, long to, Hash newRoot, List<Hash> proof) {
        if (from < 0 || from > to) {
            return false;
        }
        if (from == to) {
            return proof.isEmpty() && oldRoot.equals(newRoot);
        }
        if (from == 0) {
            return proof.isEmpty() && oldRoot.equals(Hash.EMPTY_ROOT);
        }
        // A tree of a power of two is a node of the new tree: its root stands before the proof.
        boolean complete = Long.bitCount(from) == 1;
        if (proof.isEmpty()) {
            return false;
        }
        Hash first = complete ? oldRoot : proof.getFirst();
        List<Hash> rest = complete ? proof : proof.subList(1, proof.size());
        long node = from - 1;
        long last = to - 1;
        while ((node & 1) == 1) {
            node >>= 1;
            last >>= 1;
        }
        Hash oldHash = first;
        Hash newHash = first;
        for (Hash sibling : rest) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                oldHash = Hash.ofChildren(sibling, oldHash);
                newHash = Hash.ofChildren(sibling, newHash);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                newHash = Hash.ofChildren(newHash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && oldHash.equals(oldRoot) && newHash.equals(newRoot);
    }

    private MerkleProofs() {}
}
