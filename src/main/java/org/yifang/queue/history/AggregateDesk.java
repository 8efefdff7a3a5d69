package org.yifang.queue.history;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;
import org.yifang.platform.Csv;
import org.yifang.platform.Role;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.queue.history.HistoryStore.Month;
import org.yifang.queue.history.HistoryStore.Sealed;
import org.yifang.queue.history.ImportHistory.Counts;
import org.yifang.queue.history.ImportHistory.Refused;
import org.yifang.queue.ticket.QueueLimits;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Takes in monthly figures of the time before the platform: how many registrations and
/// prescriptions there were, so that missing tickets are seen, and waits that are shown and never
/// support a claim.
public final class AggregateDesk implements ImportHistory.Reader {
    private static final List<String> FIGURES =
            List.of("tickets", "median_minutes", "p90_minutes", "registrations", "prescriptions");

    private final Database database;
    private final InstantSource clock;
    private final Uuid7 ids;
    private final String region;

    public AggregateDesk(Database database, InstantSource clock, Uuid7 ids, String region) {
        this.database = database;
        this.clock = clock;
        this.ids = ids;
        this.region = region;
    }

    @Override
    public boolean reads(List<String> header) {
        return header.containsAll(List.of("organization", "month"))
                && header.stream().anyMatch(one -> FIGURES.contains(one) || MonthBands.isBand(one));
    }

    @Override
    public String header() {
        return "organization,month,queue,department," + String.join(",", FIGURES);
    }

    @Override
    public int rowsMost() {
        return QueueLimits.MONTHS_MOST;
    }

    @Override
    public Counts take(Caller caller, ImportHistory.File file) {
        Instant now = clock.instant();
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < file.header().size(); i++) {
            places.put(file.header().get(i), i);
        }
        MonthBands bands = MonthBands.of(file.header());
        Map<List<Object>, Month> months = new LinkedHashMap<>();
        List<Refused> refused = new ArrayList<>();
        int again = 0;
        for (Csv.Row row : file.rows()) {
            try {
                Month month = bands.fill(month(row, places), row);
                if (!month.organization().equals(caller.organization())
                        && caller.role() != Role.BUREAU) {
                    throw new IllegalArgumentException("`organization` is not your own.");
                }
                int rows = months.size();
                if (!months.computeIfAbsent(key(month), _ -> month).equals(month)) {
                    throw new IllegalArgumentException(
                            "`month` "
                                    + YearMonth.from(month.month())
                                    + " stands in this file with"
                                    + " other figures, too; one row a queue and department.");
                }
                again += rows == months.size() ? 1 : 0;
            } catch (IllegalArgumentException unreadable) {
                refused.add(new Refused(row.line(), String.valueOf(unreadable.getMessage())));
            }
        }
        List<Month> each = List.copyOf(months.values());
        int written = database.inTransaction(tx -> write(tx, caller, each, file.sha256(), now));
        return new Counts(
                written,
                months.size() - written + again,
                refused.size(),
                refused.subList(0, Math.min(refused.size(), QueueLimits.ROWS_TOLD)));
    }

    /// What a month's figures are of.
    private static List<Object> key(Month month) {
        return List.of(month.organization(), month.queue(), month.department(), month.month());
    }

    private int write(Tx tx, Caller caller, List<Month> months, byte[] sha256, Instant now) {
        Sealed file =
                new Sealed(
                        ids.get(),
                        region,
                        caller.organizationId(),
                        caller.clientId(),
                        HistoryKind.AGGREGATES,
                        sha256,
                        0,
                        now);
        HistoryStore.seal(tx, file);
        int written = HistoryStore.tell(tx, file, months);
        // Rows that were known before count for the file that brought them.
        HistoryStore.count(tx, file.id(), written);
        return written;
    }

    private static Month month(Csv.Row row, Map<String, Integer> places) {
        String organization = text(row, places, "organization");
        if (organization.isEmpty()) {
            throw new IllegalArgumentException("`organization` is empty.");
        }
        return new Month(
                organization,
                monthOf(text(row, places, "month")),
                text(row, places, "queue"),
                text(row, places, "department"),
                count(row, places, "tickets"),
                seconds(row, places, "median_minutes"),
                seconds(row, places, "p90_minutes"),
                count(row, places, "registrations"),
                count(row, places, "prescriptions"));
    }

    private static LocalDate monthOf(String text) {
        try {
            return YearMonth.parse(text).atDay(1);
        } catch (DateTimeException unreadable) {
            throw new IllegalArgumentException("`month` is `" + text + "`; write `2026-03`.");
        }
    }

    private static String text(Csv.Row row, Map<String, Integer> places, String column) {
        Integer place = places.get(column);
        if (place == null || place >= row.fields().size()) {
            return "";
        }
        String text = row.fields().get(place).strip();
        HistoryRow.fault(column, text)
                .ifPresent(fault -> {
                    throw new IllegalArgumentException(fault);
                });
        return text;
    }

    private static @Nullable Long count(Csv.Row row, Map<String, Integer> places, String column) {
        String text = text(row, places, column);
        if (text.isEmpty()) {
            return null;
        }
        if (!text.matches("\\d{1,12}")) {
            throw new IllegalArgumentException(
                    "`" + column + "` is `" + text + "`; it is a whole number from 0 upwards.");
        }
        return Long.parseLong(text);
    }

    private static @Nullable Integer seconds(
            Csv.Row row, Map<String, Integer> places, String column) {
        String text = text(row, places, column);
        if (text.isEmpty()) {
            return null;
        }
        if (!text.matches("\\d{1,6}(\\.\\d{1,9})?")) {
            throw new IllegalArgumentException(
                    "`" + column + "` is `" + text + "`; it is minutes, as `30.5`.");
        }
        return new BigDecimal(text)
                .multiply(BigDecimal.valueOf(60))
                .setScale(0, java.math.RoundingMode.HALF_UP)
                .intValueExact();
    }
}
