package org.yifang.console.patient;

import static org.yifang.console.frame.Screens.field;
import static org.yifang.console.frame.Screens.parameter;

import com.fasterxml.jackson.databind.JsonNode;

import io.vertx.ext.web.RoutingContext;

import org.yifang.console.frame.Contract;
import org.yifang.console.frame.Page;
import org.yifang.console.frame.Parameters;
import org.yifang.console.frame.Screens;
import org.yifang.console.frame.Trouble;
import org.yifang.platform.Caller;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `/my/prices`: how the prices of a prescription's drugs went, and the price that its patient
/// waits for. All of it stands in the first HTML.
final class PriceHistory {
    static final String PATH = "/my/prices";

    private final Contract contract;

    PriceHistory(Contract contract) {
        this.contract = contract;
    }

    /// Sets or ends what is waited for, and shows what stands then; a price that was not taken
    /// stays in its field.
    void set(RoutingContext http, Page page, Caller caller) {
        boolean ends = !field(http, "end").isEmpty();
        String line = id(field(http, "line"));
        String typed = field(http, "price");
        String price = typed.replace('，', '.').replace(',', '.');
        Parameters parameters = new Parameters().reference("line", "MedicationRequest/" + line);
        if (!ends) {
            if (!price.matches("\\d{1,6}(\\.\\d{1,4})?")) {
                String what = page.t("请填写价格，例如 1.35。", "Write a price, such as 1.35.");
                Trouble trouble = new Trouble("RX-1406", what, "", false);
                show(http, page, caller, 400, List.of(trouble), "", Map.of(line, typed));
                return;
            }
            parameters.decimal("unit-price", new BigDecimal(price));
        }
        Contract.Reply done =
                contract.post(
                        caller,
                        "/Task/" + id(field(http, "task")) + "/$price-alert",
                        parameters.json());
        String said =
                ends
                        ? page.t("已取消提醒。", "You are not told any more.")
                        : page.t("已设置提醒。", "You will be told.");
        show(
                http,
                page,
                caller,
                done.status(),
                done.troubles(),
                done.isDone() ? said : "",
                done.isDone() || ends ? Map.of() : Map.of(line, typed));
    }

    void show(RoutingContext http, Page page, Caller caller) {
        show(http, page, caller, 200, List.of(), "", Map.of());
    }

    /// @param typed by its line, what was not taken
    private void show(
            RoutingContext http,
            Page page,
            Caller caller,
            int status,
            List<Trouble> troubles,
            String said,
            Map<String, String> typed) {
        String wanted = parameter(http, "task");
        String task = id(wanted.isEmpty() ? field(http, "task") : wanted);
        Contract.Reply told =
                contract.get(
                        caller, "/Task/" + (task.isEmpty() ? "none" : task) + "/$price-course");
        List<Trouble> all = new ArrayList<>(troubles);
        all.addAll(told.troubles());
        Map<String, Course.Alert> alerts = new HashMap<>();
        for (JsonNode one : told.json().path("parameter")) {
            if (one.path("name").asText().equals("alert")) {
                Course.Alert alert = Course.Alert.of(one);
                alerts.put(alert.line(), alert);
            }
        }
        List<Course> courses = new ArrayList<>();
        for (JsonNode one : told.json().path("parameter")) {
            if (one.path("name").asText().equals("line")) {
                courses.add(new CourseReader(page, one, alerts).read());
            }
        }
        Map<String, Object> values = new HashMap<>();
        values.put("troubles", all);
        values.put("said", said);
        values.put("task", task);
        values.put("courses", courses);
        values.put("typed", typed);
        values.put("refused", !told.isDone());
        Screens.send(
                http, page, told.isDone() ? status : told.status(), "patient/prices.jte", values);
    }

    private static String id(String text) {
        return text.replaceAll("[^A-Za-z0-9-]", "");
    }
}
