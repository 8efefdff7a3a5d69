package org.yifang.console.bureau;

import static org.yifang.console.Screens.parameter;

import com.fasterxml.jackson.databind.JsonNode;

import io.vertx.ext.web.RoutingContext;

import org.yifang.console.Read;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is asked of a Measure: a registered plan, or periods.
record Question(String measure, Map<String, String> values) {
    static final String QUEUES = "queue-time-reduction";
    static final String PRICES = "drug-price-change";
    private static final List<String> NAMES =
            List.of(
                    "plan",
                    "baselineStart",
                    "baselineEnd",
                    "periodStart",
                    "periodEnd",
                    "asOf",
                    "organization",
                    "stage");

    /// As the page was asked; the last year against the one before when nothing was.
    static Question of(
            RoutingContext http, String measure, List<JsonNode> plans, java.time.Instant now) {
        Map<String, String> values = new LinkedHashMap<>();
        boolean asked =
                parameter(http, "measure").isEmpty() || parameter(http, "measure").equals(measure);
        if (asked) {
            for (String name : NAMES) {
                String value = parameter(http, name);
                if (!value.isEmpty()) {
                    values.put(name, value);
                }
            }
        }
        if (!values.containsKey("plan") && !values.containsKey("periodStart")) {
            values.clear();
            if (plans.isEmpty()) {
                values.putAll(year(now));
            } else {
                values.put("plan", plans.getLast().path("id").asText());
            }
        }
        return new Question(measure, values);
    }

    private static Map<String, String> year(java.time.Instant now) {
        LocalDate today = LocalDate.ofInstant(now, ZoneId.of("Asia/Shanghai"));
        LocalDate from = today.withDayOfMonth(1).minusMonths(3);
        Map<String, String> values = new LinkedHashMap<>();
        values.put("baselineStart", from.minusYears(1).toString());
        values.put("baselineEnd", from.minusYears(1).plusMonths(3).minusDays(1).toString());
        values.put("periodStart", from.toString());
        values.put("periodEnd", from.plusMonths(3).minusDays(1).toString());
        return values;
    }

    String path() {
        List<String> pairs = new ArrayList<>();
        values.forEach((name, value) ->
                pairs.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return "/Measure/" + measure + "/$evaluate-measure?" + String.join("&", pairs);
    }

    String value(String name) {
        return values.getOrDefault(name, "");
    }

    /// The last result that a plan has, missing when it has none.
    static JsonNode result(JsonNode plan) {
        JsonNode last = com.fasterxml.jackson.databind.node.MissingNode.getInstance();
        for (JsonNode extension : plan.path("extension")) {
            if (extension.path("url").asText().endsWith("/plan-result")) {
                last = extension;
            }
        }
        return last;
    }

    static String term(JsonNode plan, String name) {
        JsonNode told = Read.extension(Read.extension(plan, "plan"), name);
        return told.has("valuePeriod")
                ? told.at("/valuePeriod/start").asText()
                        + " – "
                        + told.at("/valuePeriod/end").asText()
                : told.path("valueString").asText(told.path("valueInstant").asText());
    }
}
