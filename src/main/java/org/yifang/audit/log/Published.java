package org.yifang.audit.log;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Hash;
import org.yifang.platform.data.Database;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// The log as its database publishes it: only what a signed checkpoint covers.
final class Published implements LogSource {
    private final Database database;
    private final Witnesses witnesses;
    private final AtomicLong size = new AtomicLong();

    Published(Database database, Witnesses witnesses) {
        this.database = database;
        this.witnesses = witnesses;
    }

    @Override
    public byte @Nullable [] read(String path) {
        if (path.equals("checkpoint")) {
            return witnesses.newest(database::run).format().getBytes(StandardCharsets.UTF_8);
        }
        Tile tile = Tile.parse(path);
        return tile == null || !covers(tile) ? null : content(tile);
    }

    private byte @Nullable [] content(Tile tile) {
        if (tile.isEntries()) {
            List<byte[]> entries = LogStore.entries(database::run, tile);
            return entries.size() < tile.width() ? null : EntryBundle.encode(entries);
        }
        byte[] hashes = LogStore.tile(database::run, tile);
        return hashes.length < tile.width() * Hash.LENGTH ? null : hashes;
    }

    private boolean covers(Tile tile) {
        if (tile.treeSize() > size.get()) {
            SignedNote newest = witnesses.newest(database::run);
            size.accumulateAndGet(Checkpoint.parse(newest.text()).size(), Math::max);
        }
        return tile.treeSize() <= size.get();
    }
}
