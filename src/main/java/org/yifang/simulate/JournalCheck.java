package org.yifang.simulate;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Asks a service whether everything that it once acknowledged is there, and nothing twice.
///
/// What was only about to be asked for when the service died may have happened or not; the check
/// accepts both, but never half of it.
final class JournalCheck {
    private final Remote remote;
    private final Tally tally;
    private final PrintWriter out;

    JournalCheck(Remote remote, Tally tally, PrintWriter out) {
        this.remote = remote;
        this.tally = tally;
        this.out = out;
    }

    /// Checks every prescription of a journal; what is missing or doubled is in the tally.
    void run(Path journal) throws IOException {
        List<JsonObject> entries =
                Files.readAllLines(journal).stream()
                        .filter(JournalCheck::isWhole)
                        .map(JsonObject::new)
                        .toList();
        Map<String, List<JsonObject>> byTask =
                entries.stream()
                        .collect(
                                groupingBy(
                                        entry -> entry.getString("task"),
                                        LinkedHashMap::new,
                                        toList()));
        try (ExecutorService checks = Executors.newVirtualThreadPerTaskExecutor()) {
            byTask.forEach((task, events) -> checks.execute(() -> check(task, events)));
        }
        out.printf(
                "%d prescriptions, %d claims and %d dispenses acknowledged;"
                        + " %d missing or doubled.%n",
                count(entries, "submit"),
                count(entries, "claim"),
                count(entries, "dispense"),
                tally.unexpectedCount());
        tally.print(out);
    }

    /// A journal whose own writer was killed may end in half a line.
    private static boolean isWhole(String line) {
        return line.startsWith("{") && line.endsWith("}");
    }

    private static long count(List<JsonObject> entries, String act) {
        return entries.stream().filter(entry -> act.equals(entry.getString("done"))).count();
    }

    private void check(String task, List<JsonObject> events) {
        JsonObject submit =
                events.stream()
                        .filter(event -> is(event, "done", "submit"))
                        .findFirst()
                        .orElse(null);
        if (submit == null) {
            return;
        }
        String number = submit.getString("number");
        try {
            checked(new Expect(tally, number), task, submit, events);
        } catch (Derailed counted) {
            tally.ended("missing or doubled");
        } catch (Exception fault) {
            tally.unexpected("verify", number, "an answer", fault.toString());
        }
    }

    private void checked(Expect expect, String task, JsonObject submit, List<JsonObject> events) {
        Tokens.Sender hospital = who(submit.getString("client"));
        Answer answer = remote.get("read Task", hospital, "/fhir/Task/" + task);
        String state = Story.state(expect.status("read Task", answer, 200).body());
        String number = submit.getString("number");
        String lines =
                "/fhir/MedicationRequest?_count=200&group-identifier="
                        + token(Json.SID + "rx-number", number);
        Answer found =
                expect.status("search lines", remote.get("search lines", hospital, lines), 200);
        expect.same(
                "lines, once",
                submit.getInteger("lines").longValue(),
                Json.found(found.body()).count());
        JsonObject last = events.stream().filter(e -> e.containsKey("done")).toList().getLast();
        switch (last.getString("done")) {
            case "dispense" -> dispensed(expect, last, state);
            case "claim" -> claimed(expect, task, last, events, state);
            default -> {}
        }
        tally.ended(state);
    }

    private void dispensed(Expect expect, JsonObject dispense, String state) {
        expect.same("dispensed (state)", "completed/dispensed", state);
        Tokens.Sender pharmacy = who(dispense.getString("client"));
        JsonObject ids = dispense.getJsonObject("dispenses");
        for (String key : ids.fieldNames()) {
            String search = "/fhir/MedicationDispense?identifier=" + token(DispenseCall.KEYS, key);
            Answer answer = remote.get("search dispenses", pharmacy, search);
            List<String> found =
                    Json.found(expect.status("search dispenses", answer, 200).body())
                            .map(one -> one.getString("id"))
                            .toList();
            expect.same("dispense " + key + ", once", List.of(ids.getString(key)), found);
        }
    }

    private void claimed(
            Expect expect, String task, JsonObject claim, List<JsonObject> events, String state) {
        boolean mayHaveMovedOn =
                events.subList(events.indexOf(claim), events.size()).stream()
                        .anyMatch(event -> event.containsKey("trying"));
        if (mayHaveMovedOn) {
            return;
        }
        expect.same("claimed (state)", "in-progress/claimed", state);
        JsonObject body =
                Json.parameters(
                        Json.parameter("pickup-code", "valueString", claim.getString("code")));
        Answer again =
                remote.post("claim", who(claim.getString("client")), "/fhir/Task/$claim", body);
        expect.status("claim (by the holder again)", again, 200);
        expect.same(
                "claim (token)",
                List.of(claim.getString("token")),
                Json.named(again.body(), "claim-token")
                        .map(one -> one.getString("valueString"))
                        .toList());
        expect.same(
                "claim (task)",
                List.of(task),
                Json.named(again.body(), "task")
                        .map(one -> Json.inside(one, "resource").getString("id"))
                        .toList());
    }

    private static boolean is(JsonObject event, String kind, String act) {
        return act.equals(event.getString(kind));
    }

    private static String token(String system, String value) {
        return URLEncoder.encode(system + "|" + value, StandardCharsets.UTF_8);
    }

    private static Tokens.Sender who(String clientId) {
        County.Client client =
                County.all().stream()
                        .filter(one -> one.id().equals(clientId))
                        .findFirst()
                        .orElseThrow();
        return new Tokens.Sender(client, client.staff().getFirst());
    }
}
