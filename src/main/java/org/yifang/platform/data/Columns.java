package org.yifang.platform.data;

import static org.yifang.platform.data.Database.SQL;

import org.jooq.Field;
import org.jooq.Param;
import org.jooq.QueryPart;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Columns of one table, each beside what makes its value of a row; [Insert] and [Update] write
/// them, both of them where a row is born and changed with the same values.
///
/// @param <T> what a row is made of
public record Columns<T>(Table<?> table, List<Column<T>> all) {
    /// A column and its value: of each row, or one expression for all.
    public record Column<T>(
            Field<?> field,
            @Nullable Function<? super T, ?> value,
            @Nullable Field<?> always,
            boolean once) {}

    public Columns {
        all = List.copyOf(all);
    }

    public static <T> Columns<T> of(Table<?> table) {
        return new Columns<>(table, List.of());
    }

    /// A column and what makes its value of a row.
    public <V> Columns<T> set(Field<V> column, Function<? super T, ? extends @Nullable V> value) {
        return with(new Column<>(column, value, null, false));
    }

    Columns<T> with(Column<T> more) {
        if (more.field() instanceof TableField<?, ?> one && !table.equals(one.getTable())) {
            throw new IllegalArgumentException(more.field() + " is no column of " + table);
        }
        if (all.stream().anyMatch(one -> one.field().equals(more.field()))) {
            throw new IllegalArgumentException(more.field() + " is named twice");
        }
        List<Column<T>> longer = new ArrayList<>(all);
        longer.add(more);
        return new Columns<>(table, longer);
    }

    /// Those that have a value of each row, in the order of the parameters.
    List<Column<T>> given() {
        return all.stream().filter(one -> one.value() != null).toList();
    }

    /// Whether a column holds arrays, which unnesting would take apart.
    boolean holdArrays() {
        return given().stream()
                .map(one -> one.field().getType())
                .anyMatch(type -> type.isArray() && type != byte[].class);
    }

    public List<Field<?>> fields() {
        return all.stream().<Field<?>>map(Column::field).toList();
    }

    /// What stands for each column in a statement that writes one row; [#values] gives its values.
    public List<Field<?>> single(Statement.Parameters p) {
        List<Field<?>> parts = new ArrayList<>();
        for (Column<T> one : all) {
            parts.add(one.always() == null ? p.like(one.field()) : one.always());
        }
        return parts;
    }

    /// What stands for each column in a statement that writes many. Each array is unnested by
    /// itself in the list that is selected: of one `FROM unnest` over all of them PostgreSQL keeps
    /// a table per array, six times as slow.
    List<QueryPart> unnested(Statement.Parameters p) {
        List<QueryPart> parts = new ArrayList<>();
        for (Column<T> one : all) {
            parts.add(
                    one.always() == null
                            ? unnest(p.array(sent(one.field())), one.field())
                            : one.always());
        }
        return parts;
    }

    /// As what a column's values travel in an array: the driver writes none of numbers that has a
    /// null in it, so those travel as text.
    private static Field<?> sent(Field<?> column) {
        return isNumber(column) ? DSL.field(column.getName(), String.class) : column;
    }

    private static boolean isNumber(Field<?> column) {
        return column.getType() == BigDecimal.class;
    }

    private static QueryPart unnest(Param<?> array, Field<?> of) {
        String type = of.getDataType().getCastTypeName(SQL.configuration());
        String cast = isNumber(of) ? "cast({0} as text[])" : "{0}";
        return DSL.field("unnest(cast(" + cast + " as " + type + "[]))", array);
    }

    /// The values of one row.
    public @Nullable Object[] values(T row) {
        List<@Nullable Object> values = new ArrayList<>(all.size());
        for (Column<T> one : all) {
            if (one.value() != null) {
                values.add(one.value().apply(row));
            }
        }
        return values.toArray();
    }

    /// The values of many rows: an array for each column.
    Object[] values(List<T> rows) {
        List<Object> arrays = new ArrayList<>(all.size());
        for (Column<T> one : all) {
            if (one.value() != null) {
                arrays.add(
                        isNumber(one.field())
                                ? array(String.class, plain(one.value()), rows)
                                : array(one.field().getType(), one.value(), rows));
            }
        }
        return arrays.toArray();
    }

    private static <T> Function<T, @Nullable String> plain(Function<? super T, ?> value) {
        return row -> value.apply(row) instanceof BigDecimal number ? number.toPlainString() : null;
    }

    private static <T> Object array(Class<?> type, Function<? super T, ?> value, List<T> rows) {
        @Nullable Object[] array = (Object[]) Array.newInstance(type, rows.size());
        for (int row = 0; row < array.length; row++) {
            array[row] = value.apply(rows.get(row));
        }
        return array;
    }
}
