package org.yifang.console.hospital;

import static org.yifang.console.frame.Screens.field;
import static org.yifang.console.frame.Screens.parameter;

import com.fasterxml.jackson.databind.JsonNode;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.yifang.console.frame.Contract;
import org.yifang.console.frame.Page;
import org.yifang.console.frame.Read;
import org.yifang.console.frame.Screens;
import org.yifang.console.frame.Trouble;
import org.yifang.platform.Caller;

import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/prescriptions/new`: writes a prescription where there is no HIS. Everything typed travels in
/// the form, so that the page works without script and keeps nothing here.
public final class WritingPage {
    private static final int SUGGESTED_MOST = 12;
    private static final int CHOSEN_FROM = 40;
    private static final int LINES_MOST = 5;
    private static final String STOCK = "&code=stock-on-hand&_count=100";
    private static final String IDENTITY_CARD = "urn:oid:2.16.156.10011.1.3";

    private final Contract contract;
    private final Drugs drugs;
    private final InstantSource clock;
    private final Diagnoses diagnoses;

    /// What a line costs and where it can be had.
    ///
    /// @param stocked how many pharmacies report it in stock
    /// @param seen when the newest of those reports was made, empty when there is none
    public record Market(String from, int sellers, int stocked, String seen) {}

    public WritingPage(Contract contract, InstantSource clock, Diagnoses diagnoses) {
        this.contract = contract;
        this.drugs = new Drugs(contract);
        this.clock = clock;
        this.diagnoses = diagnoses;
    }

    /// Behind its guard, before the page of one prescription.
    public void mount(Router router) {
        router.get("/prescriptions/new")
                .handler(http -> {
                    Draft empty = new Draft("", "", "", "", List.of());
                    show(http, 200, empty, List.of(), Map.of());
                });
        router.get("/prescriptions/new/drugs").handler(this::suggest);
        router.get("/prescriptions/new/diagnoses").handler(this::diagnoses);
        router.post("/prescriptions/new").handler(this::write);
    }

    private Page page(RoutingContext http) {
        return Page.of(http, "/prescriptions/new", clock.instant());
    }

    private void suggest(RoutingContext http) {
        Page page = page(http);
        JsonArray found = new JsonArray();
        drugs.find(Contract.caller(http, page), parameter(http, "q"), page.at(), SUGGESTED_MOST)
                .forEach(one ->
                        found.add(
                                new JsonObject()
                                        .put("code", one.code())
                                        .put("name", one.name())
                                        .put("maker", one.maker())));
        http.json(found);
    }

    private void diagnoses(RoutingContext http) {
        JsonArray found = new JsonArray();
        diagnoses
                .find(parameter(http, "q"), SUGGESTED_MOST)
                .forEach(one ->
                        found.add(
                                new JsonObject().put("code", one.code()).put("name", one.name())));
        http.json(found);
    }

    private void write(RoutingContext http) {
        Page page = page(http);
        Caller caller = Contract.caller(http, page);
        String act = field(http, "act");
        List<Draft.Line> lines = new ArrayList<>(lines(http, caller, page));
        List<Trouble> troubles = new ArrayList<>();
        Map<String, String> typed = Map.of();
        boolean pending = !field(http, "drug").isEmpty();
        if (act.startsWith("remove-")) {
            int at = Integer.parseInt("0" + act.substring(7).replaceAll("\\D", ""));
            if (at >= 1 && at <= lines.size()) {
                lines.remove(at - 1);
            }
        } else if (pending && (act.equals("add") || (act.equals("submit") && lines.isEmpty()))) {
            Optional<Trouble> fault = add(http, caller, page, lines);
            fault.ifPresent(troubles::add);
            typed = fault.isPresent() ? typed(http) : Map.of();
        }
        String number = field(http, "patient-number").toUpperCase(java.util.Locale.ROOT);
        String name =
                field(http, "patient-name").isEmpty()
                        ? known(caller, number)
                        : field(http, "patient-name");
        Draft draft =
                new Draft(
                        number,
                        name,
                        diagnoses.whole(field(http, "diagnosis")),
                        field(http, "department"),
                        lines);
        if (act.equals("submit") && troubles.isEmpty()) {
            submit(http, page, caller, draft);
        } else {
            troubles.addAll(lines.isEmpty() ? List.of() : findings(caller, draft, page));
            show(
                    http,
                    troubles.isEmpty() || !act.equals("submit") ? 200 : 422,
                    draft,
                    troubles,
                    typed);
        }
    }

    private static Map<String, String> typed(RoutingContext http) {
        Map<String, String> typed = new HashMap<>();
        for (String name : List.of("drug", "route", "dose", "frequency", "days")) {
            typed.put(name, field(http, name));
        }
        return typed;
    }

    private Optional<Trouble> add(
            RoutingContext http, Caller caller, Page page, List<Draft.Line> lines) {
        List<Drugs.Product> found = drugs.find(caller, field(http, "drug"), page.at(), CHOSEN_FROM);
        if (found.isEmpty()) {
            return Optional.of(
                    new Trouble(
                            "RX-1406",
                            page.t("目录里没有这个药品。", "The catalogue has no such drug."),
                            page.t("用名称、拼音首字母或编码。", "Give its name, pinyin initials or code."),
                            false));
        }
        if (lines.size() >= LINES_MOST) {
            return Optional.of(
                    new Trouble(
                            "RX-1422",
                            page.t("一张处方最多五种药品。", "A prescription has at most five drugs."),
                            "",
                            false));
        }
        try {
            lines.add(
                    Draft.line(
                            Draft.fitting(found, field(http, "dose")),
                            field(http, "route"),
                            field(http, "dose"),
                            field(http, "frequency"),
                            field(http, "days")));
            return Optional.empty();
        } catch (IllegalArgumentException unreadable) {
            String which =
                    switch (String.valueOf(unreadable.getMessage())) {
                        case "dose" -> page.t("剂量", "the dose");
                        case "frequency" -> page.t("频次", "the frequency");
                        default -> page.t("天数", "the days");
                    };
            return Optional.of(
                    new Trouble(
                            "RX-1403",
                            page.t(which + "无法读取。", "It cannot be read: " + which + "."),
                            page.t(
                                    "例如 5mg、每日 2 次（或 bid）、7 天。",
                                    "Give for example 5mg, bid (or 2), 7."),
                            false));
        }
    }

    /// The lines that the form carries, reckoned again from what was typed.
    private List<Draft.Line> lines(RoutingContext http, Caller caller, Page page) {
        List<Draft.Line> lines = new ArrayList<>();
        for (int i = 1; i <= LINES_MOST; i++) {
            Optional<Drugs.Product> drug =
                    drugs.byCode(caller, field(http, "line-" + i + "-code"), page.at());
            if (drug.isPresent()) {
                lines.add(
                        Draft.line(
                                drug.get(),
                                field(http, "line-" + i + "-route"),
                                field(http, "line-" + i + "-dose"),
                                field(http, "line-" + i + "-times"),
                                field(http, "line-" + i + "-days")));
            }
        }
        return lines;
    }

    /// The name that this hospital's own documents have for a person.
    private String known(Caller caller, String number) {
        if (!number.matches("\\d{17}[0-9X]")) {
            return "";
        }
        Contract.Reply found =
                contract.search(
                        caller,
                        "Patient",
                        "identifier="
                                + URLEncoder.encode(
                                        IDENTITY_CARD + "|" + number, StandardCharsets.UTF_8));
        return found.entries().stream()
                .map(one -> one.at("/name/0/text").asText())
                .filter(one -> !one.isEmpty())
                .findFirst()
                .orElse("");
    }

    private DocumentWriter document(Caller caller, Draft draft, Page page) {
        JsonNode hospital = contract.get(caller, "/Organization/" + caller.organizationId()).json();
        String number = "C" + page.at().toEpochMilli() + "-" + Math.abs(draft.hashCode() % 1000);
        return new DocumentWriter(draft, caller, hospital, number, page.at());
    }

    private List<Trouble> findings(Caller caller, Draft draft, Page page) {
        Contract.Reply judged =
                contract.post(caller, "/Bundle/$validate", document(caller, draft, page).write());
        return Trouble.of(judged.json()).stream().filter(one -> !one.code().isEmpty()).toList();
    }

    private void submit(RoutingContext http, Page page, Caller caller, Draft draft) {
        Contract.Reply done =
                contract.post(
                        caller, "/$submit-prescription", document(caller, draft, page).write());
        if (done.isDone()) {
            http.response()
                    .setStatusCode(303)
                    .putHeader("Location", "/prescriptions/" + done.json().path("id").asText())
                    .end();
        } else {
            show(http, done.status(), draft, done.troubles(), Map.of());
        }
    }

    private void show(
            RoutingContext http,
            int status,
            Draft draft,
            List<Trouble> troubles,
            Map<String, String> typed) {
        Page page = page(http);
        Caller caller = Contract.caller(http, page);
        Map<String, Object> values = new HashMap<>();
        values.put("draft", draft);
        values.put("suggested", diagnoses.find("", CHOSEN_FROM));
        values.put("troubles", troubles);
        values.put("typed", typed);
        values.put("markets", draft.lines().stream().map(line -> market(caller, line)).toList());
        Screens.send(http, page, status, "hospital/write.jte", values);
    }

    private Market market(Caller caller, Draft.Line line) {
        BigDecimal least = null;
        int sellers = 0;
        Contract.Reply offers =
                contract.get(
                        caller,
                        "/ChargeItemDefinition?instance=Medication/" + line.code() + "&_count=100");
        for (JsonNode offer : offers.entries()) {
            JsonNode price = offer.at("/propertyGroup/0/priceComponent/0/amount/value");
            if (price.isNumber()) {
                sellers++;
                least =
                        least == null || price.decimalValue().compareTo(least) < 0
                                ? price.decimalValue()
                                : least;
            }
        }
        int stocked = 0;
        String seen = "";
        for (JsonNode stock :
                contract.get(caller, "/Observation?focus=Medication/" + line.code() + STOCK)
                        .entries()) {
            double left =
                    stock.at("/valueQuantity/value").asDouble()
                            - stock.at("/component/0/valueQuantity/value").asDouble();
            if (left > 0) {
                stocked++;
                String at = stock.path("effectiveDateTime").asText();
                seen = at.compareTo(seen) > 0 ? at : seen;
            }
        }
        return new Market(
                Read.money(least),
                sellers,
                stocked,
                seen.isEmpty() ? "" : Read.time(Read.instant(seen)));
    }
}
