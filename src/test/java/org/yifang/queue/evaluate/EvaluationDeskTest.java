package org.yifang.queue.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.generated.Tables.LOCATION;
import static org.yifang.generated.Tables.ORGANIZATION;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.queue.ticket.AtTheCounter.event;

import io.vertx.core.Vertx;

import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupComponent;
import org.hl7.fhir.r4.model.Quantity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.audit.event.Audit;
import org.yifang.audit.event.NameSeal;
import org.yifang.fhir.Fhir;
import org.yifang.platform.Caller;
import org.yifang.platform.Csv;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.queue.history.AggregateDesk;
import org.yifang.queue.history.HistoryDesk;
import org.yifang.queue.history.ImportHistory;
import org.yifang.queue.intake.QueueDesk;
import org.yifang.queue.live.LiveQueues;
import org.yifang.queue.quality.QueueQuality;
import org.yifang.queue.ticket.Arriving;
import org.yifang.queue.ticket.AtTheCounter;
import org.yifang.queue.ticket.QueueLimits;

import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/// Files of the past in, a report out: what is said of a county through the database.
class EvaluationDeskTest {
    private static final LocalDate BASELINE = LocalDate.of(2026, 3, 2);
    private static final LocalDate REFORM = BASELINE.plusWeeks(8);
    private static final String EXTENSION = "https://yifang.org/fhir/StructureDefinition/";
    private static final String HEADER =
            "organization,queue,department,day,ticket,joined,called,served,left,stage\n";
    private static final Vertx VERTX = Vertx.vertx();
    private static final Database DATABASE = new Database(VERTX, TestDatabase.migrated(), 10);

    private Instant now = Instant.parse("2026-07-01T04:00:00Z");
    private final UUID organization = UUID.randomUUID();
    private final String number = "H" + organization.toString().substring(0, 11);
    private HistoryDesk history;
    private AggregateDesk aggregates;
    private EvaluationDesk evaluations;
    private QueueDesk desk;

    @AfterAll
    static void close() {
        DATABASE.close().await();
        VERTX.close().await();
    }

    @BeforeEach
    void open() {
        Uuid7 ids = new Uuid7(() -> now);
        Audit audit = new Audit(DATABASE, new NameSeal(name -> name, name -> name), ids, "421281");
        audit.begin(now);
        desk =
                new QueueDesk(
                        DATABASE,
                        audit,
                        () -> now,
                        ids,
                        new LiveQueues(DATABASE, () -> now),
                        (tx, who, tasks) -> java.util.Map.of(),
                        "421281");
        history = new HistoryDesk(DATABASE, () -> now, ids, "421281", any -> Optional.empty());
        aggregates = new AggregateDesk(DATABASE, () -> now, ids, "421281");
        evaluations =
                new EvaluationDesk(
                        VERTX,
                        DATABASE,
                        () -> now,
                        ids,
                        "421281",
                        AtTheCounter.plans(DATABASE, () -> now));
    }

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
                        "department",
                        "hour",
                        "weekday",
                        "hour-weekday",
                        "month");
        // Every wait stands in one hour, in one cell of the heat map, and in one month.
        for (int stratifier = 2; stratifier < 7; stratifier++) {
            var strata = group.getStratifier().get(stratifier).getStratum();
            int all = strata.stream().mapToInt(one -> one.getPopulationFirstRep().getCount()).sum();
            assertThat(all).isEqualTo(8 * 5 * 24);
        }
        var hours = group.getStratifier().get(3).getStratum();
        assertThat(hours)
                .extracting(one -> one.getValue().getText())
                .containsExactly("08", "09", "10", "11");
        assertThat(hours.getFirst().getMeasureScore().getValue().doubleValue())
                .isBetween(5.0, 10.0);
        assertThat(group.getStratifier().get(5).getStratum()).hasSize(4 * 5);
        var months = group.getStratifier().get(6).getStratum();
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

    private static String holds(MeasureReportGroupComponent group, String line) {
        return group.getExtensionsByUrl(EXTENSION + "verdict-line").stream()
                .filter(one ->
                        one.getExtensionByUrl("line").getValue().primitiveValue().equals(line))
                .map(one -> one.getExtensionByUrl("holds").getValue().primitiveValue())
                .findFirst()
                .orElseThrow();
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
        QueueQuality quality = new QueueQuality(DATABASE);
        assertThat(quality.report(organization, REFORM, REFORM))
                .anySatisfy(source -> {
                    assertThat(source.isAlarming()).isTrue();
                    assertThat(source.littleDay()).isEqualTo(REFORM);
                });
        assertThat(quality.report(organization, BASELINE, REFORM.minusDays(1)))
                .isNotEmpty()
                .noneMatch(QueueQuality.Report::isAlarming);
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

    private static boolean ticks(MeasureReportGroupComponent group, String line) {
        return group.getExtensionsByUrl(EXTENSION + "verdict-line").stream()
                .filter(one ->
                        line.equals(one.getExtensionByUrl("line").getValue().primitiveValue()))
                .map(one -> one.getExtensionByUrl("holds").getValue().primitiveValue())
                .map(Boolean::parseBoolean)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> gaps(MeasureReportGroupComponent group) {
        return group.getExtensionsByUrl(EXTENSION + "coverage-gap").stream()
                .map(one -> one.getValue().primitiveValue())
                .distinct()
                .toList();
    }

    private static double reading(MeasureReportGroupComponent group, String name) {
        return ((Quantity)
                        group.getExtensionByUrl(EXTENSION + "reduction-readings")
                                .getExtensionByUrl(name)
                                .getValue())
                .getValue()
                .doubleValue();
    }

    /// Eight weeks of working days at one dispensing window.
    private String past(LocalDate from, double speed) {
        return past("window-1", "dispensing", from, speed);
    }

    private String past(String queue, String stage, LocalDate from, double speed) {
        Random random = new Random(9);
        StringBuilder file = new StringBuilder();
        for (int d = 0; d < 56; d++) {
            LocalDate day = from.plusDays(d);
            if (day.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0) {
                continue;
            }
            for (int t = 0; t < 24; t++) {
                int hour = 8 + t % 4;
                int wait = (int) (speed * (900 + 900 * random.nextDouble()));
                String joined = "%02d:%02d:00".formatted(hour, t);
                String served = day.atTime(hour, t).plusSeconds(wait).toString().replace('T', ' ');
                file.append(row(queue, day, t, joined, served, stage));
            }
        }
        return file.toString();
    }

    private String row(
            String queue, LocalDate day, int t, String joined, String served, String stage) {
        return String.format(
                Locale.ROOT,
                "%s,%s,D1,%s,%d,%s,,%s,,%s%n",
                number,
                queue,
                day,
                t,
                joined,
                served,
                stage);
    }

    private ImportHistory.Counts take(String rows) {
        return history.take(caller(), file(HEADER + rows));
    }

    private void expectPrescriptions(int aMonth) {
        StringBuilder months = new StringBuilder("organization,month,prescriptions\n");
        for (int month = 3; month <= 6; month++) {
            months.append("%s,2026-%02d,%d%n".formatted(number, month, aMonth));
        }
        assertThat(aggregates.take(caller(), file(months.toString())).accepted()).isEqualTo(4);
    }

    private static ImportHistory.File file(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<Csv.Row> all = Csv.read(bytes, StandardCharsets.UTF_8);
        return new ImportHistory.File(
                all.getFirst().fields(), all.subList(1, all.size()), Arriving.sha256(bytes));
    }

    private EvaluationQuestion question(
            Instant asOf, @org.jspecify.annotations.Nullable String queue) {
        return question(asOf, queue, List.of());
    }

    private EvaluationQuestion question(
            Instant asOf, @org.jspecify.annotations.Nullable String queue, List<String> controls) {
        return new EvaluationQuestion(
                BASELINE,
                REFORM.minusDays(1),
                REFORM,
                REFORM.plusWeeks(8).minusDays(1),
                List.of(number),
                controls,
                null,
                null,
                queue,
                asOf);
    }

    private byte[] evaluateBytes(Instant asOf) {
        return evaluations.evaluate(question(asOf, null));
    }

    private MeasureReport evaluate(Instant asOf) {
        return report(evaluateBytes(asOf));
    }

    private static MeasureReport report(byte[] json) {
        return Fhir.CONTEXT
                .newJsonParser()
                .parseResource(MeasureReport.class, new String(json, StandardCharsets.UTF_8));
    }

    private static MeasureReportGroupComponent group(MeasureReport report, String stage) {
        return report.getGroup().stream()
                .filter(one -> stage.equals(one.getCode().getText()))
                .findFirst()
                .orElseThrow();
    }

    private static String verdict(MeasureReportGroupComponent group) {
        return group.getExtensionByUrl(EXTENSION + "verdict").getValue().primitiveValue();
    }

    private static String figure(MeasureReport report, String name) {
        return group(report, "dispensing")
                .getExtensionByUrl(EXTENSION + "period-figures")
                .getExtensionByUrl(name)
                .getValue()
                .primitiveValue();
    }

    private void registerHours() {
        DATABASE.run(
                SQL.insertInto(
                                ORGANIZATION,
                                ORGANIZATION.ID,
                                ORGANIZATION.REGION,
                                ORGANIZATION.NUMBER,
                                ORGANIZATION.KIND,
                                ORGANIZATION.NAME,
                                ORGANIZATION.VERSION,
                                ORGANIZATION.CREATED_AT,
                                ORGANIZATION.UPDATED_AT)
                        .values(organization, "421281", number, "hospital", "H", 1L, now, now));
        DATABASE.run(
                SQL.insertInto(
                                LOCATION,
                                LOCATION.ID,
                                LOCATION.REGION,
                                LOCATION.ORGANIZATION_ID,
                                LOCATION.NAME,
                                LOCATION.ADDRESS,
                                LOCATION.LATITUDE,
                                LOCATION.LONGITUDE,
                                LOCATION.HOURS,
                                LOCATION.VERSION,
                                LOCATION.CREATED_AT,
                                LOCATION.UPDATED_AT)
                        .values(
                                UUID.randomUUID(),
                                "421281",
                                organization,
                                "L",
                                "A",
                                29.7,
                                113.9,
                                "Mo-Fr 08:00-12:00",
                                1L,
                                now,
                                now));
    }

    private Caller caller() {
        return AtTheCounter.caller(organization, number);
    }
}
