package org.yifang.console.bureau;

import static org.yifang.console.frame.Screens.parameter;

import com.fasterxml.jackson.databind.JsonNode;

import io.vertx.ext.web.RoutingContext;

import org.yifang.console.frame.Read;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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

    /// What was asked for in the address: a plan, or periods; empty when neither was.
    static Optional<Question> asked(RoutingContext http, String measure) {
        Map<String, String> values = new LinkedHashMap<>();
        String named = parameter(http, "measure");
        if (named.isEmpty() || named.equals(measure)) {
            for (String name : NAMES) {
                String value = parameter(http, name);
                if (!value.isEmpty()) {
                    values.put(name, value);
                }
            }
        }
        if (values.containsKey("plan")) {
            // A plan has its own terms.
            values.keySet().retainAll(List.of("plan", "asOf"));
        }
        return values.containsKey("plan") || values.containsKey("periodStart")
                ? Optional.of(new Question(measure, values))
                : Optional.empty();
    }

    static Question ofPlan(String measure, String plan) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("plan", plan);
        return new Question(measure, values);
    }

    /// The last three whole months against those of the year before: what a form begins with.
    static Question quarter(String measure, Instant now) {
        LocalDate today = LocalDate.ofInstant(now, ZoneId.of("Asia/Shanghai"));
        LocalDate from = today.withDayOfMonth(1).minusMonths(3);
        Map<String, String> values = new LinkedHashMap<>();
        values.put("baselineStart", from.minusYears(1).toString());
        values.put("baselineEnd", from.minusYears(1).plusMonths(3).minusDays(1).toString());
        values.put("periodStart", from.toString());
        values.put("periodEnd", from.plusMonths(3).minusDays(1).toString());
        return new Question(measure, values);
    }

    String query() {
        return values.entrySet().stream()
                .map(one ->
                        one.getKey()
                                + "="
                                + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    String path() {
        return "/Measure/" + measure + "/$evaluate-measure?" + query();
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
