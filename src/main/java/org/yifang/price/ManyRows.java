package org.yifang.price;

import static org.yifang.platform.Database.SQL;

import org.jooq.Field;
import org.jooq.Param;
import org.jooq.QueryPart;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.Statement;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Writes many rows by one statement, a text array for each column: a trigger by statement runs
/// once, and the server does the work of one statement instead of five hundred.
final class ManyRows {
    private static final Field<String[]> TEXTS = DSL.field("texts", String[].class);

    /// An insert of any number of rows.
    ///
    /// @param tail what follows the rows: `ON CONFLICT …`
    static Statement insert(Table<?> table, List<? extends Field<?>> columns, String tail) {
        return Statement.of(p -> {
            List<Param<?>> arrays = new ArrayList<>();
            columns.forEach(_ -> arrays.add(p.like(TEXTS)));
            String names = columns.stream().map(Field::getName).collect(Collectors.joining(", "));
            String values =
                    columns.stream()
                            .map(column ->
                                    "cast(given.%s as %s)"
                                            .formatted(
                                                    column.getName(),
                                                    column.getDataType()
                                                            .getCastTypeName(SQL.configuration())))
                            .collect(Collectors.joining(", "));
            String given =
                    IntStream.range(0, columns.size())
                            .mapToObj(i -> "cast({" + i + "} as text[])")
                            .collect(Collectors.joining(", "));
            return SQL.resultQuery(
                    "INSERT INTO %s (%s) SELECT %s FROM unnest(%s) AS given (%s) %s"
                            .formatted(table.getName(), names, values, given, names, tail),
                    arrays.toArray(QueryPart[]::new));
        });
    }

    /// The rows as the statement wants them.
    static Object[] values(List<@Nullable Object[]> rows) {
        int columns = rows.isEmpty() ? 0 : rows.getFirst().length;
        Object[] arrays = new Object[columns];
        for (int column = 0; column < columns; column++) {
            @Nullable String[] texts = new @Nullable String[rows.size()];
            for (int row = 0; row < texts.length; row++) {
                texts[row] = text(rows.get(row)[column]);
            }
            arrays[column] = texts;
        }
        return arrays;
    }

    private static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case BigDecimal number -> number.toPlainString();
            default -> value.toString();
        };
    }

    private ManyRows() {}
}
