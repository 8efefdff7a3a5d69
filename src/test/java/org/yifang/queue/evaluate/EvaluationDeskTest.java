package org.yifang.queue.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.queue.ticket.AtTheCounter.event;

import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupComponent;
import org.hl7.fhir.r4.model.Quantity;
import org.junit.jupiter.api.Test;
import org.yifang.queue.history.ImportHistory;
import org.yifang.queue.quality.QueueQualityStore;
import org.yifang.queue.ticket.Arriving;
import org.yifang.queue.ticket.AtTheCounter;
import org.yifang.queue.ticket.QueueLimits;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/// Files of the past in, a report out: what is said of a county through the database.
class EvaluationDeskTest extends PastCounty {
    @Test
    void a_question_outside_of_plans_is_exploratory_however_fast_the_county_became() {
        registerHours();
        expectPrescriptions(24 * 22);
        ImportHistory.Counts counts = take(past(BASELINE, 1) + past(REFORM, 0.33));
        assertThat(counts.refusedRows()).isZero();
        MeasureReport report = evaluate(now);
        MeasureReportGroupComponent group = group(report, "dispensing");
        assertThat(verdict(group)).isEqualTo("exploratory");
        assertThat(report.getExtension().getFirst().getValue().primitiveValue())
                .isEqualTo("exploratory");
        assertThat(report.getExtension().get(1).getValue().primitiveValue())
                .startsWith("探索性查询（第")
                .contains("no evidence of the target");
        assertThat(group.getMeasureScore().getValue().doubleValue()).isBetween(60.0, 74.0);
        assertThat(group.getPopulation().getFirst().getCount()).isEqualTo(8 * 5 * 24);
        assertThat(group.getStratifier())
                .extracting(one -> one.getCodeFirstRep().getText())
                .containsExactly(
                        "baseline-week",
                        "period-week",
                        "counterfactual-week",
                        "still-waiting",
                        "department",
                        "hour",
                        "weekday",
                        "hour-weekday",
                        "month");
        // Every wait stands in one hour, in one cell of the heat map, and in one month.
        for (int stratifier = 4; stratifier < 9; stratifier++) {
            var strata = group.getStratifier().get(stratifier).getStratum();
            int all = strata.stream().mapToInt(one -> one.getPopulationFirstRep().getCount()).sum();
            assertThat(all).isEqualTo(8 * 5 * 24);
        }
        var hours = group.getStratifier().get(5).getStratum();
        assertThat(hours)
                .extracting(one -> one.getValue().getText())
                .containsExactly("08", "09", "10", "11");
        assertThat(hours.getFirst().getMeasureScore().getValue().doubleValue())
                .isBetween(5.0, 10.0);
        assertThat(group.getStratifier().get(7).getStratum()).hasSize(4 * 5);
        var months = group.getStratifier().get(8).getStratum();
        assertThat(months)
                .extracting(one -> one.getValue().getText())
                .containsExactly("2026-03", "2026-04", "2026-05", "2026-06");
        assertThat(months.getLast().getMeasureScore().getValue().doubleValue())
                .isBetween(5.0, 10.0);
        assertThat(months.getFirst().hasMeasureScore()).isFalse();
        assertThat(
                        months.getFirst()
                                .getExtensionByUrl(EXTENSION + "stratum-figures")
                                .getExtensionByUrl("baseline-median"))
                .isNotNull();
        assertThat(figure(report, "little-alarm")).isEqualTo("false");
        assertThat(group.getExtensionByUrl(EXTENSION + "process-chart")).isNotNull();
        assertThat(group.getExtensionByUrl(EXTENSION + "coverage")).isNotNull();
    }

    @Test
    void with_a_third_of_the_prescriptions_unseen_nothing_is_said() {
        registerHours();
        expectPrescriptions(24 * 33);
        take(past(BASELINE, 1) + past(REFORM, 0.33));
        assertThat(verdict(group(evaluate(now), "dispensing"))).isEqualTo("not-shown");
    }

    @Test
    void without_opening_hours_nothing_is_said() {
        expectPrescriptions(24 * 22);
        take(past(BASELINE, 1) + past(REFORM, 0.33));
        MeasureReportGroupComponent group = group(evaluate(now), "dispensing");
        assertThat(verdict(group)).isEqualTo("not-shown");
        assertThat(group.getExtensionsByUrl(EXTENSION + "coverage-gap")).isNotEmpty();
    }

    @Test
    void an_empty_county_is_answered_too() {
        MeasureReport report = evaluate(now);
        assertThat(report.getGroup()).hasSize(1);
        assertThat(verdict(report.getGroupFirstRep())).isEqualTo("not-shown");
    }

    @Test
    void a_report_as_of_a_moment_never_changes() {
        registerHours();
        take(past(BASELINE, 1));
        // The later period comes by events, so that one of its tickets can change late.
        Instant joined = REFORM.atTime(9, 0).atZone(QueueLimits.ZONE).toInstant();
        Arriving called = event("E1", 2, "called", joined.plusSeconds(60));
        desk.receive(caller(), null, List.of(event("E1", 1, "joined", joined), called));
        Instant then = now;
        byte[] first = evaluateBytes(then);
        now = now.plus(Duration.ofDays(1));
        desk.receive(
                caller(), null, List.of(event("E1", 3, "service-start", joined.plusSeconds(90))));
        assertThat(evaluateBytes(then)).isEqualTo(first);
        // Another question as of the same moment reads what was known then, not what is known now.
        MeasureReport narrowed = report(evaluations.evaluate(question(then, "window-1")));
        assertThat(figure(narrowed, "unknown")).isEqualTo("1");
        assertThat(figure(report(evaluations.evaluate(question(now, "window-1"))), "unknown"))
                .isEqualTo("0");
    }

    @Test
    void months_of_a_file_are_shown_and_cannot_stand_for_tickets() {
        registerHours();
        String months =
                "organization,month,tickets,median_minutes,p90_minutes\n"
                        + number
                        + ",2025-02,1100,31,55\n"
                        + number
                        + ",2026-03,1200,30.5,52\n"
                        + number
                        + ",2026-07,1,1,1\n";
        assertThat(aggregates.take(caller(), file(months)).accepted()).isEqualTo(3);
        take(past(REFORM, 0.33));
        MeasureReport report = evaluate(now);
        var told = report.getExtensionsByUrl(EXTENSION + "monthly-figures");
        // Older than a year before the baseline, or after the period: not shown.
        assertThat(told).hasSize(1);
        assertThat(told.getFirst().getExtensionByUrl("month").getValue().primitiveValue())
                .isEqualTo("2026-03");
        assertThat(((Quantity) told.getFirst().getExtensionByUrl("median").getValue()).getValue())
                .isEqualByComparingTo("30.5");
        assertThat(told.getFirst().getExtensionByUrl("tickets").getValue().primitiveValue())
                .isEqualTo("1200");
        MeasureReportGroupComponent group = group(report, "dispensing");
        assertThat(verdict(group)).isEqualTo("not-shown");
        assertThat(holds(group, "single-tickets")).isEqualTo("false");
        // With tickets on both sides the same figures stand beside them and refuse nothing.
        take(past(BASELINE, 1));
        now = now.plusSeconds(1);
        assertThat(holds(group(evaluate(now), "dispensing"), "single-tickets")).isEqualTo("true");
    }

    @Test
    void a_month_told_anew_corrects_what_was_told_and_both_are_kept() {
        String header = "organization,month,tickets,median_minutes,registrations\n";
        String wrong = header + number + ",2026-03,1200,305,900\n";
        String right = header + number + ",2026-03,1200,30.5,700\n";
        assertThat(aggregates.take(caller(), file(wrong)).accepted()).isEqualTo(1);
        assertThat(aggregates.take(caller(), file(wrong)).repeated()).isEqualTo(1);
        Instant then = now;
        now = now.plusSeconds(60);
        assertThat(aggregates.take(caller(), file(right + number + ",2026-03,9,,\n")))
                .satisfies(told -> assertThat(told.accepted()).isEqualTo(1))
                .satisfies(told -> assertThat(told.refusedRows()).isEqualTo(1));
        Function<Instant, Extension> told =
                asOf -> evaluate(asOf).getExtensionsByUrl(EXTENSION + "monthly-figures").getFirst();
        assertThat(minutes(told.apply(then))).isEqualByComparingTo("305");
        assertThat(told.apply(then).getExtensionsByUrl("corrected")).isEmpty();
        assertThat(minutes(told.apply(now))).isEqualByComparingTo("30.5");
        assertThat(told.apply(now).getExtensionsByUrl("corrected")).hasSize(1);
        // Fewer told later do not make a claim easier.
        LocalDate march = LocalDate.parse("2026-03-01");
        assertThat(new EvaluationStore(database, "421281").expected(march, march.plusDays(30), now))
                .filteredOn(one -> one.organization().equals(number))
                .extracting(EvaluationStore.Expected::registrations)
                .containsExactly(900L);
    }

    private static BigDecimal minutes(Extension month) {
        return ((Quantity) month.getExtensionByUrl("median").getValue()).getValue();
    }

    @Test
    void the_control_sites_are_shown_with_how_they_ran_before() {
        registerHours();
        take(past(BASELINE, 1) + past(REFORM, 0.33));
        UUID otherId = UUID.randomUUID();
        String other = "H" + otherId.toString().substring(0, 11);
        String same = (past(BASELINE, 0.8) + past(REFORM, 0.8)).replace(number, other);
        assertThat(
                        history.take(AtTheCounter.caller(otherId, other), file(HEADER + same))
                                .refusedRows())
                .isZero();
        MeasureReport report = report(evaluations.evaluate(question(now, null, List.of(other))));
        MeasureReportGroupComponent group = group(report, "dispensing");
        Extension readings = group.getExtensionByUrl(EXTENSION + "reduction-readings");
        assertThat(readings.getExtensionByUrl("pre-trend").getValue().primitiveValue())
                .isEqualTo("parallel");
        assertThat(readings.getExtensionByUrl("pre-trend-weeks").getValue().primitiveValue())
                .isEqualTo("8");
        assertThat(readings.hasExtension("pre-trend-interval")).isTrue();
        for (String reading : List.of("less-control", "series-less-control")) {
            Quantity left = (Quantity) readings.getExtensionByUrl(reading).getValue();
            assertThat(left.getValue().doubleValue()).as(reading).isBetween(60.0, 74.0);
        }
        assertThat(group.getStratifier())
                .extracting(one -> one.getCodeFirstRep().getText())
                .contains("control-baseline-week", "control-period-week");
        assertThat(holds(group, "control")).isEqualTo("true");
    }

    @Test
    void a_wait_that_reaches_out_of_its_day_rings_the_alarm_of_littles_law() {
        registerHours();
        take(past(BASELINE, 1) + past(REFORM, 0.33));
        // One ticket in twenty-five is served only the next noon: nobody ended it in time.
        Instant joined = REFORM.atTime(23, 0).atZone(QueueLimits.ZONE).toInstant();
        desk.receive(
                caller(),
                null,
                List.of(
                        event("N1", 1, "joined", joined),
                        ofDay(REFORM, event("N1", 2, "service-start", joined.plusSeconds(7200)))));
        Instant then = now;
        now = now.plusSeconds(1);
        MeasureReport report = evaluate(now);
        assertThat(figure(report, "little-alarm")).isEqualTo("true");
        assertThat(figure(report, "little-alarm-days")).isEqualTo("1");
        assertThat(figure(report, "little-day")).isEqualTo(REFORM.toString());
        QueueQualityStore quality = new QueueQualityStore(database);
        assertThat(quality.report(organization, REFORM, REFORM))
                .anySatisfy(source -> {
                    assertThat(source.isAlarming()).isTrue();
                    assertThat(source.littleDay()).isEqualTo(REFORM);
                });
        assertThat(quality.report(organization, BASELINE, REFORM.minusDays(1)))
                .isNotEmpty()
                .noneMatch(QueueQualityStore.Report::isAlarming);
        // The same of a ticket that changed since, which is folded anew from its events.
        desk.receive(
                caller(),
                null,
                List.of(ofDay(REFORM, event("N1", 3, "service-end", joined.plusSeconds(7300)))));
        now = now.plusSeconds(1);
        assertThat(figure(report(evaluateBytes(then)), "little-alarm")).isEqualTo("true");
    }

    private static Arriving ofDay(LocalDate day, Arriving event) {
        return new Arriving(
                event.ticket(),
                event.queue(),
                event.seq(),
                event.stage(),
                event.code(),
                event.at(),
                day,
                event.department(),
                null,
                null,
                null);
    }
}
