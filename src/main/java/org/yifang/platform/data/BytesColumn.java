package org.yifang.platform.data;

import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.DSL;

import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// A column of bytes that is rewritten page by page while everybody goes on reading and writing.
///
/// @param name what it holds, for the operator
public record BytesColumn(String name, Table<?> table, Field<UUID> id, Field<byte[]> value) {

    /// What a step did.
    ///
    /// @param last the last row it looked at, null when there was none
    public record Page(UUID last, int seen, int changed) {}

    /// How many rows have a value.
    public long count(Database database) {
        Field<Integer> all = DSL.count();
        return database.run(SQL.select(all.as("n")).from(table).where(value.isNotNull()))
                .iterator()
                .next()
                .getLong("n");
    }

    /// Looks at the next rows and rewrites those that need it.
    public Page rewrite(
            Database database,
            UUID after,
            int most,
            Predicate<byte[]> isCurrent,
            UnaryOperator<byte[]> rewrite) {
        UUID last = after;
        int seen = 0;
        int changed = 0;
        for (Row row :
                database.run(
                        SQL.select(id, value)
                                .from(table)
                                .where(id.gt(after))
                                .and(value.isNotNull())
                                .orderBy(id)
                                .limit(most))) {
            last = Rows.get(row, id);
            seen++;
            byte[] old = Rows.get(row, value);
            if (!isCurrent.test(old)) {
                // Whoever changed it meanwhile wrote what is current.
                database.run(
                        SQL.update(table)
                                .set(value, rewrite.apply(old))
                                .where(id.eq(last))
                                .and(value.eq(old)));
                changed++;
            }
        }
        return new Page(last, seen, changed);
    }
}
