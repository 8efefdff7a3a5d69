package org.yifang.platform.data;

import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jooq.Query;
import org.jooq.QueryPart;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Columns.Column;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Writes rows into one table; each column is named once, beside its value:
///
/// ```java
/// private static final Insert<Sale> INSERT =
///         Insert.into(SALE).set(SALE.ID, Sale::id).set(SALE.FEN, Sale::fen);
/// INSERT.start(tx, sale);
/// INSERT.startAll(tx, sales);
/// ```
///
/// A new column is one line, and a value of another type than its column's does not compile.
///
/// @param <T> what a row is made of
public final class Insert<T> {
    /// From so many rows on; below, a statement for each is cheaper than taking arrays apart.
    public static final int WORTH_IT = 4;

    /// An insert that has no column yet, so that its first one tells what rows are made of.
    public static final class Into {
        private final Table<?> table;

        private Into(Table<?> table) {
            this.table = table;
        }

        /// See [Insert#set].
        public <T, V> Insert<T> set(Field<V> column, Function<T, ? extends @Nullable V> value) {
            return new Insert<T>(new Columns<>(table, List.of()), null, List.of(), List.of())
                    .set(column, value);
        }
    }

    /// What happens to a row whose key is there already.
    ///
    /// @param key the columns of the key
    /// @param replace whether the columns that are not set once take the new values
    private record Conflict(List<Field<?>> key, boolean replace) {}

    /// What a row that is there already gets beside its new values.
    private record Further(Field<?> column, Field<?> expression) {}

    private final Columns<T> columns;
    private final @Nullable Conflict conflict;
    private final List<Further> further;
    private final List<Field<?>> returned;

    // Written when first asked for, since each line of a chain makes a new one; twice is once.
    private @Nullable Statement one;
    private @Nullable Statement many;

    private Insert(
            Columns<T> columns,
            @Nullable Conflict conflict,
            List<Further> further,
            List<Field<?>> returned) {
        this.columns = columns;
        this.conflict = conflict;
        this.further = further;
        this.returned = returned;
    }

    public static Into into(Table<?> table) {
        return new Into(table);
    }

    /// An insert that begins with columns which an [Update] writes too.
    public static <T> Insert<T> into(Columns<T> columns) {
        return new Insert<>(columns, null, List.of(), List.of());
    }

    /// The columns that are written, for reading them again.
    public List<Field<?>> columns() {
        return columns.fields();
    }

    /// A column and what makes its value of a row.
    public <V> Insert<T> set(Field<V> column, Function<? super T, ? extends @Nullable V> value) {
        return with(new Column<>(column, value, null, false));
    }

    /// As [#set], for a new row only: one that is there already keeps its value.
    public <V> Insert<T> setOnce(
            Field<V> column, Function<? super T, ? extends @Nullable V> value) {
        return with(new Column<>(column, value, null, true));
    }

    /// As [#set], but a row that is there already adds the value to its own.
    public <V extends Number> Insert<T> add(
            Field<V> column, Function<? super T, ? extends V> value) {
        return setOnce(column, value).replacing(column, column.plus(DSL.excluded(column)));
    }

    /// A column that has the same value in every row: `DSL.inline(region)`, an expression.
    public <V> Insert<T> always(Field<V> column, Field<V> expression) {
        return with(new Column<>(column, null, expression, false));
    }

    private Insert<T> with(Column<T> column) {
        return new Insert<>(columns.with(column), conflict, further, returned);
    }

    /// A row whose key is there already is left as it is.
    public Insert<T> orNothing(Field<?>... key) {
        return new Insert<>(columns, new Conflict(List.of(key), false), further, returned);
    }

    /// A row whose key is there already takes the new values.
    public Insert<T> orReplace(Field<?>... key) {
        return new Insert<>(columns, new Conflict(List.of(key), true), further, returned);
    }

    /// After [#orReplace]: what a row that is there already gets, `VERSION.plus(1)`.
    public <V> Insert<T> replacing(Field<V> column, Field<V> expression) {
        List<Further> longer = new ArrayList<>(further);
        longer.add(new Further(column, expression));
        return new Insert<>(columns, conflict, List.copyOf(longer), returned);
    }

    /// The columns that the statement answers with.
    public Insert<T> returning(Field<?>... answer) {
        return new Insert<>(columns, conflict, further, List.of(answer));
    }

    /// Sends one row; see [Tx#start].
    public Future<RowSet<Row>> start(Tx tx, T row) {
        return tx.start(one(), columns.values(row));
    }

    /// Sends any number of rows; many of them by one statement.
    ///
    /// @return the rows that the statement returns, when it returns any
    public Future<RowSet<Row>> startAll(Tx tx, List<T> rows) {
        if (!rows.isEmpty() && (rows.size() < WORTH_IT || columns.holdArrays())) {
            return tx.startBatch(one(), rows.stream().map(columns::values).toList());
        }
        return tx.start(many(), columns.values(rows));
    }

    /// The statement that writes one row.
    public Statement one() {
        Statement written = one;
        if (written == null) {
            written = Statement.of(p -> query("VALUES (%s)", columns.single(p)));
            one = written;
        }
        return written;
    }

    /// The statement that writes many; its values are those of [#values].
    public Statement many() {
        Statement written = many;
        if (written == null) {
            written = Statement.of(this::manyQuery);
            many = written;
        }
        return written;
    }

    /// The values of [#one].
    public @Nullable Object[] values(T row) {
        return columns.values(row);
    }

    /// The values of [#many].
    public Object[] values(List<T> rows) {
        return columns.values(rows);
    }

    /// One statement that writes many rows of this and many of another table.
    ///
    /// @param <S> what a row of the other table is made of
    public final class With<S> {
        private final Insert<S> second;
        private final Statement statement;

        private With(Insert<S> second) {
            this.second = second;
            this.statement =
                    Statement.of(p ->
                            SQL.query(
                                    "WITH written AS ({0}) {1}",
                                    manyQuery(p), second.manyQuery(p)));
        }

        public Statement statement() {
            return statement;
        }

        public Object[] values(List<T> rows, List<S> others) {
            return Stream.of(Insert.this.values(rows), second.values(others))
                    .flatMap(Stream::of)
                    .toArray();
        }
    }

    /// Both in one statement, for where no transaction is at hand.
    public <S> With<S> with(Insert<S> second) {
        return new With<>(second);
    }

    private Query manyQuery(Statement.Parameters p) {
        return query("SELECT %s", columns.unnested(p));
    }

    private Query query(String rows, List<? extends QueryPart> parts) {
        List<QueryPart> all = new ArrayList<>(parts);
        String places =
                IntStream.range(0, parts.size())
                        .mapToObj("{%d}"::formatted)
                        .collect(Collectors.joining(", "));
        String names =
                columns.all().stream()
                        .map(column -> column.field().getName())
                        .collect(Collectors.joining(", "));
        String sql =
                "INSERT INTO %s (%s) %s%s%s"
                        .formatted(
                                columns.table().getName(),
                                names,
                                rows.formatted(places),
                                onConflict(all),
                                returned.isEmpty() ? "" : " RETURNING " + names(returned));
        return SQL.query(sql, all.toArray(QueryPart[]::new));
    }

    private String onConflict(List<QueryPart> parts) {
        if (conflict == null) {
            return "";
        }
        List<String> set = new ArrayList<>();
        for (Column<T> column : columns.all()) {
            if (!column.once() && !conflict.key().contains(column.field())) {
                String name = column.field().getName();
                set.add(name + " = excluded." + name);
            }
        }
        for (Further more : further) {
            set.add("%s = {%d}".formatted(more.column().getName(), parts.size()));
            parts.add(DSL.field("{0}", more.expression()));
        }
        String key = conflict.key().isEmpty() ? "" : " (" + names(conflict.key()) + ")";
        return " ON CONFLICT"
                + key
                + (conflict.replace() ? " DO UPDATE SET " + String.join(", ", set) : " DO NOTHING");
    }

    private static String names(List<Field<?>> fields) {
        return fields.stream().map(Field::getName).collect(Collectors.joining(", "));
    }
}
