package org.yifang.platform.data;

import org.jooq.Field;
import org.jooq.Param;
import org.jooq.Query;
import org.jooq.conf.ParamType;
import org.jooq.impl.DSL;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/// A statement that jOOQ writes once, for hot paths: rendering costs more than many a query.
public final class Statement {
    private final String sql;
    private final int parameters;

    private Statement(String sql, int parameters) {
        this.sql = sql;
        this.parameters = parameters;
    }

    /// Hands out the parameters of a statement; the order of the calls is the order of the values.
    public static final class Parameters {
        private final List<Param<?>> given = new ArrayList<>();

        /// The next parameter, of the type of `field`.
        public <T> Param<T> like(Field<T> field) {
            Param<T> next = DSL.param(String.valueOf(given.size() + 1), field.getDataType());
            given.add(next);
            return next;
        }

        /// The next parameter, an array of values of the type of `field`.
        public <T> Param<T[]> array(Field<T> field) {
            Param<T[]> next =
                    DSL.param(String.valueOf(given.size() + 1), field.getDataType().array());
            given.add(next);
            return next;
        }
    }

    /// Writes a statement: `Statement.of(p -> SQL.select(A).from(T).where(ID.eq(p.like(ID))))`.
    /// Only what `p.like` gave becomes a parameter; constants inside it stay constants.
    ///
    /// @throws IllegalArgumentException when a parameter was asked for and does not stand in it: no
    ///   call of the statement could ever succeed
    public static Statement of(Function<Parameters, Query> writer) {
        Parameters parameters = new Parameters();
        Query query = writer.apply(parameters);
        String sql = query.getSQL(ParamType.NAMED_OR_INLINED);
        for (int i = 1; i <= parameters.given.size(); i++) {
            if (!Pattern.compile("\\$" + i + "(?!\\d)").matcher(sql).find()) {
                throw new IllegalArgumentException("parameter " + i + " is not in: " + sql);
            }
        }
        return new Statement(sql, parameters.given.size());
    }

    /// The text with `$1`, `$2`.
    public String sql() {
        return sql;
    }

    int parameters() {
        return parameters;
    }
}
