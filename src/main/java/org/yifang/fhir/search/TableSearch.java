package org.yifang.fhir.search;

import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Condition;
import org.jooq.Select;
import org.jooq.SelectField;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Ids;
import org.yifang.fhir.Scopes;
import org.yifang.fhir.SqlCaller;
import org.yifang.fhir.search.SearchQuery.Include;
import org.yifang.platform.Caller;
import org.yifang.platform.Limits;
import org.yifang.platform.data.Database;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Runs one search on a table: its page, its total and what is included, in two round trips.
final class TableSearch {
    private final TableSource source;
    private final Database database;
    private final SearchQuery query;
    private final Caller caller;
    private final Instant now;
    private final String base;
    private boolean cut;

    TableSearch(
            TableSource source,
            Database database,
            SearchQuery query,
            Caller caller,
            Instant now,
            String base) {
        this.source = source;
        this.database = database;
        this.query = query;
        this.caller = caller;
        this.now = now;
        this.base = base;
    }

    SearchPage run() {
        Condition matching = matching();
        Future<RowSet<Row>> counted =
                query.total() || query.countOnly() ? startCount(matching) : null;
        if (query.countOnly() && counted != null) {
            return new SearchPage(List.of(), List.of(), number(counted), null, false);
        }
        return page(matching, counted);
    }

    /// What the caller sees and asks for.
    Condition matching() {
        List<Condition> conditions = new ArrayList<>();
        conditions.add(source.visible(caller.role(), SqlCaller.is(caller, now)));
        conditions.addAll(new Conditions(caller, now, base).all(query.criteria()));
        return DSL.and(conditions);
    }

    Future<RowSet<Row>> startCount(Condition matching) {
        return database.start(
                SQL.select(DSL.count().as("_n")).from(source.stored.table).where(matching));
    }

    static long number(Future<RowSet<Row>> counted) {
        return counted.await().iterator().next().getLong("_n");
    }

    Keyset keyset() {
        return new Keyset(query.sorts(), source.stored.id());
    }

    /// What was erased is absent from a search, and no reason to answer nothing.
    private List<Source.Found> unlessGone(Row row) {
        try {
            return List.of(source.found(row, caller));
        } catch (Problem problem) {
            if (problem.code() == ProblemCode.GONE) {
                return List.of();
            }
            throw problem;
        }
    }

    Source.Found found(Row row) {
        return source.found(row, caller);
    }

    /// Whether more should have been included than there may be.
    boolean isCut() {
        return cut;
    }

    /// The keys of the page and one beyond, with the id and `more`.
    Select<?> keys(Condition matching, SelectField<?> more) {
        Keyset keyset = keyset();
        List<SelectField<?>> columns = new ArrayList<>(keyset.columns());
        columns.add(source.stored.id().as("_id"));
        columns.add(more);
        return SQL.select(columns)
                .from(source.stored.table)
                .where(query.after() == null ? matching : matching.and(keyset.after(query.after())))
                .orderBy(keyset.order())
                .limit(DSL.inline(query.count() + 1));
    }

    /// The rows with these ids, as far as the caller sees them.
    Select<?> rows(List<Object> ids) {
        return SQL.select(columns())
                .from(source.stored.table)
                .where(source.visible(caller.role(), SqlCaller.is(caller, now)))
                .and(anyOf(Link.by(source.stored.id()), new HashSet<>(ids)));
    }

    private Set<SelectField<?>> columns() {
        Set<SelectField<?>> columns = new LinkedHashSet<>(source.stored.allColumns());
        for (Include include : query.includes()) {
            columns.add(link(include).id().as(alias(include)));
        }
        return columns;
    }

    /// The order of a search of this table alone.
    private Keyset ownKeyset() {
        Stored.First first = source.stored.first();
        return first != null && first.isFor(caller, query)
                ? new Keyset(first, source.stored.id())
                : keyset();
    }

    private SearchPage page(Condition matching, @Nullable Future<RowSet<Row>> counted) {
        Keyset keyset = ownKeyset();
        Set<SelectField<?>> columns = columns();
        columns.addAll(keyset.columns());
        RowSet<Row> rows =
                database.run(
                        SQL.select(columns)
                                .from(source.stored.table)
                                .where(
                                        query.after() == null
                                                ? matching
                                                : matching.and(keyset.after(query.after())))
                                .orderBy(keyset.order())
                                .limit(DSL.inline(query.count() + 1)));
        List<Row> page = new ArrayList<>();
        rows.forEach(page::add);
        boolean more = page.size() > query.count();
        if (more) {
            page.removeLast();
        }
        List<Source.Found> matches = new ArrayList<>();
        for (Row row : page) {
            matches.addAll(unlessGone(row));
        }
        Long total = counted == null ? null : (Long) number(counted);
        if (total == null && query.after() == null && !more) {
            // The first page shows them all, so the number costs nothing.
            total = (long) matches.size();
        }
        return new SearchPage(
                matches,
                included(page, matches),
                total,
                more ? keyset.place(page.getLast()) : null,
                cut);
    }

    /// Names of parameters have hyphens, those of columns have not.
    private static String alias(Include include) {
        return "_r_" + include.by().name.replace('-', '_');
    }

    private static Link link(Include include) {
        return java.util.Objects.requireNonNull(include.by().link());
    }

    /// What the matches on a page refer to, and what refers to them.
    List<Source.Found> included(List<Row> page, List<Source.Found> matches) {
        Map<String, Source.Found> included = new LinkedHashMap<>();
        List<Future<RowSet<Row>>> answers = new ArrayList<>();
        List<TableSource> from = new ArrayList<>();
        for (Include include : query.includes()) {
            Set<Object> ids = new HashSet<>();
            page.forEach(row -> ids.add(row.getValue(alias(include))));
            ids.remove(null);
            answers.add(start(include.other(), Link.by(include.other().stored.id()), ids));
            from.add(include.other());
        }
        for (Include include : query.reverseIncludes()) {
            Set<Object> ids = new HashSet<>();
            page.forEach(row -> ids.add(row.getValue("_id")));
            answers.add(start(include.other(), link(include), ids));
            from.add(include.other());
        }
        Set<String> there = new HashSet<>();
        matches.forEach(match -> there.add(match.type() + '/' + match.id()));
        for (int i = 0; i < answers.size(); i++) {
            for (Row row : answers.get(i).await()) {
                Source.Found found = from.get(i).found(row, caller);
                String key = found.type() + '/' + found.id();
                if (there.contains(key) || included.containsKey(key)) {
                    continue;
                }
                if (included.size() == Limits.INCLUDED_MOST) {
                    cut = true;
                    break;
                }
                included.put(key, found);
            }
        }
        return List.copyOf(included.values());
    }

    private Future<RowSet<Row>> start(TableSource other, Link link, Set<Object> ids) {
        boolean covered = Scopes.cover(caller.scopes(), other.type(), 'r');
        return database.start(
                SQL.select(other.stored.allColumns())
                        .from(other.stored.table)
                        .where(covered ? DSL.noCondition() : DSL.falseCondition())
                        .and(other.visible(caller.role(), SqlCaller.is(caller, now)))
                        .and(anyOf(link, ids))
                        .orderBy(other.stored.id())
                        .limit(DSL.inline(Limits.INCLUDED_MOST + 1)));
    }

    private static Condition anyOf(Link link, Set<Object> ids) {
        boolean uuids = link.type() == UUID.class;
        List<Object> values = new ArrayList<>();
        for (Object id : ids) {
            if (!uuids) {
                values.add(id.toString());
            } else if (id instanceof UUID uuid) {
                values.add(uuid);
            } else {
                Ids.uuid(id.toString()).ifPresent(values::add);
            }
        }
        return link.in(values);
    }
}
