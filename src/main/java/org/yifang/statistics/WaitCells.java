package org.yifang.statistics;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntFunction;

/// A sample cut into cells, one for each hour, weekday or department, each with its own curve:
/// where and when people wait, as it was.
public final class WaitCells {
    /// What one cell comes to, in seconds.
    ///
    /// @param waits how many there were
    /// @param median of Kaplan and Meier, empty when too many left to see it
    /// @param p90 ninetieth percentile of the same curve
    public record Cell(int waits, OptionalDouble median, OptionalDouble p90) {}

    /// Cuts a sample.
    ///
    /// @param cellOf the cell of each stratum, from 0 to less than `cells`
    public static Cell[] of(WaitSample sample, IntUnaryOperator cellOf, int cells) {
        return cut(sample, i -> cellOf.applyAsInt(sample.stratum(i)), cells);
    }

    /// Cuts a sample by its days, into weeks or months.
    ///
    /// @param cellOf the cell of each day, from 0 to less than `cells`
    public static Cell[] ofDays(WaitSample sample, ToIntFunction<LocalDate> cellOf, int cells) {
        int[] cellOfDay = sample.days().stream().mapToInt(cellOf).toArray();
        return cut(sample, i -> cellOfDay[sample.day(i)], cells);
    }

    /// @param cellOf the cell of each wait
    private static Cell[] cut(WaitSample sample, IntUnaryOperator cellOf, int cells) {
        int[] ends = new int[cells];
        for (int i = 0; i < sample.size(); i++) {
            ends[cellOf.applyAsInt(i)]++;
        }
        int[] next = new int[cells];
        for (int c = 1; c < cells; c++) {
            next[c] = ends[c - 1];
            ends[c] += ends[c - 1];
        }
        int[] waits = new int[sample.size()];
        for (int i = 0; i < sample.size(); i++) {
            int cell = cellOf.applyAsInt(i);
            waits[next[cell]++] = 2 * sample.seconds(i) + (sample.served(i) ? 0 : 1);
        }
        Cell[] found = new Cell[cells];
        for (int c = 0; c < cells; c++) {
            int from = c == 0 ? 0 : ends[c - 1];
            Arrays.sort(waits, from, ends[c]);
            KaplanMeier curve = KaplanMeier.ofSorted(waits, from, ends[c]);
            found[c] = new Cell(ends[c] - from, curve.quantile(0.5), curve.quantile(0.9));
        }
        return found;
    }

    private WaitCells() {}
}
