package org.yifang.fhir.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.platform.problem.Problem;

import java.time.Instant;
import java.util.List;

class DateRangeTest {
    private static final Instant NOW = Instant.parse("2026-03-11T16:00:00Z");
    private static final Field<Instant> START = DSL.field("s", SQLDataType.INSTANT);
    private static final Field<Instant> END = DSL.field("e", SQLDataType.INSTANT);

    private static DateRange read(String text) {
        var caller = PageKeysTest.caller("hospital-1", null);
        return DateRange.read(new Match.Asked("date", null, List.of(text), NOW, "", caller), text);
    }

    @ParameterizedTest
    @CsvSource({
        "2026, 2025-12-31T16:00:00Z, 2026-12-31T16:00:00Z",
        "2024-02, 2024-01-31T16:00:00Z, 2024-02-29T16:00:00Z",
        "2026-03-01, 2026-02-28T16:00:00Z, 2026-03-01T16:00:00Z",
        "2026-03-01T08:30, 2026-03-01T00:30:00Z, 2026-03-01T00:31:00Z",
        "2026-03-01T08:30Z, 2026-03-01T08:30:00Z, 2026-03-01T08:31:00Z",
        "2026-03-01T08:30:15+09:00, 2026-02-28T23:30:15Z, 2026-02-28T23:30:16Z",
        "2026-03-01T08:30:15 09:00, 2026-02-28T23:30:15Z, 2026-02-28T23:30:16Z",
        "2026-03-01T00:00:00.5Z, 2026-03-01T00:00:00.5Z, 2026-03-01T00:00:00.6Z",
        "2026-03-01T00:00:00.123456Z, 2026-03-01T00:00:00.123456Z, 2026-03-01T00:00:00.123457Z",
        "ap2026-03-01T16:00:00Z, 2026-02-28T16:00:00Z, 2026-03-02T16:00:01Z",
    })
    void a_date_covers_what_its_precision_leaves_open_in_shanghai_where_no_zone_is_named(
            String text, Instant from, Instant to) {
        DateRange range = read(text);
        assertThat(range.from()).isEqualTo(from);
        assertThat(range.to()).isEqualTo(to);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "xx2026",
                "26-03-01",
                "2026-13",
                "2026-02-30",
                "2026-03-01T24:01",
                "2026-03-01T08",
                "2026-03-01 08:00",
                "2026-03-01T08:00:00+25:00",
                "gt",
                "gtgt2026"
            })
    void what_is_no_date_is_refused(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code().code()).isEqualTo("RX-1403"));
    }

    private static String sql(String text) {
        return DSL.using(org.jooq.SQLDialect.POSTGRES)
                .renderInlined(read(text).moment(START))
                .replaceAll("(timestamp with time zone )?'2026-03-([^']*?)([+]00:00|Z)'", "$2")
                .replaceAll("cast\\((.*?) as timestamp\\(6\\) with time zone\\)", "$1");
    }

    @Test
    void each_prefix_compares_with_the_end_of_the_range_that_r4_names() {
        assertThat(sql("gt2026-03-02")).contains("s >=").contains("02 16:00");
        assertThat(sql("sa2026-03-02")).contains("s >=").contains("02 16:00");
        assertThat(sql("ge2026-03-02")).contains("s >=").contains("01 16:00");
        assertThat(sql("lt2026-03-02")).contains("s <").contains("01 16:00");
        assertThat(sql("eb2026-03-02")).contains("s <").contains("01 16:00");
        assertThat(sql("le2026-03-02")).contains("s <").contains("02 16:00");
        assertThat(sql("ne2026-03-02")).contains(" or ");
    }

    @Test
    void what_is_greater_than_a_second_begins_with_the_next() {
        assertThat(sql("gt2026-03-02T00:00:00Z")).contains("s >=").contains("02 00:00:01");
    }

    @Test
    void a_period_without_an_end_reaches_beyond_everything() {
        assertThat(read("gt2026-03-02").period(START, END).toString()).contains("is null");
        assertThat(read("eb2026-03-02").period(START, END).toString()).contains("is not null");
    }
}
