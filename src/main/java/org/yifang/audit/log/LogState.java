package org.yifang.audit.log;

import java.util.UUID;

/// How far the log is sequenced.
///
/// @param origin the log's name now
/// @param tree its size and what appending needs
/// @param lastTxid transaction of the last sequenced event, decimal
/// @param lastId the last sequenced event
public record LogState(String origin, CompactRange tree, String lastTxid, UUID lastId) {
    public static final UUID NO_ID = new UUID(0, 0);

    public Checkpoint checkpoint() {
        return new Checkpoint(origin, tree.size(), tree.root());
    }
}
