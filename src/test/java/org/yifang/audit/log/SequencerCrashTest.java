package org.yifang.audit.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.Alone;
import org.yifang.TestDatabase;
import org.yifang.audit.event.SequencingProcess;
import org.yifang.platform.config.DatabaseAddress;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Kills the instance that sequences, while two of them write: one sequence is left, without gaps
/// and without doubles, and nothing that was acknowledged is missing from it.
@Alone
final class SequencerCrashTest {
    private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(60);

    @TempDir Path folder;

    @Test
    void a_killed_sequencer_leaves_one_sequence() throws Exception {
        rounds(3);
    }

    @Test
    @Tag("soak")
    void thirty_kills_under_load_leave_one_sequence() throws Exception {
        rounds(30);
    }

    private void rounds(int rounds) throws Exception {
        RandomGenerator random = new SplittableRandom(6);
        DatabaseAddress address = TestDatabase.migrated();
        List<SignedNote> kept = new ArrayList<>();
        try (LogFixture log = new LogFixture(address, folder.resolve("auditor"), List.of())) {
            SequencingProcess[] instances = new SequencingProcess[2];
            try {
                for (int i = 0; i < 2; i++) {
                    instances[i] = SequencingProcess.start(address, place(i), "0-" + i);
                }
                for (int round = 1; round <= rounds; round++) {
                    Instant begun = Instant.now();
                    int sequencing = sequencing(instances, begun);
                    Thread.sleep(random.nextInt(50, 400));
                    kept.add(log.keep());
                    instances[sequencing].kill();
                    // The other one goes on before the dead one is replaced.
                    awaitSequenced(instances[1 - sequencing], Instant.now());
                    instances[sequencing] =
                            SequencingProcess.start(
                                    address, place(sequencing), round + "-" + sequencing);
                }
            } finally {
                for (SequencingProcess instance : instances) {
                    if (instance != null) {
                        instance.close();
                    }
                }
            }
            check(log, kept);
        }
    }

    private Path place(int instance) {
        return folder.resolve("instance-" + instance);
    }

    /// The instance that sequences now.
    private static int sequencing(SequencingProcess[] instances, Instant since)
            throws IOException, InterruptedException {
        Instant end = since.plus(TAKEN_OVER_WITHIN);
        while (Instant.now().isBefore(end)) {
            for (int i = 0; i < 2; i++) {
                if (instances[i].lastSequenced() > since.toEpochMilli()) {
                    return i;
                }
            }
            Thread.sleep(5);
        }
        throw new AssertionError("Nobody sequences.");
    }

    private static void awaitSequenced(SequencingProcess instance, Instant since)
            throws IOException, InterruptedException {
        Instant end = since.plus(TAKEN_OVER_WITHIN);
        while (instance.lastSequenced() <= since.toEpochMilli()) {
            assertThat(instance.isAlive()).isTrue();
            assertThat(Instant.now()).as("taken over").isBefore(end);
            Thread.sleep(5);
        }
    }

    private void check(LogFixture log, List<SignedNote> kept) throws IOException {
        log.sequence();
        assertThat(log.verify(kept.toArray(SignedNote[]::new)).findings()).isEmpty();
        assertThat(log.reconcile()).isEmpty();
        long leaves = log.number("select count(*) as n from audit_leaf");
        assertThat(log.number("select max(index) + 1 as n from audit_leaf")).isEqualTo(leaves);
        assertThat(log.number("select count(distinct event_id) as n from audit_leaf"))
                .isEqualTo(leaves);
        assertThat(log.number("select count(*) as n from audit_event")).isEqualTo(leaves);
        assertThat(log.number("select count(distinct request) as n from audit_event"))
                .isEqualTo(leaves);
        List<String> acknowledged = new ArrayList<>(SequencingProcess.written(place(0)));
        acknowledged.addAll(SequencingProcess.written(place(1)));
        assertThat(acknowledged).hasSizeGreaterThan(100);
        List<String> recorded = new ArrayList<>();
        log.superuser("select request from audit_event")
                .forEach(row -> recorded.add(row.getString("request")));
        assertThat(recorded).containsAll(acknowledged);
        System.out.printf(
                "%,d events, %,d acknowledged, %d checkpoints kept%n",
                leaves, acknowledged.size(), kept.size());
    }
}
