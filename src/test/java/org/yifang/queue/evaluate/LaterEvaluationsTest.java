package org.yifang.queue.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.yifang.CutConnection;
import org.yifang.TestDatabase;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.data.Database;
import org.yifang.platform.problem.Problem;
import org.yifang.queue.evaluate.LaterEvaluations.State;
import org.yifang.queue.ticket.AtTheCounter;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// Evaluations that nobody waits for: who reckons them, and what is told meanwhile.
class LaterEvaluationsTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final Database DATABASE = new Database(VERTX, TestDatabase.migrated(), 6);

    private volatile Instant now = Instant.parse("2026-07-01T04:00:00Z");
    private final EvaluationRunStore runs = new EvaluationRunStore(DATABASE, "421281");
    private final EvaluationDesk desk = desk(DATABASE, () -> now);
    private final LaterEvaluations later = new LaterEvaluations(desk, runs, () -> now);

    @AfterEach
    void close() {
        later.close();
        for (int i = 0; i < 2 * LaterEvaluations.UNDER_WAY_MOST; i++) {
            runs.end(question("full-" + i));
        }
    }

    @AfterAll
    static void closeAll() {
        DATABASE.close().await();
        VERTX.close().await();
    }

    /// @param reckoning the clock that is asked between reading and writing
    private EvaluationDesk desk(Database database, InstantSource reckoning) {
        return new EvaluationDesk(
                VERTX,
                database,
                reckoning,
                new Uuid7(() -> now),
                "421281",
                AtTheCounter.plans(database, () -> now));
    }

    private EvaluationQuestion question(String organization) {
        LocalDate start = LocalDate.of(2026, 3, 2);
        return new EvaluationQuestion(
                start,
                start.plusDays(6),
                start.plusDays(7),
                start.plusDays(13),
                List.of(organization),
                List.of(),
                null,
                null,
                null,
                Instant.parse("2026-07-01T04:00:00Z"));
    }

    @Test
    void what_nobody_asked_for_is_unknown_and_what_is_asked_for_is_answered() throws Exception {
        EvaluationQuestion question = question("H" + UUID.randomUUID());
        assertThat(later.state(question)).isInstanceOf(State.Unknown.class);
        later.ask(question);
        byte[] report = await(question);
        assertThat(report).isEqualTo(desk.evaluate(question));
        // Asked again it is known, and nothing is under way; the report is there a moment before.
        later.ask(question);
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(runs.find(question, now)).isNull());
    }

    @Test
    void a_question_is_reckoned_by_one_instance_until_that_falls_silent() throws Exception {
        EvaluationQuestion question = question("H" + UUID.randomUUID());
        assertThat(runs.claim(question, "elsewhere", now)).isTrue();
        assertThat(runs.claim(question, "here", now)).isFalse();
        later.ask(question);
        runs.beat(question, "read 3 of 14 days", now);
        assertThat(later.state(question)).isEqualTo(new State.Running("read 3 of 14 days"));
        now = now.plus(EvaluationRunStore.SILENT).plusSeconds(1);
        assertThat(later.state(question)).isInstanceOf(State.Running.class);
        assertThat(await(question)).isNotEmpty();
    }

    @Test
    void what_was_given_up_is_told_and_begun_anew_when_asked_again() throws Exception {
        EvaluationQuestion question = question("H" + UUID.randomUUID());
        assertThat(runs.claim(question, "elsewhere", now)).isTrue();
        runs.fail(question);
        assertThat(later.state(question)).isInstanceOf(State.Failed.class);
        later.ask(question);
        assertThat(await(question)).isNotEmpty();
    }

    @Test
    void what_was_given_up_is_forgotten_after_a_day() throws Exception {
        EvaluationQuestion question = question("H" + UUID.randomUUID());
        assertThat(runs.claim(question, "elsewhere", now)).isTrue();
        runs.fail(question);
        now = now.plus(Duration.ofHours(25));
        EvaluationQuestion another = question("H" + UUID.randomUUID());
        later.ask(another);
        assertThat(later.state(question)).isInstanceOf(State.Unknown.class);
        assertThat(await(another)).isNotEmpty();
    }

    @Test
    void a_database_that_goes_away_ends_in_a_failure_that_is_told() throws Exception {
        Database gone = new Database(VERTX, TestDatabase.migrated(), 1);
        InstantSource closing =
                () -> {
                    gone.close().await();
                    return now;
                };
        EvaluationQuestion question = question("H" + UUID.randomUUID());
        assertThat(runs.claim(question, "elsewhere", now)).isTrue();
        now = now.plus(EvaluationRunStore.SILENT).plusSeconds(1);
        try (LaterEvaluations failing =
                new LaterEvaluations(desk(gone, closing), runs, () -> now)) {
            assertThat(failing.state(question)).isInstanceOf(State.Running.class);
            // Asked of another instance: the one that reckons has no database any more.
            while (later.state(question) instanceof State.Running) {
                Thread.sleep(20);
            }
            assertThat(later.state(question)).isInstanceOf(State.Failed.class);
        }
    }

    /// As the client of the database fails when PostgreSQL is started anew: checked, and declared
    /// by nobody.
    @Test
    void a_connection_that_breaks_ends_in_a_failure_that_is_told() throws Exception {
        EvaluationQuestion question = question("H" + UUID.randomUUID());
        InstantSource breaking =
                () -> Future.<Instant>failedFuture(new IOException("Connection reset")).await();
        try (LaterEvaluations failing =
                new LaterEvaluations(desk(DATABASE, breaking), runs, () -> now)) {
            failing.ask(question);
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> failing.state(question) instanceof State.Failed);
        }
        later.ask(question);
        assertThat(await(question)).isNotEmpty();
    }

    @Test
    void an_evaluation_outlives_beats_that_nobody_hears() throws Exception {
        EvaluationQuestion question = question("H" + UUID.randomUUID());
        DatabaseAddress address = TestDatabase.migrated();
        CompletableFuture<Instant> reckoned = new CompletableFuture<>();
        InstantSource held = reckoned::join;
        try (CutConnection way = new CutConnection(address)) {
            Database database = new Database(VERTX, by(way, address), 2);
            EvaluationRunStore told = new EvaluationRunStore(database, "421281");
            try (LaterEvaluations beating =
                    new LaterEvaluations(desk(DATABASE, held), told, () -> now)) {
                beating.ask(question);
                way.cut();
                assertThatThrownBy(() -> told.find(question, now)).isInstanceOf(IOException.class);
                Thread.sleep(2500);
                way.join();
                reckoned.complete(now);
                org.awaitility.Awaitility.await()
                        .atMost(Duration.ofSeconds(10))
                        .until(() -> told.find(question, now) == null);
                assertThat(beating.state(question)).isInstanceOf(State.Done.class);
            }
            database.close().await();
        }
    }

    private static DatabaseAddress by(CutConnection way, DatabaseAddress address) {
        return new DatabaseAddress(
                "127.0.0.1",
                URI.create(way.url()).getPort(),
                address.database(),
                address.user(),
                address.password());
    }

    @Test
    void so_many_are_under_way_and_no_more() {
        for (int i = 0; i < LaterEvaluations.UNDER_WAY_MOST; i++) {
            assertThat(runs.claim(question("full-" + i), "elsewhere", now)).isTrue();
        }
        assertThatThrownBy(() -> later.ask(question("H" + UUID.randomUUID())))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("under way");
    }

    private byte[] await(EvaluationQuestion question) throws InterruptedException {
        while (true) {
            State state = later.state(question);
            if (state instanceof State.Done done) {
                return done.report();
            }
            assertThat(state).isInstanceOf(State.Running.class);
            Thread.sleep(20);
        }
    }
}
