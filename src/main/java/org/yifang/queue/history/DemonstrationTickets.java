package org.yifang.queue.history;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.queue.history.HistoryStore.Sealed;
import org.yifang.queue.history.HistoryStore.Unit;
import org.yifang.queue.ticket.Arriving;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.QueueRow;
import org.yifang.queue.ticket.QueueStage;
import org.yifang.queue.ticket.QueueStore;
import org.yifang.queue.ticket.Ticket;
import org.yifang.queue.ticket.TicketRow;
import org.yifang.queue.ticket.TicketState;
import org.yifang.queue.ticket.TicketStore;

import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;

/// A made-up year of tickets and the year before for the demonstration: at the windows of two
/// hospitals the wait for medicine fell, at the counters of the pharmacies in town it stayed. Every
/// sentence over it says that it is made up.
public final class DemonstrationTickets {
    /// Who tells the tickets; whatever rests on them is made up.
    public static final String SOURCE = "demonstration";

    private static final String REGISTRATIONS = "demonstration registrations";

    /// Where the hospitals hand medicine out.
    public static final String WINDOW = "pharmacy-window";

    private static final String COUNTER = "counter";
    private static final List<String> DEPARTMENTS = List.of("内科", "外科");
    private static final int[] HOURS = {8, 9, 9, 10, 10, 11, 14, 15};

    private static final long SEED = 421281;
    private static final int YEAR_DAYS = 364;

    /// A verdict is due 14 days after its period, and predictions learn from the last 28 days:
    /// nothing made up may reach into those.
    private static final int SETTLED_DAYS = 35;

    private static final double WINDOW_SECONDS = 1800;
    private static final double COUNTER_SECONDS = 540;

    /// What the hospitals made of their waits.
    private static final double CHANGE = 0.38;

    private static final double LEAVING_BEFORE = 0.03;
    private static final double LEAVING_AFTER = 0.01;
    private static final double NOT_TOLD = 0.02;

    private final Database database;
    private final InstantSource clock;
    private final Uuid7 ids;
    private final String region;

    public DemonstrationTickets(Database database, InstantSource clock, Uuid7 ids, String region) {
        this.database = database;
        this.clock = clock;
        this.ids = ids;
        this.region = region;
    }

    /// Where people stand in line.
    ///
    /// @param isHospital one of the plan, where something was changed
    public record Site(UUID id, String number, boolean isHospital) {}

    /// Records both years, unless they are there. Waits.
    ///
    /// @param bureau who told of the registrations
    public Years load(List<Site> sites, UUID bureau) {
        return Years.before(database.inTransaction(tx -> write(tx, sites, bureau)));
    }

    /// Two years of whole weeks.
    ///
    /// @param start first day of the second
    public record Years(LocalDate start) {
        static Years before(Instant loaded) {
            LocalDate end =
                    LocalDate.ofInstant(loaded, QueueLimits.ZONE)
                            .minusDays(SETTLED_DAYS)
                            .with(TemporalAdjusters.previousOrSame(DayOfWeek.SUNDAY));
            return new Years(end.minusDays(YEAR_DAYS - 1L));
        }

        public LocalDate baselineStart() {
            return start.minusDays(YEAR_DAYS);
        }

        public LocalDate end() {
            return start.plusDays(YEAR_DAYS - 1L);
        }
    }

    /// All of it or nothing: two instances that start at once load it once.
    private Instant write(Tx tx, List<Site> sites, UUID bureau) {
        QueueStore queues = new QueueStore(region);
        queues.lock(tx, SOURCE, List.of(SOURCE));
        Instant before = HistoryStore.received(tx, SOURCE).orElse(null);
        if (before != null) {
            return before;
        }
        Instant now = clock.instant();
        Sealed tickets = sealed(sites.getFirst().id(), SOURCE, HistoryKind.TICKETS, now);
        Sealed registrations = sealed(bureau, REGISTRATIONS, HistoryKind.EXPECTED, now);
        HistoryStore.seal(tx, tickets);
        HistoryStore.seal(tx, registrations);
        Map<Site, QueueRow> lines = new HashMap<>();
        for (Site site : sites) {
            lines.put(site, line(tx, queues, site, now));
        }
        Made made = new Made(Years.before(now), tickets);
        sites.forEach(site -> made.live(site, Objects.requireNonNull(lines.get(site))));
        TicketStore store = new TicketStore(region);
        for (int from = 0; from < made.tickets.size(); from += QueueLimits.HISTORY_BATCH) {
            int to = Math.min(from + QueueLimits.HISTORY_BATCH, made.tickets.size());
            store.insert(tx, made.tickets.subList(from, to)).await();
        }
        HistoryStore.count(tx, tickets.id(), made.tickets.size());
        HistoryStore.expect(tx, registrations, made.units);
        HistoryStore.count(tx, registrations.id(), made.units.size());
        return now;
    }

    private Sealed sealed(UUID sender, String source, HistoryKind kind, Instant now) {
        byte[] hash =
                Arriving.sha256((source + " " + SEED + " " + now).getBytes(StandardCharsets.UTF_8));
        return new Sealed(ids.get(), region, sender, source, kind, hash, 0, now);
    }

    private QueueRow line(Tx tx, QueueStore queues, Site site, Instant now) {
        String code = site.isHospital() ? WINDOW : COUNTER;
        return queues.queues(tx, site.number(), List.of(code)).stream()
                .findFirst()
                .map(QueueStore.Dated::row)
                .orElseGet(() -> {
                    QueueRow made =
                            new QueueRow(
                                    ids.get(),
                                    site.id(),
                                    site.number(),
                                    code,
                                    QueueStage.DISPENSING,
                                    null);
                    queues.make(tx, made, now);
                    return made;
                });
    }

    /// What is made up.
    private final class Made {
        private final Random random = new Random(SEED);
        private final Years years;
        private final Sealed file;
        private final List<TicketStore.WithEvents> tickets = new ArrayList<>();
        private final List<Unit> units = new ArrayList<>();

        Made(Years years, Sealed file) {
            this.years = years;
            this.file = file;
        }

        void live(Site site, QueueRow line) {
            double level = Math.exp(0.1 * random.nextGaussian());
            for (int d = 0; d < 2 * YEAR_DAYS; d++) {
                LocalDate day = years.baselineStart().plusDays(d);
                if (day.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) <= 0) {
                    double goodOrBad = level * Math.exp(0.1 * random.nextGaussian());
                    day(site, line, day, goodOrBad, d >= YEAR_DAYS);
                }
            }
        }

        private void day(Site site, QueueRow line, LocalDate day, double level, boolean isLater) {
            int come = site.isHospital() ? HOURS.length : 1;
            double change = site.isHospital() && isLater ? CHANGE : 1;
            double typical =
                    level * change * (site.isHospital() ? WINDOW_SECONDS : COUNTER_SECONDS);
            double leaving = isLater ? LEAVING_AFTER : LEAVING_BEFORE;
            for (int t = 0; t < come; t++) {
                String visit = "DEMO" + day.toString().replace("-", "") + "-" + (t + 1);
                int hour = site.isHospital() ? HOURS[t] : 9 + random.nextInt(9);
                Instant joined =
                        day.atTime(hour, random.nextInt(60), random.nextInt(60))
                                .atZone(QueueLimits.ZONE)
                                .toInstant();
                long wait = Math.round(typical * Math.exp(0.45 * random.nextGaussian()));
                boolean leaves = site.isHospital() && random.nextDouble() < leaving;
                boolean isTold = random.nextDouble() >= NOT_TOLD;
                units.add(
                        new Unit(
                                site.number(), day, QueueStage.DISPENSING, visit, "registrations"));
                if (isTold) {
                    String department =
                            site.isHospital() ? DEPARTMENTS.get(t % DEPARTMENTS.size()) : null;
                    Ticket content = leaves ? left(joined, wait) : served(joined, wait);
                    tickets.add(ticket(line, day, t + 1, department, visit, content));
                }
            }
        }

        private Ticket served(Instant joined, long wait) {
            Instant start = joined.plusSeconds(wait);
            Instant end = start.plusSeconds(60 + random.nextInt(120));
            return new Ticket(TicketState.SERVED, joined, start, start, end, null, end);
        }

        private Ticket left(Instant joined, long wait) {
            Instant gone = joined.plusSeconds(wait);
            return new Ticket(TicketState.LEFT, joined, null, null, null, gone, gone);
        }

        private TicketStore.WithEvents ticket(
                QueueRow line,
                LocalDate day,
                int number,
                @Nullable String department,
                String visit,
                Ticket content) {
            Instant now = file.receivedAt();
            return new TicketStore.WithEvents(
                    new TicketRow(
                            ids.get(),
                            line,
                            day,
                            "D" + number,
                            QueueStage.DISPENSING,
                            department,
                            visit,
                            null,
                            null,
                            SOURCE,
                            file.id(),
                            null,
                            content,
                            1,
                            now,
                            now),
                    List.of());
        }
    }
}
