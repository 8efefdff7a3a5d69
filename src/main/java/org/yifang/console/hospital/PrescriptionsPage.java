package org.yifang.console.hospital;

import static org.yifang.console.frame.Screens.field;
import static org.yifang.console.frame.Screens.parameter;

import com.fasterxml.jackson.databind.JsonNode;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.console.frame.Contract;
import org.yifang.console.frame.Page;
import org.yifang.console.frame.Parameters;
import org.yifang.console.frame.Screens;
import org.yifang.console.frame.Trouble;
import org.yifang.platform.Caller;
import org.yifang.platform.problem.ProblemCode;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// `/prescriptions`: the hospital's tracker. Persons are searched for by POST only.
public final class PrescriptionsPage {
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    private static final int LISTED_MOST = 50;
    private static final String WITH_PATIENT = "&_include=Task:patient";
    private static final String IDENTITY_CARD = "urn:oid:2.16.156.10011.1.3";

    private final Contract contract;
    private final Tracker tracker;
    private final InstantSource clock;

    public PrescriptionsPage(Contract contract, InstantSource clock) {
        this.contract = contract;
        this.tracker = new Tracker(contract);
        this.clock = clock;
    }

    /// Behind its guard.
    public void mount(Router router) {
        router.get("/prescriptions").handler(this::list);
        router.post("/prescriptions").handler(this::find);
        router.get("/prescriptions/:id")
                .handler(http -> {
                    if (http.pathParam("id").equals("new")) {
                        http.next();
                    } else {
                        one(http, 200, http.pathParam("id"), List.of(), "", Map.of());
                    }
                });
        router.get("/prescriptions/:id/slip").handler(this::slip);
        router.post("/prescriptions/:id/:act").handler(this::act);
    }

    private Page page(RoutingContext http) {
        return Page.of(http, "/prescriptions", clock.instant());
    }

    private void list(RoutingContext http) {
        String number = parameter(http, "find");
        String search =
                number.isEmpty()
                        ? "/Task?code=prescription&_sort=-modified&_count="
                                + LISTED_MOST
                                + WITH_PATIENT
                        : "/Task?group-identifier=" + encoded(number) + WITH_PATIENT;
        Page page = page(http);
        show(http, page, contract.get(Contract.caller(http, page), search), number, true);
    }

    /// By number, or by the identity card of a person, which no address ever holds.
    private void find(RoutingContext http) {
        String wanted = field(http, "find");
        Page page = page(http);
        Caller caller = Contract.caller(http, page);
        boolean person = wanted.matches("\\d{17}[0-9Xx]");
        String form =
                person
                        ? "patient:identifier=" + encoded(IDENTITY_CARD + "|" + wanted)
                        : "group-identifier=" + encoded(wanted);
        show(
                http,
                page,
                contract.search(caller, "Task", form + WITH_PATIENT),
                person ? "" : wanted,
                false);
    }

    /// @param live whether its address, fetched again, shows the same
    private void show(
            RoutingContext http, Page page, Contract.Reply found, String wanted, boolean live) {
        Caller caller = Contract.caller(http, page);
        Map<String, JsonNode> patients =
                found.entries().stream()
                        .filter(one -> one.path("resourceType").asText().equals("Patient"))
                        .collect(Collectors.toMap(one -> one.path("id").asText(), one -> one));
        Map<String, Object> values = new HashMap<>();
        values.put(
                "rows",
                found.entries().stream()
                        .filter(task -> task.path("resourceType").asText().equals("Task"))
                        .map(task -> tracker.row(caller, page, task, patients))
                        .toList());
        values.put("troubles", found.troubles());
        values.put("wanted", wanted);
        values.put("live", live);
        Screens.send(http, page, found.status(), "hospital/list.jte", values);
    }

    /// @param typed by act and field, what was not taken
    private void one(
            RoutingContext http,
            int status,
            String id,
            List<Trouble> troubles,
            String said,
            Map<String, String> typed) {
        Page page = page(http);
        Caller caller = Contract.caller(http, page);
        Contract.Reply task = contract.get(caller, "/Task/" + plain(id));
        Map<String, Object> values = new HashMap<>();
        values.put("one", task.isDone() ? tracker.whole(caller, page, task.json()) : null);
        values.put("troubles", task.isDone() ? troubles : task.troubles());
        values.put("said", said);
        values.put("typed", typed);
        Screens.send(
                http, page, task.isDone() ? status : task.status(), "hospital/one.jte", values);
    }

    private void slip(RoutingContext http) {
        Page page = page(http);
        Contract.Reply slip =
                contract.get(
                        Contract.caller(http, page),
                        "/Task/" + plain(http.pathParam("id")) + "/$pickup-slip",
                        "application/pdf");
        if (!slip.isDone()) {
            one(http, slip.status(), http.pathParam("id"), slip.troubles(), "", Map.of());
            return;
        }
        http.response()
                .putHeader("Content-Type", "application/pdf")
                .putHeader("Cache-Control", "no-store")
                .end(Buffer.buffer(slip.bytes()));
    }

    private void act(RoutingContext http) {
        Page page = page(http);
        Caller caller = Contract.caller(http, page);
        String id = plain(http.pathParam("id"));
        String act = http.pathParam("act");
        Parameters parameters = new Parameters();
        switch (act) {
            case "cancel", "suspend" -> {
                parameters.concept("reason", field(http, "reason"), field(http, "reason-text"));
                String until = act.equals("suspend") ? field(http, "until") : "";
                if (!until.isEmpty()) {
                    Instant end = end(until);
                    if (end == null) {
                        one(http, 400, id, List.of(unread(page, until)), "", typed(http, act));
                        return;
                    }
                    parameters.instant("until", end.toString());
                }
            }
            case "resume" -> parameters.concept("reason", "", page.t("继续", "go on"));
            default -> {
                http.next();
                return;
            }
        }
        Contract.Reply done = contract.post(caller, "/Task/" + id + "/$" + act, parameters.json());
        String said =
                switch (act) {
                    case "cancel" ->
                            page.t(
                                    "撤销已生效，不能再凭它发药。",
                                    "Cancelled: nothing can be handed out on it any more.");
                    case "suspend" -> page.t("已暂停。", "On hold.");
                    default -> page.t("已恢复。", "Resumed.");
                };
        one(
                http,
                done.status(),
                id,
                done.troubles(),
                done.isDone() ? said : "",
                done.isDone() ? Map.of() : typed(http, act));
    }

    private static Map<String, String> typed(RoutingContext http, String act) {
        return List.of("reason", "reason-text", "until").stream()
                .collect(Collectors.toMap(name -> act + "/" + name, name -> field(http, name)));
    }

    /// Without an end it would be on hold until somebody thinks of it.
    private static Trouble unread(Page page, String until) {
        return new Trouble(
                ProblemCode.PARAMETER_UNREADABLE.code(),
                page.t(
                        "没有暂停：没有看懂截止时间“" + until + "”。",
                        "Not put on hold: its end cannot be read: “" + until + "”."),
                page.t(
                        "请写成 2026-12-05 10:00 这样的日期和时间，或留空。",
                        "Write a day and a time, such as 2026-12-05 10:00, or leave it empty."),
                false);
    }

    /// As a browser sends it, or as people write it where a browser has no field for it.
    private static @Nullable Instant end(String local) {
        try {
            return LocalDateTime.parse(local.replace(' ', 'T')).atZone(SHANGHAI).toInstant();
        } catch (DateTimeParseException unreadable) {
            return null;
        }
    }

    private static String plain(String id) {
        return id.replaceAll("[^A-Za-z0-9.-]", "");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
