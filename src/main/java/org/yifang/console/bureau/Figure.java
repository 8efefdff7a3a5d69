package org.yifang.console.bureau;

import org.yifang.console.frame.Page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A chart with the table that it is drawn from: nothing is drawn that does not stand in the table.
///
/// @param id within its page, letters, digits and dashes
/// @param kind of the chart, as `bureau.js` knows it; `table` for none
/// @param note what to look for, one sentence
/// @param facts that the chart needs beside its rows: limits, a wash-in
/// @param columns each with its key for the chart and its words
public record Figure(
        String id,
        String kind,
        String title,
        String note,
        Map<String, String> facts,
        List<Column> columns,
        List<List<String>> rows) {
    /// @param key by which the chart finds it
    public record Column(String key, String name) {}

    /// The facts as one attribute: `centre=12.5;upper=20`.
    public String told() {
        return facts.entrySet().stream()
                .map(one -> one.getKey() + "=" + one.getValue())
                .collect(Collectors.joining(";"));
    }

    public boolean isDrawn() {
        return !kind.equals("table") && rows.size() > 1;
    }

    /// As comma-separated values with the mark by which spreadsheets know UTF-8.
    String csv() {
        StringBuilder csv = new StringBuilder("\uFEFF");
        csv.append(columns.stream().map(one -> cell(one.name())).collect(Collectors.joining(",")));
        for (List<String> row : rows) {
            csv.append("\r\n")
                    .append(row.stream().map(Figure::cell).collect(Collectors.joining(",")));
        }
        return csv.append("\r\n").toString();
    }

    private static String cell(String text) {
        // A cell that begins like a formula is none.
        String safe = !text.isEmpty() && "=@+".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.matches("(?s).*[\",\r\n].*") ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }

    static Builder of(Page page, String id, String kind) {
        return new Builder(page, id, kind);
    }

    /// Puts a figure together.
    static final class Builder {
        private final Page page;
        private final String id;
        private final String kind;
        private String title = "";
        private String note = "";
        private final Map<String, String> facts = new LinkedHashMap<>();
        private final List<Column> columns = new ArrayList<>();
        private final List<List<String>> rows = new ArrayList<>();

        private Builder(Page page, String id, String kind) {
            this.page = page;
            this.id = id;
            this.kind = kind;
        }

        Builder title(String chinese, String english) {
            title = page.t(chinese, english);
            return this;
        }

        Builder note(String chinese, String english) {
            note = page.t(chinese, english);
            return this;
        }

        /// Says one thing more under the figure.
        Builder also(String said) {
            note = said.isEmpty() ? note : (note + " " + said).strip();
            return this;
        }

        Builder fact(String name, String value) {
            if (!value.isEmpty()) {
                facts.put(name, value);
            }
            return this;
        }

        Builder column(String key, String chinese, String english) {
            columns.add(new Column(key, page.t(chinese, english)));
            return this;
        }

        Builder row(String... cells) {
            rows.add(List.of(cells));
            return this;
        }

        boolean isEmpty() {
            return rows.isEmpty();
        }

        Figure build() {
            return new Figure(
                    id, kind, title, note, facts, List.copyOf(columns), List.copyOf(rows));
        }
    }
}
