package org.yifang.audit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.yifang.audit.event.Hash;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The tree against the vectors that the Certificate Transparency implementations share, and
/// against RFC 6962's own recursive definition.
class MerkleTreeTest {
    /// Entries of the published test tree, hexadecimal.
    static final List<byte[]> ENTRIES =
            List.of(
                    hex(""),
                    hex("00"),
                    hex("10"),
                    hex("2021"),
                    hex("3031"),
                    hex("40414243"),
                    hex("5051525354555657"),
                    hex("606162636465666768696a6b6c6d6e6f"));

    /// Its roots at sizes 0 to 8.
    static final List<String> ROOTS =
            List.of(
                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    @Nested
    class Published_vectors {
        @Test
        void every_root_is_the_published_one() {
            for (int size = 0; size <= 8; size++) {
                assertThat(grown(size).range.root()).hasToString(ROOTS.get(size));
                assertThat(grown(8).tree().root(size)).hasToString(ROOTS.get(size));
            }
        }

        @Test
        void audit_paths_are_the_published_ones() {
            assertPublishedPaths(grown(8).tree());
        }

        @Test
        void consistency_proofs_are_the_published_ones() {
            assertPublishedConsistency(grown(8).tree());
        }
    }

    /// The paths of RFC 6962 section 2.1.3's shape, as the shared vectors give them.
    static void assertPublishedPaths(MerkleTree tree) {
        assertThat(tree.inclusion(0, 1)).isEmpty();
        assertThat(tree.inclusion(0, 8))
                .map(Hash::toString)
                .containsExactly(
                        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
        assertThat(tree.inclusion(5, 8))
                .map(Hash::toString)
                .containsExactly(
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
        assertThat(tree.inclusion(2, 3))
                .map(Hash::toString)
                .containsExactly(
                        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
        assertThat(tree.inclusion(1, 5))
                .map(Hash::toString)
                .containsExactly(
                        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
    }

    static void assertPublishedConsistency(MerkleTree tree) {
        assertThat(tree.consistency(1, 1)).isEmpty();
        assertThat(tree.consistency(1, 8))
                .map(Hash::toString)
                .containsExactly(
                        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
        assertThat(tree.consistency(6, 8))
                .map(Hash::toString)
                .containsExactly(
                        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
        assertThat(tree.consistency(2, 5))
                .map(Hash::toString)
                .containsExactly(
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
    }

    @Nested
    class Proofs {
        @Test
        void each_entry_is_proved_in_each_tree_and_nowhere_else() {
            Grown grown = grown(70);
            for (int size = 1; size <= 70; size++) {
                Hash root = grown.tree().root(size);
                for (int index = 0; index < size; index++) {
                    List<Hash> path = grown.tree().inclusion(index, size);
                    Hash leaf = grown.leaf(index);
                    assertThat(MerkleProofs.includes(index, leaf, size, path, root)).isTrue();
                    assertThat(MerkleProofs.includes(index + 1, leaf, size, path, root)).isFalse();
                    assertThat(MerkleProofs.includes(index, root, size, path, leaf))
                            .isEqualTo(size == 1);
                }
            }
        }

        @Test
        void each_tree_extends_each_smaller_one_and_no_other() {
            Grown grown = grown(70);
            for (int to = 0; to <= 70; to++) {
                Hash newRoot = grown.tree().root(to);
                for (int from = 0; from <= to; from++) {
                    Hash oldRoot = grown.tree().root(from);
                    List<Hash> proof = grown.tree().consistency(from, to);
                    assertThat(MerkleProofs.extendsTree(from, oldRoot, to, newRoot, proof))
                            .isTrue();
                    Hash other = Hash.ofLeaf(new byte[] {1, 2, 3});
                    assertThat(MerkleProofs.extendsTree(from, other, to, newRoot, proof)).isFalse();
                    assertThat(MerkleProofs.extendsTree(from, oldRoot, to, other, proof))
                            .isEqualTo(from == 0 && to > 0);
                }
            }
        }

        @Test
        void a_longer_or_shorter_proof_is_refused() {
            Grown grown = grown(13);
            List<Hash> path = new ArrayList<>(grown.tree().inclusion(4, 13));
            Hash leaf = grown.leaf(4);
            Hash root = grown.range.root();
            path.add(root);
            assertThat(MerkleProofs.includes(4, leaf, 13, path, root)).isFalse();
            assertThat(MerkleProofs.includes(4, leaf, 13, path.subList(0, 3), root)).isFalse();
            assertThat(MerkleProofs.extendsTree(6, root, 13, root, List.of())).isFalse();
        }

        @Test
        void asking_beyond_the_tree_is_refused() {
            MerkleTree tree = grown(3).tree();
            assertThatThrownBy(() -> tree.inclusion(3, 3)).hasMessageContaining("not in a tree");
            assertThatThrownBy(() -> tree.consistency(4, 3)).hasMessageContaining("cannot extend");
        }
    }

    @Property(tries = 200)
    void a_compact_range_goes_on_where_it_was_written(
            @ForAll @IntRange(min = 0, max = 600) int size,
            @ForAll @IntRange(min = 0, max = 40) int more) {
        Grown grown = grown(size);
        CompactRange resumed = new CompactRange(size, grown.range.bytes());
        for (int i = 0; i < more; i++) {
            resumed.append(Hash.ofLeaf(entry(size + i)), (height, index, hash) -> {});
        }
        assertThat(resumed.root()).isEqualTo(grown(size + more).range.root());
        assertThat(resumed.root()).isEqualTo(defined(size + more, 0));
    }

    /// RFC 6962 section 2.1, word for word.
    private static Hash defined(int size, int start) {
        if (size == 0) {
            return Hash.EMPTY_ROOT;
        }
        if (size == 1) {
            return Hash.ofLeaf(entry(start));
        }
        int split = Integer.highestOneBit(size - 1);
        return Hash.ofChildren(defined(split, start), defined(size - split, start + split));
    }

    private record Grown(CompactRange range, Map<Long, Hash> nodes) {
        MerkleTree tree() {
            return new MerkleTree(this::node);
        }

        Hash leaf(long index) {
            return node(0, index);
        }

        private Hash node(int height, long index) {
            return Objects.requireNonNull(nodes.get(((long) height << 40) + index));
        }
    }

    private static Grown grown(int size) {
        Map<Long, Hash> nodes = new HashMap<>();
        CompactRange range = new CompactRange();
        for (int i = 0; i < size; i++) {
            Hash leaf = Hash.ofLeaf(entry(i));
            nodes.put((long) i, leaf);
            range.append(
                    leaf, (height, index, hash) -> nodes.put(((long) height << 40) + index, hash));
        }
        return new Grown(range, nodes);
    }

    private static byte[] entry(int index) {
        return index < ENTRIES.size()
                ? ENTRIES.get(index)
                : ("entry " + index).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
