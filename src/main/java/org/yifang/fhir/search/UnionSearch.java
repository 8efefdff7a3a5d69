package org.yifang.fhir.search;

import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.SortField;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.Limits;
import org.yifang.platform.data.Database;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs one search on several tables: the database puts their keys in one order and cuts the page,
/// so that its order is the one and only; then each table gives its rows.
final class UnionSearch {
    private static final String PART = "_part";

    private final List<TableSearch> parts;
    private final SearchQuery query;
    private final Database database;

    UnionSearch(List<TableSearch> parts, SearchQuery query, Database database) {
        this.parts = parts;
        this.query = query;
        this.database = database;
    }

    /// Where a match is.
    private record Place(int part, Object id) {}

    SearchPage run() {
        List<Condition> matching = parts.stream().map(TableSearch::matching).toList();
        List<Future<RowSet<Row>>> counted = new ArrayList<>();
        if (query.total() || query.countOnly()) {
            for (int i = 0; i < parts.size(); i++) {
                counted.add(parts.get(i).startCount(matching.get(i)));
            }
        }
        if (query.countOnly()) {
            return new SearchPage(List.of(), List.of(), sum(counted), null, false);
        }
        List<Row> keys = new ArrayList<>();
        database.run(keys(matching)).forEach(keys::add);
        boolean more = keys.size() > query.count();
        if (more) {
            keys.removeLast();
        }
        Map<Place, Row> rows = rows(keys);
        List<Source.Found> matches = new ArrayList<>();
        List<List<Row>> byPart = new ArrayList<>();
        parts.forEach(_ -> byPart.add(new ArrayList<>()));
        for (Row key : keys) {
            Place place = place(key);
            Row row = rows.get(place);
            // A row that went away in between is no match any more.
            if (row != null) {
                matches.add(parts.get(place.part()).found(row));
                byPart.get(place.part()).add(row);
            }
        }
        Long total = counted.isEmpty() ? null : (Long) sum(counted);
        if (total == null && query.after() == null && !more) {
            total = (long) matches.size();
        }
        List<@Nullable String> next = more ? parts.getFirst().keyset().place(keys.getLast()) : null;
        return page(matches, byPart, total, next);
    }

    private SearchPage page(
            List<Source.Found> matches,
            List<List<Row>> byPart,
            @Nullable Long total,
            @Nullable List<@Nullable String> next) {
        Map<String, Source.Found> included = new LinkedHashMap<>();
        boolean cut = false;
        for (int i = 0; i < parts.size(); i++) {
            TableSearch part = parts.get(i);
            for (Source.Found one : part.included(byPart.get(i), matches)) {
                included.putIfAbsent(one.type() + '/' + one.id(), one);
            }
            cut |= part.isCut();
        }
        List<Source.Found> beside = included.values().stream().limit(Limits.INCLUDED_MOST).toList();
        cut |= beside.size() < included.size();
        return new SearchPage(matches, beside, total, next, cut);
    }

    private static long sum(List<Future<RowSet<Row>>> counted) {
        return counted.stream().mapToLong(TableSearch::number).sum();
    }

    private static Place place(Row key) {
        return new Place(key.getInteger(PART), key.getValue("_id"));
    }

    /// Each table's first keys, put in one order and cut again.
    private Select<?> keys(List<Condition> matching) {
        Select<Record> all = null;
        for (int i = 0; i < parts.size(); i++) {
            TableSearch part = parts.get(i);
            Select<Record> mine =
                    SQL.select(DSL.asterisk())
                            .from(
                                    part.keys(matching.get(i), DSL.inline(i).as(PART))
                                            .asTable("part" + i));
            all = all == null ? mine : all.unionAll(mine);
        }
        List<SortField<?>> order = parts.getFirst().keyset().outerOrder();
        return SQL.select(DSL.asterisk())
                .from(java.util.Objects.requireNonNull(all).asTable("keys"))
                .orderBy(order)
                .limit(DSL.inline(query.count() + 1));
    }

    private Map<Place, Row> rows(List<Row> keys) {
        List<Future<RowSet<Row>>> answers = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            int part = i;
            List<Object> ids =
                    keys.stream()
                            .map(UnionSearch::place)
                            .filter(place -> place.part() == part)
                            .map(Place::id)
                            .toList();
            answers.add(
                    ids.isEmpty()
                            ? Future.succeededFuture()
                            : database.start(parts.get(i).rows(ids)));
        }
        Map<Place, Row> rows = new HashMap<>();
        for (int i = 0; i < answers.size(); i++) {
            RowSet<Row> found = answers.get(i).await();
            if (found != null) {
                for (Row row : found) {
                    rows.put(new Place(i, row.getValue("_id")), row);
                }
            }
        }
        return rows;
    }

    /// A column of the keys by its name.
    static Field<Object> named(String name) {
        return DSL.field(DSL.name(name));
    }
}
