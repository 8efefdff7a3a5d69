package org.yifang.queue.intake;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.Access;
import org.yifang.platform.Caller;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.queue.live.LiveQueues;
import org.yifang.queue.ticket.Arriving;
import org.yifang.queue.ticket.Arriving.Result;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.QueueStore;
import org.yifang.queue.ticket.TicketStore;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/// The only door through which events come into a queue: each is judged by the rules, logged once,
/// and its ticket told anew, in one transaction.
public final class QueueDesk {
    /// Finds the prescriptions that an organization may name: those that it issued, holds or held.
    @FunctionalInterface
    public interface Linked {
        /// The patient of each of `tasks` that is such a prescription.
        Map<UUID, UUID> patients(Tx tx, UUID organization, Collection<UUID> tasks);

        /// Says of each event that names a prescription whose it is.
        default List<Arriving> named(Tx tx, UUID organization, List<Arriving> events) {
            Set<UUID> named = new LinkedHashSet<>();
            for (Arriving event : events) {
                if (event.prescription() != null) {
                    named.add(event.prescription());
                }
            }
            if (named.isEmpty()) {
                return events;
            }
            Map<UUID, UUID> patients = patients(tx, organization, named);
            return events.stream()
                    .map(event ->
                            event.prescription() == null
                                    ? event
                                    : event.of(patients.get(event.prescription())))
                    .toList();
        }
    }

    private final Database database;
    private final Audit audit;
    private final InstantSource clock;
    private final ClockStore clocks;
    private final Upload.Shared shared;

    public QueueDesk(
            Database database,
            Audit audit,
            InstantSource clock,
            Uuid7 ids,
            LiveQueues live,
            Linked linked,
            String region) {
        this.database = database;
        this.audit = audit;
        this.clock = clock;
        this.clocks = new ClockStore(region);
        QueueStore store = new QueueStore(region);
        this.shared =
                new Upload.Shared(
                        store,
                        clocks,
                        new TicketStore(region),
                        new QueueBook(store),
                        ids,
                        live,
                        linked);
    }

    /// Takes an upload in and answers each event in its place.
    ///
    /// @param sentAt when it was sent by the sender's clock, which measures that clock; null when
    ///   not told: then the clock counts as right
    public List<Result> receive(Caller caller, @Nullable Instant sentAt, List<Arriving> events) {
        Instant now = clock.instant();
        Duration offset = sentAt == null ? Duration.ZERO : Duration.between(sentAt, now);
        Upload.Teller teller =
                new Upload.Teller(
                        caller.organizationId(), caller.organization(), caller.clientId());
        List<UUID> tasks =
                events.stream().map(Arriving::prescription).filter(Objects::nonNull).toList();
        return database.inTransaction(tx -> {
            if (sentAt != null) {
                measure(tx, teller, offset, now);
            }
            List<Result> results = new Upload(shared, tx, teller, offset, now).take(events);
            audit.append(
                    tx,
                    Access.operation(caller, "queue-events", 'E', null, List.of(), tasks, null));
            return results;
        });
    }

    /// Takes in what the platform itself saw happen, in the transaction in which it happened.
    ///
    /// @param knownOnly whether tickets that nobody knows of are passed over
    void tell(Tx tx, Upload.Teller teller, List<Arriving> events, boolean knownOnly) {
        new Upload(shared, tx, teller, Duration.ZERO, clock.instant())
                .ofPlatform(knownOnly)
                .take(events);
    }

    /// Takes in what a caller told by other means than an upload, in the caller's transaction.
    List<Result> take(Tx tx, Caller caller, List<Arriving> events, Instant now) {
        Upload.Teller teller =
                new Upload.Teller(
                        caller.organizationId(), caller.organization(), caller.clientId());
        return new Upload(shared, tx, teller, Duration.ZERO, now).take(events);
    }

    void record(Tx tx, Access access) {
        audit.append(tx, access);
    }

    private void measure(Tx tx, Upload.Teller teller, Duration offset, Instant now) {
        var last = clocks.lastOffset(tx, teller.organizationId(), teller.source());
        long moved = last == null ? Long.MAX_VALUE : Math.abs(offset.toMillis() - last.millis());
        // Once a day also when nothing moved: who no longer tells the time must be seen.
        boolean isFirstToday = last != null && !day(last.measured()).equals(day(now));
        if (moved >= QueueLimits.CLOCK_NOISE.toMillis() || isFirstToday) {
            boolean jumped = last != null && moved > QueueLimits.CLOCK_JUMP.toMillis();
            clocks.addOffset(
                    tx,
                    new ClockStore.Offset(
                            teller.organizationId(),
                            teller.source(),
                            now,
                            offset.toMillis(),
                            jumped));
        }
    }

    private static LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, QueueLimits.ZONE);
    }
}
