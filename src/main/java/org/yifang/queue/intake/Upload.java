package org.yifang.queue.intake;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Tx;
import org.yifang.queue.live.LiveQueues;
import org.yifang.queue.ticket.Arriving;
import org.yifang.queue.ticket.Arriving.Outcome;
import org.yifang.queue.ticket.Arriving.Result;
import org.yifang.queue.ticket.QueueCode;
import org.yifang.queue.ticket.QueueEvent;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.QueueRow;
import org.yifang.queue.ticket.QueueStage;
import org.yifang.queue.ticket.QueueStore;
import org.yifang.queue.ticket.QueueStore.Logged;
import org.yifang.queue.ticket.Ticket;
import org.yifang.queue.ticket.TicketRow;
import org.yifang.queue.ticket.TicketRules;
import org.yifang.queue.ticket.TicketState;
import org.yifang.queue.ticket.TicketStore;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// One upload of events in its transaction: what is known is read once, each event judged in its
/// turn, and all that changed written at the end.
final class Upload {
    /// What all uploads of a desk share.
    record Shared(
            QueueStore store,
            ClockStore clocks,
            TicketStore tickets,
            QueueBook book,
            Uuid7 ids,
            LiveQueues live,
            QueueDesk.Linked linked) {}

    /// Whose events these are.
    ///
    /// @param source the client that tells, or `platform`
    record Teller(UUID organizationId, String organization, String source) {}

    private record Key(UUID queue, LocalDate day, String ticket) {}

    /// A ticket while its upload is judged.
    private static final class Open {
        TicketRow row;
        final boolean isNew;
        final List<QueueEvent> events = new ArrayList<>();
        final Map<Long, byte[]> contents = new HashMap<>();
        @Nullable Arriving last;

        Open(TicketRow row, boolean isNew) {
            this.row = row;
            this.isNew = isNew;
        }
    }

    private final QueueStore store;
    private final ClockStore clocks;
    private final TicketStore tickets;
    private final QueueBook book;
    private final Uuid7 ids;
    private final LiveQueues live;
    private final QueueDesk.Linked linked;
    private final Tx tx;
    private final Teller teller;
    private final Duration offset;
    private final Instant now;
    private final Map<String, QueueRow> queues = new HashMap<>();
    private final Map<Key, Open> open = new LinkedHashMap<>();
    private final List<Logged> added = new ArrayList<>();
    private boolean ofPlatform;
    private boolean knownOnly;

    Upload(Shared shared, Tx tx, Teller teller, Duration offset, Instant now) {
        this.store = shared.store();
        this.clocks = shared.clocks();
        this.tickets = shared.tickets();
        this.book = shared.book();
        this.ids = shared.ids();
        this.live = shared.live();
        this.linked = shared.linked();
        this.tx = tx;
        this.teller = teller;
        this.offset = offset;
        this.now = now;
    }

    /// Told by the platform itself: its tickets are those of a prescription whose row is locked, so
    /// nothing else need be.
    ///
    /// @param passingUnknown whether tickets that nobody knows of are passed over
    Upload ofPlatform(boolean passingUnknown) {
        ofPlatform = true;
        knownOnly = passingUnknown;
        return this;
    }

    List<Result> take(List<Arriving> sent) {
        List<Arriving> events = ofPlatform ? sent : linked.named(tx, teller.organizationId(), sent);
        List<Arriving> sound = events.stream().filter(one -> one.fault().isEmpty()).toList();
        if (!sound.isEmpty()) {
            know(sound);
        }
        List<Result> results = new ArrayList<>(events.size());
        for (Arriving event : events) {
            results.add(judge(event));
        }
        write();
        if (!ofPlatform) {
            count(results);
        }
        return results;
    }

    private void count(List<Result> results) {
        Map<Outcome, Long> became = new EnumMap<>(Outcome.class);
        results.forEach(result -> became.merge(result.outcome(), 1L, Long::sum));
        Instant early = now.minus(QueueLimits.LATE);
        clocks.count(
                tx,
                teller.organizationId(),
                teller.source(),
                LocalDate.ofInstant(now, QueueLimits.ZONE),
                new ClockStore.Counts(
                        added.size(),
                        added.stream().filter(one -> one.event().at().isBefore(early)).count(),
                        became.getOrDefault(Outcome.REPEATED, 0L),
                        became.getOrDefault(Outcome.REFUSED, 0L),
                        became.getOrDefault(Outcome.QUARANTINED, 0L)));
    }

    /// Reads what is known of the queues and tickets of an upload; makes queues that are new.
    private void know(List<Arriving> events) {
        Set<String> codes = new LinkedHashSet<>();
        events.forEach(event -> codes.add(event.queue()));
        readQueues(codes).forEach(this::keep);
        for (Arriving event : events) {
            QueueRow before = queues.get(event.queue());
            QueueStage stage = QueueStage.of(event.stage()).orElseThrow();
            if (before == null) {
                QueueRow made = newQueue(event, stage);
                store.make(tx, made, now);
                keep(made);
            } else if (before.stage() == null) {
                store.nameStage(tx, before.id(), stage, now);
                keep(
                        new QueueRow(
                                before.id(),
                                before.organizationId(),
                                before.organization(),
                                before.code(),
                                stage,
                                before.department()));
            }
        }
        readTickets(events);
    }

    private List<QueueRow> readQueues(Set<String> codes) {
        List<QueueRow> known = book.known(teller.organization(), codes);
        if (ofPlatform) {
            if (known.isEmpty()) {
                known = book.read(tx, teller.organization(), codes, now);
            }
            if (known.size() == codes.size()) {
                return known;
            }
            // The lock is held to the end of the transaction, and every prescription of a hospital
            // goes through one queue: only who may make that queue takes it.
            known = List.of();
        }
        store.lock(tx, teller.organization(), codes);
        return known.isEmpty() ? book.read(tx, teller.organization(), codes, now) : known;
    }

    private QueueRow newQueue(Arriving event, QueueStage stage) {
        return new QueueRow(
                ids.get(),
                teller.organizationId(),
                teller.organization(),
                event.queue(),
                stage,
                event.department());
    }

    private void keep(QueueRow queue) {
        queues.put(queue.code(), queue);
    }

    private void readTickets(List<Arriving> told) {
        Map<UUID, QueueRow> byId = new HashMap<>();
        queues.values().forEach(queue -> byId.put(queue.id(), queue));
        LocalDate[] days = told.stream().map(Arriving::day).distinct().toArray(LocalDate[]::new);
        String[] numbers = told.stream().map(Arriving::ticket).distinct().toArray(String[]::new);
        UUID[] queueIds = byId.keySet().toArray(UUID[]::new);
        var events = store.startEvents(tx, teller.organizationId(), queueIds, days, numbers);
        for (TicketRow row : tickets.find(tx, byId, days, numbers)) {
            open.put(new Key(row.queue().id(), row.day(), row.ticket()), new Open(row, false));
        }
        for (Logged logged : QueueStore.logged(events.await())) {
            Open ticket = open.get(new Key(logged.queueId(), logged.day(), logged.ticket()));
            if (ticket != null) {
                ticket.events.add(logged.event());
                ticket.contents.put(logged.event().seq(), logged.content());
            }
        }
    }

    private Result judge(Arriving event) {
        Optional<String> fault = event.fault();
        if (fault.isPresent()) {
            return event.answered(Outcome.REFUSED, fault.get());
        }
        if (event.prescription() != null && event.patient() == null) {
            return event.answered(
                    Outcome.REFUSED, "`prescription` is none that you issued, hold or held.");
        }
        Instant at = event.at().plus(offset);
        if (at.isAfter(now.plus(TicketRules.AHEAD_MOST))) {
            clocks.quarantine(
                    tx,
                    new ClockStore.Quarantined(
                            ids.get(), teller.organizationId(), teller.source(), event, at, now));
            return event.answered(
                    Outcome.QUARANTINED,
                    "`at` lies more than 5 minutes ahead of this server, `" + now + "`.");
        }
        Optional<String> untimely = ofPlatform ? Optional.empty() : event.timeFault(at, now);
        if (untimely.isPresent()) {
            return event.answered(Outcome.REFUSED, untimely.get());
        }
        QueueRow queue = Objects.requireNonNull(queues.get(event.queue()));
        QueueStage stage = QueueStage.of(event.stage()).orElseThrow();
        if (queue.stage() != stage) {
            return event.answered(
                    Outcome.REFUSED,
                    "The queue is known for the stage `%s`; name another queue for `%s`."
                            .formatted(Objects.requireNonNull(queue.stage()).code(), stage.code()));
        }
        return judge(event, queue, stage, at);
    }

    private Result judge(Arriving event, QueueRow queue, QueueStage stage, Instant at) {
        Key key = new Key(queue.id(), event.day(), event.ticket());
        if (knownOnly && !open.containsKey(key)) {
            return event.answered(Outcome.REFUSED, "Nobody knows of this ticket.");
        }
        Open ticket =
                open.computeIfAbsent(key, _ -> new Open(newTicket(event, queue, stage), true));
        byte[] content = event.content();
        byte[] known = ticket.contents.get(event.seq());
        if (known != null) {
            return Arrays.equals(known, content)
                    ? event.answered(Outcome.REPEATED, null)
                    : event.answered(
                            Outcome.REFUSED,
                            "The number %d of this ticket was used for another event."
                                    .formatted(event.seq()));
        }
        if (ticket.row.history() != null) {
            return event.answered(Outcome.REFUSED, "The ticket is known from a file of the past.");
        }
        QueueEvent next =
                new QueueEvent(
                        event.seq(),
                        QueueCode.of(event.code()).orElseThrow(),
                        event.at(),
                        at,
                        now,
                        teller.source());
        Optional<String> contradiction = TicketRules.contradiction(stage, ticket.events, next);
        if (contradiction.isPresent()) {
            return event.answered(Outcome.REFUSED, "Not possible: " + contradiction.get() + ".");
        }
        ticket.events.add(next);
        ticket.contents.put(event.seq(), content);
        ticket.last = event;
        ticket.row = ticket.row.with(ticket.row.content(), event, now);
        added.add(new Logged(queue.id(), event.day(), event.ticket(), next, content));
        return event.answered(Outcome.ACCEPTED, null);
    }

    private TicketRow newTicket(Arriving event, QueueRow queue, QueueStage stage) {
        return new TicketRow(
                ids.get(),
                queue,
                event.day(),
                event.ticket(),
                stage,
                event.department() == null ? queue.department() : event.department(),
                event.visit(),
                event.prescription(),
                event.patient(),
                teller.source(),
                null,
                null,
                TicketRow.EMPTY,
                0,
                now,
                now);
    }

    private void write() {
        store.add(tx, teller.organizationId(), added);
        List<TicketStore.WithEvents> born = new ArrayList<>();
        List<TicketStore.WithEvents> changed = new ArrayList<>();
        Set<UUID> told = new LinkedHashSet<>();
        LocalDate today = LocalDate.ofInstant(now, QueueLimits.ZONE);
        for (Open ticket : open.values()) {
            if (ticket.last == null) {
                continue;
            }
            Ticket content = TicketRules.fold(ticket.events);
            boolean over = ticket.row.day().isBefore(today);
            TicketRow row = ticket.row.holding(over ? content.swept() : content);
            if (ticket.isNew && content.state() == TicketState.WAITING && !over) {
                row = row.predicted(live.predictionFor(row, now));
            }
            (ticket.isNew ? born : changed)
                    .add(new TicketStore.WithEvents(row, List.copyOf(ticket.events)));
            told.add(row.queue().id());
        }
        if (!born.isEmpty()) {
            var _ = tickets.insert(tx, born);
        }
        if (!changed.isEmpty()) {
            tickets.update(tx, changed);
        }
        told.forEach(live::changed);
    }
}
