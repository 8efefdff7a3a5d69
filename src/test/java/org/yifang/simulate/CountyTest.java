package org.yifang.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.Alone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The real service in a process of its own, seen from outside only.
@Alone
class CountyTest {
    private static final Pattern FIRST_PRESCRIPTION =
            Pattern.compile(
                    "<!-- first prescription: begin -->\n```bash\n(.*?)```\n<!-- first"
                            + " prescription: end -->",
                    Pattern.DOTALL);

    private static final Pattern SIGNED =
            Pattern.compile(
                    "<!-- signed prescription: begin -->\n```bash\n(.*?)```\n<!-- signed"
                            + " prescription: end -->",
                    Pattern.DOTALL);

    @TempDir static Path folder;
    private static ServiceProcess service;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        service = ServiceProcess.start(folder);
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        service.close();
        assertIsCalm(service.log());
        assertThat(service.leftBehind()).isEmpty();
    }

    /// Nothing that went wrong where nobody waited for it, under load neither.
    private static void assertIsCalm(String said) {
        assertThat(said).doesNotContain("Promise already", "\n\tat ", "UnhandledFailures");
    }

    @Test
    void a_small_day_passes_without_one_unexpected_answer()
            throws IOException, InterruptedException {
        Commands day =
                Commands.simulate(
                        "--url",
                        service.url(),
                        "--prescriptions",
                        "60",
                        "--speed",
                        "max",
                        "--clients",
                        "8");
        assertThat(day.output()).contains("Unexpected answers: 0", "completed/dispensed");
        assertThat(day.exitCode()).isZero();
        // Eight of each visit at registration and consultation, and whoever pays.
        Matcher told =
                Pattern.compile("Queue events sent: (\\d+) in (\\d+) uploads")
                        .matcher(day.output());
        assertThat(told.find()).as(day.output()).isTrue();
        assertThat(Integer.parseInt(told.group(1))).isBetween(60 * 8, 60 * 12);
        assertThat(Integer.parseInt(told.group(2))).isBetween(5, 9);
        assertThat(bash("curl -s '" + service.url() + "/queue?organization=H42128100001'"))
                .contains("registration-1", "consultation-1", "payment-1");
        assertThat(day.output()).containsPattern("progress +\\d");
    }

    @Test
    @Tag("soak")
    void a_day_of_two_thousand_passes_without_one_unexpected_answer() {
        Commands day = Commands.simulate("--url", service.url(), "--seed", "7", "--speed", "max");
        assertThat(day.output()).contains("Unexpected answers: 0");
        assertThat(day.exitCode()).isZero();
    }

    @Test
    void the_benchmark_gets_nothing_but_good_answers_and_takes_back_what_it_sent() {
        int waiting = toReview();
        Commands bench =
                Commands.bench(
                        "--url",
                        service.url(),
                        "--clients",
                        "8",
                        "--warm-up",
                        "1",
                        "--seconds",
                        "2");
        assertThat(bench.output()).contains("submit", "read Task", "read MedicationRequest");
        assertThat(bench.exitCode()).as(bench.output()).isZero();
        // Nobody is ever going to review them.
        assertThat(bench.output()).containsPattern("cancel .*\\{200=\\d+}");
        assertThat(toReview()).isEqualTo(waiting);
    }

    /// How many prescriptions wait for a reviewer of the county.
    private static int toReview() {
        Tokens.Sender reviewer =
                new Tokens.Sender(County.REVIEWER, County.REVIEWER.staff().getFirst());
        try (Remote remote = new Remote(service.url(), 1, Duration.ofSeconds(30), new Tally())) {
            return remote.get(
                            "to review",
                            reviewer,
                            "/fhir/Task?business-status=awaiting-review&_count=0&_total=accurate")
                    .body()
                    .getInteger("total");
        }
    }

    @Test
    void the_command_leaves_nothing_behind_and_its_terminal_is_calm() throws Exception {
        Path said = folder.resolve("simulate.log");
        Process day =
                service.command(
                        said,
                        "simulate",
                        "--url",
                        service.url(),
                        "--seed",
                        "3",
                        "--prescriptions",
                        "30",
                        "--speed",
                        "max",
                        "--clients",
                        "64");
        assertThat(day.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(Files.readString(said)).contains("Unexpected answers: 0");
        assertIsCalm(Files.readString(said));
    }

    @Test
    void a_benchmark_that_is_stopped_takes_back_what_it_sent() throws Exception {
        int waiting = toReview();
        Process bench =
                service.command(
                        folder.resolve("bench.log"),
                        "bench",
                        "--url",
                        service.url(),
                        "--clients",
                        "4",
                        "--warm-up",
                        "60");
        try {
            await().atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(toReview()).isGreaterThan(waiting));
        } finally {
            // As Ctrl-C does.
            bench.destroy();
        }
        assertThat(bench.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(toReview()).isEqualTo(waiting);
    }

    @Test
    void a_journal_is_believed_as_it_stands_and_found_out_when_it_claims_too_much()
            throws IOException {
        Path journal = folder.resolve("journal");
        Commands day =
                Commands.simulate(
                        "--url",
                        service.url(),
                        "--seed",
                        "2",
                        "--prescriptions",
                        "20",
                        "--speed",
                        "max",
                        "--clients",
                        "4",
                        "--journal",
                        journal.toString());
        assertThat(day.exitCode()).as(day.output()).isZero();
        Commands honest =
                Commands.simulate("--url", service.url(), "--verify-journal", journal.toString());
        assertThat(honest.output()).contains("20 prescriptions", "0 missing or doubled");
        assertThat(honest.exitCode()).isZero();

        String someKey = "(\"dispenses\":\\{\"[^\"]+\":\")[^\"]+";
        String text = Files.readString(journal);
        Files.writeString(journal, text.replaceFirst(someKey, "$1never-was"));
        Commands boastful =
                Commands.simulate("--url", service.url(), "--verify-journal", journal.toString());
        assertThat(boastful.output()).contains("1 missing or doubled", "never-was");
        assertThat(boastful.exitCode()).isOne();
    }

    @Test
    void the_commands_of_the_readme_work_as_printed() throws IOException, InterruptedException {
        String output = bash(commandsOfTheReadme());
        assertThat(output)
                .containsPattern("The pick-up code is [A-Z0-9]{8}\\.")
                .containsPattern("\"status\" ?: ?\"completed\"")
                .containsPattern("\"code\" ?: ?\"dispensed\"");
    }

    @Test
    void a_prescription_is_signed_as_the_pages_print_it() throws IOException, InterruptedException {
        String page = Files.readString(Path.of("docs/integrators.md"));
        Matcher commands = SIGNED.matcher(page);
        assertThat(commands.find()).isTrue();
        String printed = commands.group(1);
        assertThat(Files.readString(Path.of("docs/integrators.zh-CN.md"))).contains(printed);
        String address = "address=http://localhost:8080\n";
        String run = "yifang() { mvn -q -Dyifang.args=\"$*\"; }";
        assertThat(printed).startsWith(address).contains(run);
        // Only the port, and how the program is started, differ.
        String program =
                ProcessHandle.current().info().command().orElseThrow()
                        + " -cp \""
                        + System.getProperty("java.class.path")
                        + "\" org.yifang.App";
        String output =
                bash(
                        printed.replace(address, "address=" + service.url() + "\n")
                                .replace(run, "yifang() { " + program + " \"$@\"; }"));
        assertThat(output).contains("\"resourceType\":\"Task\"", "\"awaiting-claim\"");
    }

    private static String commandsOfTheReadme() throws IOException {
        Matcher commands = FIRST_PRESCRIPTION.matcher(Files.readString(Path.of("README.md")));
        assertThat(commands.find()).isTrue();
        String printed = commands.group(1);
        String address = "yifang=http://localhost:8080\n";
        assertThat(printed).startsWith(address);
        // Only the port differs.
        return printed.replace(address, "yifang=" + service.url() + "\n");
    }

    private static String bash(String commands) throws IOException, InterruptedException {
        Process shell =
                new ProcessBuilder("bash", "-e", "-c", commands).redirectErrorStream(true).start();
        byte[] output = shell.getInputStream().readAllBytes();
        String text = new String(output, StandardCharsets.UTF_8);
        assertThat(shell.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(shell.exitValue()).as(text).isZero();
        return text;
    }
}
