package org.yifang.platform.data;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jspecify.annotations.Nullable;

import java.util.Objects;

/// Where a column stands in an answer, found once by its name: [Rows] looks a name up anew in every
/// row, which is felt where there are thousands.
///
/// @param <T> what its values are
public final class ColumnPlace<T> {
    private final Field<T> column;
    private final int at;

    private ColumnPlace(Field<T> column, int at) {
        this.column = column;
        this.at = at;
    }

    /// @throws IllegalArgumentException when the answer has no such column
    public static <T> ColumnPlace<T> of(RowSet<Row> rows, Field<T> column) {
        int at = rows.columnsNames().indexOf(column.getName());
        if (at < 0) {
            throw new IllegalArgumentException(
                    "`%s` is not in %s".formatted(column.getName(), rows.columnsNames()));
        }
        return new ColumnPlace<>(column, at);
    }

    /// The value of a column that is never null.
    public T get(Row row) {
        return Objects.requireNonNull(find(row), column.getName());
    }

    /// The value of a column, null when it is null.
    public @Nullable T find(Row row) {
        return Rows.ours(row.getValue(at), column);
    }
}
