package org.yifang.queue.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.queue.evaluate.ReductionRule.Judgement;
import org.yifang.queue.evaluate.ReductionRule.Line;
import org.yifang.queue.evaluate.ReductionRule.Verdict;
import org.yifang.statistics.Interval;

import java.util.stream.IntStream;

/// Counties with a known truth: what may be said of them is what is true of them.
class ReductionTest {
    private static final int FEW_REPLICATES = 500;

    @Test
    void a_county_three_times_as_fast_has_met_the_target() {
        Judgement judgement = judge(SimulatedCounty.withEffect(1, 0.66));
        assertThat(judgement.ticks()).allMatch(ReductionRule.Tick::holds);
        assertThat(judgement.verdict()).isEqualTo(Verdict.MET);
    }

    @Test
    void a_county_a_third_faster_has_improved_and_no_more() {
        Judgement judgement = judge(SimulatedCounty.withEffect(2, 0.33));
        assertThat(judgement.verdict()).isEqualTo(Verdict.IMPROVED);
        assertThat(holds(judgement, Line.MEDIAN)).isFalse();
        assertThat(holds(judgement, Line.INTERVAL)).isFalse();
        assertThat(holds(judgement, Line.SERIES)).isTrue();
    }

    @Test
    void a_county_grown_slower_is_called_slower() {
        assertThat(judge(SimulatedCounty.withEffect(3, -0.6)).verdict()).isEqualTo(Verdict.LONGER);
    }

    @Test
    void a_change_of_who_comes_is_no_effect() {
        SimulatedCounty county = SimulatedCounty.withEffect(4, 0).withMixAfter(4, 1, 0.3);
        Reduction reduction = county.report().reduction(method());
        assertThat(reduction.crudeMedian().orElseThrow()).isGreaterThan(0.3);
        assertThat(reduction.median().orElseThrow()).isCloseTo(0, within(0.12));
        assertThat(judge(county).verdict()).isEqualTo(Verdict.NO_CHANGE);
    }

    @Test
    void leavers_that_are_not_reported_count_as_leavers() {
        SimulatedCounty honest = SimulatedCounty.withEffect(5, 0.66).withPatience(2 * 3600);
        assertThat(judge(honest).verdict()).isEqualTo(Verdict.MET);
        // Half of the effect comes from people who give up and are struck off the list.
        SimulatedCounty hiding =
                SimulatedCounty.withEffect(5, 0.3).withPatience(2 * 3600).hidingLeavers();
        Judgement judgement = judge(hiding);
        assertThat(judgement.verdict()).isNotEqualTo(Verdict.MET);
        SimulatedCounty.Reported reported = hiding.report();
        long expected = reported.coverage().expectedAfter();
        assertThat(reported.after().left()).isZero();
        assertThat(reported.after().leavingShare(expected)).isGreaterThan(0.05);
        assertThat(reported.after().leavingShare(0)).isZero();
    }

    @Test
    void leavers_made_to_vanish_break_the_line_of_leavers() {
        // As fast as it takes to meet everything else, but a tenth of the people is gone.
        SimulatedCounty county =
                SimulatedCounty.withEffect(6, 0.7).withPatience(3000).hidingLeavers();
        SimulatedCounty.Reported reported = county.report();
        Reduction reduction = reported.reduction(method());
        assertThat(reduction.leaving().after()).isGreaterThan(0.05);
        assertThat(reduction.after().left()).isZero();
    }

    @Test
    void a_county_that_reports_only_its_fast_queues_is_not_shown() {
        SimulatedCounty county = SimulatedCounty.withEffect(7, 0).reportingFastQueuesOnly();
        Judgement judgement = judge(county);
        assertThat(judgement.verdict()).isEqualTo(Verdict.NOT_SHOWN);
        assertThat(holds(judgement, Line.COVERAGE)).isFalse();
        assertThat(holds(judgement, Line.STRATA)).isFalse();
        assertThat(county.report().coverage().gaps())
                .extracting(Coverage.Gap::code)
                .contains("queue-not-in-both-periods", "too-few-reported");
    }

    @Test
    void the_same_seed_gives_the_same_figures() {
        SimulatedCounty.Reported reported = SimulatedCounty.withEffect(8, 0.5).report();
        Reduction once = reported.reduction(method());
        Reduction again = reported.reduction(method());
        assertThat(again.bootstrap()).isEqualTo(once.bootstrap());
        assertThat(again.median()).isEqualTo(once.median());
    }

    @Nested
    class The_interval_of_the_median_reduction {
        @Test
        void holds_the_truth_in_ninety_of_a_hundred_counties() {
            assertThat(held(100, 0.45, FEW_REPLICATES)).isGreaterThanOrEqualTo(90);
        }

        @Test
        @Tag("soak")
        void holds_the_truth_in_93_to_97_percent_of_a_thousand_counties() {
            long held = held(1000, 0.45, 2000);
            System.out.printf("the interval held the truth in %d of 1000 counties%n", held);
            assertThat(held).isBetween(930L, 970L);
        }
    }

    @Nested
    class A_true_reduction_by_40_percent {
        @Test
        void is_never_called_half_in_a_hundred_counties() {
            assertThat(met(100, 0.4, FEW_REPLICATES)).isZero();
        }

        @Test
        @Tag("soak")
        void is_called_half_in_at_most_one_of_a_thousand_counties() {
            long met = met(1000, 0.4, 2000);
            System.out.printf("a true 40 %% was called half in %d of 1000 counties%n", met);
            assertThat(met).isLessThanOrEqualTo(1);
        }
    }

    private static long held(int counties, double effect, int replicates) {
        ReductionMethod method = ReductionMethod.standard(replicates, 11);
        return IntStream.range(0, counties)
                .parallel()
                .filter(seed -> {
                    Interval interval =
                            SimulatedCounty.withEffect(1000 + seed, effect)
                                    .report()
                                    .reduction(method)
                                    .bootstrap()
                                    .medianReduction()
                                    .orElseThrow();
                    return interval.contains(effect);
                })
                .count();
    }

    private static long met(int counties, double effect, int replicates) {
        ReductionMethod method = ReductionMethod.standard(replicates, 12);
        return IntStream.range(0, counties)
                .parallel()
                .mapToObj(seed -> SimulatedCounty.withEffect(5000 + seed, effect).report())
                .filter(reported ->
                        ReductionRule.judge(
                                                reported.reduction(method),
                                                reported.coverage(),
                                                false,
                                                method)
                                        .verdict()
                                == Verdict.MET)
                .count();
    }

    private static ReductionMethod method() {
        return ReductionMethod.standard(FEW_REPLICATES, 10);
    }

    private static Judgement judge(SimulatedCounty county) {
        SimulatedCounty.Reported reported = county.report();
        return ReductionRule.judge(
                reported.reduction(method()), reported.coverage(), false, method());
    }

    private static boolean holds(Judgement judgement, Line line) {
        return judgement.ticks().stream()
                .filter(tick -> tick.line() == line)
                .findFirst()
                .orElseThrow()
                .holds();
    }
}
