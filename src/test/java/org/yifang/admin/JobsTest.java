package org.yifang.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.audit.event.Audit;
import org.yifang.audit.event.NameSeal;
import org.yifang.platform.Job;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.data.Database;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/// A job whose instance dies in the middle of a step is taken up by another where it stood.
class JobsTest {
    private static final int STEPS = 6;

    private final List<String> done = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private DatabaseAddress address;
    private Database database;
    private JobStore store;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        address = TestDatabase.migrated();
        database = new Database(vertx, address, 4);
        store = new JobStore(database);
    }

    @AfterEach
    void close() {
        database.close().await();
        vertx.close().await();
    }

    /// Counts to six; the instance `dying` hangs in its third step for ever, as if it were killed.
    private Job counting(String instance, CountDownLatch hangs) {
        return new Job() {
            @Override
            public String kind() {
                return "counting";
            }

            @Override
            public Step step(JsonObject input, Step before) {
                int next =
                        before.position().isEmpty() ? 1 : Integer.parseInt(before.position()) + 1;
                if (instance.equals("dying") && next == 3) {
                    hangs.countDown();
                    try {
                        Thread.sleep(Duration.ofMinutes(5));
                    } catch (InterruptedException ended) {
                        throw new IllegalStateException(ended);
                    }
                }
                done.add(instance + next);
                return new Step("" + next, next, STEPS, next == STEPS, "counted");
            }
        };
    }

    private JobStore.Row asked() {
        UUID id = UUID.randomUUID();
        database.inTransaction(
                tx -> store.insert(tx, id, "counting", "{}", "operator-1", Instant.now()));
        return store.find(id).orElseThrow();
    }

    /// What half a minute of silence looks like, without waiting for it.
    private void silent(UUID id) throws SQLException {
        String url =
                "jdbc:postgresql://%s:%d/%s"
                        .formatted(address.host(), address.port(), address.database());
        try (var connection = DriverManager.getConnection(url, address.user(), address.password());
                var statement =
                        connection.prepareStatement(
                                "update admin_job set alive_at = alive_at - interval '31 seconds'"
                                        + " where id = ?")) {
            statement.setObject(1, id);
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }

    @Test
    void another_instance_goes_on_where_the_dead_one_stood() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        JobStore.Row job = asked();
        Jobs dying = new Jobs(vertx, store, List.of(counting("dying", hangs)), Instant::now);
        dying.kick();
        hangs.await();
        try (Jobs other = new Jobs(vertx, store, List.of(counting("other", hangs)), Instant::now)) {
            // As long as it may be alive, nobody takes its work.
            other.kick();
            assertThat(store.take(UUID.randomUUID(), List.of("counting"))).isEmpty();
            silent(job.id());
            other.kick();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> store.find(job.id()).orElseThrow().state().equals("done"));
        }
        dying.close();
        assertThat(done)
                .containsExactly("dying1", "dying2", "other3", "other4", "other5", "other6");
        JobStore.Row ended = store.find(job.id()).orElseThrow();
        assertThat(ended.done()).isEqualTo(STEPS);
        assertThat(ended.note()).isEqualTo("counted");
    }

    @Test
    void a_job_is_left_to_an_instance_that_can_do_it_and_says_why_it_waits() throws Exception {
        AtomicReference<@Nullable String> lacks = new AtomicReference<>("waits for a key");
        JobStore.Row job = asked();
        try (Jobs unable =
                new Jobs(vertx, store, List.of(lacking("unable", lacks)), Instant::now)) {
            unable.kick();
            Awaitility.await()
                    .until(() ->
                            store.find(job.id()).orElseThrow().note().equals("waits for a key"));
            assertThat(store.find(job.id()).orElseThrow().state()).isEqualTo("waiting");
            // It can for two steps, and then no more: another goes on where it stood.
            lacks.set(null);
            Awaitility.await().until(() -> done.contains("unable2"));
            Awaitility.await()
                    .until(() ->
                            store.find(job.id()).orElseThrow().note().equals("waits for more"));
            assertThat(store.find(job.id()).orElseThrow().state()).isEqualTo("waiting");
            Job able = counting("able", new CountDownLatch(1));
            try (Jobs other = new Jobs(vertx, store, List.of(able), Instant::now)) {
                other.kick();
                Awaitility.await()
                        .until(() -> store.find(job.id()).orElseThrow().state().equals("done"));
            }
        }
        assertThat(done).containsExactly("unable1", "unable2", "able3", "able4", "able5", "able6");
    }

    /// Counts as [#counting]; lacks something from its third step on.
    private Job lacking(String instance, AtomicReference<@Nullable String> lacks) {
        Job counting = counting(instance, new CountDownLatch(1));
        return new Job() {
            @Override
            public String kind() {
                return counting.kind();
            }

            @Override
            public @Nullable String obstacle() {
                return lacks.get();
            }

            @Override
            public Step step(JsonObject input, Step before) {
                if (before.done() == 2) {
                    lacks.set("waits for more");
                    throw new IllegalStateException("cannot be opened");
                }
                return counting.step(input, before);
            }
        };
    }

    @Test
    void who_was_taken_for_dead_and_was_not_writes_nothing_over_the_other() throws Exception {
        JobStore.Row job = asked();
        UUID slow = UUID.randomUUID();
        UUID quick = UUID.randomUUID();
        assertThat(store.take(slow, List.of("counting"))).isPresent();
        silent(job.id());
        assertThat(store.take(quick, List.of("counting"))).isPresent();
        Job.Step late = new Job.Step("9", 9, STEPS, false, "late");
        assertThat(store.noteStep(job.id(), slow, late, Instant.now())).isFalse();
        store.end(job.id(), slow, JobState.DONE, late, "late", Instant.now());
        JobStore.Row stands = store.find(job.id()).orElseThrow();
        assertThat(stands.state()).isEqualTo("running");
        assertThat(stands.position()).isEmpty();
    }

    @Test
    void what_is_due_daily_is_asked_for_once_a_day_over_all_instances() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T04:00:00Z"));
        Jobs none = new Jobs(vertx, store, List.of(), now::get);
        Audit audit =
                new Audit(
                        database,
                        new NameSeal(plain -> plain, sealed -> sealed),
                        new Uuid7(now::get),
                        "421281");
        audit.begin(now.get());
        JobDesk desk = new JobDesk(database, store, none, audit, now::get, new Uuid7(now::get));
        try {
            List<CompletableFuture<Boolean>> asked =
                    IntStream.range(0, 4)
                            .mapToObj(_ ->
                                    CompletableFuture.supplyAsync(() -> desk.daily("counting")))
                            .toList();
            assertThat(asked.stream().map(CompletableFuture::join).filter(one -> one)).hasSize(1);
            database.run(Database.SQL.query("update admin_job set state = 'done'"));
            assertThat(desk.daily("counting")).isFalse();
            now.set(now.get().plus(Duration.ofHours(23)));
            assertThat(desk.daily("counting")).isFalse();
            now.set(now.get().plus(Duration.ofHours(2)));
            assertThat(desk.daily("counting")).isTrue();
        } finally {
            none.close();
        }
    }
}
