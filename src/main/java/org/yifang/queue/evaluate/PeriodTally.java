package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.queue.quality.QueueQualityStore;
import org.yifang.queue.ticket.Fate;
import org.yifang.queue.ticket.Ticket;
import org.yifang.statistics.WaitSample;
import org.yifang.statistics.WaitSample.Ending;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// The tickets of one period as an evaluation takes them: every one counted, either as a wait or
/// under the reason why it is none.
public final class PeriodTally {
    /// Numbers the strata (department, hour of joining, weekday) of both periods alike.
    public static final class Strata {
        static final int HOURS = 24;
        static final int WEEKDAYS = 7;

        /// Tickets that each side of a stratum needs, or it is put together with others.
        static final int EACH_LEAST = 20;

        private static final int LEVELS = 4;

        private final Map<String, Integer> departments = new HashMap<>();
        private final List<String> names = new ArrayList<>();
        private final Map<Integer, Integer> numbers = new HashMap<>();
        private final List<Integer> keys = new ArrayList<>();

        /// @param hour of joining, Shanghai time
        int number(String department, int hour, LocalDate day) {
            Integer place = departments.get(department);
            if (place == null) {
                place = names.size();
                departments.put(department, place);
                names.add(department);
            }
            int key = (place * HOURS + hour) * WEEKDAYS + day.getDayOfWeek().getValue() - 1;
            Integer number = numbers.get(key);
            if (number == null) {
                number = keys.size();
                numbers.put(key, number);
                keys.add(key);
            }
            return number;
        }

        /// Puts strata together until each side has enough of each: an hour of a weekday, three
        /// hours, a kind of day (working or not), at last the department alone.
        ///
        /// @return the joint stratum of each stratum, and behind the last how many there are
        int[] joined(int[] before, int[] after) {
            int[] places = new int[count() + 1];
            Arrays.fill(places, -1);
            int joint = 0;
            for (int level = 0; level < LEVELS; level++) {
                Map<Integer, int[]> sums = new TreeMap<>();
                for (int h = 0; h < count(); h++) {
                    if (places[h] < 0) {
                        int[] sum = sums.computeIfAbsent(group(h, level), _ -> new int[3]);
                        sum[0] += h < before.length ? before[h] : 0;
                        sum[1] += h < after.length ? after[h] : 0;
                    }
                }
                for (int[] sum : sums.values()) {
                    boolean enough = Math.min(sum[0], sum[1]) >= EACH_LEAST;
                    sum[2] = enough || level == LEVELS - 1 ? joint++ : -1;
                }
                for (int h = 0; h < count(); h++) {
                    if (places[h] < 0) {
                        places[h] = Objects.requireNonNull(sums.get(group(h, level)))[2];
                    }
                }
            }
            places[count()] = joint;
            return places;
        }

        private int group(int number, int level) {
            int department = department(number) * 1000;
            boolean working = weekday(number) < 5;
            return switch (level) {
                case 0 -> department + hour(number) * WEEKDAYS + weekday(number);
                case 1 -> department + hour(number) / 3 * WEEKDAYS + weekday(number);
                case 2 -> department + (working ? 1 : 0);
                default -> department;
            };
        }

        /// The departments, in the order of [#department].
        List<String> departments() {
            return names;
        }

        /// Place of a stratum's department among [#departments].
        int department(int number) {
            return keys.get(number) / (HOURS * WEEKDAYS);
        }

        int hour(int number) {
            return keys.get(number) / WEEKDAYS % HOURS;
        }

        /// From 0, Monday.
        int weekday(int number) {
            return keys.get(number) % WEEKDAYS;
        }

        int count() {
            return numbers.size();
        }
    }

    private final LocalDate start;
    private final LocalDate end;
    private final Strata strata;
    private final WaitSample sample;
    private long left;
    private long transferred;
    private long unknown;
    private long voided;
    private long startMissing;
    private long historical;
    private long missing;
    private long unseen;
    private final Map<LocalDate, Stood> stood = new HashMap<>();
    private final Map<LocalDate, int[]> unserved = new TreeMap<>();

    /// Seconds of a day's waits, and how many of them lie outside that day.
    private static final class Stood {
        double waited;
        double outside;
    }

    /// How well a period keeps Little's law.
    ///
    /// @param gap the worst of any day
    /// @param day that day, null when nobody waited
    /// @param alarms days on which the gap is above [QueueQualityStore#LITTLE_MOST]
    public record Little(double gap, @Nullable LocalDate day, int alarms) {}

    /// @param start first day
    /// @param end last day, included
    public PeriodTally(LocalDate start, LocalDate end, Strata strata, int expected) {
        this.start = start;
        this.end = end;
        this.strata = strata;
        this.sample = new WaitSample(expected);
    }

    /// Takes one wait in.
    public void add(String department, int hour, LocalDate day, int seconds, Fate fate) {
        Ending ending =
                switch (fate) {
                    case SERVED -> Ending.SERVED;
                    case LEFT -> Ending.LEFT;
                    case TRANSFERRED, UNKNOWN -> Ending.LOST;
                };
        sample.add(day, strata.number(department, hour, day), seconds, ending);
        countServed(day, fate == Fate.SERVED || fate == Fate.TRANSFERRED);
        switch (fate) {
            case SERVED -> {}
            case LEFT -> left++;
            case TRANSFERRED -> transferred++;
            case UNKNOWN -> unknown++;
        }
    }

    /// Counts what tells whether Little's law holds: the mean length of the line times the day is
    /// what was stood within it, arrivals times mean wait is all of the waits. They differ by the
    /// seconds outside the day, and then some start or end is wrong.
    ///
    /// @param waited seconds of waits
    /// @param outside how many of those lie before the day begins or after it ends
    void countStood(LocalDate day, double waited, double outside) {
        Stood of = stood.computeIfAbsent(day, _ -> new Stood());
        of.waited += waited;
        of.outside += outside;
    }

    /// Little's law, day by day.
    public Little little() {
        double worst = 0;
        LocalDate when = null;
        int alarms = 0;
        for (Map.Entry<LocalDate, Stood> one : new TreeMap<>(stood).entrySet()) {
            double waited = one.getValue().waited;
            double gap = waited == 0 ? 0 : one.getValue().outside / waited;
            alarms += gap > QueueQualityStore.LITTLE_MOST ? 1 : 0;
            if (when == null || gap > worst) {
                worst = gap;
                when = one.getKey();
            }
        }
        return new Little(worst, when, alarms);
    }

    private void countServed(LocalDate day, boolean isServed) {
        int[] counts = unserved.computeIfAbsent(day, _ -> new int[2]);
        counts[0] += isServed ? 0 : 1;
        counts[1]++;
    }

    /// Counts units of a day that were expected and of which no ticket tells: nobody was seen to be
    /// served.
    void countMissing(LocalDate day, int units) {
        missing += units;
        for (int i = 0; i < units; i++) {
            countServed(day, false);
        }
    }

    /// Says of waits counted as served that nobody saw them so: units of which no ticket tells.
    void countUnseen(LocalDate day, int waits) {
        unseen += waits;
        unserved.computeIfAbsent(day, _ -> new int[2])[0] += waits;
    }

    /// Share not seen to be served, day by day: of each day how many, and of how many.
    Map<LocalDate, int[]> unserved() {
        return unserved;
    }

    /// Counts a ticket that has no wait.
    public void exclude(Ticket.Exclusion why, LocalDate day) {
        countServed(day, false);
        switch (why) {
            case VOIDED -> voided++;
            case START_MISSING -> startMissing++;
        }
    }

    /// Counts a ticket, taken in or not, as coming from a file of the time before the platform.
    public void countHistorical() {
        historical++;
    }

    public LocalDate start() {
        return start;
    }

    public LocalDate end() {
        return end;
    }

    public WaitSample sample() {
        return sample;
    }

    Strata strata() {
        return strata;
    }

    public long left() {
        return left;
    }

    public long transferred() {
        return transferred;
    }

    public long unknown() {
        return unknown;
    }

    public long voided() {
        return voided;
    }

    public long startMissing() {
        return startMissing;
    }

    public long historical() {
        return historical;
    }

    /// All tickets of the period, with or without a wait.
    public long tickets() {
        return sample.size() + voided + startMissing;
    }

    /// The share not seen to be served: who left, did not come, was lost from sight, was voided, or
    /// was expected and never reported. A ticket that is not reported counts here, so that leavers
    /// cannot be made to vanish.
    ///
    /// @param expected tickets expected from registrations or prescriptions, 0 when not known
    public double leavingShare(long expected) {
        long absent = Math.max(expected - tickets(), missing);
        long all = tickets() + absent;
        return all == 0
                ? 0
                : (left + unknown + unseen + voided + startMissing + absent) / (double) all;
    }
}
