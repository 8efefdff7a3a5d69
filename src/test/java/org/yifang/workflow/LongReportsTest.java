package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.yifang.Alone;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Ten of every long report at once, with everything else going on: each is answered or told to
/// come again, nobody else waits for them, and no thread of the service is blocked (which fails any
/// test class, see [org.yifang.BlockedThreads]).
@Alone
final class LongReportsTest {
    private static final int OF_EACH = 10;

    /// Every readiness question is answered within this, always.
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    /// By whom, and what; `@N@` makes each question another one, so that no answer is kept ready.
    private static final Map<String, List<String>> REPORTS =
            Map.of(
                    "bureau-1",
                    List.of(
                            "/fhir/Measure/queue-time-reduction/$evaluate-measure?baselineStart="
                                    + "2025-01-0@N@&baselineEnd=2025-12-31&periodStart=2026-01-01"
                                    + "&periodEnd=2026-10-31",
                            "/fhir/Measure/drug-price-change/$evaluate-measure?baselineStart="
                                    + "2025-01-0@N@&baselineEnd=2025-12-31&periodStart=2026-01-01"
                                    + "&periodEnd=2026-10-31",
                            "/fhir/Measure/queue-time-reduction/$plans",
                            "/fhir/$queue-quality?periodStart=2026-01-0@N@&periodEnd=2026-10-31",
                            "/fhir/$price-savings?periodStart=2026-01-0@N@&periodEnd=2026-10-31",
                            "/fhir/$honoured-prices",
                            "/fhir/$held-prices"),
                    "auditor-1",
                    List.of(
                            question("unmasking"),
                            question("refusals"),
                            question("outside-treatment"),
                            "/fhir/AuditEvent?_count=200&date=ge2026-01-0@N@",
                            "/fhir/$export?_type=AuditEvent"),
                    "hospital-1",
                    List.of("/fhir/Task?_count=200&_include=Task:patient&_total=accurate"));

    private static String question(String code) {
        return "/fhir/AuditEvent/$question?question="
                + code
                + "&start=2026-01-0@N@T00:00:00Z&end=2026-11-01T00:00:00Z";
    }

    private final TestService service = TestService.shared();
    private final Story story = new Story(service);
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Queue<String> exports = new ConcurrentLinkedQueue<>();

    private Void report(Client by, String path) {
        HttpRequest.Builder request = by.request(path).GET();
        Reply reply =
                Client.send(
                        path.contains("$export")
                                ? request.header("Prefer", "respond-async")
                                        .header("Accept", "application/fhir+json")
                                : request);
        if (path.contains("$export") && reply.status() == 202) {
            String status = reply.raw().headers().firstValue("Content-Location").orElseThrow();
            exports.add(status.substring(status.indexOf("/fhir/")));
        }
        if (!List.of(200, 202, 429, 503).contains(reply.status())) {
            wrong.add(path + ": " + reply.status() + " " + reply.raw().body());
        }
        return null;
    }

    private Void day() {
        for (int i = 0; i < 5; i++) {
            Story.Rx rx = story.prescribed();
            story.dispenseAll(story.pharmacy, rx, story.claimed(story.pharmacy, rx));
            if (!story.state(rx).startsWith("completed/")) {
                wrong.add("a prescription is " + story.state(rx));
            }
        }
        return null;
    }

    private Void look(Future<?> until) throws InterruptedException {
        while (!until.isDone()) {
            long began = System.nanoTime();
            Reply ready =
                    Client.send(
                            HttpRequest.newBuilder(URI.create(service.url() + "/health/ready"))
                                    .GET());
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            if (ready.status() != 200 || took.compareTo(AT_ONCE) > 0) {
                wrong.add("ready: " + ready.status() + " after " + took);
            }
            Thread.sleep(100);
        }
        return null;
    }

    @Test
    void ten_of_each_at_once_beside_a_days_work() throws Exception {
        List<Callable<Void>> reports = new ArrayList<>();
        for (int i = 0; i < OF_EACH; i++) {
            String number = String.valueOf(i);
            REPORTS.forEach((who, paths) -> {
                Client by = new Client(service, who);
                for (String path : paths) {
                    String asked =
                            path.replace("0@N@", String.valueOf(Integer.parseInt(number) + 10));
                    reports.add(() -> report(by, asked));
                }
            });
        }
        Client patient = story.patient();
        String own = story.prescribed().task().at("/for/reference").asText();
        reports.add(() -> report(patient, "/fhir/" + own + "/$audit-trail"));
        try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Void> day = all.submit(this::day);
            Future<Void> looking = all.submit(() -> look(day));
            for (Future<Void> one : all.invokeAll(reports)) {
                one.get();
            }
            day.get();
            looking.get();
        }
        assertThat(wrong).isEmpty();
        // A client keeps ten at most, and others ask with the same one.
        Client auditor = new Client(service, "auditor-1");
        for (String one : exports) {
            assertThat(Client.send(auditor.request(one).DELETE()).status()).isEqualTo(202);
        }
    }
}
