package org.yifang.platform.data;

import static org.yifang.platform.data.Database.SQL;

import org.jooq.Field;
import org.jooq.Param;
import org.jooq.QueryPart;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
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

    private static final Field<Integer> PLACE = DSL.field("place", SQLDataType.INTEGER);

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

    /// Whether a column holds arrays. Those of many rows are cut out of one, which PostgreSQL walks
    /// from its beginning for each row: good for a hundred rows, not for thousands.
    boolean holdArrays() {
        return given().stream().anyMatch(one -> isArray(one.field()));
    }

    private static boolean isArray(Field<?> column) {
        return column.getType().isArray() && column.getType() != byte[].class;
    }

    public List<Field<?>> fields() {
        return all.stream().<Field<?>>map(Column::field).toList();
    }

    /// What stands for each column in a statement that writes one row; [#values] gives its values.
    List<Field<?>> single(Statement.Parameters p) {
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
            if (one.always() != null) {
                parts.add(one.always());
            } else if (isArray(one.field())) {
                parts.add(cut(one.field(), p));
            } else {
                parts.add(unnest(p.array(sent(one.field())), one.field()));
            }
        }
        return parts;
    }

    /// PostgreSQL has no arrays of arrays of unlike lengths, so that the elements of all rows come
    /// in one array, and each row cuts out its own.
    private static QueryPart cut(Field<?> column, Statement.Parameters p) {
        return DSL.field(
                "({0})[unnest({1}) : unnest({2})]", p.like(column), p.array(PLACE), p.array(PLACE));
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
    @Nullable Object[] values(T row) {
        List<@Nullable Object> values = new ArrayList<>(all.size());
        for (Column<T> one : all) {
            if (one.value() != null) {
                values.add(one.value().apply(row));
            }
        }
        return values.toArray();
    }

    /// The values of many rows: an array for each column, three for one that holds arrays.
    Object[] values(List<T> rows) {
        List<Object> arrays = new ArrayList<>(all.size());
        for (Column<T> one : all) {
            if (one.value() != null && isArray(one.field())) {
                arrays.addAll(elements(one.field().getType(), one.value(), rows));
            } else if (one.value() != null) {
                arrays.add(
                        isNumber(one.field())
                                ? array(String.class, plain(one.value()), rows)
                                : array(one.field().getType(), one.value(), rows));
            }
        }
        return arrays.toArray();
    }

    /// The elements of all rows, and where those of each begin and end; nowhere where it has none.
    private static <T> List<Object> elements(
            Class<?> type, Function<? super T, ?> value, List<T> rows) {
        @Nullable Integer[] first = new Integer[rows.size()];
        @Nullable Integer[] last = new Integer[rows.size()];
        List<@Nullable Object> elements = new ArrayList<>();
        for (int row = 0; row < first.length; row++) {
            if (value.apply(rows.get(row)) instanceof Object[] its) {
                first[row] = elements.size() + 1;
                Collections.addAll(elements, its);
                last[row] = elements.size();
            }
        }
        Object[] together = (Object[]) Array.newInstance(type.getComponentType(), 0);
        return List.of(elements.toArray(together), first, last);
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
