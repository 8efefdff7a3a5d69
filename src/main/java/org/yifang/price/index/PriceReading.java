package org.yifang.price.index;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// Reckons the answer to a question from what was read of the sales; the same sales give the same
/// answer.
final class PriceReading {
    /// One maker's preparation of one generic name, form and strength.
    record Product(String set, String maker) implements Comparable<Product> {
        @Override
        public int compareTo(Product other) {
            int bySet = set.compareTo(other.set);
            return bySet != 0 ? bySet : maker.compareTo(other.maker);
        }
    }

    /// What was read of the sales.
    ///
    /// @param held the lines that were held out, those of most value first, the first hundred
    record Read(
            List<CheckedSalesStore.Cell> cells,
            List<CheckedSalesStore.Month> months,
            List<MonthlySalesStore.Cell> byMonth,
            List<CheckedSalesStore.Held> held,
            List<CheckedSalesStore.Released> released,
            List<CheckedSalesStore.Imported> imports) {}

    /// @param id belongs to the question
    /// @param byMonth prices of each month against the baseline
    /// @param products every product of the two periods, by its number
    /// @param baselineFen what was charged in the baseline, whatever could be compared
    /// @param currentFen likewise in the period
    /// @param importedBaseline part of the value of the baseline that came by files
    /// @param importedCurrent likewise of the period
    /// @param lines sales that count
    /// @param heldLines sales that were held out
    /// @param madeUp whether any of them belongs to the demonstration
    record Result(
            UUID id,
            PriceQuestion question,
            long seed,
            @Nullable PriceFigures figures,
            List<MonthlyPrices.Month> byMonth,
            PriceRule.Judgement judgement,
            List<Product> products,
            double baselineFen,
            double currentFen,
            double importedBaseline,
            double importedCurrent,
            long lines,
            long heldLines,
            boolean madeUp,
            Read read) {}

    static Result reckon(PriceQuestion question, Read read) {
        Map<UUID, Integer> pharmacies = new HashMap<>();
        Map<Product, Integer> products = new TreeMap<>();
        Map<String, Integer> sets = new TreeMap<>();
        for (var cell : read.cells) {
            pharmacies.putIfAbsent(cell.pharmacy(), pharmacies.size());
            products.put(new Product(cell.set(), cell.maker()), 0);
            sets.put(cell.set(), 0);
        }
        List<Product> names = numbered(products);
        List<String> setNames = numbered(sets);
        int first = PriceQuestion.number(question.firstMonth());
        int months = PriceQuestion.number(question.lastDay()) - first + 1;
        ItemTable sales =
                new ItemTable(
                        pharmacies.size(),
                        names.stream().mapToInt(one -> sets.getOrDefault(one.set(), 0)).toArray(),
                        months);
        double[] doses = new double[setNames.size()];
        Totals totals = new Totals();
        for (var cell : read.cells) {
            int product = products.getOrDefault(new Product(cell.set(), cell.maker()), 0);
            sales.addPeriod(
                    pharmacies.getOrDefault(cell.pharmacy(), 0),
                    product,
                    cell.period(),
                    cell.quantity(),
                    cell.valueFen());
            sales.charged(cell.period(), cell.chargedFen(), cell.heldFen());
            Double perUnit = cell.dailyDoses();
            if (perUnit != null) {
                doses[sets.getOrDefault(cell.set(), 0)] = perUnit;
            }
            totals.add(cell);
        }
        for (var month : read.months) {
            // A month between the periods may have sold what neither of them did.
            Integer product = products.get(new Product(month.set(), month.maker()));
            if (product != null) {
                sales.addMonth(product, month.month() - first, month.quantity(), month.valueFen());
            }
        }
        for (var one : read.released) {
            Integer product = products.get(new Product(one.set(), one.maker()));
            if (product != null) {
                sales.release(product);
            }
        }
        byte[] hash = sha256(question.text());
        long seed = ByteBuffer.wrap(hash).getLong();
        int[] monthIn = monthIn(question, months);
        PriceFigures figures = PriceFigures.of(sales, doses, monthIn, seed);
        return new Result(
                UUID.nameUUIDFromBytes(hash),
                question,
                seed,
                figures,
                MonthlyPrices.of(
                        read.byMonth, first, PriceFigures.geksByMonth(sales, monthIn), seed),
                PriceRule.judge(question, figures, totals.importedShare(1)),
                names,
                totals.charged[0],
                totals.charged[1],
                totals.importedShare(0),
                totals.importedShare(1),
                totals.lines,
                totals.heldLines,
                totals.madeUp,
                read);
    }

    private static <T> List<T> numbered(Map<T, Integer> those) {
        List<T> names = new ArrayList<>(those.keySet());
        for (int i = 0; i < names.size(); i++) {
            those.put(names.get(i), i);
        }
        return names;
    }

    private static final class Totals {
        private final double[] charged = new double[2];
        private final double[] imported = new double[2];
        private long lines;
        private long heldLines;
        private boolean madeUp;

        void add(CheckedSalesStore.Cell cell) {
            int at = cell.period() == ItemTable.Period.BASELINE ? 0 : 1;
            charged[at] += cell.chargedFen();
            imported[at] += cell.importedFen();
            lines += cell.lines();
            heldLines += cell.heldLines();
            madeUp |= cell.madeUpLines() > 0;
        }

        double importedShare(int period) {
            return charged[period] > 0 ? imported[period] / charged[period] : 0;
        }
    }

    private static int[] monthIn(PriceQuestion question, int months) {
        int[] in = new int[months];
        for (int month = 0; month < months; month++) {
            LocalDate middle = question.firstMonth().plusMonths(month).withDayOfMonth(15);
            boolean base =
                    !middle.isBefore(question.baselineStart())
                            && !middle.isAfter(question.baselineEnd());
            boolean now = !middle.isBefore(question.start()) && !middle.isAfter(question.end());
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

    private PriceReading() {}
}
