package org.yifang.queue.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.queue.evaluate.SimulatedCounty.Reported;
import org.yifang.queue.plan.Verdict;
import org.yifang.statistics.Interval;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// The table of what the evaluation must withstand: a few counties of each family in every run, a
/// thousand in the soak (`-Dgroups=soak -Dtest=EvidenceTest`, seeds from 100,000 on).
class EvidenceTest {
    private static final int SEED = 100_000;
    private static final int FEW = 24;
    private static final int MANY = Integer.getInteger("yifang.test.counties", 1000);

    /// @param correlation of one day with the next
    /// @param waves spread of waves over weeks
    /// @param kind of county
    private record Family(
            String name,
            int weeks,
            double correlation,
            double waves,
            UnaryOperator<SimulatedCounty> kind) {
        Family(String name, int weeks, double correlation, double waves) {
            this(name, weeks, correlation, waves, one -> one);
        }

        SimulatedCounty county(int seed, double effect) {
            return kind.apply(
                    SimulatedCounty.withEffect(SEED + seed, effect)
                            .remembering(weeks, correlation, waves));
        }
    }

    /// Some fifty people a week.
    private static Family smallWindow(int weeks) {
        return new Family("one small window", weeks, 0.3, 0, one -> one.withTicketsPerHour(0.35));
    }

    /// More come to the fast queue later and fewer to the slow one, and many lose patience.
    private static Family driftWithLeavers(int weeks) {
        return new Family(
                "drift of mix with leavers",
                weeks,
                0.3,
                0,
                one -> one.withMixAfter(2, 1, 0.5).withPatience(3600));
    }

    /// How many of so many counties were held by the intervals of the median and of P90.
    private record Held(int median, int p90) {}

    private static Held held(Family family, double effect, int counties) {
        boolean[][] held = new boolean[counties][];
        IntStream.range(0, counties)
                .parallel()
                .forEach(seed -> {
                    Reduction found = family.county(seed, effect).report().reduction();
                    held[seed] =
                            new boolean[] {
                                holds(found.intervals().median(), effect),
                                holds(found.intervals().p90(), effect)
                            };
                });
        int median = 0;
        int p90 = 0;
        for (boolean[] one : held) {
            median += one[0] ? 1 : 0;
            p90 += one[1] ? 1 : 0;
        }
        System.out.printf(
                "%s, %d+%d weeks: the truth was held by %d (median) and %d (P90) of %d%n",
                family.name, family.weeks, family.weeks, median, p90, counties);
        return new Held(median, p90);
    }

    private static boolean holds(Optional<Interval> interval, double truth) {
        return interval.filter(one -> one.contains(truth)).isPresent();
    }

    private static long said(
            Family family, double effect, int counties, Function<Verdict, Boolean> word) {
        long said =
                IntStream.range(0, counties)
                        .parallel()
                        .mapToObj(seed -> family.county(seed, effect).report())
                        .map(Reported::judgement)
                        .filter(judgement -> word.apply(judgement.verdict()))
                        .count();
        System.out.printf(
                "%s, %d+%d weeks, truth -%.0f %%: %d of %d%n",
                family.name, family.weeks, family.weeks, 100 * effect, said, counties);
        return said;
    }

    private static final Family DAYS_26 = new Family("days .6", 26, 0.6, 0);
    private static final Family WAVES_26 = new Family("waves", 26, 0, 0.2);

    @Test
    void the_intervals_hold_the_truth_when_days_are_correlated() {
        Held held = held(DAYS_26, 0.45, FEW);
        assertThat(held.median).isGreaterThanOrEqualTo(FEW - 3);
        assertThat(held.p90).isGreaterThanOrEqualTo(FEW - 3);
    }

    @Test
    void the_intervals_hold_the_truth_under_weekly_waves() {
        assertThat(held(WAVES_26, 0.45, FEW).median).isGreaterThanOrEqualTo(FEW - 5);
    }

    @Test
    void the_intervals_hold_the_truth_of_few_and_of_others_who_come_later() {
        assertThat(held(smallWindow(26), 0.45, FEW / 2).median).isGreaterThanOrEqualTo(FEW / 2 - 2);
        assertThat(held(driftWithLeavers(26), 0.45, FEW / 2).median)
                .isGreaterThanOrEqualTo(FEW / 2 - 2);
    }

    @Test
    void forty_percent_are_never_called_half() {
        assertThat(said(DAYS_26, 0.4, FEW, Verdict.MET::equals)).isZero();
    }

    @Test
    void no_effect_is_hardly_called_one() {
        long said = said(DAYS_26, 0, FEW, EvidenceTest::isChange);
        assertThat(said).isLessThanOrEqualTo(2);
    }

    private static boolean isChange(Verdict verdict) {
        return verdict == Verdict.IMPROVED || verdict == Verdict.MET || verdict == Verdict.LONGER;
    }

    @Test
    @Tag("soak")
    void a_thousand_counties_are_held() {
        for (double correlation : new double[] {0, 0.3, 0.6, 0.8}) {
            for (int weeks : new int[] {8, 26, 52}) {
                Held held =
                        held(new Family("days " + correlation, weeks, correlation, 0), 0.45, MANY);
                assertThat(held.median / (double) MANY).isBetween(0.93, 1.0);
                assertThat(held.p90 / (double) MANY).isBetween(0.93, 1.0);
            }
        }
        for (int weeks : new int[] {8, 26, 52}) {
            Held held = held(new Family("waves", weeks, 0, 0.2), 0.45, MANY);
            double asked = weeks == 52 ? 0.92 : weeks == 26 ? 0.87 : 0;
            assertThat(held.median / (double) MANY).isGreaterThanOrEqualTo(asked);
        }
    }

    @Test
    @Tag("soak")
    void a_thousand_counties_of_few_and_of_others_who_come_later_are_held() {
        for (int weeks : new int[] {8, 26, 52}) {
            for (Family family : List.of(smallWindow(weeks), driftWithLeavers(weeks))) {
                Held held = held(family, 0.45, MANY);
                assertThat(held.median / (double) MANY).isBetween(0.93, 1.0);
                assertThat(held.p90 / (double) MANY).isBetween(0.93, 1.0);
            }
        }
    }

    @Test
    @Tag("soak")
    void a_thousand_counties_are_called_what_they_are() {
        Family year = new Family("days .3", 52, 0.3, 0);
        Family waves = new Family("waves", 52, 0, 0.2);
        assertThat(said(DAYS_26, 0, MANY, EvidenceTest::isChange) / (double) MANY)
                .isLessThanOrEqualTo(0.05);
        assertThat(said(DAYS_26, 0.4, MANY, Verdict.MET::equals) * 1000 / MANY)
                .isLessThanOrEqualTo(1);
        assertThat(said(DAYS_26, 0.45, MANY, Verdict.MET::equals) * 1000 / MANY)
                .isLessThanOrEqualTo(4);
        assertThat(said(waves, 0.45, MANY, Verdict.MET::equals) * 1000 / MANY)
                .isLessThanOrEqualTo(15);
        assertThat(said(WAVES_26, 0.45, MANY, Verdict.MET::equals) * 1000 / MANY)
                .isLessThanOrEqualTo(25);
        assertThat(said(DAYS_26, 0.5, MANY, Verdict.MET::equals) / (double) MANY)
                .isLessThanOrEqualTo(0.03);
        assertThat(said(waves, 0.5, MANY, Verdict.MET::equals) / (double) MANY)
                .isLessThanOrEqualTo(0.06);
        assertThat(said(year, 0.6, MANY, Verdict.MET::equals) / (double) MANY)
                .isGreaterThanOrEqualTo(0.8);
    }
}
