package org.yifang.audit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.audit.event.Hash;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/// Tiles and bundles are named and cut as C2SP tlog-tiles says.
class TileTest {
    /// The two examples of the specification: 1234067 in three groups, 70,000 entries in 277 tiles.
    @Test
    void paths_and_widths_are_those_of_the_specification() {
        assertThat(new Tile(0, 1_234_067, 256).path()).isEqualTo("tile/0/x001/x234/067");
        assertThat(Tile.ofLevel(0, 70_000)).hasSize(274).last().isEqualTo(new Tile(0, 273, 112));
        assertThat(Tile.ofLevel(1, 70_000))
                .containsExactly(new Tile(1, 0, 256), new Tile(1, 1, 17));
        assertThat(Tile.ofLevel(2, 70_000)).containsExactly(new Tile(2, 0, 1));
        assertThat(Tile.ofLevel(3, 70_000)).isEmpty();
        assertThat(Tile.ofLevel(1, 256)).containsExactly(new Tile(1, 0, 1));
    }

    @Test
    void a_path_is_read_as_it_was_written() {
        for (Tile tile :
                List.of(
                        new Tile(0, 0, 256),
                        new Tile(0, 0, 1),
                        new Tile(2, 999, 255),
                        new Tile(1, 1000, 17),
                        new Tile(Tile.ENTRIES, 1_234_067, 3))) {
            assertThat(Tile.parse(tile.path())).isEqualTo(tile);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tile/0/0",
                "tile/00/000",
                "tile/0/x000/001",
                "tile/0/1000",
                "tile/0/000.p/0",
                "tile/0/000.p/256",
                "tile/0/000.p/01",
                "tile/-1/000",
                "tile/64/000",
                "tile/7/000",
                "tile/0/../000",
                "tile/entries/000.p/",
                "tile/0/x999/x999/x999/x999/x999/999",
                "tile/6/x999/999",
            })
    void what_is_no_path_names_nothing(String path) {
        assertThat(Tile.parse(path)).isNull();
    }

    @Test
    void the_tree_of_its_tiles_has_the_root_of_its_entries() {
        Map<Tile, byte[]> tiles = new HashMap<>();
        Map<Integer, ByteArrayOutputStream> levels = new HashMap<>();
        CompactRange range = new CompactRange();
        for (int i = 0; i < 70_000; i++) {
            Hash leaf = Hash.ofLeaf(new byte[] {(byte) i, (byte) (i >> 8), (byte) (i >> 16)});
            level(levels, 0).writeBytes(leaf.bytes());
            range.append(
                    leaf,
                    (height, index, hash) -> {
                        if (height % 8 == 0) {
                            level(levels, height / 8).writeBytes(hash.bytes());
                        }
                    });
        }
        IntStream.range(0, 3)
                .forEach(level -> {
                    byte[] all = level(levels, level).toByteArray();
                    for (Tile tile : Tile.ofLevel(level, 70_000)) {
                        int from = (int) tile.first() * 32;
                        tiles.put(
                                tile,
                                java.util.Arrays.copyOfRange(all, from, from + tile.width() * 32));
                    }
                });
        MerkleTree tree =
                new MerkleTree(
                        new TileNodes(70_000, tile -> Objects.requireNonNull(tiles.get(tile))));
        assertThat(tree.root(70_000)).isEqualTo(range.root());
        Hash leaf = Hash.ofLeaf(new byte[] {(byte) 69_999, (byte) (69_999 >> 8), 1});
        assertThat(
                        MerkleProofs.includes(
                                69_999, leaf, 70_000, tree.inclusion(69_999, 70_000), range.root()))
                .isTrue();
        assertThat(
                        MerkleProofs.extendsTree(
                                33_333,
                                tree.root(33_333),
                                70_000,
                                range.root(),
                                tree.consistency(33_333, 70_000)))
                .isTrue();
    }

    @Test
    void a_bundle_holds_entries_of_any_length() {
        List<byte[]> entries = List.of(new byte[0], new byte[] {7}, new byte[65_535]);
        assertThat(EntryBundle.decode(EntryBundle.encode(entries)))
                .containsExactlyElementsOf(entries);
        assertThatThrownBy(() -> EntryBundle.encode(List.of(new byte[65_536])))
                .hasMessageContaining("65535");
        assertThatThrownBy(() -> EntryBundle.decode(new byte[] {0, 2, 1}))
                .hasMessageContaining("middle of an entry");
        assertThatThrownBy(() -> EntryBundle.decode(new byte[] {0}))
                .hasMessageContaining("middle of a length");
    }

    private static ByteArrayOutputStream level(
            Map<Integer, ByteArrayOutputStream> levels, int level) {
        return levels.computeIfAbsent(level, _ -> new ByteArrayOutputStream());
    }
}
