package org.yifang.console.hospital;

import com.fasterxml.jackson.databind.JsonNode;

import io.vertx.core.Future;

import org.yifang.console.Contract;
import org.yifang.console.Directory;
import org.yifang.console.Page;
import org.yifang.console.Read;
import org.yifang.platform.Caller;

import java.util.ArrayList;
import java.util.List;

/// Puts together what may be known of a prescription's way.
public final class Tracker {
    private final Contract contract;
    private final Directory directory;

    public Tracker(Contract contract) {
        this.contract = contract;
        this.directory = new Directory(contract);
    }

    /// A row of a list: no lines, no history.
    public Tracked row(Caller caller, Page page, JsonNode task) {
        return new Tracked(
                task.path("id").asText(),
                task.at("/groupIdentifier/value").asText(),
                Read.state(task),
                when(task),
                Read.time(task.path("authoredOn")),
                Read.time(task.at("/restriction/period/end")),
                directory.name(caller, Read.id(task.path("owner"))),
                directory.name(
                        caller,
                        Read.id(Read.extension(task, "directed-to").path("valueReference"))),
                reason(page, task),
                Read.part(task, "output", "pickup-code").path("valueString").asText(),
                List.of(),
                List.of());
    }

    /// One with everything.
    public Tracked whole(Caller caller, Page page, JsonNode task) {
        Future<List<Tracked.Step>> history =
                Contract.begin(() -> history(caller, page, task.path("id").asText()));
        Tracked row = row(caller, page, task);
        return new Tracked(
                row.task(),
                row.number(),
                row.state(),
                row.when(),
                row.written(),
                row.until(),
                row.holder(),
                row.chosen(),
                row.reason(),
                row.code(),
                lines(caller, page, task),
                history.await());
    }

    private List<Tracked.Line> lines(Caller caller, Page page, JsonNode task) {
        List<Tracked.Line> lines = new ArrayList<>();
        for (JsonNode input : task.path("input")) {
            if (!input.at("/type/coding/0/code").asText().equals("line")) {
                continue;
            }
            String reference = input.at("/valueReference/reference").asText();
            JsonNode line = contract.get(caller, "/" + reference).json();
            JsonNode prescribed = line.at("/dispenseRequest/quantity");
            JsonNode remaining = Read.extension(line, "remaining-quantity").path("valueQuantity");
            lines.add(
                    new Tracked.Line(
                            line.at("/medicationCodeableConcept/text")
                                    .asText(
                                            line.at("/medicationCodeableConcept/coding/0/display")
                                                    .asText()),
                            line.at("/dosageInstruction/0/text").asText(),
                            Read.quantity(prescribed),
                            handed(prescribed, remaining),
                            Read.quantity(remaining),
                            line.path("status").asText(),
                            reason(page, line)));
        }
        return lines;
    }

    /// What was handed out is what is no longer open.
    private static String handed(JsonNode prescribed, JsonNode remaining) {
        return Read.number(
                        prescribed
                                .path("value")
                                .decimalValue()
                                .subtract(remaining.path("value").decimalValue()))
                + " "
                + prescribed.path("unit").asText();
    }

    private List<Tracked.Step> history(Caller caller, Page page, String task) {
        List<Tracked.Step> steps = new ArrayList<>();
        Contract.Reply history = contract.get(caller, "/Task/" + task + "/_history?_count=50");
        for (JsonNode version : history.entries()) {
            steps.add(
                    new Tracked.Step(
                            Read.time(version.path("lastModified")),
                            Read.state(version),
                            directory.name(caller, Read.id(version.path("owner"))),
                            reason(page, version)));
        }
        return steps;
    }

    private static String reason(Page page, JsonNode task) {
        JsonNode reason = task.path("statusReason");
        String text = reason.path("text").asText();
        JsonNode coding = reason.at("/coding/0");
        String system = coding.path("system").asText();
        String code = coding.path("code").asText();
        if (code.isEmpty()) {
            return text;
        }
        String name = system.substring(system.lastIndexOf('/') + 1);
        String known =
                system.startsWith("https://yifang.org/fhir/CodeSystem/")
                        ? org.yifang.console.Codes.text(name, code, page.en())
                        : code;
        return text.isEmpty() ? known : known + "：" + text;
    }

    private static String when(JsonNode task) {
        return switch (task.path("status").asText()) {
            case "requested", "on-hold", "in-progress" -> "current";
            case "ready" ->
                    task.at("/businessStatus/coding/0/code").asText().equals("awaiting-next-fill")
                            ? "future"
                            : "current";
            default -> "past";
        };
    }
}
