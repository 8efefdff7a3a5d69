package org.yifang.console.counter;

import static org.yifang.console.frame.Screens.field;

import com.fasterxml.jackson.databind.JsonNode;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.console.frame.Contract;
import org.yifang.console.frame.Page;
import org.yifang.console.frame.Parameters;
import org.yifang.console.frame.Read;
import org.yifang.console.frame.Screens;
import org.yifang.console.frame.Trouble;
import org.yifang.platform.Caller;

import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `/counter`: one field takes everything, then the prescription lies there to be handed out.
public final class CounterPage {
    /// A pick-up code as typed: eight characters, blanks and dashes between them are let pass.
    private static final int CODE_LENGTH = 8;

    private static final String REST = "yifang.console.rest";

    private final Contract contract;
    private final WorkReader reader;
    private final InstantSource clock;

    /// What stands beside the counter.
    public record Beside(String task, String number, String state, String since, String until) {}

    public CounterPage(Contract contract, InstantSource clock) {
        this.contract = contract;
        this.reader = new WorkReader(contract);
        this.clock = clock;
    }

    /// Behind its guard.
    public void mount(Router router) {
        router.get("/counter").handler(http -> show(http, 200, null, List.of(), ""));
        router.post("/counter").handler(this::claim);
        router.post("/counter/dispense").handler(this::dispense);
        router.post("/counter/renew").handler(http -> act(http, "renew"));
        router.post("/counter/release").handler(http -> act(http, "release"));
        router.post("/counter/prepared").handler(http -> act(http, "progress"));
        router.post("/counter/stands").handler(this::stands);
        router.post("/counter/take-back").handler(this::takeBack);
    }

    private Page page(RoutingContext http) {
        return Page.of(http, "/counter", clock.instant());
    }

    private void claim(RoutingContext http) {
        Page page = page(http);
        Caller caller = Contract.caller(http, page);
        Contract.Reply claimed = claim(caller, field(http, "code"));
        if (claimed.isDone()) {
            show(http, 200, reader.read(caller, page, claimed.json()), List.of(), "");
        } else {
            show(http, claimed.status(), null, claimed.troubles(), "");
        }
    }

    /// A scanned address or token, or a typed code.
    private Contract.Reply claim(Caller caller, String scanned) {
        String token = scanned.substring(scanned.indexOf('#') + 1);
        boolean typed = token.replaceAll("[\\s-]", "").length() <= CODE_LENGTH;
        Parameters parameters =
                typed
                        ? new Parameters().string("pickup-code", token)
                        : new Parameters().string("pickup-token", token);
        return contract.post(caller, "/Task/$claim", parameters.json());
    }

    private void dispense(RoutingContext http) {
        Page page = page(http);
        Caller caller = Contract.caller(http, page);
        String task = field(http, "task");
        boolean keeps = field(http, "keep").equals("true");
        List<String> rest = keeps ? List.of() : Rest.of(contract, caller, http);
        Contract.Reply done =
                contract.post(
                        caller,
                        "/Task/" + task + "/$dispense",
                        DispenseForm.parameters(http, caller, clock.instant()));
        List<Trouble> told = new ArrayList<>(done.troubles());
        if (done.isDone()) {
            JsonNode warnings = Parameters.find(done.json(), "warnings").path("resource");
            told.addAll(Trouble.warnings(warnings, page.en()));
            http.put(REST, rest);
        }
        String said =
                done.isDone()
                        ? said(page, Parameters.find(done.json(), "task").path("resource"))
                        : "";
        again(http, page, caller, done.status(), told, said);
    }

    private static String said(Page page, JsonNode task) {
        return switch (Read.state(task)) {
            case "completed/dispensed" ->
                    page.t("已全部发药，可打印回单。", "All handed out. The receipt can be printed.");
            case "ready/awaiting-next-fill" ->
                    page.t("本次已发完，下次取药日另行开放。", "This fill is complete; the next opens on its day.");
            case "ready/rest-awaiting-claim" ->
                    page.t(
                            "已部分发药。余量可凭原取药码到任一药房领取。",
                            "Part handed out. With the same code the rest can be collected at any"
                                    + " pharmacy.");
            default -> page.t("已部分发药，处方仍由本店保留。", "Part handed out; the prescription stays here.");
        };
    }

    private void act(RoutingContext http, String operation) {
        Page page = page(http);
        Caller caller = Contract.caller(http, page);
        Parameters parameters = new Parameters();
        if (operation.equals("progress")) {
            parameters.code("moment", "prepared");
        } else {
            parameters.string("claim-token", field(http, "claim-token"));
        }
        if (operation.equals("release") && !field(http, "reason").isEmpty()) {
            parameters.concept("reason", field(http, "reason"), "");
        }
        Contract.Reply done =
                contract.post(
                        caller,
                        "/Task/" + field(http, "task") + "/$" + operation,
                        parameters.json());
        String said =
                !done.isDone()
                        ? ""
                        : switch (operation) {
                            case "renew" -> page.t("已续期。", "The lease is renewed.");
                            case "release" ->
                                    page.t(
                                            "已释放，患者可到任一药房取药。",
                                            "Released: any pharmacy may take it.");
                            default -> page.t("已通知患者可取药。", "The patient is told that it is ready.");
                        };
        again(http, page, caller, done.status(), done.troubles(), said);
    }

    /// How the prescription at hand stands, asked for when it was lost to a cancellation.
    private void stands(RoutingContext http) {
        Page page = page(http);
        again(http, page, Contract.caller(http, page), 200, List.of(), "");
    }

    private void takeBack(RoutingContext http) {
        Page page = page(http);
        Caller caller = Contract.caller(http, page);
        BigDecimal quantity;
        try {
            quantity = new BigDecimal(field(http, "quantity"));
        } catch (NumberFormatException unreadable) {
            quantity = BigDecimal.ZERO;
        }
        Parameters parameters =
                new Parameters()
                        .identifier(
                                "identifier",
                                "urn:yifang:counter",
                                field(http, "once") + "-back-" + field(http, "dispense"))
                        .quantity("quantity", quantity, field(http, "unit"))
                        .concept("reason", field(http, "reason"), "")
                        .code("disposition", field(http, "disposition"));
        for (String code : field(http, "codes").split("\\s+", -1)) {
            if (!code.isEmpty()) {
                parameters.string("trace-code", code);
            }
        }
        Contract.Reply done =
                contract.post(
                        caller,
                        "/MedicationDispense/" + field(http, "dispense") + "/$take-back",
                        parameters.json());
        String said = done.isDone() ? page.t("已退回。", "Taken back.") : "";
        again(http, page, caller, done.status(), done.troubles(), said);
    }

    /// Shows the same prescription as it stands now; who holds it gets its claim again.
    private void again(
            RoutingContext http,
            Page page,
            Caller caller,
            int status,
            List<Trouble> told,
            String said) {
        String code = field(http, "scanned");
        JsonNode task = contract.get(caller, "/Task/" + field(http, "task")).json();
        boolean held = Read.state(task).startsWith("in-progress/");
        Contract.Reply claimed = held && !code.isEmpty() ? claim(caller, code) : null;
        Work work =
                claimed != null && claimed.isDone()
                        ? reader.read(caller, page, claimed.json())
                        : reader.finished(caller, page, task, field(http, "claim-token"));
        show(http, status, work, told, said);
    }

    private void show(
            RoutingContext http,
            int status,
            @Nullable Work work,
            List<Trouble> troubles,
            String said) {
        Page page = page(http);
        Caller caller = Contract.caller(http, page);
        Map<String, Object> values = new HashMap<>();
        values.put("work", work);
        values.put(
                "scanned",
                field(http, "scanned").isEmpty() ? field(http, "code") : field(http, "scanned"));
        values.put("prepare", field(http, "prepare"));
        Contract.Reply held = contract.get(caller, held(caller));
        // What cannot be read now must not look like a counter with nothing on it.
        List<Trouble> told = new ArrayList<>(troubles);
        told.addAll(held.troubles());
        values.put("troubles", told);
        values.put("said", said);
        values.put("beside", beside(held));
        List<String> rest = http.get(REST);
        values.put("rest", rest == null ? List.of() : rest);
        values.put("seller", work == null || work.handed().isEmpty() ? "" : seller(caller));
        Screens.send(http, page, status, "counter/counter.jte", values);
    }

    /// What stands on top of a printed receipt.
    private String seller(Caller caller) {
        return contract.get(caller, "/Organization/" + caller.organizationId())
                .json()
                .path("name")
                .asText(caller.organization());
    }

    /// What this pharmacy holds.
    private static String held(Caller caller) {
        return "/Task?code=prescription&owner=Organization/"
                + caller.organizationId()
                + "&_sort=modified&_count=30";
    }

    private static List<Beside> beside(Contract.Reply held) {
        List<Beside> all = new ArrayList<>();
        for (JsonNode task : held.entries()) {
            all.add(
                    new Beside(
                            task.path("id").asText(),
                            task.at("/groupIdentifier/value").asText(),
                            Read.state(task),
                            Read.time(task.path("lastModified")),
                            Read.extension(task, "lease-until").path("valueInstant").asText()));
        }
        return all;
    }
}
