package org.yifang.workflow;

import com.fasterxml.jackson.databind.JsonNode;

import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// What people do while things break: whoever is told to come again comes again, and anything else
/// that is not the right answer is noted.
final class RoughDay {
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger away = new AtomicInteger();

    /// Answers that should not have been.
    Queue<String> wrong() {
        return wrong;
    }

    int calls() {
        return calls.get();
    }

    /// How often "come again" was the answer.
    int away() {
        return away.get();
    }

    /// Makes a call until it is answered otherwise than "come again", as callers do.
    private Reply call(String what, Supplier<Reply> made, Integer... right) {
        for (int attempt = 0; attempt < 200; attempt++) {
            calls.incrementAndGet();
            Reply reply = made.get();
            if (reply.status() == 503) {
                away.incrementAndGet();
                if (reply.raw().headers().firstValue("Retry-After").isEmpty()) {
                    wrong.add(what + ": 503 without Retry-After");
                }
                continue;
            }
            if (!List.of(right).contains(reply.status())) {
                wrong.add(what + ": " + reply.status() + " " + reply.raw().body());
            }
            return reply;
        }
        throw new IllegalStateException(what + " is away for ever");
    }

    /// A prescription from its hospital to its patient, with what people and programs look at.
    void day(Story story) {
        JsonNode document = story.document();
        Rx rx = new Rx(call("submit", () -> story.submit(document), 201, 200).body());
        call("read", () -> story.hospital.get(rx.path()), 200);
        call("search", () -> story.hospital.get("/fhir/Task?_count=5&_total=accurate"), 200);
        Reply claim = call("claim", () -> story.claim(story.pharmacy, rx), 200);
        String token = claim.parameter("claim-token").path("valueString").asText();
        String first = story.dispense(rx.lines().get(0), 0, "7");
        String second = story.dispense(rx.lines().get(1), 1, "7");
        call(
                "dispense",
                () -> story.dispense(story.pharmacy, rx, token, false, first, second),
                200);
        call("history", () -> story.hospital.get(rx.path() + "/_history"), 200);
        Client auditor = new Client(story.service, "auditor-1");
        call("audit", () -> auditor.get("/fhir/AuditEvent?_count=3"), 200);
        call("page", () -> page(story.service, "/sign-in"), 200);
        call("guarded page", () -> page(story.service, "/counter"), 303);
        call("queues", () -> page(story.service, "/queue?organization=H42128100001"), 200);
    }

    private static Reply page(TestService service, String path) {
        return Client.send(
                HttpRequest.newBuilder(URI.create(service.url() + path))
                        .header("Cookie", "yifang-session=" + "a".repeat(43))
                        .GET());
    }
}
