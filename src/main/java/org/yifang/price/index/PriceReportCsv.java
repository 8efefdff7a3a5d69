package org.yifang.price.index;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// The tables of a report as comma-separated values, reckoned from the report itself so that both
/// always say the same.
final class PriceReportCsv {
    /// Spreadsheets take UTF-8 for what it is only with this in front.
    private static final String MARK = "\uFEFF";

    private static final String HEADER =
            "table,item,value,low,high,contribution,share,holds,text,text_en";
    private static final int COLUMNS = HEADER.split(",").length;

    private final StringBuilder text = new StringBuilder(MARK).append(HEADER).append("\r\n");

    /// @param report the MeasureReport as JSON
    static byte[] of(byte[] report) {
        PriceReportCsv csv = new PriceReportCsv();
        JsonObject json = new JsonObject(new String(report, StandardCharsets.UTF_8));
        objects(json, "extension").forEach(csv::extension);
        objects(json, "group").forEach(csv::group);
        return csv.text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void extension(JsonObject extension) {
        String url = extension.getString("url", "");
        switch (url.substring(url.lastIndexOf('/') + 1)) {
            case "price-claim" -> claim(extension);
            case "price-method" -> objects(extension, "extension").forEach(this::method);
            case "held-line" -> held(extension);
            default -> {
                // Nothing that is a table.
            }
        }
    }

    private void claim(JsonObject claim) {
        row(
                "claim",
                part(claim, "result"),
                "",
                "",
                "",
                "",
                "",
                "",
                part(claim, "text"),
                en(claim, "text"));
        for (String name : List.of("same-drugs", "per-day")) {
            if (!part(claim, name).isEmpty()) {
                row("claim", name, "", "", "", "", "", "", part(claim, name), en(claim, name));
            }
        }
        for (JsonObject line : objects(claim, "extension")) {
            if ("line".equals(line.getString("url"))) {
                row(
                        "rule",
                        part(line, "line"),
                        "",
                        "",
                        "",
                        "",
                        "",
                        part(line, "holds"),
                        part(line, "text"),
                        en(line, "text"));
            }
        }
    }

    private static String en(JsonObject in, String name) {
        return part(in, name + "-en");
    }

    private void method(JsonObject part) {
        JsonObject period = part.getJsonObject("valuePeriod");
        String value =
                period == null
                        ? value(part)
                        : period.getString("start") + "/" + period.getString("end");
        row("method", part.getString("url", ""), value, "", "", "", "", "", "", "");
    }

    private void held(JsonObject line) {
        row(
                "held-line",
                part(line, "sale"),
                part(line, "unit-yuan"),
                part(line, "median-yuan"),
                part(line, "median-yuan"),
                "",
                "",
                "",
                "%s %s %s × %s"
                        .formatted(
                                part(line, "drug"),
                                part(line, "from"),
                                part(line, "quantity"),
                                part(line, "value-yuan")),
                part(line, "kind"));
    }

    private void group(JsonObject group) {
        String code =
                objects(group.getJsonObject("code", new JsonObject()), "coding").stream()
                        .map(coding -> coding.getString("code", ""))
                        .collect(Collectors.joining(" "));
        JsonObject score = group.getJsonObject("measureScore", new JsonObject());
        JsonObject range = range(score);
        row(
                "index",
                code,
                value(score),
                value(range.getJsonObject("low", new JsonObject())),
                value(range.getJsonObject("high", new JsonObject())),
                "",
                "",
                "",
                "",
                "");
        for (JsonObject population : objects(group, "population")) {
            row(
                    "population",
                    population.getJsonObject("code", new JsonObject()).getString("text", ""),
                    String.valueOf(population.getInteger("count")),
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "");
        }
        for (JsonObject stratifier : objects(group, "stratifier")) {
            boolean months =
                    objects(stratifier, "code").getFirst().getString("text").equals("month");
            for (JsonObject stratum : objects(stratifier, "stratum")) {
                JsonObject measured = stratum.getJsonObject("measureScore", new JsonObject());
                JsonObject band = range(measured);
                row(
                        months ? code + " by month" : "contribution to " + code,
                        stratum.getJsonObject("value", new JsonObject()).getString("text", ""),
                        value(measured),
                        value(band.getJsonObject("low", new JsonObject())),
                        value(band.getJsonObject("high", new JsonObject())),
                        extended(stratum, "index-contribution"),
                        extended(stratum, "baseline-share"),
                        "",
                        "",
                        "");
            }
        }
    }

    private static JsonObject range(JsonObject score) {
        return objects(score, "extension").stream()
                .map(one -> one.getJsonObject("valueRange"))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(new JsonObject());
    }

    private static String extended(JsonObject in, String name) {
        return objects(in, "extension").stream()
                .filter(one -> one.getString("url", "").endsWith("/" + name))
                .map(PriceReportCsv::value)
                .findFirst()
                .orElse("");
    }

    private static String part(JsonObject in, String name) {
        return objects(in, "extension").stream()
                .filter(one -> name.equals(one.getString("url")))
                .map(PriceReportCsv::value)
                .findFirst()
                .orElse("");
    }

    /// The value of an extension or a Quantity as it stands there.
    private static String value(JsonObject in) {
        return in.stream()
                .filter(one -> one.getKey().startsWith("value"))
                .map(one -> String.valueOf(one.getValue()))
                .findFirst()
                .orElse("");
    }

    private static List<JsonObject> objects(JsonObject in, String name) {
        return in.getJsonArray(name, new JsonArray()).stream().map(JsonObject.class::cast).toList();
    }

    private void row(String... fields) {
        if (fields.length != COLUMNS) {
            throw new IllegalStateException("A row has " + fields.length + " fields.");
        }
        text.append(
                        Arrays.stream(fields)
                                .map(PriceReportCsv::quoted)
                                .collect(Collectors.joining(",")))
                .append("\r\n");
    }

    private static String quoted(String field) {
        // A cell that begins like a formula is none.
        String safe = !field.isEmpty() && "=@+".indexOf(field.charAt(0)) >= 0 ? "'" + field : field;
        return safe.matches("(?s).*[\",\r\n].*") ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }
}
