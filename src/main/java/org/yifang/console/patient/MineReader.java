package org.yifang.console.patient;

import com.fasterxml.jackson.databind.JsonNode;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;
import org.yifang.console.frame.Codes;
import org.yifang.console.frame.Contract;
import org.yifang.console.frame.Directory;
import org.yifang.console.frame.Page;
import org.yifang.console.frame.Parameters;
import org.yifang.console.frame.Read;
import org.yifang.platform.Caller;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Puts together what a patient sees.
final class MineReader {
    private static final int LOOKS_MOST = 20;

    private final Contract contract;
    private final Directory directory;

    MineReader(Contract contract) {
        this.contract = contract;
        this.directory = new Directory(contract);
    }

    /// What does not depend on each other is asked for at once.
    ///
    /// @param tasks all prescriptions of the patient, by which looks are told apart
    /// @param trail who looked, begun before
    Mine read(
            Caller caller,
            Page page,
            JsonNode task,
            List<JsonNode> tasks,
            Parameters place,
            Future<List<JsonNode>> trail) {
        String state = Read.state(task);
        String until = task.at("/restriction/period/end").asText();
        boolean open = state.startsWith("ready/") && !state.endsWith("next-fill");
        Future<List<JsonNode>> found = Contract.begin(() -> lines(caller, task));
        Future<Contract.Reply> compared =
                Contract.begin(() -> open ? compared(caller, task, place) : null);
        String requester = Read.id(task.path("requester"));
        String owner = Read.id(task.path("owner"));
        String chosen = Read.id(Read.extension(task, "directed-to").path("valueReference"));
        Map<String, String> names = directory.names(caller, List.of(requester, owner, chosen));
        Map<String, String> drugs = new HashMap<>();
        List<Mine.Line> lines = lines(found.await(), drugs);
        Contract.Reply prices = compared.await();
        List<Mine.Option> options = Choices.of(page, prices, drugs);
        return new Mine(
                task.path("id").asText(),
                task.at("/groupIdentifier/value").asText(),
                state,
                Meanings.of(page, state, Codes.reason(task, page.en())),
                names.getOrDefault(requester, ""),
                until.isEmpty() ? "" : Read.time(Read.instant(until)),
                left(page, until),
                Read.part(task, "output", "pickup-code").path("valueString").asText(),
                names.getOrDefault(owner, ""),
                names.getOrDefault(chosen, ""),
                Read.time(Read.extension(task, "prepared").path("valueInstant")),
                lines,
                Choices.troubles(page, prices),
                options,
                options.isEmpty() ? List.of() : Spots.of(directory, caller, options, place),
                reached(prices, drugs),
                looks(caller, page, trail.await(), new Looks.Which(page, task, tasks)));
    }

    /// The prescriptions beside the one that is shown.
    List<Mine.Other> others(Caller caller, @Nullable JsonNode shown, List<JsonNode> tasks) {
        List<JsonNode> others = tasks.stream().filter(one -> !one.equals(shown)).toList();
        Map<String, String> names =
                directory.names(
                        caller,
                        others.stream().map(one -> Read.id(one.path("requester"))).toList());
        return others.stream()
                .map(one -> {
                    String written = Read.whole(one.path("authoredOn"));
                    return new Mine.Other(
                            one.path("id").asText(),
                            one.at("/groupIdentifier/value").asText(),
                            Read.state(one),
                            written.isEmpty() ? "" : written.substring(0, 10),
                            names.getOrDefault(Read.id(one.path("requester")), ""));
                })
                .toList();
    }

    /// The prices waited for that are asked now, each by the name of its drug.
    private static List<Course.Alert> reached(
            Contract.@Nullable Reply prices, Map<String, String> drugs) {
        List<Course.Alert> reached = new ArrayList<>();
        if (prices != null) {
            for (JsonNode one : prices.json().path("parameter")) {
                if (one.path("name").asText().equals("alert")) {
                    Course.Alert alert = Course.Alert.of(one);
                    if (!alert.reached().isEmpty()) {
                        reached.add(alert.named(drugs));
                    }
                }
            }
        }
        return reached;
    }

    private static String left(Page page, String until) {
        if (until.isEmpty()) {
            return "";
        }
        Duration left = Duration.between(page.at(), Read.instant(until));
        if (left.isNegative()) {
            return "";
        }
        return left.toDays() > 0
                ? page.t(
                        "还有 " + left.toDays() + " 天 " + left.toHoursPart() + " 小时",
                        left.toDays() + " days " + left.toHoursPart() + " hours left")
                : page.t(
                        "还有 " + left.toHours() + " 小时 " + left.toMinutesPart() + " 分",
                        left.toHours() + " hours " + left.toMinutesPart() + " minutes left");
    }

    /// All lines in one search: a number is its hospital's own, so that another's may bear it too.
    private List<JsonNode> lines(Caller caller, JsonNode task) {
        Set<String> own = new LinkedHashSet<>();
        for (JsonNode input : task.path("input")) {
            if (input.at("/type/coding/0/code").asText().equals("line")) {
                own.add(Read.id(input.path("valueReference")));
            }
        }
        String number =
                URLEncoder.encode(
                        task.at("/groupIdentifier/value").asText(), StandardCharsets.UTF_8);
        Map<String, JsonNode> found = new HashMap<>();
        contract.get(caller, "/MedicationRequest?_count=200&group-identifier=" + number)
                .entries()
                .forEach(line -> found.put(line.path("id").asText(), line));
        return own.stream().filter(found::containsKey).map(found::get).toList();
    }

    private static List<Mine.Line> lines(List<JsonNode> found, Map<String, String> drugs) {
        List<Mine.Line> lines = new ArrayList<>();
        for (JsonNode line : found) {
            String name =
                    line.at("/medicationCodeableConcept/text")
                            .asText(
                                    line.at("/medicationCodeableConcept/coding/0/display")
                                            .asText());
            drugs.put("MedicationRequest/" + line.path("id").asText(), name);
            lines.add(
                    new Mine.Line(
                            name,
                            line.at("/dosageInstruction/0/text").asText(),
                            Read.quantity(line.at("/dispenseRequest/quantity")),
                            Read.quantity(
                                    Read.extension(line, "remaining-quantity")
                                            .path("valueQuantity"))));
        }
        return lines;
    }

    private Contract.Reply compared(Caller caller, JsonNode task, Parameters place) {
        return contract.post(
                caller, "/Task/" + task.path("id").asText() + "/$compare-prices", place.json());
    }

    /// Who looked, asked for beside all else: it hangs on the patient alone.
    Future<List<JsonNode>> trail(Caller caller) {
        return Contract.begin(() ->
                contract.get(
                                caller,
                                "/Patient/"
                                        + caller.patientId()
                                        + "/$audit-trail?others=true&count="
                                        + LOOKS_MOST)
                        .entries());
    }

    private List<Mine.Look> looks(
            Caller caller, Page page, List<JsonNode> trail, Looks.Which which) {
        List<String> numbers = new ArrayList<>();
        for (JsonNode event : trail) {
            event.path("agent").forEach(agent -> numbers.add(named(agent)));
        }
        Map<String, String> names = directory.namesByNumber(caller, numbers);
        List<Mine.Look> looks = new ArrayList<>();
        for (JsonNode event : trail) {
            if (event.path("resourceType").asText().equals("AuditEvent")) {
                Mine.Look look = look(page, event, names, which);
                add(page, looks, look);
            }
        }
        return looks;
    }

    /// What the same did within a minute is one look.
    private static void add(Page page, List<Mine.Look> looks, Mine.Look look) {
        if (looks.isEmpty() || !isSame(looks.getLast(), look)) {
            looks.add(look);
            return;
        }
        String before = looks.getLast().what();
        if (!before.contains(look.what())) {
            looks.removeLast();
            looks.add(
                    new Mine.Look(
                            look.at(),
                            look.who(),
                            before + page.t("、", ", ") + look.what(),
                            look.of(),
                            look.refused()));
        }
    }

    private static boolean isSame(Mine.Look one, Mine.Look other) {
        return one.at().equals(other.at())
                && one.who().equals(other.who())
                && one.of().equals(other.of())
                && one.refused() == other.refused();
    }

    private static String named(JsonNode agent) {
        return agent.path("name")
                .asText(
                        agent.at("/who/display")
                                .asText(agent.at("/who/identifier/value").asText()));
    }

    private static Mine.Look look(
            Page page, JsonNode event, Map<String, String> names, Looks.Which which) {
        String role = event.at("/agent/0/role/0/coding/0/code").asText();
        String who =
                switch (role) {
                    case "patient" -> page.t("您本人或您的应用", "you, or your app");
                    case "auditor" -> page.t("审计人员", "an auditor");
                    case "operator" -> page.t("平台运维人员", "the operator of the platform");
                    default -> "";
                };
        for (JsonNode agent : event.path("agent")) {
            String name = named(agent);
            who = who.isEmpty() ? names.getOrDefault(name, name) : who;
        }
        String what = Looks.words(page, event);
        return new Mine.Look(
                Read.time(event.path("recorded")),
                who.isEmpty() ? page.t("系统", "the system") : who,
                what,
                which.of(event),
                !event.path("outcome").asText("0").equals("0"));
    }
}
