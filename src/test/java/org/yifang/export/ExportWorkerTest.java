package org.yifang.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.TestDatabase;
import org.yifang.TestService.MovableClock;
import org.yifang.audit.event.Audit;
import org.yifang.audit.event.NameSeal;
import org.yifang.audit.log.Sequencer;
import org.yifang.fhir.rest.Access;
import org.yifang.platform.Role;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/// Exports are whole and without doubles, whoever dies while writing them.
@Timeout(60)
final class ExportWorkerTest {
    private static final int ROWS = 12_345;
    private static final String CLIENT = "auditor-1";

    @TempDir Path folder;
    private final Vertx vertx = Vertx.vertx();
    private final MovableClock clock = new MovableClock();
    private final Database database = new Database(vertx, TestDatabase.migrated(), 6);
    private final ExportStore store = new ExportStore(database, "421281");
    private final List<ExportWorker> workers = new ArrayList<>();
    private Sequencer sequencer;
    private Audit audit;

    /// Rows that are their own numbers; every tenth is left out.
    private record Numbers(IntConsumer before) implements ExportSource {
        @Override
        public String type() {
            return "AuditEvent";
        }

        @Override
        public Set<Role> roles() {
            return Set.of(Role.AUDITOR);
        }

        @Override
        public long total(Window window) {
            return ROWS;
        }

        @Override
        public Page page(Window window, long total, @Nullable String after, int most) {
            int first = after == null ? 0 : Integer.parseInt(after);
            before.accept(first);
            int end = (int) Math.min(total, first + most);
            return new Page(
                    IntStream.range(first, end)
                            .filter(i -> i % 10 != 0)
                            .mapToObj(String::valueOf)
                            .map(text -> text.getBytes(StandardCharsets.US_ASCII))
                            .toList(),
                    Set.of(new UUID(0, first)),
                    end - first,
                    end == total ? null : String.valueOf(end));
        }
    }

    @BeforeEach
    void log() {
        NameSeal seal = new NameSeal(plain -> plain, sealed -> sealed);
        sequencer = new Sequencer(database, seal, "test/audit", folder.resolve("kept"), clock);
        sequencer.check();
        sequencer.start();
        audit = new Audit(database, seal, new Uuid7(clock), "421281");
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (ExportWorker worker : workers) {
            worker.stop();
        }
        sequencer.stop();
        database.close().await();
        vertx.close().await();
    }

    private UUID ask() {
        UUID id = new Uuid7(clock).get();
        Instant now = clock.instant();
        ExportJob job =
                new ExportJob(
                        id,
                        CLIENT,
                        "http://localhost/fhir/$export",
                        List.of("AuditEvent"),
                        null,
                        now,
                        new byte[32],
                        ExportJob.Status.RUNNING,
                        0,
                        null,
                        0,
                        null,
                        0,
                        0,
                        now.plus(Duration.ofDays(3)),
                        now);
        database.inTransaction(tx -> {
            store.insert(tx, job);
            return audit.append(
                    tx,
                    new Access(
                            null,
                            "127.0.0.1",
                            "r",
                            "operation",
                            "export",
                            'E',
                            null,
                            List.of(),
                            List.of(),
                            List.of(),
                            null,
                            null));
        });
        return id;
    }

    private static final class Unsealed implements Export.KeySeal {
        @Override
        public byte[] seal(byte[] plain) {
            return plain;
        }

        @Override
        public byte[] open(byte[] sealed) {
            return sealed;
        }
    }

    private void work(IntConsumer before) {
        ExportWorker worker =
                new ExportWorker(store, List.of(new Numbers(before)), new Unsealed(), clock);
        workers.add(worker);
        worker.start();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    private ExportJob awaitEnd(UUID id) throws InterruptedException {
        while (true) {
            ExportJob job = store.find(id, CLIENT, clock.instant());
            if (job == null || job.status() != ExportJob.Status.RUNNING) {
                return java.util.Objects.requireNonNull(job);
            }
            Thread.sleep(20);
        }
    }

    private List<Integer> numbers(UUID id) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (int part = 0; ; part++) {
            byte[] gzip = store.part(id, "AuditEvent", part);
            if (gzip == null) {
                return numbers;
            }
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
                new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                        .lines()
                        .map(Integer::parseInt)
                        .forEach(numbers::add);
            }
        }
    }

    private static List<Integer> expected() {
        return IntStream.range(0, ROWS).filter(i -> i % 10 != 0).boxed().toList();
    }

    @Test
    void an_export_is_whole_and_in_files_of_ten_parts() throws Exception {
        UUID id = ask();
        work(first -> {});
        assertThat(awaitEnd(id).status()).isEqualTo(ExportJob.Status.DONE);
        assertThat(numbers(id)).isEqualTo(expected());
        assertThat(store.files(id))
                .containsExactly(
                        new ExportStore.File("AuditEvent", 0, 9_000),
                        new ExportStore.File("AuditEvent", 1, 2_110));
        assertThat(store.patients(id, "AuditEvent", 1))
                .containsExactlyInAnyOrder(
                        new UUID(0, 10_000), new UUID(0, 11_000), new UUID(0, 12_000));
        assertThat(store.patients(id, "AuditEvent", 2)).isNull();
        ExportJob done = store.find(id, CLIENT, clock.instant());
        assertThat(java.util.Objects.requireNonNull(done).pseudonymKey())
                .as("the key of the pseudonyms")
                .isNull();
        assertThat(store.find(id, "another", clock.instant())).isNull();
    }

    /// As if the time of every lease had passed; they go by the database's clock.
    private void leasesPass() {
        database.run(
                Database.SQL.query(
                        "update audit_export set lease_until = lease_until - interval '31 s'"));
    }

    @Test
    void a_thread_that_dies_begins_anew_and_the_export_is_whole() throws Exception {
        UUID id = ask();
        CountDownLatch died = new CountDownLatch(1);
        work(first -> {
            if (first == 5_000 && died.getCount() > 0) {
                died.countDown();
                // An Error ends the thread as a crash would: nothing is released.
                throw new AssertionError("killed");
            }
        });
        died.await();
        leasesPass();
        assertThat(awaitEnd(id).status()).isEqualTo(ExportJob.Status.DONE);
        assertThat(numbers(id)).isEqualTo(expected());
    }

    @Test
    void another_instance_goes_on_where_a_dead_one_stopped() throws Exception {
        UUID id = ask();
        CountDownLatch died = new CountDownLatch(1);
        CountDownLatch buried = new CountDownLatch(1);
        work(first -> {
            if (first == 5_000) {
                died.countDown();
                awaitQuietly(buried);
            }
        });
        died.await();
        List<Integer> seen = new ArrayList<>();
        work(seen::add);
        Thread.sleep(1_500);
        assertThat(seen).as("the lease of the dead one still runs").isEmpty();
        clock.forward(Duration.ofMinutes(1));
        Thread.sleep(1_500);
        assertThat(seen).as("an instance whose clock was set waits all the same").isEmpty();
        leasesPass();
        assertThat(awaitEnd(id).status()).isEqualTo(ExportJob.Status.DONE);
        assertThat(seen.getFirst()).isEqualTo(5_000);
        assertThat(numbers(id)).isEqualTo(expected());
        buried.countDown();
    }

    @Test
    void an_instance_that_was_only_slow_writes_nothing_more_once_another_has_taken_over()
            throws Exception {
        UUID id = ask();
        CountDownLatch asleep = new CountDownLatch(1);
        CountDownLatch awake = new CountDownLatch(1);
        List<Integer> slow = new ArrayList<>();
        work(first -> {
            slow.add(first);
            if (first == 3_000) {
                asleep.countDown();
                awaitQuietly(awake);
            }
        });
        asleep.await();
        leasesPass();
        work(first -> {});
        assertThat(awaitEnd(id).status()).isEqualTo(ExportJob.Status.DONE);
        awake.countDown();
        Thread.sleep(500);
        assertThat(slow.getLast()).isEqualTo(3_000);
        assertThat(numbers(id)).isEqualTo(expected());
    }

    @Test
    void an_export_that_fails_again_and_again_is_given_up() throws Exception {
        UUID id = ask();
        work(first -> {
            throw new IllegalStateException("broken");
        });
        ExportJob job = awaitEnd(id);
        assertThat(job.status()).isEqualTo(ExportJob.Status.FAILED);
        assertThat(job.failures()).isEqualTo(ExportLimits.FAILURES - 1);
    }

    @Test
    void what_a_running_transaction_may_still_write_is_waited_for() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch commit = new CountDownLatch(1);
        Thread before =
                Thread.ofVirtual()
                        .start(() ->
                                database.inTransaction(tx -> {
                                    tx.run(
                                            Database.SQL.resultQuery(
                                                    "select pg_current_xact_id()::text"));
                                    written.countDown();
                                    awaitQuietly(commit);
                                    return true;
                                }));
        written.await();
        UUID id = ask();
        List<Integer> seen = java.util.Collections.synchronizedList(new ArrayList<>());
        work(seen::add);
        Thread.sleep(2_000);
        assertThat(seen).isEmpty();
        commit.countDown();
        before.join();
        assertThat(awaitEnd(id).status()).isEqualTo(ExportJob.Status.DONE);
        assertThat(numbers(id)).isEqualTo(expected());
    }

    @Test
    void what_has_expired_is_deleted_with_everything_written() throws Exception {
        UUID id = ask();
        work(first -> {});
        awaitEnd(id);
        clock.forward(ExportLimits.KEPT);
        store.deleteExpired(clock.instant());
        assertThat(numbers(id)).isEmpty();
        assertThat(store.find(id, CLIENT, clock.instant())).isNull();
    }
}
