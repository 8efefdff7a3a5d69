package org.yifang.queue.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yifang.queue.evaluate.ReductionRule.Judgement;
import org.yifang.queue.plan.Verdict;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Registered plans of counties in which nothing changed for those who wait, and of some in which
/// it did: a few in every run, a thousand a row in the soak (`mvn verify -Psoak -Dtest=CheatsTest`,
/// seeds from 200,000 on). Each row is printed with the lines that stood against it.
class CheatsTest {
    private static final int SEED = 200_000;
    private static final int FEW = 3;
    private static final int MANY = Integer.getInteger("yifang.test.counties", 1000);

    /// Rows of the soak, all when not named: `-Dyifang.test.cheats=SEASON,FAKES`.
    private static final Set<String> ONLY =
            Set.copyOf(
                    Stream.of(System.getProperty("yifang.test.cheats", "").split(","))
                            .filter(one -> !one.isEmpty())
                            .toList());

    private static final double CORRELATION = 0.3;

    /// What all sites do is only seen where there are others.
    private static final Set<Cheat> NEEDS_OTHERS = Set.of(Cheat.COUNTY_FALLS, Cheat.SILENT_CONTROL);

    private static List<Judgement> judged(Cheat cheat, double change, int counties) {
        return judged(cheat, change, counties, false);
    }

    private static List<Judgement> judged(
            Cheat cheat, double change, int counties, boolean isAlone) {
        int weeks = cheat == Cheat.SEASON || cheat == Cheat.CHOSEN_WINDOWS ? 26 : 52;
        List<Judgement> judged =
                IntStream.range(0, counties)
                        .parallel()
                        .mapToObj(i -> new PlanCounty(SEED + i, cheat, change, CORRELATION, weeks))
                        .map(county -> isAlone ? county.alone() : county)
                        .map(PlanCounty::judgement)
                        .toList();
        Map<String, Long> words = new TreeMap<>();
        Map<String, Long> against = new TreeMap<>();
        for (Judgement one : judged) {
            words.merge(one.verdict().code(), 1L, Long::sum);
            one.ticks().stream()
                    .filter(tick -> !tick.holds())
                    .forEach(tick -> against.merge(tick.line().code(), 1L, Long::sum));
        }
        System.out.printf(
                "%s%s (%s), truth %.0f %%: %s of %d; against it %s%n",
                cheat,
                isAlone ? " alone" : "",
                cheat.words,
                100 * (change - 1),
                words,
                counties,
                against.entrySet().stream()
                        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                        .limit(5)
                        .map(one -> one.getKey() + " " + one.getValue())
                        .collect(Collectors.joining(", ")));
        return judged;
    }

    private static long met(List<Judgement> judged) {
        return judged.stream().filter(one -> one.verdict() == Verdict.MET).count();
    }

    @ParameterizedTest
    @EnumSource(Cheat.class)
    void nothing_changed_is_never_met(Cheat cheat) {
        List<Judgement> judged = judged(cheat, 1, FEW);
        assertThat(met(judged)).isZero();
        assertThat(judged).allSatisfy(one -> assertThat(one.reason().english()).isNotEmpty());
    }

    @ParameterizedTest
    @EnumSource(Cheat.class)
    void nor_is_it_where_there_is_no_site_to_compare_with(Cheat cheat) {
        if (!NEEDS_OTHERS.contains(cheat)) {
            assertThat(met(judged(cheat, 1, 1, true))).isZero();
        }
    }

    @Test
    void what_is_true_is_met() {
        assertThat(met(judged(Cheat.NONE, 0.4, FEW))).isGreaterThanOrEqualTo(FEW - 1);
    }

    @Test
    @Tag("soak")
    void a_thousand_counties_in_which_nothing_changed_are_never_met() {
        SoftAssertions rows = new SoftAssertions();
        for (Cheat cheat : Cheat.values()) {
            if (!ONLY.isEmpty() && !ONLY.contains(cheat.name())) {
                continue;
            }
            rows.assertThat(met(judged(cheat, 1, MANY))).as(cheat.name()).isZero();
            if (!NEEDS_OTHERS.contains(cheat)) {
                rows.assertThat(met(judged(cheat, 1, MANY, true))).as(cheat + " alone").isZero();
            }
        }
        rows.assertAll();
    }

    @Test
    @Tag("soak")
    void a_thousand_counties_are_met_when_it_is_true_and_hardly_when_it_is_not() {
        assertThat(met(judged(Cheat.NONE, 0.4, MANY)) / (double) MANY).isGreaterThanOrEqualTo(0.8);
        assertThat(met(judged(Cheat.NONE, 0.6, MANY)) * 1000 / MANY).isLessThanOrEqualTo(1);
    }
}
