package org.yifang.price.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.yifang.price.board.Savings;
import org.yifang.price.offer.HoldRule;
import org.yifang.price.sale.SaleDesk;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

class PriceRulesTest {
    private static final Instant NOON = Instant.parse("2026-03-01T04:00:00Z");

    @Nested
    class A_charge {
        private final ShownPriceStore.Shown shown = new ShownPriceStore.Shown(3420, 28, NOON);

        private Boolean isHonoured(long fen, String units) {
            return isHonoured(fen, units, false);
        }

        private Boolean isHonoured(long fen, String units, boolean split) {
            return SaleDesk.honour(fen, new java.math.BigDecimal(units), split, shown, null, null)
                    .honoured();
        }

        @Test
        void keeps_to_the_share_of_a_pack_that_was_split() {
            assertThat(isHonoured(855, "7", true)).isTrue();
            assertThat(isHonoured(856, "7", true)).isFalse();
            assertThat(isHonoured(3420 + 855, "35", true)).isTrue();
            assertThat(isHonoured(2 * 3420, "35", true)).isFalse();
            // 122.142… fen: a fen is not split further.
            assertThat(isHonoured(123, "1", true)).isTrue();
            assertThat(isHonoured(124, "1", true)).isFalse();
        }

        @Test
        void keeps_to_what_was_shown_for_the_packs_it_needs() {
            assertThat(isHonoured(855, "7")).isTrue();
            assertThat(isHonoured(3420, "7")).isTrue();
            assertThat(isHonoured(3421, "7")).isFalse();
            assertThat(isHonoured(3420, "28")).isTrue();
            assertThat(isHonoured(6840, "28.5")).isTrue();
            assertThat(isHonoured(6841, "56")).isFalse();
        }
    }

    @Nested
    class Freshness_of_a_price {
        @Test
        void changes_after_a_day_a_week_and_thirty_days() {
            assertThat(aged(Duration.ZERO)).isEqualTo(Freshness.FRESH);
            assertThat(aged(Duration.ofHours(24))).isEqualTo(Freshness.FRESH);
            assertThat(aged(Duration.ofHours(24).plusMillis(1))).isEqualTo(Freshness.AGEING);
            assertThat(aged(Duration.ofDays(7))).isEqualTo(Freshness.AGEING);
            assertThat(aged(Duration.ofDays(7).plusMillis(1))).isEqualTo(Freshness.STALE);
            assertThat(aged(Duration.ofDays(30))).isEqualTo(Freshness.STALE);
            assertThat(aged(Duration.ofDays(30).plusMillis(1))).isEqualTo(Freshness.HIDDEN);
        }

        private Freshness aged(Duration age) {
            return Freshness.of(NOON.minus(age), NOON);
        }
    }

    @Nested
    class A_price {
        private final double[] others = {95, 98, 100, 102, 105};
        private final double[] still = new double[12];

        @Test
        void that_triples_beyond_twice_the_median_is_held() {
            var verdict = HoldRule.judge(300, 100.0, others, still);
            assertThat(verdict.held()).isTrue();
            assertThat(verdict.flags()).containsExactly("change", "level");
            assertThat(verdict.ratioToMedian()).isEqualTo(3);
            assertThat(verdict.tier()).isEqualTo(2);
            assertThat(verdict.evidence()).contains("3.00 of the county median");
        }

        @Test
        void that_jumps_but_stays_near_the_median_is_only_flagged() {
            var verdict = HoldRule.judge(120, 80.0, others, still);
            assertThat(verdict.held()).isFalse();
            assertThat(verdict.flags()).containsExactly("change");
        }

        @Test
        void that_was_always_far_from_the_median_is_only_flagged() {
            var verdict = HoldRule.judge(300, 299.0, others, still);
            assertThat(verdict.held()).isFalse();
            assertThat(verdict.flags()).containsExactly("level");
        }

        @Test
        void at_exactly_twice_or_half_the_median_is_not_far() {
            assertThat(HoldRule.judge(200, null, others, still).held()).isFalse();
            assertThat(HoldRule.judge(50, null, others, still).held()).isFalse();
            assertThat(HoldRule.judge(200.01, null, others, still).held()).isTrue();
            assertThat(HoldRule.judge(49.99, null, others, still).held()).isTrue();
        }

        @Test
        void without_other_sellers_is_never_held() {
            assertThat(HoldRule.judge(900, 100.0, new double[] {100, 100}, still).held()).isFalse();
        }
    }

    @Nested
    class Swap_groups {
        @Test
        void join_pairs_that_share_a_member() {
            var swaps =
                    new Swaps(
                            List.of(
                                    pair("1", "2"),
                                    pair("3", "4"),
                                    pair("5", "6"),
                                    pair("1", "3")));
            Set<Set<String>> groups =
                    swaps.groups().stream()
                            .map(group -> (Set<String>) new HashSet<>(group))
                            .collect(Collectors.toSet());
            assertThat(groups)
                    .containsExactlyInAnyOrder(Set.of("1", "2", "3", "4"), Set.of("5", "6"));
            assertThat(swaps.sameGroup("2", "4")).isTrue();
            assertThat(swaps.sameGroup("2", "5")).isFalse();
            assertThat(swaps.sameGroup("7", "7")).isFalse();
        }

        private Swaps.Judgement pair(String one, String other) {
            return new Swaps.Judgement(
                    one,
                    other,
                    Swaps.Verdict.EQUIVALENT,
                    "A4212810001",
                    LocalDate.of(2026, 3, 1),
                    "same blood levels");
        }
    }

    @Nested
    class Possible_savings {
        private final double[] unit = {0.1, 0.12, 0.11, 0.15, 0.2, 0.13, 0.14, 0.12, 0.3, 0.1};
        private final double[] quantity = {1000, 800, 1200, 500, 600, 900, 700, 1100, 400, 1000};

        @Test
        void are_measured_from_the_tenth_percentile() {
            double target = Savings.target(unit);
            assertThat(target).isCloseTo(0.1, within(1e-12));
            double[] savings = new double[unit.length];
            for (int i = 0; i < unit.length; i++) {
                savings[i] = Savings.possible(unit[i] * quantity[i], quantity[i], target);
            }
            assertThat(savings)
                    .containsExactly(
                            new double[] {0, 16, 12, 25, 60, 27, 28, 22, 80, 0}, within(1e-9));
            assertThat(Arrays.stream(savings).sum()).isCloseTo(270.0, within(1e-9));
        }

        @Test
        void leave_sellers_without_a_price_out_of_the_target() {
            assertThat(Savings.target(new double[] {Double.NaN, 2, 2})).isEqualTo(2);
        }
    }
}
