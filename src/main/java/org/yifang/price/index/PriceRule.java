package org.yifang.price.index;

import org.jspecify.annotations.Nullable;
import org.yifang.queue.plan.Verdict;
import org.yifang.registry.OpeningHours;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/// Decides what may be said of a change of prices. The rule was fixed before any data: each line
/// stands in the report with its figures, whether it holds or not.
final class PriceRule {
    /// The goal: ten per cent less.
    static final double GOAL = 0.90;

    /// The least part of the baseline's value that must be matched; what is not matched counts as
    /// unchanged besides.
    static final double MATCHED_LEAST = 0.50;

    /// More than this on lines that were held out, and nothing is said.
    static final double HELD_OUT_MOST = 0.03;

    /// Figures are told to a tenth of a per cent: less than half of that is told as nothing.
    private static final double LEAST_TOLD = 0.0005;

    /// A plan is judged once, so long after its period, when what comes late has come.
    static final Duration SETTLES = Duration.ofDays(14);

    /// The lines of the rule, in their order.
    enum Line {
        PLAN("registered-plan"),
        ALL_SALES("all-drugs-and-pharmacies"),
        PERIODS("comparable-periods"),
        OVER("period-over"),
        SOLD("sold-in-both-periods"),
        DISPENSED("current-sales-dispensed"),
        CHECKED("lines-checked"),
        MATCHED("matched-at-least-50-percent"),
        PHARMACIES("at-least-five-pharmacies"),
        GOAL("goal-at-worst");

        private final String code;

        Line(String code) {
            this.code = code;
        }

        String code() {
            return code;
        }
    }

    /// One line of the rule and whether it holds.
    record Tick(Line line, boolean holds) {}

    /// @param ticks every line that could be judged
    record Judgement(Verdict verdict, List<Tick> ticks) {
        /// The first line that does not hold, null when all do.
        @Nullable Line reason() {
            return ticks.stream()
                    .filter(tick -> !tick.holds)
                    .map(Tick::line)
                    .findFirst()
                    .orElse(null);
        }
    }

    /// @param figures null where nothing was sold in both periods
    /// @param importedCurrent part of the current value that came by files
    static Judgement judge(
            PriceQuestion question, @Nullable PriceFigures figures, double importedCurrent) {
        List<Tick> ticks = new ArrayList<>();
        boolean over = isOver(question.end(), question.asOf());
        ticks.add(new Tick(Line.PLAN, question.plan() != null));
        ticks.add(new Tick(Line.ALL_SALES, question.filters().isEmpty()));
        ticks.add(new Tick(Line.PERIODS, question.isComparable()));
        ticks.add(new Tick(Line.OVER, over));
        ticks.add(new Tick(Line.SOLD, figures != null));
        if (figures != null) {
            // What comes by a file for a time when all is dispensed here cannot be looked into.
            ticks.add(new Tick(Line.DISPENSED, importedCurrent == 0));
            ticks.add(new Tick(Line.CHECKED, figures.heldOutShare() <= HELD_OUT_MOST));
            ticks.add(new Tick(Line.MATCHED, figures.matchedShare() >= MATCHED_LEAST));
            ticks.add(new Tick(Line.PHARMACIES, figures.interval() != null));
            ticks.add(new Tick(Line.GOAL, figures.boundHigh() <= GOAL));
        }
        PriceQuestion.Plan plan = question.plan();
        boolean exploratory = plan == null || !plan.isVerdict();
        return new Judgement(
                exploratory ? Verdict.EXPLORATORY : verdict(figures, ticks), List.copyOf(ticks));
    }

    private static Verdict verdict(@Nullable PriceFigures figures, List<Tick> ticks) {
        boolean gates = ticks.stream().allMatch(tick -> tick.holds || tick.line == Line.GOAL);
        if (!gates || figures == null || figures.interval() == null) {
            return Verdict.NOT_SHOWN;
        }
        if (figures.boundHigh() <= GOAL) {
            return Verdict.MET;
        }
        if (figures.interval().high() < 1 - LEAST_TOLD) {
            return Verdict.IMPROVED;
        }
        return figures.interval().low() > 1 + LEAST_TOLD ? Verdict.LONGER : Verdict.NO_CHANGE;
    }

    private static boolean isOver(LocalDate end, Instant asOf) {
        return !asOf.isBefore(
                end.plusDays(1).atStartOfDay(OpeningHours.ZONE).toInstant().plus(SETTLES));
    }

    private PriceRule() {}
}
