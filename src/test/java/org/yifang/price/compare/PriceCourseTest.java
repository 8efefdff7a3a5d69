package org.yifang.price.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.generated.Tables.OUTBOX;

import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.price.offer.ComparePricesTest;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// How prices went, and the price that a patient waits for.
class PriceCourseTest {
    private static final String DRUG = PriceFixture.AMLODIPINE;
    private static final UUID TASK = new UUID(9, 1);
    private static final String LINE = "MedicationRequest/" + new UUID(1, 1);

    private static PriceFixture county;
    private static PriceActs acts;

    @BeforeAll
    static void open() {
        county = new PriceFixture();
        acts = new PriceActs(county, DRUG);
        county.open = List.of(county.line(1, DRUG, 7));
        // Five pharmacies; the first one steps down once, the last one's step is held.
        for (int pharmacy = 1; pharmacy <= 5; pharmacy++) {
            acts.sell(pharmacy, "%.2f".formatted(6.3 + 0.7 * pharmacy), ago(100));
        }
        acts.sell(1, "6.30", ago(50));
        acts.sell(5, "350.00", ago(40));
    }

    @AfterAll
    static void close() {
        county.close();
    }

    private static Instant ago(int days) {
        return PriceFixture.NOON.minus(Duration.ofDays(days));
    }

    private static List<ParametersParameterComponent> named(
            List<ParametersParameterComponent> of, String name) {
        return of.stream().filter(one -> one.getName().equals(name)).toList();
    }

    private static double number(ParametersParameterComponent of, String name) {
        return Double.parseDouble(ComparePricesTest.part(of, name));
    }

    @Test
    void steps_hold_until_the_next_and_the_band_is_of_the_prices_in_force() {
        HttpResponse<String> told =
                county.get("/Task/" + TASK + "/$price-course?count=5", "patient");
        assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
        var line = PriceFixture.parameters(told).getParameter().getFirst();
        var pharmacies = named(line.getPart(), "pharmacy");
        assertThat(pharmacies)
                .extracting(one -> number(one, "unit-price"))
                .containsExactly(0.9, 1.1, 1.2, 1.3, 1.4);
        var steps = named(pharmacies.getFirst().getPart(), "step");
        assertThat(steps).extracting(one -> number(one, "unit-price")).containsExactly(1.0, 0.9);
        assertThat(Instant.parse(ComparePricesTest.part(steps.getFirst(), "at")))
                .isEqualTo(ago(100));
        var bands = named(line.getPart(), "band");
        var first = bands.getFirst();
        assertThat(Instant.parse(ComparePricesTest.part(first, "at"))).isAfter(ago(100));
        // 1 1.1 1.2 1.3 1.4 yuan, then 0.9 instead of 1.
        assertThat(number(first, "low")).isEqualTo(1.1);
        assertThat(number(first, "median")).isEqualTo(1.2);
        assertThat(number(first, "high")).isEqualTo(1.3);
        assertThat(number(bands.getLast(), "low")).isEqualTo(1.1);
        assertThat(number(line, "reference")).isEqualTo(1.2);
        assertThat(told.body()).doesNotContain("50.0");
    }

    @Test
    void prices_of_the_past_are_the_same_whoever_asks() {
        String one = county.get("/Task/" + TASK + "/$price-course", "patient").body();
        String other = county.get("/Task/" + new UUID(9, 8) + "/$price-course", "hospital").body();
        assertThat(one).isEqualTo(other).doesNotContain("sale").doesNotContain("Patient");
        assertThat(county.get("/Task/" + TASK + "/$price-course?days=0", "patient").statusCode())
                .isEqualTo(400);
    }

    @Test
    void who_waits_for_a_price_is_told_once_and_in_the_words_of_the_page() {
        UUID task = new UUID(9, 2);
        HttpResponse<String> waits = acts.waitsFor(task, LINE, "0.8");
        assertThat(waits.statusCode()).as(waits.body()).isEqualTo(200);
        assertThat(waits.body()).contains("\"unit-price\"").doesNotContain("reached");
        county.alerts.tell(PriceFixture.NOON);
        assertThat(events(task)).isZero();
        acts.sell(2, "5.60", PriceFixture.NOON.minusSeconds(60));
        assertThat(county.alerts.tell(PriceFixture.NOON)).isEqualTo(1);
        assertThat(county.alerts.tell(PriceFixture.NOON)).isZero();
        assertThat(events(task)).isEqualTo(1);
        var alert =
                PriceFixture.parameters(
                                county.post(
                                        "/Task/" + task + "/$compare-prices",
                                        "patient",
                                        "application/fhir+json",
                                        "{\"resourceType\":\"Parameters\"}"
                                                .getBytes(StandardCharsets.UTF_8)))
                        .getParameter()
                        .getLast();
        assertThat(number(alert, "reached-unit-price")).isEqualTo(0.8);
        assertThat(acts.waitsFor(task, LINE, "").body()).doesNotContain("alert");
        acts.sell(2, "7.70", PriceFixture.NOON.minusSeconds(30));
    }

    @Test
    void many_waits_for_one_line_at_once_leave_one() throws Exception {
        UUID task = new UUID(9, 5);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                answers.add(threads.submit(() -> acts.waitsFor(task, LINE, "0.1").statusCode()));
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(200);
            }
        }
        assertThat(county.alerts.ofTask(task, county.open).await()).hasSize(1);
    }

    @Test
    void a_prescription_that_ends_beside_the_call_leaves_no_wait() {
        UUID task = new UUID(9, 6);
        var looks = new AtomicInteger();
        county.prescriptions =
                of -> {
                    if (of.equals(task) && looks.incrementAndGet() > 1) {
                        throw new Problem(ProblemCode.CANCELLED, "It was cancelled.");
                    }
                    return county.open;
                };
        try {
            HttpResponse<String> refused = acts.waitsFor(task, LINE, "0.1");
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
            assertThat(county.alerts.ofTask(task, county.open).await()).isEmpty();
        } finally {
            county.prescriptions = _ -> county.open;
        }
    }

    @Test
    void what_is_so_cheap_already_is_answered_at_once_and_told_to_nobody() {
        UUID task = new UUID(9, 3);
        acts.sell(3, "8.40", PriceFixture.NOON.minusSeconds(90));
        assertThat(acts.waitsFor(task, LINE, "9").body()).contains("reached-unit-price");
        assertThat(county.alerts.tell(PriceFixture.NOON)).isZero();
        assertThat(events(task)).isZero();
        county.database.inTransaction(tx -> {
            county.desk.over(tx, task);
            return task;
        });
        assertThat(county.get("/Task/" + task + "/$price-course", "patient").body())
                .doesNotContain("alert");
    }

    @Test
    void a_line_of_another_prescription_a_price_of_nothing_and_another_role_are_refused() {
        assertThat(acts.waitsFor(TASK, "MedicationRequest/" + new UUID(4, 4), "1").statusCode())
                .isEqualTo(400);
        assertThat(acts.waitsFor(TASK, LINE, "0").statusCode()).isEqualTo(400);
        assertThat(acts.waitsFor(TASK, LINE, "10001").statusCode()).isEqualTo(400);
        assertThat(
                        county.post(
                                        "/Task/" + TASK + "/$price-alert",
                                        "hospital",
                                        "application/fhir+json",
                                        "{\"resourceType\":\"Parameters\"}"
                                                .getBytes(StandardCharsets.UTF_8))
                                .statusCode())
                .isEqualTo(403);
    }

    private static int events(UUID task) {
        return county.database
                .run(
                        org.yifang.platform.data.Database.SQL
                                .select(OUTBOX.SEQ)
                                .from(OUTBOX)
                                .where(OUTBOX.TOPIC.eq("price-reached"))
                                .and(OUTBOX.FOCUS_ID.eq(task)))
                .rowCount();
    }
}
