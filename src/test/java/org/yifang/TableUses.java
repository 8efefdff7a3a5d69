package org.yifang;

import org.jspecify.annotations.Nullable;
import org.yifang.generated.Tables;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a file of the product does to tables, as its source says: compiled, a write cannot be told
/// from a question, and SQL as text is no more than text.
///
/// @param type the class of the file
/// @param written tables that it inserts into, updates or deletes from
/// @param inTexts tables that its texts of SQL name
record TableUses(String type, Set<String> written, Set<String> inTexts) {
    private static final Path MAIN = Path.of("src/main/java");

    private static final Set<String> TABLES =
            Arrays.stream(Tables.class.getFields()).map(Field::getName).collect(Collectors.toSet());

    private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*//.*$");

    /// A text block, a text, or a character, which may be a quotation mark.
    private static final Pattern TEXT =
            Pattern.compile(
                    "\"\"\"(?s:(.*?))(?<!\\\\)\"\"\""
                            + "|\"((?:[^\"\\\\\\n]|\\\\.)*)\""
                            + "|'(?:[^'\\\\\\n]|\\\\.)'");

    /// The first argument of what writes: a table, a name for one, or columns that name theirs.
    private static final Pattern WRITE =
            Pattern.compile(
                    "(?:\\b(?:Insert\\s*\\.[^(;]*?into|(?:Update|Columns)\\s*\\.[^(;]*?\\bof)"
                            + "|\\b(?:insertInto|deleteFrom|mergeInto|SQL\\s*\\.\\s*update))"
                            + "\\(\\s*(\\w+)");

    private static final Pattern IN_TEXT =
            Pattern.compile(
                    "\\b(insert\\s+into|update|delete\\s+from|truncate|lock\\s+table|from|join)\\s+"
                            + "((?:[a-z_]+\\s*,\\s*)*[a-z_]+)");

    /// Of every file.
    static List<TableUses> read() {
        try (Stream<Path> files = Files.walk(MAIN)) {
            return files.filter(one -> one.toString().endsWith(".java"))
                    .map(TableUses::of)
                    .filter(one -> !one.written.isEmpty() || !one.inTexts.isEmpty())
                    .toList();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static TableUses of(Path file) {
        try {
            String name = MAIN.relativize(file).toString().replace('/', '.');
            return of(name.substring(0, name.length() - ".java".length()), Files.readString(file));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static TableUses of(String type, String source) {
        String code = COMMENT.matcher(source).replaceAll("");
        Set<String> written = new TreeSet<>();
        Set<String> inTexts = new TreeSet<>();
        Matcher write = WRITE.matcher(code);
        // What writes any table has it from others.
        while (!type.startsWith("org.yifang.platform.data.") && write.find()) {
            String table = table(code, write.group(1));
            if (table != null) {
                written.add(table);
            }
        }
        String texts =
                TEXT.matcher(code)
                        .results()
                        .flatMap(one -> Stream.of(one.group(1), one.group(2)))
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining(" "))
                        .toLowerCase(Locale.ROOT);
        Matcher text = IN_TEXT.matcher(texts);
        while (text.find()) {
            for (String name : text.group(2).split("\\s*,\\s*")) {
                String table = name.toUpperCase(Locale.ROOT);
                if (TABLES.contains(table)) {
                    inTexts.add(table);
                    if (text.group(1).matches("insert.*|update|delete.*|truncate")) {
                        written.add(table);
                    }
                }
            }
        }
        return new TableUses(type, written, inTexts);
    }

    /// The table that an argument is, itself or by another name; null where it is columns, which
    /// have named their own.
    private static @Nullable String table(String code, String argument) {
        if (TABLES.contains(argument)) {
            return argument;
        }
        Matcher named =
                Pattern.compile("\\b" + argument + "\\s*=\\s*([A-Z_]+)\\b(?:\\.as\\(|;)")
                        .matcher(code);
        if (named.find()) {
            return named.group(1);
        }
        if (Pattern.compile("\\bColumns<[^=;]*\\b" + argument + "\\b").matcher(code).find()) {
            return null;
        }
        throw new AssertionError("what table is `" + argument + "`?");
    }
}
