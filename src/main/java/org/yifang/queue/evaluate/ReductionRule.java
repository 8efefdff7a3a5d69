package org.yifang.queue.evaluate;

import org.yifang.statistics.Interval;
import org.yifang.statistics.LinearRegression;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// Decides what may be said of a reduction. "Half as long" is said only when every line holds; what
/// the lines are was fixed before the data.
public final class ReductionRule {
    /// What may be said.
    public enum Verdict {
        /// Every line holds: the target is met.
        MET("met"),
        /// Shorter by more than chance, but the target is not shown.
        IMPROVED("improved"),
        /// No change beyond chance.
        NO_CHANGE("no-change"),
        /// Longer by more than chance.
        LONGER("longer"),
        /// Too little is known to say anything.
        NOT_SHOWN("not-shown");

        private final String code;

        Verdict(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /// The lines, in the order in which they are printed.
    public enum Line {
        COVERAGE("coverage", true),
        SINGLE_TICKETS("single-tickets", true),
        WEEKS("weeks", true),
        STRATA("strata", true),
        MEDIAN("median", false),
        P90("p90", false),
        INTERVAL("interval", false),
        LEAVING("leaving", false),
        CHART("chart", false),
        SERIES("series", false),
        CONTROL("control", false);

        private final String code;
        private final boolean needed;

        Line(String code, boolean needed) {
            this.code = code;
            this.needed = needed;
        }

        public String code() {
            return code;
        }

        /// Whether nothing at all may be said without it.
        public boolean isNeeded() {
            return needed;
        }
    }

    /// One line and whether it holds.
    ///
    /// @param value the figure that decided, for people
    public record Tick(Line line, boolean holds, String value) {}

    /// The answer.
    public record Judgement(Verdict verdict, List<Tick> ticks) {}

    /// Judges line by line.
    ///
    /// @param aggregatesOnly true when either period is known from monthly or banded figures alone
    public static Judgement judge(
            Reduction reduction,
            Coverage coverage,
            boolean aggregatesOnly,
            ReductionMethod method) {
        List<Tick> ticks = new ArrayList<>();
        List<Coverage.Gap> gaps = coverage.gaps();
        ticks.add(new Tick(Line.COVERAGE, gaps.isEmpty(), gaps.size() + " gaps"));
        ticks.add(new Tick(Line.SINGLE_TICKETS, !aggregatesOnly, aggregatesOnly ? "no" : "yes"));
        ticks.add(weeks(reduction, method));
        ticks.add(strata(reduction, method));
        ticks.add(atLeast(Line.MEDIAN, reduction.median(), method.target()));
        ticks.add(atLeast(Line.P90, reduction.p90(), method.target()));
        Optional<Interval> interval = reduction.bootstrap().medianReduction();
        ticks.add(
                new Tick(
                        Line.INTERVAL,
                        interval.filter(one -> one.low() >= method.target()).isPresent(),
                        interval.map(ReductionRule::percent).orElse("-")));
        double worse = reduction.leaving().change();
        ticks.add(new Tick(Line.LEAVING, worse <= method.leavingWorseMost(), points(worse)));
        ticks.add(chart(reduction));
        ticks.add(series(reduction));
        if (reduction.control() != null) {
            double share = reduction.control().share();
            ControlSeries weeks = reduction.controlSeries();
            String trends = weeks == null ? "-" : weeks.trends().code();
            ticks.add(
                    new Tick(
                            Line.CONTROL,
                            share < 0,
                            percent(-share) + ", trends before: " + trends));
        }
        return new Judgement(verdict(ticks, interval), List.copyOf(ticks));
    }

    private static Verdict verdict(List<Tick> ticks, Optional<Interval> interval) {
        boolean unknown = ticks.stream().anyMatch(tick -> tick.line.needed && !tick.holds);
        if (unknown || interval.isEmpty()) {
            return Verdict.NOT_SHOWN;
        }
        if (ticks.stream().allMatch(Tick::holds)) {
            return Verdict.MET;
        }
        if (interval.get().low() > 0) {
            return Verdict.IMPROVED;
        }
        return interval.get().high() < 0 ? Verdict.LONGER : Verdict.NO_CHANGE;
    }

    private static Tick weeks(Reduction reduction, ReductionMethod method) {
        int before = reduction.series().before().size();
        int after = reduction.series().after().size();
        boolean enough = before >= method.weeksLeast() && after >= method.weeksLeast();
        return new Tick(Line.WEEKS, enough, before + " / " + after);
    }

    private static Tick strata(Reduction reduction, ReductionMethod method) {
        boolean matched =
                reduction.largestEmptyStratum() <= method.emptyStratumMost()
                        && reduction.emptyStrata() <= method.emptyStrataMost();
        return new Tick(Line.STRATA, matched, percent(reduction.emptyStrata()));
    }

    private static Tick atLeast(Line line, OptionalDouble value, double least) {
        boolean holds = value.isPresent() && value.getAsDouble() >= least;
        return new Tick(line, holds, value.isPresent() ? percent(value.getAsDouble()) : "-");
    }

    private static Tick chart(Reduction reduction) {
        boolean improved =
                reduction.chart() != null
                        && reduction.chart().improvedFrom(reduction.series().before().size());
        return new Tick(Line.CHART, improved, improved ? "special cause" : "common cause");
    }

    private static Tick series(Reduction reduction) {
        if (reduction.interrupted() == null) {
            return new Tick(Line.SERIES, false, "-");
        }
        LinearRegression.Estimate effect = reduction.interrupted().effect();
        boolean holds = effect.interval().high() < 0;
        Interval shorter =
                new Interval(
                        -effect.interval().high(),
                        -effect.interval().low(),
                        effect.interval().confidence());
        return new Tick(Line.SERIES, holds, percent(shorter));
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    static String percent(Interval interval) {
        return percent(interval.low()) + " to " + percent(interval.high());
    }

    private static String points(double change) {
        return String.format(Locale.ROOT, "%+.1f points", 100 * change);
    }

    private ReductionRule() {}
}
