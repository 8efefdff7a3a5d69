package org.yifang.queue.history;

import org.yifang.platform.Caller;
import org.yifang.platform.Csv;
import org.yifang.platform.Role;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.queue.history.HistoryStore.Sealed;
import org.yifang.queue.history.HistoryStore.Unit;
import org.yifang.queue.history.ImportHistory.Counts;
import org.yifang.queue.history.ImportHistory.Refused;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.QueueStage;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Takes in the units that tickets are linked to: registrations, visits, prescriptions or
/// settlements, told by somebody else than who tells the tickets.
public final class ExpectedDesk implements ImportHistory.Reader {
    private static final List<String> COLUMNS =
            List.of("organization", "day", "stage", "unit", "source");

    private static final Set<String> SOURCES =
            Set.of("registrations", "encounters", "prescriptions", "settlements");

    private final Database database;
    private final InstantSource clock;
    private final Uuid7 ids;
    private final String region;

    public ExpectedDesk(Database database, InstantSource clock, Uuid7 ids, String region) {
        this.database = database;
        this.clock = clock;
        this.ids = ids;
        this.region = region;
    }

    @Override
    public boolean reads(List<String> header) {
        return header.containsAll(COLUMNS);
    }

    @Override
    public String header() {
        return String.join(",", COLUMNS);
    }

    @Override
    public int rowsMost() {
        return QueueLimits.UNITS_MOST;
    }

    @Override
    public Counts take(Caller caller, ImportHistory.File file) {
        Instant now = clock.instant();
        LocalDate today = LocalDate.ofInstant(now, QueueLimits.ZONE);
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < file.header().size(); i++) {
            places.put(file.header().get(i), i);
        }
        List<Unit> units = new ArrayList<>();
        List<Refused> refused = new ArrayList<>();
        for (Csv.Row row : file.rows()) {
            try {
                Unit unit = unit(row, places, today);
                boolean own = unit.organization().equals(caller.organization());
                if (!own && caller.role() != Role.BUREAU) {
                    throw new IllegalArgumentException("`organization` is not your own.");
                }
                units.add(unit);
            } catch (IllegalArgumentException unreadable) {
                refused.add(new Refused(row.line(), String.valueOf(unreadable.getMessage())));
            }
        }
        // One transaction: the hash stands with its units, or neither does.
        int written = database.inTransaction(tx -> write(tx, caller, units, file.sha256(), now));
        return new Counts(
                written,
                units.size() - written,
                refused.size(),
                refused.subList(0, Math.min(refused.size(), QueueLimits.ROWS_TOLD)));
    }

    private int write(Tx tx, Caller caller, List<Unit> units, byte[] sha256, Instant now) {
        Sealed file =
                new Sealed(
                        ids.get(),
                        region,
                        caller.organizationId(),
                        caller.clientId(),
                        HistoryKind.EXPECTED,
                        sha256,
                        0,
                        now);
        HistoryStore.seal(tx, file);
        int written = HistoryStore.expect(tx, file, units);
        // Rows that were known before count for the file that brought them.
        HistoryStore.count(tx, file.id(), written);
        return written;
    }

    private static Unit unit(Csv.Row row, Map<String, Integer> places, LocalDate today) {
        LocalDate day = day(text(row, places, "day"));
        if (day.isAfter(today)) {
            throw new IllegalArgumentException("`day` " + day + " is still to come.");
        }
        String stage = text(row, places, "stage");
        String source = text(row, places, "source");
        if (!SOURCES.contains(source)) {
            throw new IllegalArgumentException(
                    "`source` is `" + source + "`; it is one of " + new TreeSet<>(SOURCES) + ".");
        }
        return new Unit(
                text(row, places, "organization"),
                day,
                QueueStage.of(stage)
                        .orElseThrow(
                                () -> new IllegalArgumentException("`" + stage + "` is no stage.")),
                text(row, places, "unit"),
                source);
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException unreadable) {
            throw new IllegalArgumentException("`day` is `" + text + "`; write `2026-03-02`.");
        }
    }

    private static String text(Csv.Row row, Map<String, Integer> places, String column) {
        Integer place = places.get(column);
        String text =
                place == null || place >= row.fields().size()
                        ? ""
                        : row.fields().get(place).strip();
        if (text.isEmpty()) {
            throw new IllegalArgumentException("`" + column + "` is empty.");
        }
        HistoryRow.fault(column, text)
                .ifPresent(fault -> {
                    throw new IllegalArgumentException(fault);
                });
        return text;
    }
}
