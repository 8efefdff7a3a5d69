package org.yifang.console.bureau;

import static org.yifang.console.frame.Screens.field;
import static org.yifang.console.frame.Screens.parameter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.yifang.console.frame.Contract;
import org.yifang.console.frame.Page;
import org.yifang.console.frame.Parameters;
import org.yifang.console.frame.Read;
import org.yifang.console.frame.Screens;
import org.yifang.console.frame.Table;
import org.yifang.console.frame.Trouble;
import org.yifang.platform.Caller;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the bureau works off: plans, held prices, the registry.
public final class BureauWork {
    /// What the form of a plan has.
    private static final List<String> FIELDS =
            List.of(
                    "title",
                    "measure",
                    "baselineStart",
                    "baselineEnd",
                    "periodStart",
                    "periodEnd",
                    "organization",
                    "stage",
                    "change-date",
                    "control",
                    "expected-source");

    private final Contract contract;
    private final BureauPage boards;
    private final InstantSource clock;

    public BureauWork(Contract contract, BureauPage boards, InstantSource clock) {
        this.contract = contract;
        this.boards = boards;
        this.clock = clock;
    }

    /// Behind its guard.
    public void mount(Router router) {
        router.get("/bureau/plans").handler(http -> plans(http, 200, List.of(), "", List.of()));
        router.post("/bureau/plans").handler(this::register);
        router.get("/bureau/held-prices").handler(http -> held(http, 200, List.of(), ""));
        router.post("/bureau/held-prices/:id").handler(this::decide);
        router.get("/bureau/registry").handler(http -> registry(http, 200, List.of(), ""));
        router.post("/bureau/registry/:id").handler(this::update);
    }

    private Page page(RoutingContext http, String path) {
        return Page.of(http, path, clock.instant());
    }

    private void plans(
            RoutingContext http,
            int status,
            List<Trouble> troubles,
            String said,
            List<String> preview) {
        Page page = page(http, "/bureau/plans");
        Caller caller = Contract.caller(http, page);
        List<JsonNode> all = new ArrayList<>(boards.plans(caller, Question.QUEUES));
        all.addAll(boards.plans(caller, Question.PRICES));
        Map<String, Object> values = new HashMap<>();
        values.put("troubles", troubles);
        values.put("said", said);
        values.put("preview", preview);
        Map<String, String> typed = new HashMap<>();
        // What was registered is done with; anything else is still being worked at.
        if (said.isEmpty()) {
            FIELDS.forEach(name -> typed.put(name, field(http, name)));
        }
        values.put("typed", typed);
        values.put("plans", PlanRow.of(page, all));
        Screens.send(http, page, status, "bureau/plans.jte", values);
    }

    private void register(RoutingContext http) {
        Page page = page(http, "/bureau/plans");
        Caller caller = Contract.caller(http, page);
        boolean preview = field(http, "preview").equals("true");
        Parameters parameters = new Parameters().string("title", field(http, "title"));
        for (String name :
                List.of(
                        "baselineStart",
                        "baselineEnd",
                        "periodStart",
                        "periodEnd",
                        "change-date")) {
            if (!field(http, name).isEmpty()) {
                parameters.date(name, field(http, name));
            }
        }
        for (String name : List.of("organization", "control")) {
            for (String one : field(http, name).split("[\\s,，]+", -1)) {
                if (!one.isEmpty()) {
                    parameters.string(name, one);
                }
            }
        }
        for (String name : List.of("stage", "expected-source")) {
            if (!field(http, name).isEmpty()) {
                parameters.code(name, field(http, name));
            }
        }
        if (preview) {
            parameters.flag("preview", true);
        }
        String measure =
                field(http, "measure").equals(Question.PRICES) ? Question.PRICES : Question.QUEUES;
        Contract.Reply done =
                contract.post(caller, "/Measure/" + measure + "/$register-plan", parameters.json());
        List<String> lines = new ArrayList<>();
        if (done.isDone() && preview) {
            lines.addAll(Preview.of(page, done.json()));
        }
        String said = done.isDone() && !preview ? page.t("方案已登记。", "The plan is registered.") : "";
        plans(http, done.status() == 201 ? 200 : done.status(), done.troubles(), said, lines);
    }

    /// Why a price is held, which the interface says in English.
    private static String evidence(String cell) {
        return cell.replaceAll("robust z of the change ([\\d.-]+)", "变动的稳健 z 值 $1")
                .replaceAll("([\\d.]+) of the county median", "为全县中位数的 $1 倍")
                .replace("; ", "；");
    }

    private void held(RoutingContext http, int status, List<Trouble> troubles, String said) {
        Page page = page(http, "/bureau/held-prices");
        Contract.Reply reply =
                contract.post(Contract.caller(http, page), "/$held-prices", new Parameters().json())
                        .read();
        List<Trouble> all = new ArrayList<>(troubles);
        all.addAll(reply.troubles());
        Map<String, Object> values = new HashMap<>();
        values.put("troubles", all);
        values.put("said", said);
        Table held = Table.of(page, page.t("待核价格", "Held prices"), reply.json(), "held");
        values.put("table", page.en() ? held : held.worded(BureauWork::evidence));
        Screens.send(http, page, status, "bureau/held.jte", values);
    }

    private void decide(RoutingContext http) {
        Page page = page(http, "/bureau/held-prices");
        Parameters parameters =
                new Parameters()
                        .code("decision", field(http, "decision"))
                        .string("reason", field(http, "reason"));
        Contract.Reply done =
                contract.post(
                        Contract.caller(http, page),
                        "/ChargeItemDefinition/"
                                + plain(http.pathParam("id"))
                                + "/$decide-held-price",
                        parameters.json());
        held(
                http,
                done.status(),
                done.troubles(),
                done.isDone() ? page.t("已决定，并已记录。", "Decided, and recorded.") : "");
    }

    private void registry(RoutingContext http, int status, List<Trouble> troubles, String said) {
        Page page = page(http, "/bureau/registry");
        Caller caller = Contract.caller(http, page);
        String find = parameter(http, "find");
        String search = "/Organization?_count=60";
        if (!find.isEmpty()) {
            search +=
                    (find.matches("[A-Z]\\d+") ? "&identifier=" : "&name=")
                            + URLEncoder.encode(find, StandardCharsets.UTF_8);
        }
        Contract.Reply reply = contract.get(caller, search);
        List<String[]> rows = new ArrayList<>();
        for (JsonNode one : reply.entries()) {
            if (one.path("resourceType").asText().equals("Organization")) {
                rows.add(
                        new String[] {
                            one.path("id").asText(),
                            Read.identifier(one, "nhsa-org"),
                            one.path("name").asText(),
                            one.at("/meta/versionId").asText(),
                            one.at("/type/0/text").asText(one.at("/type/0/coding/0/code").asText()),
                            one.path("active").asText("true")
                        });
            }
        }
        List<Trouble> all = new ArrayList<>(troubles);
        all.addAll(reply.troubles());
        Map<String, Object> values = new HashMap<>();
        values.put("troubles", all);
        values.put("said", said);
        values.put("find", find);
        values.put("rows", rows);
        Screens.send(http, page, status, "bureau/registry.jte", values);
    }

    private void update(RoutingContext http) {
        Page page = page(http, "/bureau/registry");
        Caller caller = Contract.caller(http, page);
        String path = "/Organization/" + plain(http.pathParam("id"));
        Contract.Reply read = contract.get(caller, path);
        if (!read.isDone()) {
            registry(http, read.status(), read.troubles(), "");
            return;
        }
        ObjectNode organization = (ObjectNode) read.json();
        organization.put("name", field(http, "name"));
        organization.put("active", field(http, "active").equals("true"));
        Contract.Reply done =
                contract.send(
                        caller,
                        "PUT",
                        path,
                        organization.toString().getBytes(StandardCharsets.UTF_8),
                        Map.of(
                                "Content-Type",
                                "application/fhir+json",
                                "If-Match",
                                "W/\"" + plain(field(http, "version")) + "\""));
        registry(
                http,
                done.status(),
                done.troubles(),
                done.isDone() ? page.t("已保存。", "Saved.") : "");
    }

    private static String plain(String id) {
        return id.replaceAll("[^A-Za-z0-9.-]", "");
    }
}
