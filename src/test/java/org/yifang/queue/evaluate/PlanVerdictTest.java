package org.yifang.queue.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;

import org.hl7.fhir.r4.model.MeasureReport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.fhir.Fhir;
import org.yifang.platform.Caller;
import org.yifang.platform.Csv;
import org.yifang.platform.Role;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.queue.history.ExpectedDesk;
import org.yifang.queue.history.HistoryDesk;
import org.yifang.queue.history.ImportHistory;
import org.yifang.queue.plan.Plan;
import org.yifang.queue.plan.PlanDesk;
import org.yifang.queue.plan.PlanDraft;
import org.yifang.queue.plan.PlanDraft.Term;
import org.yifang.queue.ticket.Arriving;
import org.yifang.queue.ticket.AtTheCounter;
import org.yifang.registry.Organizations;

import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/// Plans judged through the database: what is met, and what only looks like it. A cheat changes
/// nothing but what is told; none is ever called met, and the reason is named.
class PlanVerdictTest {
    private static final LocalDate PERIOD = LocalDate.of(2025, 3, 3);
    private static final LocalDate BASELINE = PERIOD.minusDays(364);
    private static final int WEEKS = 30;
    private static final int A_DAY = 24;
    private static final String EXTENSION = "https://yifang.org/fhir/StructureDefinition/";
    private static final String HEADER =
            "organization,queue,department,day,ticket,joined,called,served,left,stage,visit\n";
    private static final Vertx VERTX = Vertx.vertx();
    private static final Database DATABASE = new Database(VERTX, TestDatabase.migrated(), 8);
    private static final Organizations ORGANIZATIONS = Organizations.open(DATABASE);

    private final Instant now = Instant.parse("2026-02-01T04:00:00Z");
    private final UUID organization = UUID.randomUUID();
    private final String number = "P" + organization.toString().substring(0, 11);
    private final UUID elsewhere = UUID.randomUUID();
    private final String control = "C" + elsewhere.toString().substring(0, 11);
    private String named = control;
    private final Uuid7 ids = new Uuid7(() -> now);
    private final PlanDesk plans = AtTheCounter.plans(DATABASE, () -> now);
    private final StringBuilder tickets = new StringBuilder();
    private final StringBuilder units = new StringBuilder("organization,day,stage,unit,source\n");

    @AfterAll
    static void close() {
        ORGANIZATIONS.close();
        DATABASE.close().await();
        VERTX.close().await();
    }

    /// How a county tells of itself.
    private static class County {
        double speedAfter = 1;
        int fakes;
        double slowDropped = 1;
        boolean relabels;

        int department(int t, boolean later) {
            return relabels && later ? 9 : t % 2;
        }
    }

    private void live(String at, County county) {
        SplittableRandom random = new SplittableRandom(5);
        for (boolean later : new boolean[] {false, true}) {
            for (int d = 0; d < 7 * WEEKS; d++) {
                LocalDate day = (later ? PERIOD : BASELINE).plusDays(d);
                if (day.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) <= 0) {
                    day(at, county, day, later, random);
                }
            }
        }
    }

    private void day(
            String at, County county, LocalDate day, boolean later, SplittableRandom random) {
        for (int t = 0; t < A_DAY; t++) {
            String visit = "V" + day + "-" + t;
            int wait =
                    (int)
                            ((later ? county.speedAfter : 1)
                                    * 1800
                                    * Math.exp(0.4 * (random.nextDouble() * 2 - 1)));
            units.append("%s,%s,dispensing,%s,registrations%n".formatted(at, day, visit));
            boolean isDropped = later && wait > county.slowDropped * 1800;
            if (!isDropped) {
                ticket(at, day, "T" + t, visit, wait, county.department(t, later), t);
            }
        }
        for (int f = 0; later && f < county.fakes; f++) {
            String visit = "F" + day + "-" + f;
            ticket(at, day, "F" + f, visit, 60 + f, f % 2, f % A_DAY);
        }
    }

    private void ticket(
            String at,
            LocalDate day,
            String ticket,
            String visit,
            int wait,
            int department,
            int t) {
        var joined = day.atTime(8 + t % 3, t, 7);
        tickets.append(
                "%s,w,D%d,%s,%s,%s,,%s,,dispensing,%s%n"
                        .formatted(
                                at,
                                department,
                                day,
                                ticket,
                                joined,
                                joined.plusSeconds(wait),
                                visit));
    }

    private MeasureReport verdict(County county) {
        tell(organization, number, county);
        tell(elsewhere, control, new County());
        Caller bureau = PlaceAndBureau.bureau();
        assertThat(bureau.role()).isEqualTo(Role.BUREAU);
        var expected = new ExpectedDesk(DATABASE, () -> now, ids, "421281");
        assertThat(expected.take(bureau, file(units)).refusedRows()).isZero();
        return verdict();
    }

    /// A file of the past from the place itself.
    private void tell(UUID id, String at, County county) {
        tickets.setLength(0);
        tickets.append(HEADER);
        live(at, county);
        PlaceAndBureau.hours(DATABASE, id, at, now);
        var history = new HistoryDesk(DATABASE, () -> now, ids, "421281", ORGANIZATIONS);
        Caller hospital = AtTheCounter.caller(id, at);
        assertThat(history.take(hospital, file(tickets)).refusedRows()).isZero();
    }

    private MeasureReport verdict() {
        Plan plan = plans.demonstrate(draft(), "B1", Instant.parse("2025-01-10T00:00:00Z"));
        try (EvaluationDesk desk =
                new EvaluationDesk(VERTX, DATABASE, () -> now, ids, "421281", plans)) {
            return Fhir.CONTEXT
                    .newJsonParser()
                    .parseResource(
                            MeasureReport.class,
                            new String(desk.verdict(plan), StandardCharsets.UTF_8));
        }
    }

    private PlanDraft draft() {
        return new PlanDraft(
                "queue-time-reduction",
                "plan of " + number,
                BASELINE,
                BASELINE.plusWeeks(WEEKS).minusDays(1),
                PERIOD,
                PERIOD.plusWeeks(WEEKS).minusDays(1),
                List.of(
                        new Term("organization", number),
                        new Term("stage", "dispensing"),
                        new Term("change-date", PERIOD.toString()),
                        new Term("wash-in-weeks", "0"),
                        new Term("control", named),
                        new Term("expected-source", "registrations")),
                List.of(number));
    }

    private static ImportHistory.File file(StringBuilder text) {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        List<Csv.Row> all = Csv.read(bytes, StandardCharsets.UTF_8);
        return new ImportHistory.File(
                all.getFirst().fields(), all.subList(1, all.size()), Arriving.sha256(bytes));
    }

    private static String first(MeasureReport report, String name) {
        return report.getExtensionByUrl(EXTENSION + name).getValue().primitiveValue();
    }

    @Test
    void a_plan_of_a_county_three_times_as_fast_is_met_and_says_what_it_rests_on() {
        County county = new County();
        county.speedAfter = 0.3;
        MeasureReport report = verdict(county);
        assertThat(first(report, "verdict-text"))
                .startsWith("演示数据：按2025-01-10登记的方案")
                .contains("达到下降50%目标", "基期数据为事后导入", "50% target met");
        assertThat(first(report, "verdict")).isEqualTo("met");
        assertThat(plans.find("queue-time-reduction", UUID.randomUUID())).isEmpty();
    }

    @Test
    void fake_fast_tickets_without_units_of_another_sender_count_for_nothing() {
        County county = new County();
        county.fakes = 60;
        MeasureReport report = verdict(county);
        assertThat(first(report, "verdict")).isIn("no-change", "not-shown");
        assertThat(first(report, "verdict-text")).contains("tickets were reported in the period");
    }

    @Test
    void slow_tickets_that_are_not_told_are_the_slowest_of_all() {
        County county = new County();
        county.speedAfter = 0.9;
        county.slowDropped = 0.8;
        MeasureReport report = verdict(county);
        assertThat(first(report, "verdict")).isEqualTo("not-shown");
        assertThat(first(report, "verdict-text")).contains("linked to a ticket (at least 90.0 %)");
    }

    @Test
    void departments_called_otherwise_say_nothing() {
        County county = new County();
        county.speedAfter = 0.3;
        county.relabels = true;
        MeasureReport report = verdict(county);
        assertThat(first(report, "verdict")).isEqualTo("not-shown");
        assertThat(first(report, "verdict-text")).contains("departments that are new");
    }

    @Test
    void a_control_site_that_tells_nothing_is_no_way_around_the_others() {
        County county = new County();
        county.speedAfter = 0.3;
        named = "nobody";
        MeasureReport report = verdict(county);
        assertThat(first(report, "verdict")).isEqualTo("not-shown");
        assertThat(first(report, "verdict-text"))
                .contains("the control sites that the plan names told no tickets");
    }
}
