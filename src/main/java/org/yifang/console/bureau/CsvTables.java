package org.yifang.console.bureau;

import org.yifang.console.Table;

import java.util.ArrayList;
import java.util.List;

/// Reads the tables of a report out of its CSV: blocks with a blank line between them, each with a
/// line `# name` where it has one.
final class CsvTables {
    private static final int TABLES_MOST = 40;
    private static final int ROWS_MOST = 400;

    static List<Table> of(String csv) {
        List<Table> tables = new ArrayList<>();
        for (String block : csv.replace("\uFEFF", "").split("\\R\\s*\\R", -1)) {
            List<String> lines =
                    new ArrayList<>(block.lines().filter(one -> !one.isBlank()).toList());
            StringBuilder name = new StringBuilder();
            while (!lines.isEmpty() && lines.getFirst().startsWith("#")) {
                name.append(lines.removeFirst().substring(1).strip()).append(' ');
            }
            if (lines.size() > 1 && tables.size() < TABLES_MOST) {
                List<List<String>> rows =
                        lines.stream().skip(1).limit(ROWS_MOST).map(CsvTables::cells).toList();
                tables.add(
                        new Table(
                                name.toString().strip(), cells(lines.getFirst()), rows, List.of()));
            }
        }
        return tables;
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        return cells;
    }

    private CsvTables() {}
}
