package org.yifang.catalogue;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Csv;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads a catalogue file, row by row: what can be taken is taken, what cannot is told with its
/// reason. The columns are those of [Column], in any order, in UTF-8.
public final class CatalogueFile {
    /// Rows that one file may have: the national catalogue has less than 250,000.
    public static final int ROWS_MAX = 300_000;

    /// Why a row was not taken.
    ///
    /// @param line the line of the file, counted from 1
    /// @param code the drug code of the row as written
    /// @param column where the fault is
    /// @param reason a full sentence
    public record Refusal(int line, String code, Column column, String reason) {}

    /// What became of the rows of a file.
    public record Report(List<Drug> accepted, List<Refusal> refused) {
        /// How many rows were refused; one may have several refusals.
        public long refusedRows() {
            return refused.stream().mapToInt(Refusal::line).distinct().count();
        }
    }

    /// What is in the catalogue already.
    public interface KnownSets {
        /// Any drug of a substitution set ([Drug#substitutionSet]).
        Optional<Drug> ofSet(String set);
    }

    private final KnownSets known;
    private final Map<String, Integer> lineOfCode = new HashMap<>();
    private final Map<String, Drug> firstOfSet = new HashMap<>();
    private final List<Drug> accepted = new ArrayList<>();
    private final List<Refusal> refused = new ArrayList<>();

    private CatalogueFile(KnownSets known) {
        this.known = known;
    }

    /// Reads a whole file.
    ///
    /// @param known asked since all drugs of a substitution set are reckoned in one unit
    /// @throws Problem when it is no such file at all: encoding, header, size
    public static Report read(byte[] file, KnownSets known) {
        List<Csv.Row> rows = Csv.read(file, StandardCharsets.UTF_8);
        if (rows.isEmpty()) {
            throw new Problem(ProblemCode.UNREADABLE, "The file is empty.", headerRemedy());
        }
        if (rows.size() - 1 > ROWS_MAX) {
            throw new Problem(
                    ProblemCode.TOO_LARGE,
                    "The file has %d rows; at most %d are read at once."
                            .formatted(rows.size() - 1, ROWS_MAX));
        }
        Map<Column, Integer> positions = positions(rows.getFirst());
        CatalogueFile reader = new CatalogueFile(known);
        for (Csv.Row row : rows.subList(1, rows.size())) {
            reader.add(row, positions);
        }
        return new Report(List.copyOf(reader.accepted), List.copyOf(reader.refused));
    }

    private void add(Csv.Row row, Map<Column, Integer> positions) {
        CatalogueRow fields = new CatalogueRow(row, positions);
        if (row.fields().size() > positions.size()) {
            fields.refuse(
                    Column.CODE,
                    "The row has %d fields, the header %d."
                            .formatted(row.fields().size(), positions.size()));
        }
        row.unfit().ifPresent(fault -> fields.refuse(Column.CODE, fault));
        @Nullable Drug drug = fields.drug();
        if (drug != null) {
            checkAgainstOthers(drug, fields);
        }
        if (drug == null || !fields.refusals().isEmpty()) {
            refused.addAll(fields.refusals());
            return;
        }
        lineOfCode.put(drug.code().value(), row.line());
        firstOfSet.putIfAbsent(drug.substitutionSet(), drug);
        accepted.add(drug);
    }

    private void checkAgainstOthers(Drug drug, CatalogueRow fields) {
        @Nullable Integer earlier = lineOfCode.get(drug.code().value());
        if (earlier != null) {
            fields.refuse(
                    Column.CODE,
                    "`%s` stands on line %d already.".formatted(drug.code().value(), earlier));
        }
        String set = drug.substitutionSet();
        @Nullable Drug first = firstOfSet.get(set);
        if (first == null) {
            first = known.ofSet(set).orElse(drug);
        }
        // The same code again may correct its own unit, when no other drug depends on it.
        if (!first.preparationUnit().equals(drug.preparationUnit())
                && !first.code().equals(drug.code())) {
            fields.refuse(
                    Column.PREPARATION_UNIT,
                    ("`%s` differs from `%s` of `%s`, which has the same generic name, form and"
                                    + " strength.")
                            .formatted(
                                    drug.preparationUnit(),
                                    first.preparationUnit(),
                                    first.code().value()));
        }
    }

    private static Map<Column, Integer> positions(Csv.Row header) {
        Map<Column, Integer> positions = new HashMap<>();
        List<Problem.Finding> findings = new ArrayList<>();
        for (int i = 0; i < header.fields().size(); i++) {
            String name = header.fields().get(i);
            Optional<Column> column =
                    Stream.of(Column.values()).filter(one -> one.header().equals(name)).findFirst();
            if (column.isEmpty()) {
                findings.add(headerFault("`%s` is no column.".formatted(name)));
            } else if (positions.put(column.get(), i) != null) {
                findings.add(headerFault("The column `%s` stands twice.".formatted(name)));
            }
        }
        for (Column column : Column.values()) {
            if (column.required() && !positions.containsKey(column)) {
                findings.add(headerFault("The column `%s` is missing.".formatted(column.header())));
            }
        }
        if (!findings.isEmpty()) {
            throw new Problem(findings);
        }
        return positions;
    }

    private static Problem.Finding headerFault(String detail) {
        return new Problem.Finding(ProblemCode.UNREADABLE, detail, headerRemedy());
    }

    private static String headerRemedy() {
        return Stream.of(Column.values())
                .map(Column::header)
                .collect(Collectors.joining(",", "The first row names the columns: ", "."));
    }
}
