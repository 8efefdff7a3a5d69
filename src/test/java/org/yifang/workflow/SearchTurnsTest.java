package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.Alone;
import org.yifang.TestService;
import org.yifang.platform.Limits;
import org.yifang.platform.edge.Bound;
import org.yifang.workflow.Client.Reply;

import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Who searches much waits for its own searches: others are answered at once, what is too much is
/// refused, and every refusal says what to do.
@Alone
final class SearchTurnsTest {
    private static final int BEYOND = 20;
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    private static TestService service;

    @BeforeAll
    static void start() {
        // Two searches of one client at once.
        service = TestService.own(Map.of("YIFANG_DATABASE_CONNECTIONS", "4"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void a_client_whose_searches_are_slow_holds_up_nobody_else() throws Exception {
        var at = service.database();
        Client greedy = new Client(service, "pharmacy-1");
        Client other = new Client(service, "hospital-1");
        assertThat(greedy.get("/fhir/ChargeItemDefinition?_count=1").status()).isEqualTo(200);
        long refusedBefore = Bound.SEARCHES.times();
        try (Connection holding =
                        DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            holding.setAutoCommit(false);
            // Whoever searches prices waits for this; nobody else does.
            holding.createStatement().execute("lock table offer in access exclusive mode");
            List<Future<Reply>> slow = new ArrayList<>();
            for (int i = 0; i < 2 + Limits.SEARCHES_WAITING_PER_CLIENT + BEYOND; i++) {
                slow.add(threads.submit(() -> greedy.get("/fhir/ChargeItemDefinition?_count=1")));
            }
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> Bound.SEARCHES.times() >= refusedBefore + BEYOND);
            for (int i = 0; i < 10; i++) {
                long began = System.nanoTime();
                assertThat(other.get("/fhir/Task?_count=5").status()).isEqualTo(200);
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(AT_ONCE);
            }
            holding.rollback();
            int refused = 0;
            for (Future<Reply> one : slow) {
                Reply reply = one.get();
                if (reply.status() == 200) {
                    continue;
                }
                refused++;
                assertThat(reply.status()).isEqualTo(429);
                assertThat(reply.code()).isEqualTo("RX-1029");
                assertThat(reply.raw().headers().firstValue("Retry-After")).hasValue("1");
                assertThat(reply.raw().body()).contains("请一次少发一些");
            }
            assertThat(refused).isEqualTo(BEYOND);
        }
    }

    @Test
    void what_a_search_may_not_ask_is_422_with_what_to_do() {
        Client hospital = new Client(service, "hospital-1");
        String card = "urn:oid:2.16.156.10011.1.3|42128119581209002";
        for (String asked :
                List.of(
                        "_id=" + "a,".repeat(Limits.OR_VALUES) + "a",
                        "patient.identifier="
                                + (card + "0,").repeat(Limits.OR_VALUES).replace("|", "%7C")
                                + card.replace("|", "%7C")
                                + "0",
                        "_sort=" + "_id,".repeat(Limits.SORT_KEYS) + "_id")) {
            Reply reply = hospital.get("/fhir/Task?" + asked);
            assertThat(reply.status()).as(asked + reply.raw().body()).isEqualTo(422);
            assertThat(reply.body().at("/issue/0/diagnostics").asText())
                    .containsAnyOf(
                            String.valueOf(Limits.OR_VALUES), String.valueOf(Limits.SORT_KEYS));
            assertThat(reply.raw().body()).doesNotContain("42128119581209002");
        }
    }
}
