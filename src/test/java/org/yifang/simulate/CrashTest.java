package org.yifang.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.Alone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Kills the service in the middle of a day and holds it to everything it had acknowledged.
@Alone
class CrashTest {
    private static final int ROUNDS = Integer.getInteger("yifang.test.rounds", 50);
    private static final int DATABASE_ROUNDS = ROUNDS / 5;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    @TempDir Path folder;

    @Test
    void a_killed_service_has_lost_nothing_and_does_nothing_twice()
            throws IOException, InterruptedException {
        try (ServiceProcess service = ServiceProcess.start(folder)) {
            // In the middle of a day of about 400 entries.
            killInTheMiddle(service, "1", 60, 150);
        }
        assertReconciled();
    }

    @Test
    @Tag("soak")
    void fifty_kills_at_random_moments_lose_nothing() throws IOException, InterruptedException {
        RandomGenerator random = new SplittableRandom(3);
        try (ServiceProcess service = ServiceProcess.start(folder)) {
            for (int round = 0; round < ROUNDS; round++) {
                killInTheMiddle(service, "9" + round, 80, random.nextInt(10, 350));
            }
        }
        assertReconciled();
    }

    @Test
    @Tag("soak")
    void the_database_killed_under_it_loses_nothing_either()
            throws IOException, InterruptedException {
        RandomGenerator random = new SplittableRandom(4);
        try (ServiceProcess service = ServiceProcess.start(folder)) {
            for (int round = 0; round < DATABASE_ROUNDS; round++) {
                int after = random.nextInt(10, 350);
                breakInTheMiddle("8" + round, 80, after, service, service::killDatabase);
            }
        }
        assertReconciled();
    }

    /// No change without its event, none altered: a crash looks like no manipulation.
    private void assertReconciled() throws IOException, InterruptedException {
        assertThat(ServiceProcess.reconcile(folder)).startsWith("0 ").contains("All is well");
    }

    /// What goes wrong in the middle of a day.
    private interface Misfortune {
        void happens() throws IOException, InterruptedException;
    }

    private void killInTheMiddle(
            ServiceProcess service, String seed, int prescriptions, int afterEntries)
            throws IOException, InterruptedException {
        String output =
                breakInTheMiddle(
                        seed,
                        prescriptions,
                        afterEntries,
                        service,
                        () -> {
                            service.kill();
                            service.startAgain();
                        });
        assertThat(output).contains("connection lost");
    }

    private String breakInTheMiddle(
            String seed,
            int prescriptions,
            int afterEntries,
            ServiceProcess service,
            Misfortune misfortune)
            throws IOException, InterruptedException {
        Path journal = folder.resolve("journal-" + seed);
        CompletableFuture<Commands> day =
                CompletableFuture.supplyAsync(() ->
                        Commands.simulate(
                                "--url",
                                service.url(),
                                "--seed",
                                seed,
                                "--prescriptions",
                                Integer.toString(prescriptions),
                                "--speed",
                                "max",
                                "--clients",
                                "8",
                                "--patience",
                                "240",
                                "--journal",
                                journal.toString()));
        while (entries(journal) < afterEntries && !day.isDone()) {
            Thread.sleep(BETWEEN_LOOKS);
        }
        assertThat(day).as("The day was over before the kill.").isNotDone();
        misfortune.happens();

        // Repeated calls get their first answers, so that the day ends as if nothing had happened.
        Commands rest = day.join();
        assertThat(rest.output()).contains("Unexpected answers: 0");
        Commands check =
                Commands.simulate("--url", service.url(), "--verify-journal", journal.toString());
        assertThat(check.output()).contains("0 missing or doubled");
        assertThat(check.exitCode()).isZero();
        return rest.output();
    }

    private static long entries(Path journal) throws IOException {
        if (!Files.exists(journal)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(journal)) {
            return lines.count();
        }
    }
}
