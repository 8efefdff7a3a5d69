package org.yifang.queue.live;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.QueueRow;
import org.yifang.queue.ticket.QueueStage;
import org.yifang.queue.ticket.TicketRow;
import org.yifang.queue.ticket.TicketRules;
import org.yifang.queue.ticket.WaitPrediction;
import org.yifang.statistics.WaitBlend;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// How every queue stands now and how long a new ticket would wait, read at most every two seconds
/// and kept in memory, so that a thousand watching telephones cost no more than one.
public final class LiveQueues {
    /// A queue at a moment.
    ///
    /// @param calling tickets that are called now, masked; `next` those to be called after them
    /// @param learntFrom past waits that the prediction comes from
    /// @param calibration how its predictions did lately
    public record Now(
            QueueRow queue,
            int inLine,
            List<String> calling,
            List<String> next,
            WaitPrediction prediction,
            int learntFrom,
            PastWaits.Calibration calibration,
            Instant at) {}

    private record Learnt(
            WaitBlend blend,
            PastWaits.Calibration calibration,
            double gap,
            int waits,
            Instant at) {}

    private record Counters(List<QueueRow> queues, Instant at) {}

    /// Tickets that a screen in a hall names at once.
    private static final int SHOWN_MOST = 3;

    private static final int SHOWN_CHARACTERS = 4;

    /// As many as a short number has that somebody can be called by: more of a longer one is never
    /// shown, even where it then is not the only one.
    private static final int SHOWN_CHARACTERS_MOST = 8;

    private static final Duration LEARN_AGAIN = Duration.ofHours(1);
    private static final Duration COUNTERS_FRESH = Duration.ofMinutes(1);

    private final LiveStore store;
    private final InstantSource clock;
    private final Map<UUID, Now> known = new ConcurrentHashMap<>();
    private final Map<UUID, Learnt> learnt = new ConcurrentHashMap<>();
    private final Map<UUID, Counters> counters = new ConcurrentHashMap<>();
    private final Set<UUID> outdated = ConcurrentHashMap.newKeySet();
    private volatile Set<UUID> changed = ConcurrentHashMap.newKeySet();
    private Set<UUID> settling = Set.of();

    public LiveQueues(Database database, InstantSource clock) {
        this.store = new LiveStore(database);
        this.clock = clock;
    }

    /// How a queue stands, at most two seconds old; empty for a queue that is not known. Waits.
    public Optional<Now> now(UUID queue) {
        Instant now = clock.instant();
        Now last = known.get(queue);
        boolean moved = outdated.remove(queue);
        if (last != null && !moved && last.at().plus(QueueLimits.STANDING_FRESH).isAfter(now)) {
            return Optional.of(last);
        }
        Optional<QueueRow> row = last == null ? store.queue(queue) : Optional.of(last.queue());
        return row.map(found -> read(found, now));
    }

    /// What a queue's standing was when it was last read, so that a transaction need not wait.
    public @Nullable WaitPrediction predictionFor(TicketRow ticket, Instant now) {
        Instant joined = ticket.content().joined();
        Now last = known.get(ticket.queue().id());
        boolean live = joined != null && joined.isAfter(now.minus(TicketRules.AHEAD_MOST));
        boolean fresh = last != null && last.at().isAfter(now.minus(Duration.ofMinutes(1)));
        return live && fresh && last != null ? last.prediction() : null;
    }

    /// How many stand before a ticket; empty when it is not in line. Waits.
    public Optional<Integer> ahead(UUID ticket) {
        return Optional.ofNullable(store.ahead(ticket));
    }

    /// The queues of an organization at which people wait for their medicine, at most a minute old.
    /// Waits.
    List<QueueRow> counters(UUID organization) {
        Instant now = clock.instant();
        Counters last = counters.get(organization);
        if (last != null && last.at().plus(COUNTERS_FRESH).isAfter(now)) {
            return last.queues();
        }
        List<QueueRow> found =
                store.queues(organization).stream()
                        .filter(queue ->
                                queue.stage() == QueueStage.HAND_OVER
                                        || queue.stage() == QueueStage.DISPENSING)
                        .toList();
        counters.put(organization, new Counters(found, now));
        return found;
    }

    /// The queues of the organization with a number. Waits.
    List<QueueRow> queuesOf(String organization) {
        return store.queues(organization);
    }

    /// A queue was told to have changed: what was read before is not told again as how it stands,
    /// else a watcher would be shown the old line and hear nothing more of the new one.
    public void outdated(UUID queue) {
        if (known.containsKey(queue)) {
            outdated.add(queue);
        }
    }

    /// A transaction under way changes a queue: whoever watches it is told soon after.
    public void changed(UUID queue) {
        changed.add(queue);
    }

    /// Tells every instance of what changed before the last call, so that what was under way then
    /// is committed by now. (A NOTIFY within the transactions themselves would make the server
    /// commit them one after the other.) Waits.
    void tellChanged() {
        Set<UUID> settled = settling;
        settling = changed;
        changed = ConcurrentHashMap.newKeySet();
        if (!settled.isEmpty()) {
            store.tell(settled);
        }
    }

    private Now read(QueueRow queue, Instant now) {
        LocalDate today = LocalDate.ofInstant(now, QueueLimits.ZONE);
        Learnt past = past(queue, today, now);
        List<LiveStore.InLine> line = store.inLine(queue.id(), today);
        PastWaits.Served[] lately = store.served(queue.id(), today, now);
        double lastStart = Double.NEGATIVE_INFINITY;
        double lastWait = -1;
        for (PastWaits.Served one : lately) {
            if (one.started() > lastStart && -one.started() < QueueLimits.LATELY.toSeconds()) {
                lastStart = one.started();
                lastWait = one.started() - one.joined();
            }
        }
        PastWaits.Served[] recent =
                Arrays.stream(lately)
                        .filter(one -> -one.started() < QueueLimits.LATELY.toSeconds())
                        .toArray(PastWaits.Served[]::new);
        double gap = recent.length < 5 ? past.gap() : PastWaits.typicalGap(recent);
        double head =
                line.isEmpty()
                        ? -1
                        : Math.max(Duration.between(line.getFirst().joined(), now).toSeconds(), 0);
        // A gap between services stands for mean service divided by counters.
        WaitPrediction.Standing standing =
                new WaitPrediction.Standing(
                        line.size(), 1, line.isEmpty() ? 0 : 1, gap, lastWait, head);
        Now read =
                new Now(
                        queue,
                        line.size(),
                        shown(line, true),
                        shown(line, false),
                        WaitPrediction.of(standing, past.blend()),
                        past.waits(),
                        past.calibration(),
                        now);
        known.put(queue.id(), read);
        return read;
    }

    /// The end of each ticket's number: enough for who holds it, and nothing of a longer number
    /// that somebody could look up.
    private static List<String> shown(List<LiveStore.InLine> line, boolean called) {
        return line.stream()
                .filter(one -> one.called() == called)
                .limit(SHOWN_MOST)
                .map(one -> masked(one.ticket(), line))
                .toList();
    }

    /// As short as can be while nobody else in the line would think that it is theirs.
    static String masked(String ticket, List<LiveStore.InLine> line) {
        int shown = SHOWN_CHARACTERS;
        while (shown < Math.min(SHOWN_CHARACTERS_MOST, ticket.length())
                && isSharedEnd(ticket, ticket.substring(ticket.length() - shown), line)) {
            shown++;
        }
        return ticket.length() <= shown ? ticket : "…" + ticket.substring(ticket.length() - shown);
    }

    private static boolean isSharedEnd(String ticket, String end, List<LiveStore.InLine> line) {
        return line.stream()
                .map(LiveStore.InLine::ticket)
                .anyMatch(other -> !other.equals(ticket) && other.endsWith(end));
    }

    private Learnt past(QueueRow queue, LocalDate today, Instant now) {
        Learnt last = learnt.get(queue.id());
        if (last != null && last.at().plus(LEARN_AGAIN).isAfter(now)) {
            return last;
        }
        LocalDate since = today.minusDays(QueueLimits.LEARNT_FROM.toDays());
        PastWaits.Served[] served = store.served(queue.id(), since, now);
        PastWaits past = PastWaits.replay(served);
        Learnt next =
                new Learnt(
                        past.fit(),
                        past.calibration(),
                        PastWaits.typicalGap(served),
                        served.length,
                        now);
        learnt.put(queue.id(), next);
        return next;
    }
}
