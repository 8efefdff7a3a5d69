package org.yifang.platform.data;

import static org.yifang.platform.data.Database.SQL;

import org.jooq.Field;
import org.jooq.QueryPart;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Writes many rows by one statement, an array for each column: the server starts one statement
/// instead of a hundred, which is most of what a row costs it, and a trigger by statement runs
/// once.
public final class ManyRows {
    /// From so many rows on; below, a statement for each is cheaper than taking arrays apart.
    public static final int WORTH_IT = 4;

    /// An insert of any number of rows.
    ///
    /// @param tail what follows the rows, `ON CONFLICT …`, `RETURNING …`, or empty
    public static Statement insert(Table<?> table, List<Field<?>> columns, String tail) {
        return Statement.of(p ->
                SQL.query(
                        "INSERT INTO %s (%s) SELECT %s FROM %s %s"
                                .formatted(
                                        table.getName(),
                                        names(columns, ""),
                                        names(columns, "given."),
                                        given(columns),
                                        tail),
                        arrays(p, columns)));
    }

    /// An update of any number of rows, each told by its key.
    ///
    /// @param columns those to set; the key's array comes after theirs
    public static Statement update(Table<?> table, List<Field<?>> columns, Field<?> key) {
        List<Field<?>> all = new ArrayList<>(columns);
        all.add(key);
        String set =
                columns.stream()
                        .map(column -> column.getName() + " = given." + column.getName())
                        .collect(Collectors.joining(", "));
        return Statement.of(p ->
                SQL.query(
                        "UPDATE %1$s SET %2$s FROM %3$s WHERE %1$s.%4$s = given.%4$s"
                                .formatted(table.getName(), set, given(all), key.getName()),
                        arrays(p, all)));
    }

    private static QueryPart[] arrays(Statement.Parameters p, List<Field<?>> columns) {
        return columns.stream().map(p::array).toArray(QueryPart[]::new);
    }

    private static String names(List<Field<?>> columns, String before) {
        return columns.stream()
                .map(column -> before + column.getName())
                .collect(Collectors.joining(", "));
    }

    private static String given(List<Field<?>> columns) {
        List<String> arrays = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            String type = columns.get(i).getDataType().getCastTypeName(SQL.configuration());
            arrays.add("cast({" + i + "} as " + type + "[])");
        }
        return "unnest(%s) AS given (%s)".formatted(String.join(", ", arrays), names(columns, ""));
    }

    /// The rows as the statement wants them.
    public static Object[] values(List<Field<?>> columns, List<@Nullable Object[]> rows) {
        Object[] arrays = new Object[columns.size()];
        for (int column = 0; column < arrays.length; column++) {
            Object array = Array.newInstance(columns.get(column).getType(), rows.size());
            for (int row = 0; row < rows.size(); row++) {
                Array.set(array, row, rows.get(row)[column]);
            }
            arrays[column] = array;
        }
        return arrays;
    }

    private ManyRows() {}
}
