package org.yifang.admin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Csv;
import org.yifang.platform.PlainText;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Takes a county's start from four CSV files, row by row: a row that is unfit stops no other, and
/// a file taken twice changes nothing the second time.
final class RegistryImport {
    /// 100,000 rows; a province sends one county after the other.
    static final int BYTES_MOST = 16 * 1024 * 1024;

    private static final int ROWS_MOST = 100_000;
    private static final int FIELD_MOST = 500;

    /// What a spreadsheet would take for a formula when somebody opens an export of it.
    private static final String FORMULA = "=+@\t\r";

    /// What became of a row.
    ///
    /// @param shown a secret or password, shown this once, under its name; or null
    record Taken(String outcome, @Nullable Shown shown) {
        static final Taken REPEATED = new Taken("repeated", null);
        static final Taken CHANGED = new Taken("changed", null);
        static final Taken ACCEPTED = new Taken("accepted", null);
    }

    record Shown(String name, String value) {}

    /// One row by column; what is empty is absent.
    record Line(Map<String, String> fields) {
        @Nullable String find(String name) {
            return fields.get(name);
        }

        String get(String name) {
            String value = fields.get(name);
            if (value == null) {
                throw unfit(name, "The column `" + name + "` is empty.");
            }
            return value;
        }

        static Problem unfit(String name, String detail) {
            return new Problem(
                    List.of(
                            new Finding(
                                    ProblemCode.REGISTRATION_UNFIT, detail, null, name, false)));
        }
    }

    private final Map<String, Rows> kinds;

    /// How one kind is read.
    ///
    /// @param columns as the contract names them
    record Rows(List<String> columns, Taker taker) {}

    /// Takes one row, in a transaction of its own.
    interface Taker {
        Taken take(Administrator who, Line line);
    }

    RegistryImport(ImportedRows rows) {
        this.kinds =
                Map.of(
                        "organizations",
                        new Rows(
                                columns(
                                        "number,name,kind,uscc,part_of,address,latitude,"
                                                + "longitude,hours"),
                                rows::organization),
                        "practitioners",
                        new Rows(
                                columns("number,name,profession,title,organization"),
                                rows::practitioner),
                        "clients",
                        new Rows(
                                columns("id,organization,role,reviews_for,jwks_url,secret"),
                                rows::client),
                        "people",
                        new Rows(
                                columns("login,name,staff,organization,role,manager"),
                                rows::person));
    }

    private static List<String> columns(String names) {
        return List.of(names.split(",", -1));
    }

    /// Takes a file and reports each row.
    ///
    /// @throws Problem for an unknown kind, a header that is not that of the kind, or no CSV at all
    JsonObject take(Administrator who, @Nullable String kind, List<Csv.Row> file) {
        Rows rows = requireKind(kind);
        if (file.isEmpty() || file.size() > ROWS_MOST + 1) {
            throw new Problem(
                    ProblemCode.UNREADABLE,
                    "The file has no header, or more than %d rows.".formatted(ROWS_MOST));
        }
        List<String> header = header(file.getFirst().fields(), rows.columns());
        Report report = new Report(String.valueOf(kind));
        for (Csv.Row row : file.subList(1, file.size())) {
            report.add(row.line(), first(row), () -> rows.taker().take(who, line(header, row)));
        }
        return report.json();
    }

    /// @throws Problem for an unknown kind
    Rows requireKind(@Nullable String kind) {
        Rows rows = kind == null ? null : kinds.get(kind);
        if (rows == null) {
            throw new Problem(
                    ProblemCode.PARAMETER_UNREADABLE,
                    "The parameter `kind` names nothing that is imported.",
                    "Send one of: organizations, practitioners, clients, people.");
        }
        return rows;
    }

    private static List<String> header(List<String> given, List<String> columns) {
        List<String> header =
                given.stream().map(one -> one.strip().toLowerCase(Locale.ROOT)).toList();
        boolean fits =
                columns.containsAll(header)
                        && header.stream().distinct().count() == header.size()
                        && header.contains(columns.getFirst());
        if (!fits) {
            throw new Problem(
                    ProblemCode.UNREADABLE,
                    "The first line does not name the columns of this kind.",
                    "It is: `" + String.join(",", columns) + "`.");
        }
        return header;
    }

    private static String first(Csv.Row row) {
        String key = row.fields().getFirst();
        return key.length() > 64 ? key.substring(0, 64) + "…" : key;
    }

    private static Line line(List<String> header, Csv.Row row) {
        if (row.fields().size() != header.size()) {
            throw Line.unfit(
                    header.getFirst(),
                    "The row has %d fields, the header %d."
                            .formatted(row.fields().size(), header.size()));
        }
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < header.size(); i++) {
            String value = row.fields().get(i).strip();
            if (!value.isEmpty()) {
                fields.put(header.get(i), plain(header.get(i), value));
            }
        }
        return new Line(fields);
    }

    private static String plain(String name, String value) {
        boolean minus = value.startsWith("-") && !value.matches("-\\d+(\\.\\d+)?");
        if (minus || FORMULA.indexOf(value.charAt(0)) >= 0) {
            throw Line.unfit(
                    name, "The column `" + name + "` begins as a formula of a spreadsheet does.");
        }
        if (!PlainText.is(value) || value.length() > FIELD_MOST) {
            throw Line.unfit(
                    name, "The column `" + name + "` is too long, or holds control characters.");
        }
        return value;
    }

    static Charset charset(@Nullable String mediaType) {
        String type = mediaType == null ? "" : mediaType.toLowerCase(Locale.ROOT);
        if (!type.startsWith("text/csv")) {
            throw new Problem(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "The body has another media type, or none.",
                    "Send `Content-Type: text/csv`, with `charset=GB18030` where it is so.");
        }
        return type.contains("gb18030") || type.contains("gbk")
                ? Charset.forName("GB18030")
                : StandardCharsets.UTF_8;
    }

    /// What is answered: one line a row.
    private static final class Report {
        private final String kind;
        private final JsonArray rows = new JsonArray();
        private final Map<String, Integer> counts = new HashMap<>();

        Report(String kind) {
            this.kind = kind;
        }

        void add(int line, String key, java.util.function.Supplier<Taken> row) {
            JsonObject said = new JsonObject().put("line", line).put("key", key);
            try {
                Taken taken = row.get();
                said.put("outcome", taken.outcome());
                if (taken.shown() != null) {
                    said.put(taken.shown().name(), taken.shown().value());
                }
            } catch (Problem unfit) {
                said.put("outcome", "refused")
                        .put("code", unfit.code().code())
                        .put(
                                "reason",
                                unfit.findings().stream()
                                        .map(Finding::detail)
                                        .collect(Collectors.joining(" ")));
            }
            counts.merge(said.getString("outcome"), 1, Integer::sum);
            rows.add(said);
        }

        JsonObject json() {
            JsonObject json = new JsonObject().put("kind", kind);
            for (String outcome : List.of("accepted", "changed", "repeated", "refused")) {
                json.put(outcome, counts.getOrDefault(outcome, 0));
            }
            return json.put("rows", rows);
        }
    }
}
