package org.yifang.console.hospital;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;
import org.yifang.console.frame.Codes;
import org.yifang.console.frame.Contract;
import org.yifang.console.frame.Directory;
import org.yifang.console.frame.Page;
import org.yifang.console.frame.Read;
import org.yifang.platform.Caller;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Puts together what may be known of a prescription's way.
public final class Tracker {
    private final Contract contract;
    private final Directory directory;

    public Tracker(Contract contract) {
        this.contract = contract;
        this.directory = new Directory(contract);
    }

    /// A row of a list: no lines, no history.
    ///
    /// @param patients by id, as far as they were found with it
    public Tracked row(Caller caller, Page page, JsonNode task, Map<String, JsonNode> patients) {
        return new Tracked(
                task.path("id").asText(),
                task.at("/groupIdentifier/value").asText(),
                Read.state(task),
                patients.getOrDefault(Read.id(task.path("for")), MissingNode.getInstance())
                        .at("/name/0/text")
                        .asText(),
                "",
                when(task),
                Read.time(task.path("authoredOn")),
                Read.time(task.at("/restriction/period/end")),
                directory.name(caller, Read.id(task.path("owner"))),
                directory.name(
                        caller,
                        Read.id(Read.extension(task, "directed-to").path("valueReference"))),
                Codes.reason(task, page.en()),
                Read.part(task, "output", "pickup-code").path("valueString").asText(),
                List.of(),
                null,
                List.of());
    }

    /// One with everything.
    public Tracked whole(Caller caller, Page page, JsonNode task) {
        Future<List<JsonNode>> versions =
                Contract.begin(() -> versions(caller, task.path("id").asText()));
        Tracked row = row(caller, page, task, Map.of());
        List<JsonNode> document =
                contract.get(caller, "/" + task.at("/focus/reference").asText()).entries();
        List<Tracked.Line> lines = lines(caller, page, task);
        return new Tracked(
                row.task(),
                row.number(),
                row.state(),
                one(document, "Patient").at("/name/0/text").asText(),
                about(page, document),
                row.when(),
                row.written(),
                row.until(),
                row.holder(),
                row.chosen(),
                row.reason(),
                row.code(),
                lines,
                recall(caller, page, versions.await()),
                steps(caller, page, versions.await()));
    }

    private static JsonNode one(List<JsonNode> document, String type) {
        return document.stream()
                .filter(part -> part.path("resourceType").asText().equals(type))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    /// Whose it is, for what, and by whom it was written.
    private static String about(Page page, List<JsonNode> document) {
        JsonNode patient = one(document, "Patient");
        String age = Read.age(patient, page.at());
        String diagnoses =
                document.stream()
                        .filter(part -> part.path("resourceType").asText().equals("Condition"))
                        .map(part ->
                                part.at("/code/text")
                                        .asText(part.at("/code/coding/0/display").asText()))
                        .collect(Collectors.joining(page.t("；", "; ")));
        String prescriber = one(document, "Practitioner").at("/name/0/text").asText();
        return Stream.of(
                        age.isEmpty() ? "" : age + page.t("岁", " years"),
                        diagnoses.isEmpty() ? "" : page.t("诊断：", "Diagnosis: ") + diagnoses,
                        prescriber.isEmpty() ? "" : page.t("医师：", "by ") + prescriber)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" · "));
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
                            Codes.reason(line, page.en())));
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

    private List<JsonNode> versions(Caller caller, String task) {
        return contract.get(caller, "/Task/" + task + "/_history?_count=50").entries();
    }

    private List<Tracked.Step> steps(Caller caller, Page page, List<JsonNode> versions) {
        List<Tracked.Step> steps = new ArrayList<>();
        for (JsonNode version : versions) {
            steps.add(
                    new Tracked.Step(
                            Read.time(version.path("lastModified")),
                            Read.state(version),
                            directory.name(caller, Read.id(version.path("owner"))),
                            Codes.reason(version, page.en())));
        }
        return steps;
    }

    /// A cancellation holds at once, but a counter that had the prescription may not have seen it
    /// yet: it is on its way until that counter's hold would have ended.
    private Tracked.@Nullable Recall recall(Caller caller, Page page, List<JsonNode> versions) {
        for (int i = 0; i + 1 < versions.size(); i++) {
            JsonNode held = versions.get(i + 1);
            boolean cancelled = Read.state(versions.get(i)).endsWith("cancelled");
            if (cancelled && held.path("status").asText().equals("in-progress")) {
                JsonNode lease = Read.extension(held, "lease-until").path("valueInstant");
                return new Tracked.Recall(
                        directory.name(caller, Read.id(held.path("owner"))),
                        Read.time(versions.get(i).path("lastModified")),
                        Read.time(lease),
                        lease.isTextual() && Read.instant(lease.asText()).isAfter(page.at()));
            }
        }
        return null;
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
