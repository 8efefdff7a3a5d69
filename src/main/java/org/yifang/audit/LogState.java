package org.yifang.audit;

import java.util.UUID;

/// How far the log is sequenced.
///
/// @param origin the log's name now
/// @param tree its size and what appending needs
/// @param lastTxid transaction of the last sequenced event, decimal
/// @param lastId the last sequenced event
record LogState(String origin, CompactRange tree, String lastTxid, UUID lastId) {
    static final UUID NO_ID = new UUID(0, 0);

    Checkpoint checkpoint() {
        return new Checkpoint(origin, tree.size(), tree.root());
    }
}
