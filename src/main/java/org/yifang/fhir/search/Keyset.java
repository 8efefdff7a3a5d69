package org.yifang.fhir.search;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.SelectField;
import org.jooq.SortField;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.search.SearchQuery.Sort;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// The order of a search, and the place in it where a page ended: paging that stays true while rows
/// come and go, since it names a place and not a count.
final class Keyset {
    private record Key(Field<Object> field, boolean descending) {
        boolean nullable() {
            return field.getDataType().nullable();
        }
    }

    private final List<Key> keys = new ArrayList<>();

    /// The keys of `sorts`, then the id, in the direction of the last key; newest first without
    /// any.
    Keyset(List<Sort> sorts, Field<?> id) {
        boolean descending = true;
        boolean byId = false;
        for (Sort sort : sorts) {
            Field<?> field = Objects.requireNonNull(sort.by().sortField());
            descending = sort.descending();
            keys.add(key(field, descending));
            byId |= field.equals(id);
        }
        if (!byId) {
            keys.add(key(id, descending));
        }
    }

    /// Rising keys, then the id.
    Keyset(Stored.First first, Field<?> id) {
        first.keys().forEach(field -> keys.add(key(field, false)));
        keys.add(key(id, false));
    }

    @SuppressWarnings("unchecked") // Its values are read by the field's own type.
    private static Key key(Field<?> field, boolean descending) {
        return new Key((Field<Object>) field, descending);
    }

    List<SortField<?>> order() {
        List<SortField<?>> order = new ArrayList<>();
        for (Key key : keys) {
            order.add(key.descending() ? key.field().desc() : key.field().asc());
        }
        return order;
    }

    /// The same order over the columns that [#columns] selected.
    List<SortField<?>> outerOrder() {
        List<SortField<?>> order = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            Field<Object> column = UnionSearch.named("_s" + i);
            order.add(keys.get(i).descending() ? column.desc() : column.asc());
        }
        return order;
    }

    /// The columns to be selected so that [#place] can tell where a row stands.
    List<SelectField<?>> columns() {
        List<SelectField<?>> columns = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            columns.add(keys.get(i).field().as("_s" + i));
        }
        return columns;
    }

    List<@Nullable String> place(Row row) {
        List<@Nullable String> place = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            Object value = row.getValue("_s" + i);
            place.add(value == null ? null : value.toString());
        }
        return place;
    }

    /// Everything behind a place.
    Condition after(List<@Nullable String> place) {
        if (place.size() != keys.size()) {
            throw new IllegalArgumentException("The place has another number of keys.");
        }
        if (keys.stream().allMatch(key -> !key.nullable() && key.descending() == descending())) {
            return simply(place);
        }
        Condition after = DSL.falseCondition();
        for (int i = keys.size() - 1; i >= 0; i--) {
            Key key = keys.get(i);
            Object value = value(key.field(), place.get(i));
            Condition same = value == null ? key.field().isNull() : key.field().eq(value);
            after = beyond(key, value).or(same.and(after));
        }
        return after;
    }

    private boolean descending() {
        return keys.getFirst().descending();
    }

    /// One comparison of rows, which an index over the same columns serves.
    private Condition simply(List<@Nullable String> place) {
        List<Field<?>> fields = new ArrayList<>();
        List<Field<?>> values = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            Field<Object> field = keys.get(i).field();
            fields.add(field);
            values.add(DSL.val(value(field, place.get(i)), field.getDataType()));
        }
        if (fields.size() == 1) {
            Field<Object> only = keys.getFirst().field();
            Object value = value(only, place.getFirst());
            return descending() ? only.lt(value) : only.gt(value);
        }
        return descending()
                ? DSL.row(fields).lt(DSL.row(values))
                : DSL.row(fields).gt(DSL.row(values));
    }

    /// PostgreSQL takes null for greater than everything.
    private static Condition beyond(Key key, @Nullable Object value) {
        Field<Object> field = key.field();
        if (value == null) {
            return key.descending() ? field.isNotNull() : DSL.falseCondition();
        }
        if (key.descending()) {
            return field.lt(value);
        }
        return key.nullable() ? field.gt(value).or(field.isNull()) : field.gt(value);
    }

    private static @Nullable Object value(Field<?> field, @Nullable String text) {
        Class<?> type = field.getType();
        if (text == null || type == String.class) {
            return text;
        } else if (type == UUID.class) {
            return UUID.fromString(text);
        } else if (type == Instant.class) {
            return OffsetDateTime.parse(text).toInstant();
        } else if (type == OffsetDateTime.class) {
            return OffsetDateTime.parse(text);
        } else if (type == LocalDate.class) {
            return LocalDate.parse(text);
        } else if (type == BigDecimal.class) {
            return new BigDecimal(text);
        } else if (type == Long.class) {
            return Long.valueOf(text);
        } else if (type == Integer.class) {
            return Integer.valueOf(text);
        } else if (type == Boolean.class) {
            return Boolean.valueOf(text);
        }
        throw new IllegalStateException("No search sorts by a " + type.getSimpleName() + ".");
    }
}
