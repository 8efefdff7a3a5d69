package org.yifang.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;

class OpeningHoursTest {
    private static final OpeningHours CLINIC =
            OpeningHours.parse("Mo-Fr 08:00-12:00,14:00-17:30; Sa,Su 08:00-12:00");

    /// 2026-11-20 is a Friday.
    private static Instant at(String shanghai) {
        return OffsetDateTime.parse(shanghai + "+08:00").toInstant();
    }

    @Nested
    class Open {
        @ParameterizedTest
        @CsvSource({
            "2026-11-20T07:59:59, false",
            "2026-11-20T08:00:00, true",
            "2026-11-20T11:59:59, true",
            "2026-11-20T12:00:00, false",
            "2026-11-20T14:00:00, true",
            "2026-11-20T17:29:59, true",
            "2026-11-20T17:30:00, false",
            "2026-11-21T11:00:00, true",
            "2026-11-21T15:00:00, false",
            "2026-11-22T09:00:00, true"
        })
        void from_the_opening_minute_to_before_the_closing_one(String time, boolean open) {
            assertThat(CLINIC.openAt(at(time))).isEqualTo(open);
        }

        @Test
        void counts_hours_in_shanghai_and_not_in_utc() {
            assertThat(CLINIC.openAt(Instant.parse("2026-11-20T00:30:00Z"))).isTrue();
            assertThat(CLINIC.openAt(Instant.parse("2026-11-20T08:30:00Z"))).isTrue();
            assertThat(CLINIC.openAt(Instant.parse("2026-11-20T10:00:00Z"))).isFalse();
        }

        @ParameterizedTest
        @CsvSource({
            "2026-11-20T21:59:59, false",
            "2026-11-20T22:00:00, true",
            "2026-11-21T00:00:00, true",
            "2026-11-21T01:59:59, true",
            "2026-11-21T02:00:00, false",
            // From Sunday night into the next week.
            "2026-11-23T01:00:00, true"
        })
        void over_midnight(String time, boolean open) {
            assertThat(OpeningHours.parse("Mo-Su 22:00-02:00").openAt(at(time))).isEqualTo(open);
        }

        @Test
        void all_day_up_to_midnight() {
            OpeningHours friday = OpeningHours.parse("Fr 00:00-24:00");
            assertThat(friday.openAt(at("2026-11-20T00:00:00"))).isTrue();
            assertThat(friday.openAt(at("2026-11-20T23:59:59"))).isTrue();
            assertThat(friday.openAt(at("2026-11-21T00:00:00"))).isFalse();
            assertThat(friday.openAt(at("2026-11-19T23:59:59"))).isFalse();
        }

        @Test
        void around_the_clock() {
            OpeningHours always = OpeningHours.parse("24/7");
            assertThat(always.openAt(at("2026-11-22T23:59:59"))).isTrue();
            assertThat(always.openAt(at("2026-11-23T00:00:00"))).isTrue();
        }
    }

    @Nested
    class Text {
        @Test
        void may_run_over_the_end_of_the_week() {
            assertThat(OpeningHours.parse("Sa-Mo 09:00-10:00").spans())
                    .extracting(OpeningHours.Span::day)
                    .containsExactly(DayOfWeek.MONDAY, DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);
        }

        @Test
        void gives_spans_from_monday_on() {
            assertThat(CLINIC.spans()).hasSize(12);
            assertThat(CLINIC.spans().getFirst())
                    .isEqualTo(
                            new OpeningHours.Span(
                                    DayOfWeek.MONDAY, LocalTime.of(8, 0), LocalTime.of(12, 0)));
            assertThat(CLINIC.spans().getFirst().overMidnight()).isFalse();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Mo",
                    "Mo 8:00-12:00",
                    "Mo 08:00",
                    "Mo 08:00-24:30",
                    "Mo 24:00-25:00",
                    "Mo 08:60-09:00",
                    "Mo-Xx 08:00-09:00",
                    "Mo,,Tu 08:00-09:00",
                    "周一 08:00-09:00",
                    "Mo 08:00-09:00, 10:00-11:00"
                })
        void is_refused_with_a_sentence(String text) {
            assertThatThrownBy(() -> OpeningHours.parse(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .message()
                    .contains("` is no ");
        }
    }
}
