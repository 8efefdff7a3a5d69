package org.yifang.platform.data;

import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jooq.Query;
import org.jooq.QueryPart;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Columns.Column;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Changes rows of one table, each told by its key; each column is named once, beside its value:
///
/// ```java
/// private static final Update<Next> UPDATE =
///         Update.of(TASK).set(TASK.STATE, Next::state).where(TASK.ID, Next::id);
/// ```
///
/// @param <T> what the new values are made of
public final class Update<T> {
    /// An update that has no column yet, so that its first one tells what values are made of.
    public static final class Of {
        private final Table<?> table;

        private Of(Table<?> table) {
            this.table = table;
        }

        /// See [Update#set].
        public <T, V> Update<T> set(Field<V> column, Function<T, ? extends @Nullable V> value) {
            return new Update<T>(new Columns<>(table, List.of()), new Columns<>(table, List.of()))
                    .set(column, value);
        }
    }

    private final Columns<T> set;
    private final Columns<T> key;

    // Written when first asked for, since each line of a chain makes a new one; twice is once.
    private @Nullable Statement one;
    private @Nullable Statement many;

    private Update(Columns<T> set, Columns<T> key) {
        this.set = set;
        this.key = key;
    }

    public static Of of(Table<?> table) {
        return new Of(table);
    }

    /// An update of columns that an [Insert] writes too.
    public static <T> Update<T> of(Columns<T> columns) {
        return new Update<>(columns, Columns.of(columns.table()));
    }

    /// A column and what makes its new value.
    public <V> Update<T> set(Field<V> column, Function<? super T, ? extends @Nullable V> value) {
        return new Update<>(set.with(new Column<>(column, value, null, false)), key);
    }

    /// A column that gets the same value in every row: `VERSION.plus(1)`.
    public <V> Update<T> always(Field<V> column, Field<V> expression) {
        return new Update<>(set.with(new Column<>(column, null, expression, false)), key);
    }

    /// A column of the key. Without one no statement is written: nobody changes a whole table by a
    /// forgotten line.
    public <V> Update<T> where(Field<V> column, Function<? super T, ? extends V> value) {
        return new Update<>(set, key.with(new Column<>(column, value, null, false)));
    }

    /// Sends one row's change; see [Tx#start].
    public Future<RowSet<Row>> start(Tx tx, T row) {
        return tx.start(one(), values(row));
    }

    /// Sends the changes of any number of rows; many of them by one statement.
    public Future<RowSet<Row>> startAll(Tx tx, List<T> rows) {
        boolean few = rows.size() < Insert.WORTH_IT;
        if (!rows.isEmpty() && (few || set.holdArrays() || key.holdArrays())) {
            return tx.startBatch(one(), rows.stream().map(this::values).toList());
        }
        return tx.start(many(), joined(set.values(rows), key.values(rows)));
    }

    private @Nullable Object[] values(T row) {
        return joined(set.values(row), key.values(row));
    }

    private static @Nullable Object[] joined(@Nullable Object[] first, @Nullable Object[] second) {
        return Stream.of(first, second).flatMap(Stream::of).toArray();
    }

    private Statement one() {
        Statement written = one;
        if (written == null) {
            written = Statement.of(this::oneQuery);
            one = written;
        }
        return written;
    }

    private Statement many() {
        Statement written = many;
        if (written == null) {
            written = Statement.of(this::manyQuery);
            many = written;
        }
        return written;
    }

    private Query oneQuery(Statement.Parameters p) {
        List<QueryPart> parts = new ArrayList<>(set.single(p));
        parts.addAll(key.single(p));
        int columns = set.all().size();
        List<String> values = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            values.add("%s = {%d}".formatted(set.all().get(i).field().getName(), i));
        }
        for (int i = 0; i < key.all().size(); i++) {
            keys.add("%s = {%d}".formatted(key.all().get(i).field().getName(), columns + i));
        }
        return query(values, "", keys, parts);
    }

    private Query manyQuery(Statement.Parameters p) {
        List<QueryPart> parts = new ArrayList<>();
        List<String> given = new ArrayList<>();
        List<String> values = new ArrayList<>();
        List<QueryPart> of = set.unnested(p);
        for (int i = 0; i < of.size(); i++) {
            Column<T> column = set.all().get(i);
            String name = column.field().getName();
            String place = "{" + parts.size() + "}";
            parts.add(of.get(i));
            if (column.always() == null) {
                given.add(place + " AS " + name);
                values.add(name + " = given." + name);
            } else {
                values.add(name + " = " + place);
            }
        }
        List<String> keys = new ArrayList<>();
        List<QueryPart> byKey = key.unnested(p);
        for (int i = 0; i < byKey.size(); i++) {
            String name = key.all().get(i).field().getName();
            given.add("{%d} AS key_%s".formatted(parts.size(), name));
            keys.add("%s.%s = given.key_%s".formatted(set.table().getName(), name, name));
            parts.add(byKey.get(i));
        }
        String from =
                given.stream().collect(Collectors.joining(", ", " FROM (SELECT ", ") AS given"));
        return query(values, from, keys, parts);
    }

    private Query query(
            List<String> values, String from, List<String> keys, List<QueryPart> parts) {
        if (keys.isEmpty()) {
            throw new IllegalStateException("An update of " + set.table() + " names no key.");
        }
        return SQL.query(
                "UPDATE %s SET %s%s WHERE %s"
                        .formatted(
                                set.table().getName(),
                                String.join(", ", values),
                                from,
                                String.join(" AND ", keys)),
                parts.toArray(QueryPart[]::new));
    }
}
