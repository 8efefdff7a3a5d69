package org.yifang.audit.log;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Hash;

import java.util.HashMap;
import java.util.Map;

/// The nodes of a tree of one size, computed from its tiles; each tile is read once.
public final class TileNodes implements MerkleTree.Nodes {
    /// Reads the hashes of a tile, one after the other.
    @FunctionalInterface
    public interface Reader {
        byte[] read(Tile tile);
    }

    private final long size;
    private final Reader reader;
    private final Map<Tile, byte[]> read = new HashMap<>();

    public TileNodes(long size, Reader reader) {
        this.size = size;
        this.reader = reader;
    }

    @Override
    public Hash at(int height, long index) {
        int level = height / Tile.HEIGHT;
        int above = height % Tile.HEIGHT;
        long first = index << above;
        @Nullable Tile tile = Tile.inTree(level, first >> Tile.HEIGHT, size);
        int offset = (int) (first & (Tile.FULL - 1));
        int count = 1 << above;
        if (tile == null || offset + count > tile.width()) {
            throw new IllegalArgumentException(
                    "A tree of %d has no complete node %d at height %d."
                            .formatted(size, index, height));
        }
        byte[] hashes = hashes(tile);
        Hash[] row = new Hash[count];
        for (int i = 0; i < count; i++) {
            row[i] = Hash.of(hashes, (offset + i) * Hash.LENGTH, Hash.LENGTH);
        }
        for (int width = count; width > 1; width /= 2) {
            for (int i = 0; i < width / 2; i++) {
                row[i] = Hash.ofChildren(row[2 * i], row[2 * i + 1]);
            }
        }
        return row[0];
    }

    private byte[] hashes(Tile tile) {
        byte[] known = read.get(tile);
        if (known != null) {
            return known;
        }
        byte[] hashes = reader.read(tile);
        if (hashes.length != tile.width() * Hash.LENGTH) {
            throw new IllegalArgumentException(
                    "%s should hold %d hashes and has %d bytes."
                            .formatted(tile.path(), tile.width(), hashes.length));
        }
        read.put(tile, hashes);
        return hashes;
    }
}
