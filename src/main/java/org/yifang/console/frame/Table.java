package org.yifang.console.frame;

import com.fasterxml.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// A table of a page, out of an answer of the contract.
///
/// @param name what it shows
/// @param ids of the rows, where they have one
public record Table(String name, List<String> columns, List<List<String>> rows, List<String> ids) {
    private static final int ROWS_MOST = 500;

    /// The parameters of one name, their parts as columns.
    public static Table of(Page page, String title, JsonNode parameters, String name) {
        return of(page, title, parameters, name, Read::time);
    }

    /// @param times says when something was
    public static Table of(
            Page page,
            String title,
            JsonNode parameters,
            String name,
            Function<JsonNode, String> times) {
        Set<String> columns = new LinkedHashSet<>();
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode one : parameters.path("parameter")) {
            if (one.path("name").asText().equals(name)
                    && one.has("part")
                    && found.size() < ROWS_MOST) {
                found.add(one);
                one.path("part").forEach(part -> columns.add(part.path("name").asText()));
            }
        }
        columns.remove("id");
        List<List<String>> rows = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (JsonNode one : found) {
            List<String> row = new ArrayList<>();
            for (String column : columns) {
                row.add(text(page, Parameters.find(one, column), times));
            }
            rows.add(row);
            ids.add(text(page, Parameters.find(one, "id"), times));
        }
        List<String> heads = columns.stream().map(one -> Words.column(one, page.en())).toList();
        return new Table(title, heads, rows, ids);
    }

    /// The same with organizations by their names instead of their references.
    public Table named(Map<String, String> names) {
        List<List<String>> told =
                rows.stream()
                        .map(row ->
                                row.stream()
                                        .map(cell ->
                                                names.getOrDefault(
                                                        cell.replace("Organization/", ""), cell))
                                        .toList())
                        .toList();
        return new Table(name, columns, told, ids);
    }

    /// The same with each cell put in other words.
    public Table worded(UnaryOperator<String> words) {
        List<List<String>> told =
                rows.stream().map(row -> row.stream().map(words).toList()).toList();
        return new Table(name, columns, told, ids);
    }

    /// The same with shares in those columns as percentages.
    public Table percent(Page page, String... names) {
        Set<String> shares = new LinkedHashSet<>();
        for (String one : names) {
            shares.add(Words.column(one, page.en()));
        }
        List<List<String>> told = new ArrayList<>();
        for (List<String> row : rows) {
            List<String> cells = new ArrayList<>(row);
            for (int i = 0; i < cells.size(); i++) {
                if (shares.contains(columns.get(i)) && !cells.get(i).isEmpty()) {
                    BigDecimal share = new BigDecimal(cells.get(i)).movePointRight(2);
                    cells.set(i, share.setScale(1, RoundingMode.HALF_UP).toPlainString() + " %");
                }
            }
            told.add(cells);
        }
        return new Table(name, columns, told, ids);
    }

    /// A part's value, for people.
    private static String text(Page page, JsonNode part, Function<JsonNode, String> times) {
        var fields = part.properties().iterator();
        while (fields.hasNext()) {
            var field = fields.next();
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "valueMoney", "valueQuantity" -> {
                    String unit = value.path("unit").asText();
                    return Read.number(value.path("value")) + (unit.isEmpty() ? "" : " " + unit);
                }
                case "valueReference" -> {
                    return value.path("display").asText(value.path("reference").asText());
                }
                case "valueInstant" -> {
                    return times.apply(value);
                }
                case "valueBoolean" -> {
                    return value.asBoolean() ? page.t("是", "yes") : page.t("否", "no");
                }
                case "valueDecimal" -> {
                    return Read.number(value);
                }
                default -> {
                    if (field.getKey().startsWith("value")) {
                        return value.asText();
                    }
                }
            }
        }
        return "";
    }
}
