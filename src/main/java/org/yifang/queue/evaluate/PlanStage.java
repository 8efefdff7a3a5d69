package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.queue.evaluate.EvaluationData.Group;
import org.yifang.queue.evaluate.PeriodTally.Strata;
import org.yifang.queue.evaluate.PlanDayStore.Single;
import org.yifang.queue.evaluate.PlanFacts.Clocks;
import org.yifang.queue.evaluate.PlanLinks.Counted;
import org.yifang.queue.evaluate.PlanLinks.OfPlace;
import org.yifang.queue.ticket.Fate;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.QueueStage;
import org.yifang.statistics.WaitSample;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/// One stage of a plan while its days are read: waits are kept until it is known which weeks are
/// left out.
final class PlanStage {
    /// The waits of a day in one number each: department, hour, fate and seconds.
    private static final class Waits {
        /// Two bits tell which of them.
        private static final List<Fate> FATES = List.of(Fate.values());

        long[] packed = new long[64];
        int size;
        int missing;
        int unseen;

        void add(int department, int hour, Fate fate, int seconds) {
            if (size == packed.length) {
                packed = Arrays.copyOf(packed, 2 * size);
            }
            packed[size++] =
                    (long) department << 40
                            | (long) hour << 34
                            | (long) FATES.indexOf(fate) << 32
                            | seconds;
        }
    }

    private final QueueStage stage;
    private final EvaluationQuestion question;
    private final Map<String, Integer> places = new HashMap<>();
    private final List<String> names = new java.util.ArrayList<>();
    private final TreeMap<LocalDate, Waits> waits = new TreeMap<>();
    private final TreeMap<LocalDate, Waits> controls = new TreeMap<>();
    private final Map<LocalDate, int[]> weeks = new TreeMap<>();
    private final long[] units = new long[2];
    private final long[] linked = new long[2];
    private final long[] struck = new long[2];
    private final long[] noArrival = new long[2];
    private final long[] tickets = new long[2];
    private final TreeSet<UUID> files = new TreeSet<>();
    private long late;
    private final Spread toEnd = new Spread();
    private final Spread toJoining = new Spread();

    PlanStage(QueueStage stage, EvaluationQuestion question) {
        this.stage = stage;
        this.question = question;
    }

    boolean hasTickets() {
        return !waits.isEmpty();
    }

    private @Nullable Integer side(LocalDate day) {
        if (!day.isAfter(question.baselineEnd())) {
            return 0;
        }
        return day.isBefore(question.periodStart()) ? null : 1;
    }

    /// Takes the day of one organization of the plan.
    ///
    /// @param registered when each visit registered
    void take(LocalDate day, OfPlace of, Map<String, Instant> registered) {
        Waits kept = waits.computeIfAbsent(day, _ -> new Waits());
        Integer side = side(day);
        for (Counted one : of.counted()) {
            add(kept, one);
            if (side != null) {
                tell(one, side, registered);
            }
        }
        if (side == null) {
            return;
        }
        units[side] += of.units();
        linked[side] += of.linked();
        struck[side] += of.struck();
        noArrival[side] += of.noArrival();
        kept.missing += of.excluded().size();
        int[] week = weeks.computeIfAbsent(Festivals.monday(day), _ -> new int[2]);
        week[0] += of.units();
        week[1] += of.linked();
        worst(kept, of, side);
    }

    /// Units of which no ticket tells: the longest wait after the change, none before it. They come
    /// as the others of the day do.
    private void worst(Waits kept, OfPlace of, int side) {
        int unlinked = of.units() - of.linked();
        if (unlinked <= 0) {
            return;
        }
        List<Counted> others = of.counted();
        if (others.isEmpty()) {
            kept.missing += unlinked;
            return;
        }
        kept.unseen += side == 0 ? unlinked : 0;
        for (int i = 0; i < unlinked; i++) {
            Single like = others.get(i % others.size()).ticket();
            kept.add(
                    place(like.department()),
                    hour(like),
                    side == 1 ? Fate.UNKNOWN : Fate.SERVED,
                    side == 1 ? WaitSample.LONGEST_SECONDS : 0);
        }
    }

    private void tell(Counted one, int side, Map<String, Instant> registered) {
        Single ticket = one.ticket();
        Instant joined = Objects.requireNonNull(ticket.joined());
        tickets[side]++;
        if (ticket.history() != null && side == 0) {
            files.add(ticket.history());
        }
        late += ticket.isLate() && ticket.history() == null && side == 0 ? 1 : 0;
        if (ticket.serviceEnd() != null) {
            toEnd.add(side == 1, ticket.serviceEnd().getEpochSecond() - joined.getEpochSecond());
        }
        Instant came = ticket.visit() == null ? null : registered.get(ticket.visit());
        if (came != null && stage != QueueStage.REGISTRATION) {
            toJoining.add(side == 1, joined.getEpochSecond() - came.getEpochSecond());
        }
    }

    private void add(Waits kept, Counted one) {
        kept.add(
                place(one.ticket().department()),
                hour(one.ticket()),
                one.fate(),
                Math.min(one.seconds(), 10 * WaitSample.LONGEST_SECONDS));
    }

    private static int hour(Single ticket) {
        return Objects.requireNonNull(ticket.joined()).atZone(QueueLimits.ZONE).getHour();
    }

    private int place(@Nullable String department) {
        return places.computeIfAbsent(
                department == null ? "" : department,
                name -> {
                    names.add(name);
                    return names.size() - 1;
                });
    }

    /// Takes the day of a control site.
    void control(LocalDate day, OfPlace of) {
        Waits kept = controls.computeIfAbsent(day, _ -> new Waits());
        of.counted().forEach(one -> add(kept, one));
    }

    /// What was expected and reported of the stage.
    List<Coverage.OfStage> units() {
        return units[0] + units[1] == 0
                ? List.of()
                : List.of(
                        new Coverage.OfStage(
                                String.join(",", question.organizations()),
                                stage,
                                units[0],
                                linked[0],
                                units[1],
                                linked[1]));
    }

    /// Everything of the stage, without the weeks that are left out.
    Group group(
            Coverage coverage,
            Spread visits,
            Clocks clocks,
            Map<UUID, String> importers,
            boolean isLinked,
            List<String> merged) {
        SortedSet<LocalDate> poor = PlanData.poor(weeks);
        SortedSet<LocalDate> dropped = Festivals.withCounterparts(poor);
        Strata strata = new Strata();
        PeriodTally before = tally(strata, waits, true, dropped);
        PeriodTally after = tally(strata, waits, false, dropped);
        PeriodTally between = between(strata, dropped);
        Strata others = new Strata();
        Reduction.Control sites =
                new Reduction.Control(
                        tally(others, controls, true, dropped),
                        tally(others, controls, false, dropped));
        boolean isSilent =
                sites.before().sample().size() == 0 || sites.after().sample().size() == 0;
        Optional<Reduction.Control> control = isSilent ? Optional.empty() : Optional.of(sites);
        PlanFacts facts =
                new PlanFacts(
                        isLinked
                                ? new PlanFacts.Linking(
                                        PlanData.counts(units),
                                        PlanData.counts(linked),
                                        PlanData.counts(struck))
                                : null,
                        poor,
                        weeks.size(),
                        toEnd.medians(tickets[0], tickets[1]),
                        toJoining.medians(tickets[0], tickets[1]),
                        visits.medians(0, 0),
                        clocks,
                        PlanData.counts(noArrival),
                        files.stream()
                                .map(file -> importers.getOrDefault(file, file.toString()))
                                .toList(),
                        isSilent && !question.controls().isEmpty(),
                        merged,
                        tickets[0] == 0 ? 0 : late / (double) tickets[0]);
        return new Group(
                stage,
                new Reduction.StageTallies(before, between, after, coverage, control),
                facts);
    }

    private PeriodTally tally(
            Strata strata,
            NavigableMap<LocalDate, Waits> from,
            boolean isBefore,
            SortedSet<LocalDate> dropped) {
        LocalDate start = isBefore ? question.baselineStart() : question.periodStart();
        LocalDate end = isBefore ? question.baselineEnd() : question.periodEnd();
        return tally(strata, from, start, end, dropped);
    }

    private @Nullable PeriodTally between(Strata strata, SortedSet<LocalDate> dropped) {
        LocalDate start = question.baselineEnd().plusDays(1);
        LocalDate end = question.periodStart().minusDays(1);
        return end.isBefore(start) ? null : tally(strata, waits, start, end, dropped);
    }

    private PeriodTally tally(
            Strata strata,
            NavigableMap<LocalDate, Waits> from,
            LocalDate start,
            LocalDate end,
            SortedSet<LocalDate> dropped) {
        PeriodTally tally = new PeriodTally(start, end, strata, 1024);
        from.subMap(start, true, end, true)
                .forEach((day, of) -> {
                    if (dropped.contains(Festivals.monday(day))) {
                        return;
                    }
                    for (int i = 0; i < of.size; i++) {
                        long one = of.packed[i];
                        tally.add(
                                names.get((int) (one >> 40)),
                                (int) (one >> 34 & 63),
                                day,
                                (int) one,
                                Waits.FATES.get((int) (one >> 32 & 3)));
                    }
                    tally.countMissing(day, of.missing);
                    tally.countUnseen(day, of.unseen);
                });
        return tally;
    }
}
