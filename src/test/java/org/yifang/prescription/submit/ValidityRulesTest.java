package org.yifang.prescription.submit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;
import org.yifang.platform.PrescribingLimits;

import java.time.Duration;
import java.time.Instant;

/// How long a prescription is valid, each on both sides of its border.
class ValidityRulesTest {
    @Test
    void lasts_three_days_and_not_a_second_more() {
        Instant most = Draft.NOW.plus(Duration.ofDays(3));
        assertThat(new Draft().validUntil(most).refused()).isEmpty();
        assertThat(new Draft().validUntil(most.plusSeconds(1)).refused()).containsOnly("RX-2114");
    }

    @Test
    void is_over_at_its_end_and_not_a_second_before() {
        Draft draft = new Draft().validUntil(Draft.NOW.plusSeconds(3600));
        draft.now = Draft.NOW.plusSeconds(3599);
        assertThat(draft.refused()).isEmpty();
        draft.now = Draft.NOW.plusSeconds(3600);
        assertThat(draft.refused()).containsOnly("RX-2114");
    }

    @Test
    void ends_after_it_begins() {
        assertThat(new Draft().validUntil(Draft.NOW).refused()).containsOnly("RX-2114");
    }

    @Test
    void is_the_same_for_all_lines() {
        Draft draft = new Draft();
        ((ObjectNode) draft.line(1).at("/dispenseRequest/validityPeriod"))
                .put("end", Draft.stamp(Draft.NOW.plusSeconds(86_400)));
        assertThat(draft.refused()).containsExactly("RX-2114");
    }

    @Test
    void ends_with_the_third_further_midnight_where_a_region_counts_calendar_days() {
        // Issued on 20 November: the last instant is the end of 22 November in Shanghai.
        Draft draft = new Draft().validUntil(Instant.parse("2026-11-22T16:00:00Z"));
        PrescribingLimits usual = PrescribingLimits.NATIONAL;
        draft.settings =
                new PrescribingLimits(
                        usual.linesMost(),
                        usual.supplyDays(),
                        usual.emergencyDays(),
                        usual.validityDays(),
                        true,
                        usual.longDays(),
                        usual.longDaysMost(),
                        usual.coldChainCirculates(),
                        usual.coldChainLong());
        assertThat(draft.refused()).isEmpty();
        draft.validUntil(Instant.parse("2026-11-22T16:00:01Z"));
        assertThat(draft.refused()).containsOnly("RX-2114");
    }

    @Test
    void counts_from_the_writing_to_the_end_of_that_day_where_nothing_is_noted() {
        // Written on 20 November at 09:30 in Shanghai.
        Draft draft = unnoted(new Draft());
        assertThat(draft.refused()).isEmpty();
        draft.now = Instant.parse("2026-11-20T15:59:59Z");
        assertThat(draft.refused()).isEmpty();
        draft.now = Instant.parse("2026-11-20T16:00:00Z");
        assertThat(draft.refused()).containsOnly("RX-2114");
    }

    @Test
    void is_judged_by_its_end_alone_where_no_start_is_noted() {
        Draft draft = new Draft().validUntil(Draft.NOW.plus(Duration.ofDays(3)));
        for (int i = 0; i < 2; i++) {
            ((ObjectNode) draft.supply(i).get("validityPeriod")).remove("start");
        }
        assertThat(draft.refused()).isEmpty();
        draft.validUntil(Draft.NOW.plus(Duration.ofDays(3)).plusSeconds(1));
        assertThat(draft.refused()).containsOnly("RX-2114");
    }

    @Test
    void begins_when_it_is_written_and_at_most_three_days_later() {
        assertThat(starting(Duration.ofMinutes(-5)).refused()).isEmpty();
        assertThat(starting(Duration.ofMinutes(-5).minusSeconds(1)).refused())
                .containsOnly("RX-2114");
        assertThat(starting(Duration.ofDays(3)).refused()).isEmpty();
        assertThat(starting(Duration.ofDays(3).plusSeconds(1)).refused()).containsOnly("RX-2114");
    }

    private static Draft starting(Duration after) {
        Draft draft = new Draft();
        for (int i = 0; i < 2; i++) {
            draft.supply(i)
                    .putObject("validityPeriod")
                    .put("start", Draft.stamp(Draft.NOW.plus(after)))
                    .put("end", Draft.stamp(Draft.NOW.plus(after).plusSeconds(3600)));
        }
        draft.now = after.isNegative() ? Draft.NOW : Draft.NOW.plusSeconds(1);
        return draft;
    }

    private static Draft unnoted(Draft draft) {
        for (int i = 0; i < draft.lines(); i++) {
            draft.supply(i).remove("validityPeriod");
        }
        return draft;
    }

    @Test
    void a_line_is_not_written_in_the_future_nor_long_ago() {
        assertThat(written(Draft.NOW.plusSeconds(300)).refused()).isEmpty();
        assertThat(written(Draft.NOW.plusSeconds(301)).refused()).containsOnly("RX-2124");
        assertThat(written(Instant.parse("2026-11-19T16:00:00Z")).refused()).isEmpty();
        assertThat(written(Instant.parse("2026-11-19T15:59:59Z")).refused())
                .containsOnly("RX-2114");
    }

    private static Draft written(Instant at) {
        Draft draft = unnoted(new Draft());
        for (int i = 0; i < 2; i++) {
            draft.line(i).put("authoredOn", Draft.stamp(at));
        }
        return draft;
    }

    @Test
    void days_are_those_of_shanghai_and_end_with_their_last_instant() {
        Draft draft = new Draft();
        for (int i = 0; i < 2; i++) {
            draft.line(i).put("authoredOn", "2026-11-20");
            draft.supply(i)
                    .putObject("validityPeriod")
                    .put("start", "2026-11-20")
                    .put("end", "2026-11-22");
        }
        assertThat(draft.refused()).isEmpty();
        draft.now = Instant.parse("2026-11-22T16:00:00Z");
        assertThat(draft.refused()).containsOnly("RX-2114");
    }

    @Test
    void a_document_from_the_future_is_refused_beyond_five_minutes() {
        Draft draft = new Draft();
        draft.document.put("timestamp", Draft.stamp(Draft.NOW.plusSeconds(300)));
        assertThat(draft.refused()).isEmpty();
        draft.document.put("timestamp", Draft.stamp(Draft.NOW.plusSeconds(301)));
        assertThat(draft.refused()).containsExactly("RX-2124");
    }
}
