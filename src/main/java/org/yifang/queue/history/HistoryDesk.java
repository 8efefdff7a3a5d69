package org.yifang.queue.history;

import org.yifang.platform.Caller;
import org.yifang.platform.Csv;
import org.yifang.platform.Role;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.queue.history.HistoryStore.Sealed;
import org.yifang.queue.history.ImportHistory.Counts;
import org.yifang.queue.history.ImportHistory.Refused;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.QueueRow;
import org.yifang.queue.ticket.QueueStore;
import org.yifang.queue.ticket.TicketRow;
import org.yifang.queue.ticket.TicketStore;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/// Takes in tickets of the time before the platform, sealed with their file's hash.
public final class HistoryDesk implements ImportHistory.Reader {
    private static final List<String> COLUMNS =
            List.of(
                    "organization",
                    "queue",
                    "department",
                    "day",
                    "ticket",
                    "joined",
                    "called",
                    "served",
                    "left");

    private final Database database;
    private final InstantSource clock;
    private final Uuid7 ids;
    private final String region;
    private final Organizations organizations;
    private final QueueStore queues;
    private final TicketStore tickets;

    public HistoryDesk(
            Database database,
            InstantSource clock,
            Uuid7 ids,
            String region,
            Organizations organizations) {
        this.database = database;
        this.clock = clock;
        this.ids = ids;
        this.region = region;
        this.organizations = organizations;
        this.queues = new QueueStore(region);
        this.tickets = new TicketStore(region);
    }

    @Override
    public boolean reads(List<String> header) {
        return header.containsAll(COLUMNS);
    }

    @Override
    public String header() {
        return String.join(",", COLUMNS);
    }

    private static final class Tally {
        int accepted;
        int repeated;
        int refusedRows;
        final List<Refused> refused = new ArrayList<>();

        void refuse(int line, String reason) {
            refusedRows++;
            if (refused.size() < QueueLimits.ROWS_TOLD) {
                refused.add(new Refused(line, reason));
            }
        }
    }

    @Override
    public Counts take(Caller caller, ImportHistory.File file) {
        Instant now = clock.instant();
        Sealed history = seal(caller, file.sha256(), now);
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < file.header().size(); i++) {
            places.put(file.header().get(i), i);
        }
        Tally tally = new Tally();
        for (int from = 0; from < file.rows().size(); from += QueueLimits.HISTORY_BATCH) {
            int to = Math.min(from + QueueLimits.HISTORY_BATCH, file.rows().size());
            batch(caller, file.rows().subList(from, to), places, history, now, tally);
        }
        return new Counts(tally.accepted, tally.repeated, tally.refusedRows, tally.refused);
    }

    /// The hash stands before the first ticket, so none is ever used without it.
    private Sealed seal(Caller caller, byte[] sha256, Instant now) {
        Sealed file =
                new Sealed(
                        ids.get(),
                        region,
                        caller.organizationId(),
                        caller.clientId(),
                        HistoryKind.TICKETS,
                        sha256,
                        0,
                        now);
        database.inTransaction(tx -> {
            HistoryStore.seal(tx, file);
            return true;
        });
        return file;
    }

    private record Read(int line, HistoryRow row) {}

    private void batch(
            Caller caller,
            List<Csv.Row> rows,
            Map<String, Integer> places,
            Sealed history,
            Instant now,
            Tally tally) {
        LocalDate today = LocalDate.ofInstant(now, QueueLimits.ZONE);
        Map<String, List<Read>> byOrganization = new HashMap<>();
        for (Csv.Row row : rows) {
            try {
                HistoryRow read = HistoryRow.read(row, places, today);
                boolean own = read.organization().equals(caller.organization());
                if (!own && caller.role() != Role.BUREAU) {
                    tally.refuse(row.line(), "`organization` is not your own.");
                } else if (organization(caller, read.organization()).isEmpty()) {
                    tally.refuse(row.line(), "`organization` is not registered.");
                } else {
                    byOrganization
                            .computeIfAbsent(read.organization(), _ -> new ArrayList<>())
                            .add(new Read(row.line(), read));
                }
            } catch (HistoryRow.Unreadable unreadable) {
                tally.refuse(row.line(), Objects.requireNonNull(unreadable.getMessage()));
            }
        }
        byOrganization.forEach((number, read) -> {
            UUID id = organization(caller, number).orElseThrow();
            Written written =
                    database.inTransaction(tx -> write(tx, id, number, read, history, now));
            tally.accepted += written.born;
            tally.repeated += read.size() - written.born - written.refused.size();
            written.refused.forEach(one -> tally.refuse(one.line(), one.reason()));
        });
    }

    private Optional<UUID> organization(Caller caller, String number) {
        return number.equals(caller.organization())
                ? Optional.of(caller.organizationId())
                : organizations.byNumber(number).map(Organization::id);
    }

    /// What became of some rows.
    private record Written(int born, List<Refused> refused) {}

    /// Writes what is not there yet, and counts it in the same transaction.
    private Written write(
            Tx tx, UUID organization, String number, List<Read> rows, Sealed history, Instant now) {
        Map<String, QueueRow> known = queuesOf(tx, organization, number, rows, now);
        LocalDate[] days =
                rows.stream().map(r -> r.row().day()).distinct().toArray(LocalDate[]::new);
        List<TicketStore.WithEvents> born = new ArrayList<>();
        List<Refused> refused = new ArrayList<>();
        PastDayStore past = PastDayStore.read(tx, number, days);
        for (Read read : rows) {
            HistoryRow row = read.row();
            QueueRow queue = Objects.requireNonNull(known.get(row.queue()));
            switch (past.look(queue.id(), row)) {
                case PastDayStore.Look.New _ ->
                        born.add(
                                new TicketStore.WithEvents(
                                        ticket(row, queue, history, now), List.of()));
                case PastDayStore.Look.Repeated _ -> {}
                case PastDayStore.Look.Fault(String reason) ->
                        refused.add(new Refused(read.line(), reason));
            }
        }
        if (!born.isEmpty()) {
            var _ = tickets.insert(tx, born);
            HistoryStore.count(tx, history.id(), born.size());
        }
        return new Written(born.size(), refused);
    }

    private Map<String, QueueRow> queuesOf(
            Tx tx, UUID organization, String number, List<Read> rows, Instant now) {
        List<String> codes = rows.stream().map(read -> read.row().queue()).distinct().toList();
        queues.lock(tx, number, codes);
        Map<String, QueueRow> known = new HashMap<>();
        queues.queues(tx, number, codes).forEach(one -> known.put(one.row().code(), one.row()));
        for (Read read : rows) {
            HistoryRow row = read.row();
            QueueRow before = known.get(row.queue());
            if (before == null) {
                QueueRow made =
                        new QueueRow(
                                ids.get(),
                                organization,
                                number,
                                row.queue(),
                                row.stage(),
                                row.department());
                queues.make(tx, made, now);
                known.put(row.queue(), made);
            }
        }
        return known;
    }

    private TicketRow ticket(HistoryRow row, QueueRow queue, Sealed history, Instant now) {
        return new TicketRow(
                ids.get(),
                queue,
                row.day(),
                row.ticket(),
                row.stage() == null ? queue.stage() : row.stage(),
                row.department(),
                row.visit(),
                null,
                null,
                history.source(),
                history.id(),
                null,
                row.content(),
                1,
                now,
                now);
    }
}
