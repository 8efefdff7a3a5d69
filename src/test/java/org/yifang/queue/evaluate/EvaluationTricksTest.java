package org.yifang.queue.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupComponent;
import org.junit.jupiter.api.Test;
import org.yifang.queue.history.ImportHistory;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Random;

/// What files of the past may not make a report say.
class EvaluationTricksTest extends PastCounty {
    @Test
    void a_file_twice_is_taken_in_once_and_foreign_rows_are_refused() {
        String file = past(BASELINE, 1);
        int accepted = take(file).accepted();
        ImportHistory.Counts again = take(file);
        assertThat(again.accepted()).isZero();
        assertThat(again.repeated()).isEqualTo(accepted);
        ImportHistory.Counts foreign =
                take(
                        "H99999999999,w,D,2026-03-02,1,08:00:00,,08:10:00,,dispensing\n"
                                + number
                                + ",w,D,2026-03-02,2,08:00:00,,08:10:00,08:11:00,dispensing\n"
                                + number
                                + ",w,D,2026-03-02,3,09:00:00,,08:10:00,,dispensing\n"
                                + number
                                + ",w,D,2026-03-32,4,09:00:00,,09:10:00,,dispensing\n"
                                + number
                                + ",w,D,2027-03-02,5,09:00:00,,09:10:00,,dispensing\n"
                                + number
                                + ",w,D,2026-03-02,6,2026-03-02T09:00:00+08:00,,,,\n");
        assertThat(foreign.refusedRows()).isEqualTo(5);
        assertThat(foreign.accepted()).isEqualTo(1);
    }

    @Test
    void a_county_that_reports_only_its_fast_windows_is_not_shown() {
        registerHours();
        expectPrescriptions(2 * 24 * 22);
        String slow = past("window-1", "dispensing", BASELINE, 1);
        String fast = past("window-2", "dispensing", BASELINE, 0.2);
        take(slow + fast + past("window-2", "dispensing", REFORM, 0.2));
        MeasureReportGroupComponent group = group(evaluate(now), "dispensing");
        assertThat(verdict(group)).isEqualTo("not-shown");
        assertThat(ticks(group, "coverage")).isFalse();
        assertThat(gaps(group))
                .containsExactlyInAnyOrder(
                        "queue-not-in-both-periods: " + number + " / window-1",
                        "too-few-reported: " + number + " / dispensing");
        // What the crude figures would have had us believe.
        assertThat(reading(group, "crude-median")).isGreaterThan(20);
    }

    /// As fast as it takes, but every sixth person is struck off the list: too few to break
    /// coverage, and more than may leave.
    @Test
    void leavers_struck_off_the_list_are_caught() {
        registerHours();
        expectPrescriptions(24 * 22);
        StringBuilder struck = new StringBuilder();
        int line = 0;
        for (String row : past(REFORM, 0.33).lines().toList()) {
            if (line++ % 6 != 0) {
                struck.append(row).append('\n');
            }
        }
        take(past(BASELINE, 1) + struck);
        MeasureReportGroupComponent group = group(evaluate(now), "dispensing");
        assertThat(ticks(group, "coverage")).isTrue();
        assertThat(ticks(group, "median")).isTrue();
        assertThat(ticks(group, "leaving")).isFalse();
        assertThat(verdict(group)).isEqualTo("exploratory");
    }

    @Test
    void a_county_where_only_the_case_mix_changed_shows_no_effect() {
        registerHours();
        expectPrescriptions(40 * 22);
        take(mixed(BASELINE, 30) + mixed(REFORM, 10));
        MeasureReportGroupComponent group = group(evaluate(now), "dispensing");
        assertThat(reading(group, "crude-median")).isGreaterThan(40);
        assertThat(group.getMeasureScore().getValue().doubleValue()).isBetween(-8.0, 8.0);
        assertThat(verdict(group)).isEqualTo("exploratory");
    }

    /// Forty people a day at one window, of whom `slow` go to the department where it takes long.
    private String mixed(LocalDate from, int slow) {
        Random random = new Random(from.toEpochDay());
        StringBuilder file = new StringBuilder();
        for (int d = 0; d < 56; d++) {
            LocalDate day = from.plusDays(d);
            if (day.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0) {
                continue;
            }
            for (int t = 0; t < 40; t++) {
                boolean isSlow = t < slow;
                int wait = (int) ((isSlow ? 2400 : 400) * (0.7 + 0.6 * random.nextDouble()));
                int hour = 8 + t % 4;
                String joined = "%02d:%02d:00".formatted(hour, t);
                String served = day.atTime(hour, t).plusSeconds(wait).toString().replace('T', ' ');
                file.append(
                        row("window-1", day, t, joined, served, "dispensing")
                                .replace(",D1,", isSlow ? ",slow," : ",fast,"));
            }
        }
        return file.toString();
    }

    @Test
    void payment_is_judged_like_every_stage_once_a_file_says_how_many_paid() {
        registerHours();
        String cashier =
                past("cashier-1", "payment", BASELINE, 1)
                        + past("cashier-1", "payment", REFORM, 0.33);
        take(cashier);
        MeasureReportGroupComponent group = group(evaluate(now), "payment");
        assertThat(verdict(group)).isEqualTo("not-shown");
        assertThat(gaps(group)).contains("expected-unknown: " + number + " / payment");
        now = now.plusSeconds(1);
        expectPrescriptions(24 * 22);
        assertThat(verdict(group(evaluate(now), "payment"))).isEqualTo("exploratory");
    }

    /// The platform sees nobody pay, so that no queue can be its own witness by its name.
    @Test
    void a_queue_does_not_vouch_for_its_own_coverage() {
        registerHours();
        take(
                past("rx-payment", "payment", BASELINE, 1)
                        + past("rx-payment", "payment", REFORM, 0.33));
        MeasureReportGroupComponent group = group(evaluate(now), "payment");
        assertThat(verdict(group)).isEqualTo("not-shown");
        assertThat(gaps(group)).contains("expected-unknown: " + number + " / payment");
    }
}
