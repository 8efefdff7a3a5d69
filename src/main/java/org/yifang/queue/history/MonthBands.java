package org.yifang.queue.history;

import org.yifang.platform.Csv;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.queue.history.HistoryStore.Month;
import org.yifang.statistics.Quantiles;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Waits of a month told in bands, how many waited 0 to 10 minutes, 10 to 20 and so on, as columns
/// `minutes_0_10`, `minutes_10_20`: median and P90 are interpolated within their band, as the NHS
/// does with its weekly bands.
///
/// @param places columns of the bands, in the order of minutes
/// @param edges lower edge of each in minutes and, last, the upper edge of the last
record MonthBands(int[] places, double[] edges) {
    private static final Pattern BAND = Pattern.compile("minutes_(\\d{1,4})_(\\d{1,4})");

    static boolean isBand(String column) {
        return BAND.matcher(column).matches();
    }

    /// A band of the header.
    private record Band(int place, int from, int to) {}

    /// The bands of a header, none where it has none.
    ///
    /// @throws Problem unless each band begins where the one before it ends
    static MonthBands of(List<String> header) {
        List<Band> bands = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            Matcher band = BAND.matcher(header.get(i));
            if (band.matches()) {
                bands.add(
                        new Band(
                                i,
                                Integer.parseInt(band.group(1)),
                                Integer.parseInt(band.group(2))));
            }
        }
        bands.sort(java.util.Comparator.comparingInt(Band::from));
        double[] edges = new double[bands.isEmpty() ? 0 : bands.size() + 1];
        for (int i = 0; i < bands.size(); i++) {
            Band band = bands.get(i);
            boolean follows = i == 0 || edges[i] == band.from;
            if (!follows || band.to <= band.from) {
                throw new Problem(
                        ProblemCode.UNREADABLE,
                        "The band `minutes_%d_%d` does not begin where the one before it ends."
                                .formatted(band.from, band.to),
                        "Send bands that follow each other, as `minutes_0_10,minutes_10_20`.");
            }
            edges[i] = band.from;
            edges[i + 1] = band.to;
        }
        return new MonthBands(bands.stream().mapToInt(Band::place).toArray(), edges);
    }

    /// The month with what its bands come to, where it does not tell that itself.
    Month fill(Month month, Csv.Row row) {
        if (places.length == 0) {
            return month;
        }
        double[] counts = new double[places.length];
        for (int i = 0; i < places.length; i++) {
            String text =
                    places[i] < row.fields().size() ? row.fields().get(places[i]).strip() : "";
            if (!text.matches("\\d{0,9}")) {
                throw new IllegalArgumentException(
                        "`" + text + "` in a band is no whole number from 0 upwards.");
            }
            counts[i] = text.isEmpty() ? 0 : Long.parseLong(text);
        }
        long all = Math.round(Arrays.stream(counts).sum());
        if (all == 0) {
            return month;
        }
        return new Month(
                month.organization(),
                month.month(),
                month.queue(),
                month.department(),
                month.tickets() == null ? Long.valueOf(all) : month.tickets(),
                month.medianSeconds() == null ? seconds(counts, 0.5) : month.medianSeconds(),
                month.p90Seconds() == null ? seconds(counts, 0.9) : month.p90Seconds(),
                month.registrations(),
                month.prescriptions());
    }

    private Integer seconds(double[] counts, double q) {
        return (int) Math.round(60 * Quantiles.banded(edges, counts, q));
    }
}
