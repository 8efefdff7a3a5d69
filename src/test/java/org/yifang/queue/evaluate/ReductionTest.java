package org.yifang.queue.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.yifang.queue.evaluate.ReductionRule.Judgement;
import org.yifang.queue.evaluate.ReductionRule.Line;
import org.yifang.queue.plan.Verdict;

/// Counties with a known truth: what may be said of them is what is true of them.
class ReductionTest {
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
        Reduction reduction = county.report().reduction();
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
        Reduction reduction = reported.reduction();
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
    void the_same_tickets_give_the_same_figures() {
        SimulatedCounty.Reported reported = SimulatedCounty.withEffect(8, 0.5).report();
        Reduction once = reported.reduction();
        Reduction again = reported.reduction();
        assertThat(again.intervals()).isEqualTo(once.intervals());
        assertThat(again.median()).isEqualTo(once.median());
    }

    private static Judgement judge(SimulatedCounty county) {
        return county.report().judgement();
    }

    private static boolean holds(Judgement judgement, Line line) {
        return judgement.ticks().stream()
                .filter(tick -> tick.line() == line)
                .findFirst()
                .orElseThrow()
                .holds();
    }
}
