package org.yifang.queue.intake;

import org.yifang.platform.data.Tx;
import org.yifang.queue.ticket.QueueRow;
import org.yifang.queue.ticket.QueueStore;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The queues that this process has met, so that an event of a known queue asks for none: a queue
/// never goes away and never changes its stage.
final class QueueBook {
    /// A younger queue may still belong to a transaction that is rolled back.
    private static final Duration SETTLED = Duration.ofMinutes(1);

    private record Key(String organization, String code) {}

    private final QueueStore store;
    private final Map<Key, QueueRow> known = new ConcurrentHashMap<>();

    QueueBook(QueueStore store) {
        this.store = store;
    }

    /// Those of `codes` that are known; empty when any of them is not.
    List<QueueRow> known(String organization, Collection<String> codes) {
        List<QueueRow> found = new ArrayList<>();
        for (String code : codes) {
            QueueRow row = known.get(new Key(organization, code));
            if (row == null) {
                return List.of();
            }
            found.add(row);
        }
        return found;
    }

    /// Reads the queues of an organization, and keeps in mind those that will not change any more.
    List<QueueRow> read(Tx tx, String organization, Collection<String> codes, Instant now) {
        List<QueueRow> found = new ArrayList<>();
        for (QueueStore.Dated one : store.queues(tx, organization, codes)) {
            QueueRow row = one.row();
            if (row.stage() != null && one.createdAt().plus(SETTLED).isBefore(now)) {
                known.put(new Key(organization, row.code()), row);
            }
            found.add(row);
        }
        return found;
    }
}
