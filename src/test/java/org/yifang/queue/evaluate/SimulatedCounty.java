package org.yifang.queue.evaluate;

import org.yifang.queue.evaluate.PeriodTally.Strata;
import org.yifang.queue.ticket.Fate;
import org.yifang.queue.ticket.QueueStage;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// A county whose true reform effect is known: three queues, fast to slow, with busy hours, good
/// and bad days, and people who run out of patience.
record SimulatedCounty(
        long seed,
        double effect,
        int weeks,
        double ticketsPerHour,
        double[] mixAfter,
        double patienceSeconds,
        boolean hidesLeavers,
        boolean reportsFastQueuesOnly,
        double dayCorrelation,
        double waves) {
    private static final LocalDate MONDAY = LocalDate.of(2026, 3, 2);
    private static final double[] TYPICAL_SECONDS = {600, 1200, 2400};
    private static final double[] BUSY = {1.0, 1.5, 1.8, 1.3, 0.7, 1.1, 1.2, 0.8};
    private static final double DAY_SPREAD = 0.2;
    private static final double SINGLE_SPREAD = 0.6;
    private static final double WAVE_MEMORY = 0.85;

    static SimulatedCounty withEffect(long seed, double effect) {
        return new SimulatedCounty(
                seed, effect, 26, 3, new double[] {1, 1, 1}, 4 * 3600, false, false, 0, 0);
    }

    SimulatedCounty withMixAfter(double... mix) {
        return new SimulatedCounty(
                seed,
                effect,
                weeks,
                ticketsPerHour,
                mix,
                patienceSeconds,
                hidesLeavers,
                false,
                dayCorrelation,
                waves);
    }

    SimulatedCounty withTicketsPerHour(double tickets) {
        return new SimulatedCounty(
                seed,
                effect,
                weeks,
                tickets,
                mixAfter,
                patienceSeconds,
                hidesLeavers,
                false,
                dayCorrelation,
                waves);
    }

    SimulatedCounty withPatience(double seconds) {
        return new SimulatedCounty(
                seed,
                effect,
                weeks,
                ticketsPerHour,
                mixAfter,
                seconds,
                hidesLeavers,
                false,
                dayCorrelation,
                waves);
    }

    SimulatedCounty hidingLeavers() {
        return new SimulatedCounty(
                seed,
                effect,
                weeks,
                ticketsPerHour,
                mixAfter,
                patienceSeconds,
                true,
                false,
                dayCorrelation,
                waves);
    }

    SimulatedCounty reportingFastQueuesOnly() {
        return new SimulatedCounty(
                seed,
                effect,
                weeks,
                ticketsPerHour,
                mixAfter,
                patienceSeconds,
                false,
                true,
                dayCorrelation,
                waves);
    }

    /// @param weekCount of each period
    /// @param correlation of one day with the next
    /// @param waveSpread of waves over weeks, 0 for none
    SimulatedCounty remembering(int weekCount, double correlation, double waveSpread) {
        return new SimulatedCounty(
                seed,
                effect,
                weekCount,
                ticketsPerHour,
                mixAfter,
                patienceSeconds,
                hidesLeavers,
                reportsFastQueuesOnly,
                correlation,
                waveSpread);
    }

    /// What the county reported, with the coverage that its registrations show.
    record Reported(PeriodTally before, PeriodTally after, Coverage coverage) {
        Reduction reduction() {
            return Reduction.of(
                    new Reduction.StageTallies(before, null, after, coverage, Optional.empty()),
                    terms(),
                    ReductionMethod.standard());
        }

        ReductionTerms terms() {
            return ReductionTerms.between(before.end(), after.start());
        }

        ReductionRule.Judgement judgement() {
            return ReductionRule.judge(
                    reduction(), coverage, false, terms(), null, ReductionMethod.standard());
        }
    }

    Reported report() {
        SplittableRandom random = new SplittableRandom(seed);
        Strata strata = new Strata();
        LocalDate reform = MONDAY.plusWeeks(weeks);
        PeriodTally before = new PeriodTally(MONDAY, reform.minusDays(1), strata, 4096);
        PeriodTally after =
                new PeriodTally(reform, reform.plusWeeks(weeks).minusDays(1), strata, 4096);
        long[] seenBefore = new long[3];
        long[] seenAfter = new long[3];
        double[] memory = {gaussian(random), gaussian(random)};
        long came = live(random, memory, before, 1, new double[] {1, 1, 1}, seenBefore, false);
        long cameLater = live(random, memory, after, 1 - effect, mixAfter, seenAfter, true);
        List<Coverage.OfQueue> queues = new ArrayList<>();
        for (int q = 0; q < 3; q++) {
            queues.add(new Coverage.OfQueue("H1", "queue-" + q, true, seenBefore[q], seenAfter[q]));
        }
        Coverage.OfStage unit =
                new Coverage.OfStage(
                        "H1",
                        QueueStage.CONSULTATION,
                        came,
                        before.tickets(),
                        cameLater,
                        after.tickets());
        return new Reported(before, after, new Coverage(queues, List.of(unit)));
    }

    private long live(
            SplittableRandom random,
            double[] memory,
            PeriodTally tally,
            double speed,
            double[] mix,
            long[] seen,
            boolean later) {
        long came = 0;
        for (LocalDate day = tally.start(); !day.isAfter(tally.end()); day = day.plusDays(1)) {
            memory[0] =
                    dayCorrelation * memory[0]
                            + Math.sqrt(1 - dayCorrelation * dayCorrelation) * gaussian(random);
            if (day.getDayOfWeek() == DayOfWeek.MONDAY) {
                memory[1] =
                        WAVE_MEMORY * memory[1]
                                + Math.sqrt(1 - WAVE_MEMORY * WAVE_MEMORY) * gaussian(random);
            }
            if (day.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0) {
                continue;
            }
            double dayEffect = Math.exp(DAY_SPREAD * memory[0] + waves * memory[1]);
            for (int queue = 0; queue < 3; queue++) {
                for (int hour = 0; hour < BUSY.length; hour++) {
                    int n = poisson(random, ticketsPerHour * mix[queue] * BUSY[hour]);
                    came += n;
                    double typical = TYPICAL_SECONDS[queue] * BUSY[hour] * dayEffect * speed;
                    for (int i = 0; i < n; i++) {
                        double wait = typical * Math.exp(SINGLE_SPREAD * gaussian(random));
                        double patience = -patienceSeconds * Math.log(1 - random.nextDouble());
                        boolean leaves = patience < wait;
                        boolean hidden =
                                later && (hidesLeavers && leaves)
                                        || (later && reportsFastQueuesOnly && queue == 2);
                        if (!hidden) {
                            seen[queue]++;
                            tally.add(
                                    "D" + queue,
                                    8 + hour,
                                    day,
                                    (int) Math.min(patience, wait),
                                    leaves ? Fate.LEFT : Fate.SERVED);
                        }
                    }
                }
            }
        }
        return came;
    }

    private static double gaussian(SplittableRandom random) {
        double u = 1 - random.nextDouble();
        return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    private static int poisson(SplittableRandom random, double mean) {
        double limit = Math.exp(-mean);
        double product = random.nextDouble();
        int n = 0;
        while (product > limit) {
            n++;
            product *= random.nextDouble();
        }
        return n;
    }
}
