package org.yifang.queue.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.queue.history.DemonstrationTickets;
import org.yifang.queue.history.DemonstrationTickets.Site;
import org.yifang.queue.plan.Plan;
import org.yifang.queue.plan.PlanDesk;
import org.yifang.queue.ticket.AtTheCounter;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// What a newcomer sees of queues: a verdict, and that it is made up.
class DemonstrationQueuesTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final Database DATABASE = new Database(VERTX, TestDatabase.migrated(), 8);

    private final Instant now = Instant.parse("2026-11-28T04:00:00Z");
    private final Uuid7 ids = new Uuid7(() -> now);
    private final PlanDesk plans = AtTheCounter.plans(DATABASE, () -> now);

    @AfterAll
    static void close() {
        DATABASE.close().await();
        VERTX.close().await();
    }

    private List<Site> county() {
        List<Site> sites = new ArrayList<>();
        for (String number : List.of("H1", "H2", "P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8")) {
            Site site = new Site(UUID.randomUUID(), number, number.startsWith("H"));
            PlaceAndBureau.hours(DATABASE, site.id(), number, now);
            sites.add(site);
        }
        return sites;
    }

    private static String text(byte[] report) {
        return new String(report, StandardCharsets.UTF_8);
    }

    @Test
    void a_newcomer_sees_a_verdict_that_says_that_it_is_made_up() {
        var loader = new DemonstrationTickets(DATABASE, () -> now, ids, "421281");
        List<Site> sites = county();
        UUID bureau = UUID.randomUUID();
        var years = loader.load(sites, bureau);
        assertThat(loader.load(sites, bureau)).isEqualTo(years);
        Plan plan = DemonstrationPlan.register(plans, years, sites, "B1");
        assertThat(DemonstrationPlan.register(plans, years, sites, "B1")).isEqualTo(plan);
        assertThat(plan.draft().days()).isEqualTo(364);
        try (EvaluationDesk desk =
                new EvaluationDesk(VERTX, DATABASE, () -> now, ids, "421281", plans)) {
            String told = text(desk.verdict(plan));
            assertThat(told)
                    .contains("\"valueCode\":\"met\"")
                    .contains("演示数据：按" + plan.registeredOn() + "登记的方案")
                    .contains("Made-up data: Under the plan registered");
            assertThat(text(desk.verdict(plan))).isEqualTo(told);
            EvaluationQuestion own =
                    new EvaluationQuestion(
                            plan.draft().baselineStart(),
                            plan.draft().baselineStart().plusWeeks(9),
                            plan.draft().periodStart(),
                            plan.draft().periodStart().plusWeeks(9),
                            List.of("H1"),
                            List.of(),
                            null,
                            null,
                            null,
                            now);
            assertThat(text(desk.evaluate(own))).contains("演示数据：探索性查询（第1次），不作达标依据");
        }
    }
}
