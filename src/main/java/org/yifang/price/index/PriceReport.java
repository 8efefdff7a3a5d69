package org.yifang.price.index;

import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Fhir;
import org.yifang.platform.data.Database;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// Reckons whether drugs got cheaper from the sales that were known at a moment: the same question
/// with the same moment always has the same answer.
public final class PriceReport implements AutoCloseable {
    /// Which sales count.
    enum Basis {
        ALL,
        /// Dispensed through the platform.
        DISPENSED,
        /// Imported past sales alone.
        HISTORY;

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param baselineEnd and `end` are days of their periods
    /// @param organizations numbers of the pharmacies that count; none for all
    /// @param sets substitution sets that count; none for all
    /// @param inHouse which kind of outlet counts; null for both
    /// @param asOf sales recorded later do not count
    record Query(
            LocalDate baselineStart,
            LocalDate baselineEnd,
            LocalDate start,
            LocalDate end,
            Basis basis,
            List<String> organizations,
            List<String> sets,
            @Nullable Boolean inHouse,
            Instant asOf) {
        Query {
            organizations = List.copyOf(new TreeSet<>(organizations));
            sets = List.copyOf(new TreeSet<>(sets));
        }

        /// Says everything that decides the answer; the number counts the versions of the method.
        String text() {
            return "drug-price-change|2|%s|%s|%s|%s|%s|%s|%s|%s|%s"
                    .formatted(
                            baselineStart,
                            baselineEnd,
                            start,
                            end,
                            basis.code(),
                            organizations,
                            sets,
                            inHouse,
                            asOf);
        }

        boolean overlaps() {
            return !baselineEnd.isBefore(start) && !end.isBefore(baselineStart);
        }

        /// First day of the first month of both periods.
        LocalDate firstMonth() {
            return (baselineStart.isBefore(start) ? baselineStart : start).withDayOfMonth(1);
        }

        /// Last day of the last month of both periods.
        LocalDate lastDay() {
            LocalDate last = baselineEnd.isAfter(end) ? baselineEnd : end;
            return last.withDayOfMonth(last.lengthOfMonth());
        }
    }

    /// @param id belongs to the question
    /// @param products every product of the two periods, by its number
    /// @param historyShare part of the value of both periods that comes from imported files
    /// @param lines sales that count
    public record Result(
            UUID id,
            Query query,
            long seed,
            PriceChange change,
            List<Product> products,
            double historyShare,
            long lines) {}

    /// A substitution set in one kind of outlet.
    record Product(String set, boolean inHouse) implements Comparable<Product> {
        @Override
        public int compareTo(Product other) {
            int bySet = set.compareTo(other.set);
            return bySet != 0 ? bySet : Boolean.compare(inHouse, other.inHouse);
        }
    }

    /// No transaction that records a sale lasts longer.
    private static final Duration YOUNG = Duration.ofMinutes(1);

    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final SaleSums sums;
    private final String region;
    private final InstantSource clock;
    private final WorkerExecutor worker;

    public PriceReport(Vertx vertx, Database database, String region, InstantSource clock) {
        this.sums = new SaleSums(database);
        this.region = region;
        this.clock = clock;
        // One at a time: nobody waits at a counter for it.
        this.worker =
                vertx.createSharedWorkerExecutor(
                        "price-report", 1, LONGEST.toSeconds(), TimeUnit.SECONDS);
    }

    /// The MeasureReport as JSON: the one that was given before, or else a new one that is kept.
    /// Waits; call from a virtual thread.
    byte[] answer(Query query) {
        var before = sums.report(query);
        if (before.isPresent()) {
            return before.get();
        }
        if (query.asOf.isAfter(clock.instant().minus(YOUNG))) {
            sums.settled();
        }
        record Answered(Result result, byte[] json) {}
        var cells = sums.cells(query);
        var months = sums.months(query);
        var read = new Read(cells.await(), months.await());
        Answered answered =
                worker.executeBlocking(
                                () -> {
                                    Result result = evaluate(query, read);
                                    return new Answered(
                                            result, Fhir.json(PriceReportFhir.report(result)));
                                },
                                false)
                        .await();
        sums.keep(answered.result, region, answered.json, clock.instant());
        // Another instance may have answered the same question meanwhile: one answer stands.
        return sums.report(query).orElse(answered.json);
    }

    /// What was read of the sales.
    record Read(List<SaleSums.Cell> cells, List<SaleSums.Month> months) {}

    static Result evaluate(Query query, Read read) {
        Map<UUID, Integer> pharmacies = new HashMap<>();
        Map<Product, Integer> products = new TreeMap<>();
        for (SaleSums.Cell cell : read.cells) {
            pharmacies.putIfAbsent(cell.pharmacy(), pharmacies.size());
            products.put(new Product(cell.set(), cell.inHouse()), 0);
        }
        List<Product> names = new ArrayList<>(products.keySet());
        for (int i = 0; i < names.size(); i++) {
            products.put(names.get(i), i);
        }
        int first = number(query.firstMonth());
        int months = number(query.lastDay()) - first + 1;
        SalesTable sales = new SalesTable(pharmacies.size(), products.size(), months);
        double[] doses = new double[products.size()];
        Arrays.fill(doses, 1);
        double all = 0;
        double imported = 0;
        long lines = 0;
        for (SaleSums.Cell cell : read.cells) {
            Integer product = products.get(new Product(cell.set(), cell.inHouse()));
            Integer pharmacy = pharmacies.get(cell.pharmacy());
            Double perUnit = cell.dailyDoses();
            if (product == null || pharmacy == null) {
                continue;
            }
            sales.addPeriod(pharmacy, product, cell.period(), cell.quantity(), cell.valueFen());
            doses[product] = perUnit == null ? doses[product] : perUnit;
            all += cell.valueFen();
            imported += cell.importedFen();
            lines += cell.lines();
        }
        for (SaleSums.Month month : read.months) {
            // A month between the periods may have sold what neither of them did.
            Integer product = products.get(new Product(month.set(), month.inHouse()));
            if (product != null) {
                sales.addMonth(product, month.month() - first, month.quantity(), month.valueFen());
            }
        }
        byte[] hash = sha256(query.text());
        long seed = ByteBuffer.wrap(hash).getLong();
        PriceChange change = PriceChange.of(sales, doses, monthIn(query, months), seed);
        return new Result(
                UUID.nameUUIDFromBytes(hash),
                query,
                seed,
                imported == 0 ? change : change.imported(),
                names,
                all == 0 ? 0 : imported / all,
                lines);
    }

    private static int number(LocalDate day) {
        return day.getYear() * 12 + day.getMonthValue();
    }

    private static int[] monthIn(Query query, int months) {
        int[] in = new int[months];
        for (int month = 0; month < months; month++) {
            LocalDate middle = query.firstMonth().plusMonths(month).withDayOfMonth(15);
            boolean base =
                    !middle.isBefore(query.baselineStart) && !middle.isAfter(query.baselineEnd);
            boolean now = !middle.isBefore(query.start) && !middle.isAfter(query.end);
            in[month] = base ? -1 : now ? 1 : 0;
        }
        return in;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        worker.close();
    }
}
