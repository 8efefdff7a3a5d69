package org.yifang.fhir.search;

import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Ids;
import org.yifang.fhir.SqlCaller;
import org.yifang.platform.Caller;
import org.yifang.platform.Limits;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Statement;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/// Reads and searches the table behind a [Stored].
public final class TableSource implements Source {
    /// A statement for one role, and how a caller's values get into it.
    private record Prepared(Statement statement, SqlCaller who) {
        Object[] values(List<@Nullable Object> first, Caller caller, Instant now) {
            List<@Nullable Object> all = new ArrayList<>(first);
            all.addAll(who.valuesOf(caller, now));
            return all.toArray();
        }
    }

    /// Statements on former versions: one of them, and all.
    private record Versions(Statement one, Statement all) {}

    final Stored stored;
    final Database database;
    private final Map<Role, Prepared> reads = new EnumMap<>(Role.class);
    private final @Nullable Statement concerned;
    private final @Nullable Versions versions;
    private final Map<String, SearchBy> searches = new LinkedHashMap<>();
    private final boolean uuids;

    public TableSource(Stored stored, Database database) {
        this.stored = stored;
        this.database = database;
        this.uuids = stored.id().getType() == UUID.class;
        for (Role role : stored.roles()) {
            reads.put(role, read(role));
        }
        this.concerned = concernedOf(stored);
        this.versions = versionsOf(stored.history());
        searches.put("_id", SearchBy.id(stored.id(), this::idValue));
        searches.put("_lastUpdated", SearchBy.date("_lastUpdated", stored.lastUpdated()));
        searches.putAll(stored.searches());
    }

    private static @Nullable Versions versionsOf(Stored.@Nullable History history) {
        if (history == null) {
            return null;
        }
        List<Field<?>> columns = new ArrayList<>(history.columns());
        columns.add(history.version().as("_version"));
        columns.add(history.lastUpdated().as("_updated"));
        return new Versions(
                Statement.of(p ->
                        SQL.select(columns)
                                .from(history.table())
                                .where(equal(p, history.id()))
                                .and(equal(p, history.version()))),
                Statement.of(p ->
                        SQL.select(columns)
                                .from(history.table())
                                .where(equal(p, history.id()))
                                .and(history.version().lt(p.like(history.version())))
                                .and(history.lastUpdated().ge(p.like(history.lastUpdated())))
                                .orderBy(history.version().desc())
                                .limit(DSL.inline(Limits.PAGE_MOST + 1))));
    }

    private Prepared read(Role role) {
        List<SqlCaller> whos = new ArrayList<>();
        Statement statement =
                Statement.of(p -> {
                    Condition same = equal(p, stored.id());
                    SqlCaller who = SqlCaller.anybody(p);
                    whos.add(who);
                    return SQL.select(stored.allColumns())
                            .from(stored.table)
                            .where(same.and(visible(role, who)));
                });
        return new Prepared(statement, whos.getLast());
    }

    private static <T> Condition equal(Statement.Parameters p, Field<T> field) {
        return field.eq(p.like(field));
    }

    Condition visible(Role role, SqlCaller who) {
        Stored.Seen rows = stored.visible(role);
        return rows == null ? DSL.falseCondition() : rows.by(who);
    }

    private static @Nullable Statement concernedOf(Stored stored) {
        List<Field<?>> columns = new ArrayList<>();
        if (stored.patient() != null) {
            columns.add(stored.patient().as("_patient"));
        }
        if (stored.task() != null) {
            columns.add(stored.task().as("_task"));
        }
        if (columns.isEmpty()) {
            return null;
        }
        return Statement.of(
                p -> SQL.select(columns).from(stored.table).where(equal(p, stored.id())).limit(1));
    }

    @Override
    public String type() {
        return stored.type;
    }

    @Override
    public List<TableSource> tables() {
        return List.of(this);
    }

    @Override
    public EnumSet<Role> roles() {
        return stored.roles();
    }

    @Override
    public boolean isSearchable() {
        return stored.isSearchable();
    }

    @Override
    public boolean hasHistory() {
        return stored.history() != null;
    }

    @Override
    public Collection<SearchBy> searches() {
        return searches.values();
    }

    @Override
    public @Nullable SearchBy searchBy(String name) {
        return searches.get(name);
    }

    /// The id as its column takes it, or null when no row can have it.
    @Nullable Object idValue(String id) {
        return uuids ? Ids.uuid(id).orElse(null) : Ids.isId(id) ? id : null;
    }

    @Override
    public @Nullable Found read(String id, Caller caller, Instant now) {
        Object value = idValue(id);
        Prepared prepared = reads.get(caller.role());
        if (value == null || prepared == null) {
            return null;
        }
        RowSet<Row> rows =
                database.run(prepared.statement(), prepared.values(List.of(value), caller, now));
        return rows.size() == 0 ? null : found(rows.iterator().next(), caller);
    }

    /// Which of these are there for a caller; only for ids that are UUIDs.
    public Set<UUID> visible(Collection<UUID> ids, Caller caller, Instant now) {
        Field<UUID> id = stored.id().coerce(UUID.class);
        Set<UUID> all = new HashSet<>();
        for (Row row :
                database.run(
                        SQL.select(id.as("_id"))
                                .from(stored.table)
                                .where(id.eq(DSL.any(ids.toArray(UUID[]::new))))
                                .and(visible(caller.role(), SqlCaller.is(caller, now))))) {
            all.add(row.getUUID("_id"));
        }
        return all;
    }

    Found found(Row row, Caller caller) {
        return found(row, caller, stored.renderer().json(row, caller));
    }

    private Found found(Row row, Caller caller, byte[] json) {
        List<UUID> patients = new ArrayList<>(1);
        List<UUID> tasks = new ArrayList<>(1);
        touched(row, new Stored.Touched(caller, patients, tasks));
        return new Found(
                stored.type,
                String.valueOf(row.getValue("_id")),
                row.getLong("_version"),
                row.get(OffsetDateTime.class, "_updated").toInstant(),
                json,
                patients,
                tasks,
                stored.varies(caller.role()));
    }

    private void touched(Row row, Stored.Touched touched) {
        if (stored.patient() != null && row.getUUID("_patient") != null) {
            touched.patient(row.getUUID("_patient"));
        }
        if (stored.task() != null && row.getUUID("_task") != null) {
            touched.task(row.getUUID("_task"));
        }
        if (stored.touching() != null) {
            stored.touching().accept(row, touched);
        }
    }

    @Override
    public Concerned hidden(String id) {
        Object value = idValue(id);
        if (concerned == null || value == null) {
            return Concerned.NOBODY;
        }
        RowSet<Row> rows = database.run(concerned, value);
        if (rows.size() == 0) {
            return Concerned.NOBODY;
        }
        Row row = rows.iterator().next();
        return new Concerned(
                stored.patient() == null || row.getUUID("_patient") == null
                        ? List.of()
                        : List.of(row.getUUID("_patient")),
                stored.task() == null || row.getUUID("_task") == null
                        ? List.of()
                        : List.of(row.getUUID("_task")));
    }

    @Override
    public @Nullable Found version(String id, long version, Caller caller, Instant now) {
        Found current = read(id, caller, now);
        if (current == null || versions == null) {
            return null;
        }
        RowSet<Row> rows = database.run(versions.one(), idOf(current), version);
        return rows.size() == 0 ? null : former(rows.iterator().next(), current, caller);
    }

    @Override
    public @Nullable List<Found> history(String id, Past past, Caller caller, Instant now) {
        Found current = read(id, caller, now);
        if (current == null || versions == null) {
            return null;
        }
        List<Found> found = new ArrayList<>();
        for (Row row : database.run(versions.all(), idOf(current), past.below(), past.since())) {
            if (found.size() < past.most()) {
                found.add(former(row, current, caller));
            }
        }
        return found;
    }

    private Object idOf(Found found) {
        return Objects.requireNonNull(idValue(found.id()));
    }

    /// A version belongs to whom the resource belongs.
    private Found former(Row row, Found current, Caller caller) {
        return new Found(
                stored.type,
                current.id(),
                row.getLong("_version"),
                row.get(OffsetDateTime.class, "_updated").toInstant(),
                Objects.requireNonNull(stored.history()).renderer().json(row, caller),
                current.patients(),
                current.tasks(),
                current.varies());
    }

    @Override
    public SearchPage search(SearchQuery query, Caller caller, Instant now, String base) {
        return new TableSearch(this, searched(caller), query, caller, now, base).run();
    }

    /// Where a search of this caller is read: those who watch must not slow down those who work.
    Database searched(Caller caller) {
        return caller.is(Role.BUREAU) || caller.is(Role.AUDITOR) ? database.forReports() : database;
    }
}
