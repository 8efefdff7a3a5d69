package org.yifang.simulate;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;

/// The command `simulate`: plays a day of a county against a running service.
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description =
                "Plays a day of a county over the public HTTP interface of a running service.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every answer was as the contract says",
            "1:at least one was not, or the service stayed away",
            "2:an option cannot be read"
        })
public final class Simulate implements Callable<Integer> {
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    @Spec private @Nullable CommandSpec spec;

    @Option(names = "--url", defaultValue = "http://localhost:8080", description = "the service")
    private String url = "";

    @Option(
            names = "--prescriptions",
            defaultValue = "2000",
            description = "how many are written on this day (default: ${DEFAULT-VALUE})")
    private int prescriptions;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "the same seed plays the same day (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--speed",
            defaultValue = "600",
            description = {
                "seconds of the day in one real second, between people only: every stamp is the",
                "real time; max or 0 leaves no gaps (default: ${DEFAULT-VALUE})"
            })
    private String speed = "";

    @Option(
            names = "--clients",
            defaultValue = "32",
            description = "how many calls are under way at once (default: ${DEFAULT-VALUE})")
    private int clients;

    @Option(
            names = "--patience",
            defaultValue = "60",
            description = {
                "seconds for which a call is repeated while the service is busy or away",
                "(default: ${DEFAULT-VALUE})"
            })
    private int patienceSeconds;

    @Option(
            names = "--journal",
            description = "appends everything that the service acknowledges to this file")
    private @Nullable Path journal;

    @Option(
            names = "--verify-journal",
            description = {
                "plays nothing; asks whether everything in this journal is there, and only once"
            })
    private @Nullable Path verifyJournal;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = commandSpec().commandLine().getOut();
        Tally tally = new Tally();
        Duration patience = Duration.ofSeconds(patienceSeconds);
        try (Remote remote = new Remote(withoutSlash(url), clients, patience, tally)) {
            if (verifyJournal != null) {
                new JournalCheck(remote, tally, out).run(verifyJournal);
            } else {
                play(remote, tally, out);
            }
        } catch (Remote.Away away) {
            out.println("The service at " + url + " does not answer: " + away.getMessage() + ".");
            return 1;
        }
        return tally.unexpectedCount() == 0 ? 0 : 1;
    }

    private void play(Remote remote, Tally tally, PrintWriter out) throws IOException {
        Instant start = Instant.now();
        Shelf shelf = Shelf.fetched(remote);
        List<Visit> visits =
                DayPlan.of(seed, prescriptions, LocalDate.now(SHANGHAI), Casebook.of(shelf));
        out.printf(
                "A day with %d prescriptions (seed %d) at %s, %s, %d calls at once.%n",
                prescriptions,
                seed,
                url,
                factor() == 0 ? "without gaps" : speed + " times as fast",
                clients);
        out.flush();
        try (Journal kept = new Journal(journal)) {
            String run = Long.toString(start.getEpochSecond(), Character.MAX_RADIX) + "-";
            Packs packs = new Packs(start, Long.hashCode(seed));
            Windows windows =
                    new Windows(
                            (who, upload) ->
                                    remote.post("queue-events", who, "/fhir/$queue-events", upload),
                            tally,
                            run);
            Scene scene = new Scene(remote, tally, kept, shelf, packs, windows, factor(), run);
            new Day(scene, visits, clients).play(out);
            windows.close();
        }
        tally.print(out);
    }

    private double factor() {
        if (speed.equals("max")) {
            return 0;
        }
        try {
            double factor = Double.parseDouble(speed);
            if (factor >= 0 && Double.isFinite(factor)) {
                return factor;
            }
        } catch (NumberFormatException notANumber) {
            // Answered below, like every other speed that cannot be.
        }
        throw new ParameterException(
                commandSpec().commandLine(),
                "`%s` is no speed: a number from 0 upwards or `max`.".formatted(speed));
    }

    private CommandSpec commandSpec() {
        if (spec == null) {
            throw new IllegalStateException("The command was not started by picocli.");
        }
        return spec;
    }

    static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
