package org.yifang.statistics;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The waits of one period, millions of them, in columns: which day, which stratum, how many
/// seconds, how the wait ended.
public final class WaitSample {
    /// How a wait ended. Only the first is known to its end; the others are censored there.
    public enum Ending {
        SERVED(0),
        LEFT(1),
        LOST(2);

        private final byte number;

        Ending(int number) {
            this.number = (byte) number;
        }
    }

    /// Longer waits are kept as "longer than this": censored here, so that a clock left running
    /// cannot move a figure and a long wait cannot be hidden as an error either.
    public static final int LONGEST_SECONDS = 8 * 3600;

    private final Map<LocalDate, Integer> dayNumbers = new HashMap<>();
    private final List<LocalDate> days = new ArrayList<>();
    private int size;
    private short[] day;
    private int[] stratum;
    private short[] seconds;
    private byte[] ending;

    /// @param expected how many waits to make room for; more are welcome
    public WaitSample(int expected) {
        int room = Math.max(expected, 16);
        day = new short[room];
        stratum = new int[room];
        seconds = new short[room];
        ending = new byte[room];
    }

    /// Takes one wait in.
    ///
    /// @param on the day in the place where people queue
    /// @param inStratum dense number, from 0, of department, hour and weekday
    /// @param waited seconds, none negative
    public void add(LocalDate on, int inStratum, int waited, Ending how) {
        if (waited < 0) {
            throw new IllegalArgumentException("A wait of " + waited + " seconds has no meaning.");
        }
        if (size == day.length) {
            grow();
        }
        boolean tooLong = waited > LONGEST_SECONDS;
        day[size] = (short) dayNumbers.computeIfAbsent(on, this::nextDay).intValue();
        stratum[size] = inStratum;
        seconds[size] = (short) (tooLong ? LONGEST_SECONDS : waited);
        ending[size] = (tooLong ? Ending.LOST : how).number;
        size++;
    }

    public int size() {
        return size;
    }

    /// The days on which anyone waited, in the order they first came.
    public List<LocalDate> days() {
        return java.util.Collections.unmodifiableList(days);
    }

    /// The served waits of the sample, in seconds, at least one second each.
    public double[] servedSeconds() {
        double[] served = new double[size];
        int n = 0;
        for (int i = 0; i < size; i++) {
            if (served(i)) {
                served[n++] = Math.max(seconds[i], 1);
            }
        }
        return java.util.Arrays.copyOf(served, n);
    }

    int day(int i) {
        return day[i];
    }

    int stratum(int i) {
        return stratum[i];
    }

    int seconds(int i) {
        return seconds[i];
    }

    boolean served(int i) {
        return ending[i] == Ending.SERVED.number;
    }

    Ending ending(int i) {
        return switch (ending[i]) {
            case 0 -> Ending.SERVED;
            case 1 -> Ending.LEFT;
            default -> Ending.LOST;
        };
    }

    /// How many waits each stratum has.
    public int[] countByStratum(int strata) {
        int[] counts = new int[strata];
        for (int i = 0; i < size; i++) {
            counts[stratum[i]]++;
        }
        return counts;
    }

    private Integer nextDay(LocalDate on) {
        if (days.size() == Short.MAX_VALUE) {
            throw new IllegalArgumentException("A period has at most 32,767 days.");
        }
        days.add(on);
        return days.size() - 1;
    }

    private void grow() {
        int room = size + (size >> 1);
        day = java.util.Arrays.copyOf(day, room);
        stratum = java.util.Arrays.copyOf(stratum, room);
        seconds = java.util.Arrays.copyOf(seconds, room);
        ending = java.util.Arrays.copyOf(ending, room);
    }
}
