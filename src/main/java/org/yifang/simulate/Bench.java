package org.yifang.simulate;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The command `bench`: how many prescriptions a running service takes, and how many reads by id it
/// answers, in a second.
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures a running service: submits of full documents and reads by id,",
            "with so many clients at once that each sends its next call when the last is answered."
        })
public final class Bench implements Callable<Integer> {
    /// How many visits of a county the documents are of; those of one hospital are sent, over and
    /// over under new numbers, so that no patient comes to hundreds of prescriptions in a day.
    private static final int VISITS = 8_000;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    @Spec private @Nullable CommandSpec spec;

    @Option(names = "--url", defaultValue = "http://localhost:8080", description = "the service")
    private String url = "";

    @Option(
            names = "--clients",
            defaultValue = "64",
            description = "how many calls are under way at once (default: ${DEFAULT-VALUE})")
    private int clients;

    @Option(
            names = "--warm-up",
            defaultValue = "20",
            description = "seconds of each kind that are not counted (default: ${DEFAULT-VALUE})")
    private int warmUpSeconds;

    @Option(
            names = "--seconds",
            defaultValue = "30",
            description = "seconds of each kind that are counted (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = commandSpec().commandLine().getOut();
        Tally setUp = new Tally();
        String root = Simulate.withoutSlash(url);
        County.Hospital hospital = County.HOSPITALS.getFirst();
        Tokens.Sender who =
                new Tokens.Sender(hospital.client(), hospital.client().staff().getFirst());
        boolean clean;
        try (Remote remote = new Remote(root, 4, PATIENCE, setUp);
                Load load = new Load(root, clients)) {
            DocumentPool documents = documents(Shelf.fetched(remote));
            out.printf(
                    "%s, %d clients, %d s counted after %d s of warm-up%n",
                    url, clients, seconds, warmUpSeconds);
            Load.Result.printHeader(out);
            List<String> submitted = Collections.synchronizedList(new ArrayList<>());
            CountDownLatch over = stoppable(load);
            boolean cancelled = false;
            try {
                clean = measure(remote, load, who, documents, submitted, out);
            } finally {
                // Nobody is going to review them, and a reviewer's list is not for them.
                cancelled = Cancels.of(submitted).run(load, remote, who, out);
                over.countDown();
            }
            clean &= cancelled;
        } catch (Remote.Away away) {
            out.println("The service at " + url + " does not answer: " + away.getMessage() + ".");
            return 1;
        }
        return clean ? 0 : 1;
    }

    /// Whoever presses Ctrl-C waits until what was submitted is taken back.
    private static CountDownLatch stoppable(Load load) {
        CountDownLatch over = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> {
                            load.stop();
                            try {
                                var _ = over.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                            } catch (InterruptedException interrupted) {
                                Thread.currentThread().interrupt();
                            }
                        }));
        return over;
    }

    /// @param submitted takes where everything is that was submitted
    /// @return whether every answer was good
    private boolean measure(
            Remote remote,
            Load load,
            Tokens.Sender who,
            DocumentPool documents,
            List<String> submitted,
            PrintWriter out) {
        load.token(remote.token(who));
        load.run(documents::next, warmUpSeconds, submitted);
        List<String> counted = new ArrayList<>();
        Load.Result submits;
        try {
            submits = load.run(documents::next, seconds, counted);
        } finally {
            submitted.addAll(counted);
        }
        submits.print(out, "submit", 201);
        load.token(remote.token(who));
        Reads reads = Reads.of(counted, remote, who);
        load.run(reads::nextTask, warmUpSeconds, new ArrayList<>());
        Load.Result tasks = load.run(reads::nextTask, seconds, new ArrayList<>());
        tasks.print(out, "read Task", 200);
        Load.Result requests = load.run(reads::nextRequest, seconds, new ArrayList<>());
        requests.print(out, "read MedicationRequest", 200);
        return submits.only(201) && tasks.only(200) && requests.only(200);
    }

    private static DocumentPool documents(Shelf shelf) {
        Instant now = Instant.now();
        List<Visit> visits = DayPlan.of(7, VISITS, LocalDate.now(SHANGHAI), Casebook.of(shelf));
        return DocumentPool.of(visits, now);
    }

    private CommandSpec commandSpec() {
        if (spec == null) {
            throw new IllegalStateException("The command was not started by picocli.");
        }
        return spec;
    }
}
