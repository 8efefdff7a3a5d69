package org.yifang.fhir.search;

import static org.yifang.platform.data.Database.SQL;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record1;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

import java.util.Collection;

/// How a row leads to the id of a resource: by a column of its own, or through another row.
public final class Link {
    /// The other row: where its column `there` has the value of our own.
    private record Through(Table<?> table, Field<?> there, Condition condition) {}

    private final Field<?> own;
    private final Field<?> target;
    private final @Nullable Through through;

    private Link(Field<?> own, Field<?> target, @Nullable Through through) {
        this.own = own;
        this.target = target;
        this.through = through;
    }

    /// A column that holds the id.
    static Link by(Field<?> column) {
        return new Link(column, column, null);
    }

    /// The id in another table's row.
    ///
    /// @param own our column
    /// @param table the other, by an alias that stands nowhere else
    /// @param there its column that has the value of ours
    /// @param id its column with the id
    /// @param condition which rows of it count
    public static <T> Link through(
            Field<T> own, Table<?> table, Field<T> there, Field<?> id, Condition condition) {
        return new Link(own, id, new Through(table, there, condition));
    }

    /// The id that a row leads to.
    Field<?> id() {
        return through == null
                ? target
                : DSL.field(
                        SQL.select(target)
                                .from(through.table())
                                .where(equal(through.there(), own))
                                .and(through.condition())
                                .limit(DSL.inline(1)));
    }

    Condition present() {
        return through == null
                ? target.isNotNull()
                : in(own, SQL.select(through.there()).from(through.table()).where(others()));
    }

    private Condition others() {
        Through other = java.util.Objects.requireNonNull(through);
        return other.condition().and(other.there().isNotNull());
    }

    /// Rows that lead to one of these ids; first the other table is asked, by its id.
    Condition in(Collection<?> ids) {
        return rows(target.in(ids));
    }

    /// Rows that lead to one of those ids.
    Condition in(Select<?> ids) {
        return rows(in(target, ids));
    }

    private Condition rows(Condition onTarget) {
        return through == null
                ? onTarget
                : in(
                        own,
                        SQL.select(through.there())
                                .from(through.table())
                                .where(others())
                                .and(onTarget));
    }

    /// What leads to these: the ids that are referred to by rows of `table` that meet `condition`.
    Select<?> targets(Table<?> table, Condition condition) {
        if (through == null) {
            return SQL.select(target).from(table).where(condition).and(target.isNotNull());
        }
        return SQL.select(target)
                .from(through.table())
                .where(others())
                .and(in(through.there(), SQL.select(own).from(table).where(condition)));
    }

    @SuppressWarnings("unchecked") // Both keep the same kind of id; jOOQ asks for its name.
    private static <T> Condition equal(Field<?> one, Field<?> other) {
        return ((Field<T>) one).eq((Field<T>) other);
    }

    @SuppressWarnings("unchecked") // One column is selected, and of the field's own kind.
    private static <T> Condition in(Field<?> field, Select<?> values) {
        return ((Field<T>) field).in((Select<Record1<T>>) values);
    }

    Class<?> type() {
        return target.getType();
    }
}
