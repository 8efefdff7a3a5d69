package org.yifang.console.review;

import static org.yifang.console.frame.Screens.field;
import static org.yifang.console.frame.Screens.parameter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.console.frame.Codes;
import org.yifang.console.frame.Contract;
import org.yifang.console.frame.Page;
import org.yifang.console.frame.Parameters;
import org.yifang.console.frame.Read;
import org.yifang.console.frame.Screens;
import org.yifang.console.frame.Trouble;
import org.yifang.platform.Caller;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `/review`: what awaits review, the most urgent first, one at a time.
public final class ReviewPage {
    private static final int LISTED_MOST = 50;
    private static final String WAITING =
            "/Task?business-status=awaiting-review&_count=" + LISTED_MOST;

    /// A document never changes; what else runs for its patient may, so it is judged again soon.
    private static final Duration JUDGED = Duration.ofSeconds(60);

    private static final int JUDGED_MOST = 500;

    private final Contract contract;
    private final InstantSource clock;

    /// How a drug is told of that runs elsewhere, in either language: its name, then until when.
    private static final Pattern ELSEWHERE = Pattern.compile("`([^`]+)`[^`]*`([^`]+)`");

    private static final String ALSO_RUNNING = "RX-2220";

    /// What `$validate` says of a document beside its faults.
    private record Judged(boolean isDone, List<Trouble> warnings, List<Case.Elsewhere> running) {}

    private final Cache<String, Judged> judged =
            Caffeine.newBuilder().maximumSize(JUDGED_MOST).expireAfterWrite(JUDGED).build();

    /// What waits.
    public record Waiting(
            String task, String number, String priority, String since, String due, boolean late) {}

    public ReviewPage(Contract contract, InstantSource clock) {
        this.contract = contract;
        this.clock = clock;
    }

    /// Behind its guard.
    public void mount(Router router) {
        router.get("/review")
                .handler(http -> show(http, 200, parameter(http, "task"), List.of(), ""));
        router.post("/review").handler(this::decide);
    }

    private void decide(RoutingContext http) {
        Page page = Page.of(http, "/review", clock.instant());
        Caller caller = Contract.caller(http, page);
        String task = field(http, "task");
        String decision = field(http, "decision");
        Parameters parameters = new Parameters().code("decision", decision);
        for (Codes.Code item : Codes.of("suitability-review")) {
            String result = field(http, "item-" + item.code());
            if (!result.isEmpty()) {
                parameters.pair("check", "item", item.code(), "result", result);
            }
        }
        if (!field(http, "reason").isEmpty() || !field(http, "reason-text").isEmpty()) {
            parameters.concept("reason", field(http, "reason"), field(http, "reason-text"));
        }
        Contract.Reply done =
                contract.post(caller, "/Task/" + task + "/$review", parameters.json());
        if (done.isDone()) {
            String state = Read.state(done.json());
            String said =
                    switch (state) {
                        case "requested/awaiting-review" ->
                                page.t("已记录，还需第二位药师审核。", "Recorded; a second reviewer is needed.");
                        case "rejected/review-refused" -> page.t("已退回处方。", "Refused.");
                        default -> page.t("已通过。", "Approved.");
                    };
            show(http, 200, "", List.of(), said + " " + field(http, "number"));
        } else {
            show(http, done.status(), task, done.troubles(), "");
        }
    }

    private void show(
            RoutingContext http, int status, String wanted, List<Trouble> troubles, String said) {
        Page page = Page.of(http, "/review", clock.instant());
        Caller caller = Contract.caller(http, page);
        String not = parameter(http, "not");
        List<JsonNode> waiting =
                contract.get(caller, WAITING).entries().stream()
                        .filter(task -> !task.path("id").asText().equals(not))
                        .toList();
        JsonNode task =
                !wanted.isEmpty()
                        ? contract.get(caller, "/Task/" + encoded(wanted)).json()
                        : waiting.isEmpty() ? null : waiting.getFirst();
        Map<String, Object> values = new HashMap<>();
        Case one = task == null || !task.has("focus") ? null : read(caller, page, task);
        values.put("one", one);
        // Who asked for one, or sees that some wait, is not told that nothing does.
        values.put("gone", one == null && !(wanted.isEmpty() && waiting.isEmpty()));
        values.put("waiting", waiting.stream().map(each -> waiting(page, each)).toList());
        values.put("troubles", troubles);
        values.put("said", said);
        Screens.send(http, page, status, "review/review.jte", values);
    }

    private static String encoded(String id) {
        return id.replaceAll("[^A-Za-z0-9.-]", "");
    }

    private static String due(JsonNode task) {
        return task.at("/restriction/period/end").asText();
    }

    private static Waiting waiting(Page page, JsonNode task) {
        String due = due(task);
        return new Waiting(
                task.path("id").asText(),
                task.at("/groupIdentifier/value").asText(),
                task.path("priority").asText(),
                Read.time(task.path("authoredOn")),
                due,
                !due.isEmpty() && Read.instant(due).isBefore(page.at()));
    }

    private @Nullable Case read(Caller caller, Page page, JsonNode task) {
        Contract.Reply bundle = contract.get(caller, "/" + task.at("/focus/reference").asText());
        if (!bundle.isDone()) {
            return null;
        }
        Map<String, List<JsonNode>> parts = new HashMap<>();
        for (JsonNode resource : bundle.entries()) {
            parts.computeIfAbsent(resource.path("resourceType").asText(), _ -> new ArrayList<>())
                    .add(resource);
        }
        JsonNode patient = first(parts, "Patient");
        String number = task.at("/groupIdentifier/value").asText();
        Judged judged = judged(caller, bundle.json());
        List<Case.Running> running = running(caller, task, number);
        return new Case(
                task.path("id").asText(),
                number,
                Read.state(task),
                task.path("priority").asText(),
                due(task),
                patient.at("/name/0/text").asText(),
                about(page, patient),
                first(parts, "Composition").path("title").asText(),
                first(parts, "Practitioner").at("/name/0/text").asText(),
                texts(parts, "Condition").stream().reduce((a, b) -> a + "；" + b).orElse(""),
                parts.getOrDefault("Observation", List.of()).stream()
                        .map(ReviewPage::observation)
                        .toList(),
                texts(parts, "AllergyIntolerance"),
                judged.isDone(),
                judged.warnings(),
                parts.getOrDefault("MedicationRequest", List.of()).stream()
                        .map(ReviewPage::line)
                        .toList(),
                running,
                judged.running().stream()
                        .filter(one ->
                                running.stream()
                                        .noneMatch(of -> of.line().name().equals(one.name())))
                        .toList(),
                task.toString().contains("second-review"));
    }

    /// What the rules warn of, each with its source, and what else runs, which not everybody is
    /// told; that the hospital is another is none of it.
    private Judged judged(Caller caller, JsonNode document) {
        String key = document.path("id").asText() + caller.language() + caller.clientId();
        Judged known = judged.getIfPresent(key);
        if (known == null) {
            Contract.Reply reply =
                    contract.post(caller, "/Bundle/$validate", (ObjectNode) document);
            if (!reply.isDone()) {
                return new Judged(false, List.of(), List.of());
            }
            JsonNode told = reply.json();
            known =
                    new Judged(
                            true,
                            Trouble.warnings(told, caller.language().equals("en")).stream()
                                    .filter(one -> one.code().startsWith("RX-22"))
                                    .filter(one -> !one.code().equals(ALSO_RUNNING))
                                    .toList(),
                            elsewhere(told));
            judged.put(key, known);
        }
        return known;
    }

    private static List<Case.Elsewhere> elsewhere(JsonNode told) {
        List<Case.Elsewhere> all = new ArrayList<>();
        for (JsonNode issue : told.path("issue")) {
            if (issue.at("/details/coding/0/code").asText().equals(ALSO_RUNNING)) {
                Matcher found = ELSEWHERE.matcher(issue.at("/details/text").asText());
                if (found.find()) {
                    all.add(new Case.Elsewhere(found.group(1), found.group(2)));
                }
            }
        }
        return all;
    }

    /// What else runs for the patient, as far as this reviewer may read it.
    private List<Case.Running> running(Caller caller, JsonNode task, String number) {
        String patient = task.at("/for/reference").asText();
        if (patient.isEmpty()) {
            return List.of();
        }
        return contract
                .get(caller, "/MedicationRequest?patient=" + patient + "&status=active&_count=30")
                .entries()
                .stream()
                .filter(one -> one.path("resourceType").asText().equals("MedicationRequest"))
                .filter(one -> !one.at("/groupIdentifier/value").asText().equals(number))
                .map(one ->
                        new Case.Running(
                                line(one),
                                one.at("/groupIdentifier/value").asText(),
                                Read.time(one.path("authoredOn"))))
                .toList();
    }

    private static String about(Page page, JsonNode patient) {
        String gender =
                patient.path("gender").asText().equals("female")
                        ? page.t("女", "female")
                        : patient.path("gender").asText().equals("male") ? page.t("男", "male") : "";
        String age = Read.age(patient, page.at());
        return gender + (age.isEmpty() ? "" : " " + age + page.t("岁", " years"));
    }

    private static JsonNode first(Map<String, List<JsonNode>> parts, String type) {
        List<JsonNode> all = parts.getOrDefault(type, List.of());
        return all.isEmpty()
                ? com.fasterxml.jackson.databind.node.MissingNode.getInstance()
                : all.getFirst();
    }

    private static List<String> texts(Map<String, List<JsonNode>> parts, String type) {
        return parts.getOrDefault(type, List.of()).stream()
                .map(one -> one.at("/code/text").asText(one.at("/code/coding/0/display").asText()))
                .toList();
    }

    private static String observation(JsonNode one) {
        String name = one.at("/code/text").asText(one.at("/code/coding/0/display").asText());
        String value =
                one.has("valueQuantity")
                        ? Read.quantity(one.path("valueQuantity"))
                        : one.at("/valueCodeableConcept/text")
                                .asText(one.at("/valueCodeableConcept/coding/0/display").asText());
        return name + "：" + value;
    }

    private static Case.Line line(JsonNode line) {
        return new Case.Line(
                line.at("/medicationCodeableConcept/text")
                        .asText(line.at("/medicationCodeableConcept/coding/0/display").asText()),
                line.at("/dosageInstruction/0/text").asText(),
                Read.quantity(line.at("/dispenseRequest/quantity")),
                Read.quantity(line.at("/dispenseRequest/expectedSupplyDuration")),
                line.at("/category/0/coding/0/display").asText());
    }
}
