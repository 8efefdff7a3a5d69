package org.yifang.queue.history;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;
import org.yifang.platform.Csv;
import org.yifang.platform.Role;
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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/// Takes in monthly figures of the time before the platform: how many registrations and
/// prescriptions there were, so that missing tickets are seen, and waits that are shown and never
/// support a claim.
public final class AggregateDesk implements ImportHistory.Reader {
    private static final List<String> FIGURES =
            List.of("tickets", "median_minutes", "p90_minutes", "registrations", "prescriptions");

    private final Database database;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final String region;

    public AggregateDesk(
            Database database, InstantSource clock, Supplier<UUID> ids, String region) {
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
        List<Month> months = new ArrayList<>();
        List<Refused> refused = new ArrayList<>();
        for (Csv.Row row : file.rows()) {
            try {
                Month month = bands.fill(month(row, places), row);
                if (!month.organization().equals(caller.organization())
                        && caller.role() != Role.BUREAU) {
                    throw new IllegalArgumentException("`organization` is not your own.");
                }
                months.add(month);
            } catch (IllegalArgumentException unreadable) {
                refused.add(new Refused(row.line(), String.valueOf(unreadable.getMessage())));
            }
        }
        int written = database.inTransaction(tx -> write(tx, caller, months, file.sha256(), now));
        return new Counts(
                written,
                months.size() - written,
                refused.size(),
                refused.subList(0, Math.min(refused.size(), QueueLimits.ROWS_TOLD)));
    }

    private int write(Tx tx, Caller caller, List<Month> months, byte[] sha256, Instant now) {
        Sealed file =
                new Sealed(
                        ids.get(),
                        region,
                        caller.organizationId(),
                        caller.clientId(),
                        HistoryStore.Kind.AGGREGATES,
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
