package org.yifang.platform.data;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jooq.Param;
import org.jooq.Query;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A [Statement] whose parameters each stand beside what makes their value, for what [Insert] and
/// [Update] do not write: values inside expressions, further conditions, an answer.
///
/// ```java
/// private static final Prepared<Sold> SOLD =
///         Prepared.of(v -> SQL.update(T).set(T.N, T.N.plus(v.of(T.N, Sold::n))));
/// ```
///
/// A value of another type than its column's does not compile, and none can take another's place.
///
/// @param <T> what the values are made of
public final class Prepared<T> {
    /// Hands out the parameters of a statement.
    ///
    /// @param <T> what the values are made of
    public static final class Values<T> {
        private final Statement.Parameters parameters;
        private final List<Function<? super T, ?>> values = new ArrayList<>();

        private Values(Statement.Parameters parameters) {
            this.parameters = parameters;
        }

        /// The next parameter, of the type of `field`, and what makes its value.
        public <V> Param<V> of(Field<V> field, Function<? super T, ? extends @Nullable V> value) {
            values.add(value);
            return parameters.like(field);
        }

        /// The next parameter, an array of values of the type of `field`.
        public <V> Param<V[]> array(Field<V> field, Function<? super T, V[]> value) {
            values.add(value);
            return parameters.array(field);
        }

        /// What stands for each of `columns`, in their order, with their values.
        public List<Field<?>> of(Columns<T> columns) {
            columns.given().forEach(one -> values.add(one.value()));
            return columns.single(parameters);
        }
    }

    private final Statement statement;
    private final List<Function<? super T, ?>> values;

    private Prepared(Statement statement, List<Function<? super T, ?>> values) {
        this.statement = statement;
        this.values = List.copyOf(values);
    }

    /// Writes a statement; see [Statement#of].
    public static <T> Prepared<T> of(Function<Values<T>, Query> writer) {
        List<Function<? super T, ?>> values = new ArrayList<>();
        Statement statement =
                Statement.of(parameters -> {
                    Values<T> given = new Values<>(parameters);
                    Query query = writer.apply(given);
                    values.addAll(given.values);
                    return query;
                });
        return new Prepared<>(statement, values);
    }

    /// Sends it; see [Tx#start].
    public Future<RowSet<Row>> start(Tx tx, T one) {
        return tx.start(statement, values(one));
    }

    /// Sends it by itself; see [Database#start].
    public Future<RowSet<Row>> start(Database database, T one) {
        return database.start(statement, values(one));
    }

    /// Sends it once for each.
    public void startAll(Tx tx, List<T> all) {
        if (!all.isEmpty()) {
            var _ = tx.startBatch(statement, all.stream().map(this::values).toList());
        }
    }

    private @Nullable Object[] values(T one) {
        return values.stream().<@Nullable Object>map(value -> value.apply(one)).toArray();
    }
}
