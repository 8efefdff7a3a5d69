package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.queue.evaluate.PlanDayStore.PlanDay;
import org.yifang.queue.evaluate.PlanDayStore.Single;
import org.yifang.queue.evaluate.PlanDayStore.Unit;
import org.yifang.queue.evaluate.PlanFacts.Clocks;
import org.yifang.queue.ticket.Fate;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.QueueRow;
import org.yifang.queue.ticket.QueueStage;

import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/// A county with a registered plan, a site to compare with, and somebody who wants the plan to be
/// met: a fast and a slow window, days that remember each other, people who run out of patience.
final class PlanCounty implements PlanData.Records {
    static final LocalDate PERIOD = LocalDate.of(2025, 3, 3);
    static final String SITE = "H1";
    private static final String OTHER = "H2";
    private static final double[] TYPICAL_SECONDS = {1200, 2400};
    private static final int A_DAY = 16;
    private static final double SINGLE_SPREAD = 0.6;
    private static final double PATIENCE_SECONDS = 4 * 3600;
    private static final int[] FAKES = {5, 20, 60, 200};

    private final long seed;
    private final Cheat cheat;
    private final double change;
    private final int weeks;
    private final LocalDate baseline;
    private final QueueRow[] windows = {
        window(SITE, "fast"), window(SITE, "slow"), window(OTHER, "fast"), window(OTHER, "slow")
    };
    private final QueueRow desk = queue(SITE, "desk", QueueStage.REGISTRATION);
    private final double[][] levels = new double[2][];
    private boolean isAlone;

    /// @param change truth of those who wait, 0.4 is less by 60 %
    PlanCounty(long seed, Cheat cheat, double change, double correlation, int weeks) {
        this.seed = seed;
        this.cheat = cheat;
        this.change = change;
        this.weeks = weeks;
        boolean isMoved = cheat == Cheat.SEASON || cheat == Cheat.CHOSEN_WINDOWS;
        this.baseline = PERIOD.minusDays(isMoved ? 182 : 364);
        double waves = cheat == Cheat.CHOSEN_SITES || cheat == Cheat.CHOSEN_WINDOWS ? 0.25 : 0;
        int days = (int) ChronoUnit.DAYS.between(baseline, end()) + 1;
        DayLevels of = new DayLevels(days, correlation, waves);
        levels[0] = of.draw(seed);
        levels[1] = of.draw(seed + 7_000_003);
        if (cheat == Cheat.CHOSEN_SITES) {
            for (int other = 1; other < 20; other++) {
                double[] one = of.draw(seed + 1_000_003L * other);
                if (before(one) > before(levels[0])) {
                    levels[0] = one;
                }
            }
        }
    }

    private double before(double[] level) {
        return Arrays.stream(level, 0, weeks * 7).sum();
    }

    /// The same without a site to compare with.
    PlanCounty alone() {
        isAlone = true;
        return this;
    }

    private static QueueRow window(String site, String code) {
        return queue(site, code, QueueStage.DISPENSING);
    }

    private static QueueRow queue(String site, String code, QueueStage stage) {
        UUID organization = UUID.nameUUIDFromBytes(site.getBytes(StandardCharsets.UTF_8));
        UUID id = UUID.nameUUIDFromBytes((site + code).getBytes(StandardCharsets.UTF_8));
        return new QueueRow(id, organization, site, code, stage, null);
    }

    private LocalDate end() {
        return PERIOD.plusWeeks(weeks).minusDays(1);
    }

    /// The judgement as of the verdict's day.
    ReductionRule.Judgement judgement() {
        EvaluationQuestion question =
                EvaluationQuestion.of(cheat.plan(baseline, PERIOD, weeks), Instant.EPOCH);
        var groups = new PlanData(this, question).read(new EvaluationProgress());
        var group = groups.getFirst();
        ReductionTerms terms = ReductionTerms.of(question);
        ReductionMethod method = ReductionMethod.standard();
        Reduction reduction = Reduction.of(group.told(), terms, method);
        return ReductionRule.judge(
                reduction, group.told().coverage(), false, terms, group.facts(), method);
    }

    @Override
    public Map<QueueRow, Boolean> queues(Instant asOf) {
        return Map.of(
                windows[0], true, windows[1], true, windows[2], true, windows[3], true, desk, true);
    }

    @Override
    public Map<UUID, String> importers() {
        return Map.of();
    }

    @Override
    public Clocks clocks(EvaluationQuestion question) {
        return switch (cheat) {
            case CLOCKS ->
                    new Clocks(List.of(new Clocks.Shift("counter", 900)), List.of(), List.of());
            case CLOCKS_UNTOLD -> new Clocks(List.of(), List.of("counter"), List.of());
            default -> Clocks.STEADY;
        };
    }

    @Override
    public PlanDay day(LocalDate day, @Nullable String source, Instant asOf) {
        Told told = new Told(day, !day.isBefore(PERIOD));
        if (day.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) <= 0) {
            told.live(SITE, 0);
            if (!isAlone) {
                told.live(OTHER, 1);
            }
        }
        return new PlanDay(told.tickets, told.units);
    }

    /// What is told of a day.
    private final class Told {
        private final List<Single> tickets = new ArrayList<>();
        private final List<Unit> units = new ArrayList<>();
        private final LocalDate day;
        private final boolean isLater;
        private final SplittableRandom random;
        private final long number;

        Told(LocalDate day, boolean isLater) {
            this.day = day;
            this.isLater = isLater;
            this.number = ChronoUnit.DAYS.between(baseline, day);
            this.random = new SplittableRandom(seed * 10_007 + number);
        }

        void live(String site, int place) {
            double level = Math.exp(levels[place][(int) number]) * drift(site);
            boolean isSite = site.equals(SITE);
            for (int t = 0; t < A_DAY; t++) {
                int window = window(t, isSite);
                String visit = site + day + "-" + t;
                double truth = isSite && isLater ? change : 1;
                int wait =
                        (int)
                                (TYPICAL_SECONDS[window]
                                        * level
                                        * truth
                                        * Math.exp(SINGLE_SPREAD * DayLevels.gaussian(random)));
                double patience = -patience(isSite) * Math.log(1 - random.nextDouble());
                Fate fate = patience < wait ? Fate.LEFT : Fate.SERVED;
                int seconds = (int) Math.min(patience, wait);
                boolean isInvented = isSite && !isLater && cheat == Cheat.INVENTED_BASELINE;
                units.add(new Unit(site, "dispensing", visit, "bureau", false));
                if (isSite && isLater) {
                    tellLater(t, window, visit, seconds, fate, level);
                } else {
                    String told = isInvented ? "invented" + visit : visit;
                    int longer = isInvented ? 3 * seconds : seconds;
                    tell(place * 2 + window, "T" + t, told, longer, fate, window);
                }
            }
            if (isSite) {
                fakes();
            }
        }

        private double patience(boolean isSite) {
            boolean sent = isSite && isLater && cheat == Cheat.MORE_LEAVE;
            boolean hasty = isSite && cheat == Cheat.HIDDEN_LEAVERS;
            return sent || hasty ? 2400 : PATIENCE_SECONDS;
        }

        private int window(int t, boolean isSite) {
            boolean mixed = isSite && isLater && (cheat == Cheat.CASE_MIX || cheat == Cheat.MERGED);
            return mixed ? (t % 8 == 0 ? 1 : 0) : t % 2;
        }

        /// What happens to waits without anybody's merit.
        private double drift(String site) {
            boolean all = cheat == Cheat.COUNTY_FALLS || cheat == Cheat.SILENT_CONTROL;
            if (all) {
                return isLater ? 0.38 : 1;
            }
            if (cheat == Cheat.FALLING_TREND && site.equals(SITE)) {
                return Math.exp(-number / 364.0);
            }
            if (cheat == Cheat.SEASON) {
                return Math.exp(0.6 * Math.sin(2 * Math.PI * number / 364));
            }
            return 1;
        }

        private void tellLater(
                int t, int window, String visit, int seconds, Fate fate, double level) {
            double typical = TYPICAL_SECONDS[window] * level;
            switch (cheat) {
                case HIDDEN_LEAVERS -> {
                    if (fate != Fate.LEFT) {
                        tell(window, "T" + t, visit, seconds, fate, window);
                    }
                }
                case TRIMMED_TAILS -> {
                    if (seconds < 1.6 * typical) {
                        tell(window, "T" + t, visit, seconds, fate, window);
                    }
                }
                case SWAPPED_FEW -> swap(t, window, visit, seconds, fate, 2.15 * typical);
                case SWAPPED_MANY -> swap(t, window, visit, seconds, fate, 1.6 * typical);
                case NO_ARRIVAL -> {
                    boolean slow = seconds > 600;
                    Fate told = slow ? Fate.TRANSFERRED : fate;
                    tell(window, "T" + t, visit, slow ? 300 : seconds, told, window);
                }
                case DOUBLED -> {
                    tell(window, "T" + t, visit, seconds, fate, window);
                    tell(window, "S" + t, visit, 30, Fate.SERVED, window);
                }
                case INTO_SERVICE -> {
                    int early = (int) (0.4 * seconds);
                    tell(window, "T" + t, visit, early, fate, window, seconds - early + 120);
                }
                case BEFORE_THE_TICKET, NO_LONGER_TOLD ->
                        tell(window, "T" + t, visit, (int) (0.4 * seconds), fate, window);
                case CLOCKS, CLOCKS_UNTOLD ->
                        tell(window, "T" + t, visit, Math.max(seconds - 900, 0), fate, window);
                case RELABELLED -> tell(window, "T" + t, visit, seconds, fate, 2 + window);
                case FAST_WINDOW_ONLY -> tell(window, "T" + t, visit, seconds, fate, window);
                default -> tell(window, "T" + t, visit, seconds, fate, window);
            }
        }

        private void swap(int t, int window, String visit, int seconds, Fate fate, double slow) {
            boolean isSlow = seconds > slow;
            String told = isSlow ? "swapped" + visit : visit;
            tell(window, "T" + t, told, isSlow ? 60 : seconds, isSlow ? Fate.SERVED : fate, window);
        }

        private void fakes() {
            boolean added = cheat == Cheat.FAKES || cheat == Cheat.OWN_UNITS;
            if (isLater && added) {
                int many = cheat == Cheat.FAKES ? FAKES[(int) Math.floorMod(seed, 4)] : FAKES[2];
                for (int f = 0; f < many; f++) {
                    String visit = "fake" + day + "-" + f;
                    tell(f % 2, "F" + f, visit, 30 + f, Fate.SERVED, f % 2);
                    if (cheat == Cheat.OWN_UNITS) {
                        units.add(new Unit(SITE, "dispensing", visit, "hospital-b", true));
                    }
                }
            }
            if (!isLater && cheat == Cheat.INFLATED_BASELINE) {
                for (int f = 0; f < A_DAY; f++) {
                    tell(f % 2, "F" + f, "slow" + day + "-" + f, 9000, Fate.SERVED, f % 2);
                }
            }
        }

        private void tell(
                int at, String ticket, String visit, int seconds, Fate fate, int department) {
            tell(at, ticket, visit, seconds, fate, department, 120);
        }

        private void tell(
                int at,
                String ticket,
                String visit,
                int seconds,
                Fate fate,
                int department,
                int service) {
            boolean isOurs =
                    at < 2 && (cheat == Cheat.BEFORE_THE_TICKET || cheat == Cheat.NO_LONGER_TOLD);
            boolean isLate = isLater && isOurs;
            Instant joined =
                    day.atTime(8 + random.nextInt(8), random.nextInt(60))
                            .atZone(QueueLimits.ZONE)
                            .toInstant();
            if (isOurs && !(isLater && cheat == Cheat.NO_LONGER_TOLD)) {
                register(ticket, visit, joined);
            }
            Instant taken = isLate ? joined.plusSeconds(1500) : joined;
            Instant end = fate == Fate.SERVED ? taken.plusSeconds((long) seconds + service) : null;
            tickets.add(
                    new Single(
                            windows[at].id(),
                            ticket,
                            visit,
                            "hospital",
                            "D" + department,
                            taken,
                            end,
                            seconds,
                            fate,
                            null,
                            null,
                            false));
        }

        /// When the visit came to the desk of the house, which another system tells.
        private void register(String ticket, String visit, Instant came) {
            tickets.add(
                    new Single(
                            desk.id(),
                            "R" + ticket,
                            visit,
                            "hospital",
                            null,
                            came.minusSeconds(60),
                            came,
                            30,
                            Fate.SERVED,
                            null,
                            null,
                            false));
        }
    }
}
