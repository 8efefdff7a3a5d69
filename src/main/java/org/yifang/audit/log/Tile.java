package org.yifang.audit.log;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names one tile, or one bundle of entries, of the published log (C2SP tlog-tiles).
///
/// @param level 0 for leaf hashes, one more for each 8 levels of the tree; [#ENTRIES] for a bundle
/// @param index which one of its level, from 0
/// @param width how many hashes or entries it holds: 256 when full, else 1 to 255
public record Tile(int level, long index, int width) {
    public static final int HEIGHT = 8;
    public static final int FULL = 1 << HEIGHT;

    /// The level of a bundle of entries.
    public static final int ENTRIES = -1;

    // The format allows levels to 63; a tree that a `long` can count ends at 6.
    private static final int LEVEL_MAX = 6;
    private static final Pattern PATH =
            Pattern.compile(
                    "tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,4}[0-9]{3})"
                            + "(?:\\.p/([1-9][0-9]{0,2}))?");

    public Tile {
        if (level < ENTRIES
                || level > LEVEL_MAX
                || index < 0
                || index >= Long.MAX_VALUE >> HEIGHT * (Math.max(level, 0) + 1)
                || width < 1
                || width > FULL) {
            throw new IllegalArgumentException(
                    "No such tile: level %d, index %d, width %d.".formatted(level, index, width));
        }
    }

    /// The tile at `level` and `index` as it stands in a tree of `size` entries, or null when that
    /// tree has none there.
    public static @Nullable Tile inTree(int level, long index, long size) {
        long hashes = level > LEVEL_MAX ? 0 : size >> (HEIGHT * Math.max(level, 0));
        long width = Math.min(FULL, hashes - (index << HEIGHT));
        return width < 1 ? null : new Tile(level, index, (int) width);
    }

    /// Every tile of a tree of `size` entries at `level`, in order.
    public static List<Tile> ofLevel(int level, long size) {
        List<Tile> tiles = new ArrayList<>();
        for (long index = 0; ; index++) {
            Tile tile = inTree(level, index, size);
            if (tile == null) {
                return tiles;
            }
            tiles.add(tile);
        }
    }

    /// The index of the first hash of this tile among the hashes of its level.
    public long first() {
        return index << HEIGHT;
    }

    /// The number of entries that a tree must have for this tile to be part of it.
    public long treeSize() {
        return (first() + width) << (HEIGHT * Math.max(level, 0));
    }

    public boolean isEntries() {
        return level == ENTRIES;
    }

    /// The path below the log's address: `tile/0/x001/234.p/5`.
    public String path() {
        StringBuilder groups = new StringBuilder("%03d".formatted(index % 1000));
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            groups.insert(0, "x%03d/".formatted(rest % 1000));
        }
        return "tile/"
                + (isEntries() ? "entries" : String.valueOf(level))
                + "/"
                + groups
                + (width == FULL ? "" : ".p/" + width);
    }

    /// Reads what [#path] wrote; null when it names no tile, or not in the one right way.
    public static @Nullable Tile parse(String path) {
        Matcher parts = PATH.matcher(path);
        if (!parts.matches()) {
            return null;
        }
        int level = "entries".equals(parts.group(1)) ? ENTRIES : Integer.parseInt(parts.group(1));
        long index = Long.parseLong(parts.group(2).replaceAll("[x/]", ""));
        int width = parts.group(3) == null ? FULL : Integer.parseInt(parts.group(3));
        if (level > LEVEL_MAX
                || width > FULL
                || index >= Long.MAX_VALUE >> HEIGHT * (Math.max(level, 0) + 1)) {
            return null;
        }
        Tile tile = new Tile(level, index, width);
        // One resource has one address, so that caches keep it once.
        return tile.path().equals(path) ? tile : null;
    }
}
