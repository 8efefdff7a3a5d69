package org.yifang.queue.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.generated.Tables.LOCATION;
import static org.yifang.generated.Tables.ORGANIZATION;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Vertx;

import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupComponent;
import org.hl7.fhir.r4.model.Quantity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
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
import org.yifang.queue.ticket.Arriving;
import org.yifang.queue.ticket.AtTheCounter;
import org.yifang.registry.Organizations;

import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/// A county of its own with files of the past, and what a report on it says.
abstract class PastCounty {
    static final LocalDate BASELINE = LocalDate.of(2026, 3, 2);
    static final LocalDate REFORM = BASELINE.plusWeeks(8);
    static final String EXTENSION = "https://yifang.org/fhir/StructureDefinition/";
    static final String HEADER =
            "organization,queue,department,day,ticket,joined,called,served,left,stage\n";
    private static Vertx vertx;
    static Database database;
    private static Organizations organizations;

    Instant now = Instant.parse("2026-07-01T04:00:00Z");
    final UUID organization = UUID.randomUUID();
    final String number = "H" + organization.toString().substring(0, 11);
    HistoryDesk history;
    AggregateDesk aggregates;
    EvaluationDesk evaluations;
    QueueDesk desk;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        database = new Database(vertx, TestDatabase.migrated(), 10);
        organizations = Organizations.open(database);
    }

    @AfterAll
    static void close() {
        organizations.close();
        database.close().await();
        vertx.close().await();
    }

    @BeforeEach
    void open() {
        Uuid7 ids = new Uuid7(() -> now);
        Audit audit = new Audit(database, new NameSeal(name -> name, name -> name), ids, "421281");
        audit.begin(now);
        desk =
                new QueueDesk(
                        database,
                        audit,
                        () -> now,
                        ids,
                        new LiveQueues(database, () -> now),
                        (tx, who, tasks) -> java.util.Map.of(),
                        "421281");
        history = new HistoryDesk(database, () -> now, ids, "421281", organizations);
        aggregates = new AggregateDesk(database, () -> now, ids, "421281");
        evaluations =
                new EvaluationDesk(
                        vertx,
                        database,
                        () -> now,
                        ids,
                        "421281",
                        AtTheCounter.plans(database, () -> now));
    }

    static String holds(MeasureReportGroupComponent group, String line) {
        return group.getExtensionsByUrl(EXTENSION + "verdict-line").stream()
                .filter(one ->
                        one.getExtensionByUrl("line").getValue().primitiveValue().equals(line))
                .map(one -> one.getExtensionByUrl("holds").getValue().primitiveValue())
                .findFirst()
                .orElseThrow();
    }

    static boolean ticks(MeasureReportGroupComponent group, String line) {
        return group.getExtensionsByUrl(EXTENSION + "verdict-line").stream()
                .filter(one ->
                        line.equals(one.getExtensionByUrl("line").getValue().primitiveValue()))
                .map(one -> one.getExtensionByUrl("holds").getValue().primitiveValue())
                .map(Boolean::parseBoolean)
                .findFirst()
                .orElseThrow();
    }

    static List<String> gaps(MeasureReportGroupComponent group) {
        return group.getExtensionsByUrl(EXTENSION + "coverage-gap").stream()
                .map(one -> one.getValue().primitiveValue())
                .distinct()
                .toList();
    }

    static double reading(MeasureReportGroupComponent group, String name) {
        return ((Quantity)
                        group.getExtensionByUrl(EXTENSION + "reduction-readings")
                                .getExtensionByUrl(name)
                                .getValue())
                .getValue()
                .doubleValue();
    }

    /// Eight weeks of working days at one dispensing window.
    String past(LocalDate from, double speed) {
        return past("window-1", "dispensing", from, speed);
    }

    String past(String queue, String stage, LocalDate from, double speed) {
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

    String row(String queue, LocalDate day, int t, String joined, String served, String stage) {
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

    ImportHistory.Counts take(String rows) {
        return history.take(caller(), file(HEADER + rows));
    }

    void expectPrescriptions(int aMonth) {
        StringBuilder months = new StringBuilder("organization,month,prescriptions\n");
        for (int month = 3; month <= 6; month++) {
            months.append("%s,2026-%02d,%d%n".formatted(number, month, aMonth));
        }
        assertThat(aggregates.take(caller(), file(months.toString())).accepted()).isEqualTo(4);
    }

    static ImportHistory.File file(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<Csv.Row> all = Csv.read(bytes, StandardCharsets.UTF_8);
        return new ImportHistory.File(
                all.getFirst().fields(), all.subList(1, all.size()), Arriving.sha256(bytes));
    }

    EvaluationQuestion question(Instant asOf, @org.jspecify.annotations.Nullable String queue) {
        return question(asOf, queue, List.of());
    }

    EvaluationQuestion question(
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

    byte[] evaluateBytes(Instant asOf) {
        return evaluations.evaluate(question(asOf, null));
    }

    MeasureReport evaluate(Instant asOf) {
        return report(evaluateBytes(asOf));
    }

    static MeasureReport report(byte[] json) {
        return Fhir.CONTEXT
                .newJsonParser()
                .parseResource(MeasureReport.class, new String(json, StandardCharsets.UTF_8));
    }

    static MeasureReportGroupComponent group(MeasureReport report, String stage) {
        return report.getGroup().stream()
                .filter(one -> stage.equals(one.getCode().getText()))
                .findFirst()
                .orElseThrow();
    }

    static String verdict(MeasureReportGroupComponent group) {
        return group.getExtensionByUrl(EXTENSION + "verdict").getValue().primitiveValue();
    }

    static String figure(MeasureReport report, String name) {
        return group(report, "dispensing")
                .getExtensionByUrl(EXTENSION + "period-figures")
                .getExtensionByUrl(name)
                .getValue()
                .primitiveValue();
    }

    void registerHours() {
        database.run(
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
        database.run(
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

    Caller caller() {
        return AtTheCounter.caller(organization, number);
    }
}
