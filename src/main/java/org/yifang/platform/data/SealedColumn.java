package org.yifang.platform.data;

import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.DSL;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A column of what is sealed under the master key, in a table that is not large: rows that are not
/// under the newest one yet are found by how their values begin, so that it goes on by itself
/// wherever it was left.
///
/// @param name what it holds, for the operator
/// @param value bytes, or text in which sealed bytes stand in base64
/// @param before what stands before the base64 of a text; empty for bytes
/// @param place what a value was sealed for
/// @param only of which rows
public record SealedColumn(
        String name,
        Table<?> table,
        List<Field<?>> key,
        Field<?> value,
        String before,
        Function<Row, String> place,
        Condition only) {
    /// A first byte of a sealed value tells its form, and with the number of its master key before
    /// it that is four characters of base64.
    private static final byte FORM = 1;

    /// Seals anew what was sealed for a place.
    @FunctionalInterface
    public interface Reseal {
        byte[] reseal(byte[] sealed, String place);
    }

    /// A column that holds the sealed bytes.
    public static SealedColumn bytes(
            String name,
            Table<?> table,
            List<Field<?>> key,
            Field<byte[]> value,
            Function<Row, String> place) {
        return new SealedColumn(name, table, key, value, "", place, DSL.noCondition());
    }

    /// A column of texts as [TextSeal] writes them.
    public static SealedColumn texts(
            String name, Table<?> table, List<Field<?>> key, Field<String> value) {
        return new SealedColumn(
                name, table, key, value, TextSeal.mark(), _ -> "text", DSL.noCondition());
    }

    /// A column of JSON with a member that holds the sealed bytes in base64.
    ///
    /// @param member what stands before them, `"reason":"`
    public static SealedColumn member(
            String name,
            Table<?> table,
            List<Field<?>> key,
            Field<String> value,
            String member,
            String place) {
        return new SealedColumn(name, table, key, value, member, _ -> place, DSL.noCondition());
    }

    /// Without rows that the version before wrote in clear.
    public SealedColumn where(Condition sealed) {
        return new SealedColumn(name, table, key, value, before, place, sealed);
    }

    /// How many rows are under another master key.
    public long count(Database database, byte[] newest) {
        return database.run(SQL.select(DSL.count().as("n")).from(table).where(stale(newest)))
                .iterator()
                .next()
                .getLong("n");
    }

    /// Reseals some of them, in one transaction with the event of what the ledger sees of it.
    ///
    /// @param newest what every value under the newest master key begins with
    /// @return how many
    public int rewrite(Database database, byte[] newest, int most, Reseal reseal) {
        return database.inTransaction(tx -> {
            List<Field<?>> all = new ArrayList<>(key);
            all.add(value);
            int changed = 0;
            for (Row row :
                    tx.run(
                            SQL.select(all)
                                    .from(table)
                                    .where(stale(newest))
                                    .orderBy(key)
                                    .limit(most)
                                    .forUpdate())) {
                var _ =
                        tx.start(
                                SQL.update(table)
                                        .set(Map.of(value, resealed(row, reseal)))
                                        .where(at(row)));
                changed++;
            }
            return changed;
        });
    }

    private Condition at(Row row) {
        Condition all = DSL.noCondition();
        for (Field<?> one : key) {
            all = all.and(equal(one, row));
        }
        return all;
    }

    private static <T> Condition equal(Field<T> field, Row row) {
        return field.eq(Rows.get(row, field));
    }

    private Object resealed(Row row, Reseal reseal) {
        return before.isEmpty()
                ? reseal.reseal(Rows.get(row, value.coerce(byte[].class)), place.apply(row))
                : text(Rows.get(row, value.coerce(String.class)), place.apply(row), reseal);
    }

    private String text(String text, String associated, Reseal reseal) {
        int from = text.indexOf(before) + before.length();
        int to = from;
        while (to < text.length() && text.charAt(to) != '"') {
            to++;
        }
        String old = text.substring(from, to);
        boolean url = before.equals(TextSeal.mark());
        byte[] sealed = (url ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(old);
        byte[] fresh = reseal.reseal(sealed, associated);
        String written =
                url
                        ? Base64.getUrlEncoder().withoutPadding().encodeToString(fresh)
                        : Base64.getEncoder().encodeToString(fresh);
        return text.substring(0, from) + written + text.substring(to);
    }

    private Condition stale(byte[] newest) {
        if (before.isEmpty()) {
            Field<byte[]> held = value.coerce(byte[].class);
            Field<byte[]> begins =
                    DSL.function(
                            "substring",
                            byte[].class,
                            held,
                            DSL.inline(1),
                            DSL.inline(newest.length));
            return held.isNotNull().and(begins.ne(newest)).and(only);
        }
        Field<String> held = value.coerce(String.class);
        byte[] begins = Arrays.copyOf(newest, newest.length + 1);
        begins[newest.length] = FORM;
        return held.contains(before)
                .and(held.notContains(before + Base64.getUrlEncoder().encodeToString(begins)))
                .and(held.notContains(before + Base64.getEncoder().encodeToString(begins)))
                .and(only);
    }
}
