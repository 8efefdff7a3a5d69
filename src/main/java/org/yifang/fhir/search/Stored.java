package org.yifang.fhir.search;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.SqlCaller;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;

/// Declares how one resource type is read and searched from its table: the engine does the rest.
///
/// Searches without `_sort` come newest first by id, an order that no later change disturbs, unless
/// [#first] names another.
public final class Stored {
    /// Makes the JSON of one resource of a row, usually by handing out stored bytes.
    @FunctionalInterface
    public interface Renderer {
        byte[] json(Row row, Caller caller);
    }

    /// Which rows a caller sees.
    @FunctionalInterface
    public interface Seen {
        Condition by(SqlCaller who);
    }

    /// Collects whose data an answer contains.
    ///
    /// @param reader who is answered
    public record Touched(Caller reader, List<UUID> patients, List<UUID> tasks) {
        public void patient(UUID id) {
            patients.add(id);
        }

        public void task(UUID id) {
            tasks.add(id);
        }
    }

    /// Where former versions are kept.
    record History(
            Table<?> table,
            Field<?> id,
            Field<Long> version,
            Field<Instant> lastUpdated,
            List<Field<?>> columns,
            Renderer renderer) {}

    final String type;
    final Table<?> table;
    private @Nullable Field<?> id;
    private @Nullable Field<Long> version;
    private @Nullable Field<Instant> lastUpdated;
    private final Map<Role, Seen> visible = new EnumMap<>(Role.class);
    private List<Field<?>> columns = List.of();
    private @Nullable Renderer renderer;
    private @Nullable Field<UUID> patient;
    private @Nullable Field<UUID> task;
    private @Nullable BiConsumer<Row, Touched> touching;
    private @Nullable History history;
    private @Nullable First first;
    private final EnumSet<Role> varying = EnumSet.noneOf(Role.class);
    private boolean searchable = true;
    private final Map<String, SearchBy> searches = new LinkedHashMap<>();

    /// An order of its own for one search of one role.
    ///
    /// @param asked by which parameter with which code it is asked for
    record First(Role role, Map<String, String> asked, List<Field<?>> keys) {
        /// Whether a search asks for these and nothing else of such a parameter.
        boolean isFor(Caller caller, SearchQuery query) {
            return caller.is(role)
                    && query.sorts().isEmpty()
                    && query.criteria().stream()
                            .anyMatch(one ->
                                    asked.containsKey(one.by().name)
                                            && one.modifier() == null
                                            && one.chains().isEmpty()
                                            && one.values().stream()
                                                    .allMatch(
                                                            value -> isCode(one.by().name, value)));
        }

        private boolean isCode(String parameter, String value) {
            return value.substring(value.indexOf('|') + 1).equals(asked.get(parameter));
        }
    }

    private Stored(String type, Table<?> table) {
        this.type = type;
        this.table = table;
    }

    /// Begins the declaration of a resource type over a table, a view or a join.
    public static Stored of(String type, Table<?> table) {
        return new Stored(type, table);
    }

    /// The column of the id: of type UUID or text. For resources whose id is that of another row,
    /// name that column.
    public Stored id(Field<?> column) {
        id = column;
        return this;
    }

    /// The columns behind `meta.versionId` and `meta.lastUpdated`.
    public Stored version(Field<Long> number, Field<Instant> updated) {
        version = number;
        lastUpdated = updated;
        return this;
    }

    /// What a role sees; a role that is never named gets 403 `RX-1002`.
    public Stored visible(Role role, Seen rows) {
        visible.put(role, rows);
        return this;
    }

    /// Roles that see every row.
    public Stored visibleToAll(Role first, Role... others) {
        for (Role role : EnumSet.of(first, others)) {
            visible.put(role, who -> org.jooq.impl.DSL.noCondition());
        }
        return this;
    }

    /// The columns that the renderer reads (by [org.yifang.platform.data.Rows]); names must differ.
    public Stored columns(Field<?>... needed) {
        columns = List.copyOf(Arrays.asList(needed));
        return this;
    }

    public Stored render(Renderer how) {
        renderer = how;
        return this;
    }

    /// Roles for which one version may hold this now and that later, as what is masked does: they
    /// are never answered 304.
    public Stored varyingFor(Role first, Role... others) {
        varying.addAll(EnumSet.of(first, others));
        return this;
    }

    boolean varies(Role role) {
        return varying.contains(role);
    }

    /// The column that says whose data a row is, for the audit record of each answer.
    public Stored patient(Field<UUID> column) {
        patient = column;
        return this;
    }

    /// The column of the prescription Task that a row belongs to, for the audit record.
    public Stored task(Field<UUID> column) {
        task = column;
        return this;
    }

    /// For rows that concern several patients or Tasks.
    public Stored touching(BiConsumer<Row, Touched> how) {
        touching = how;
        return this;
    }

    /// Adds a search parameter.
    public Stored search(SearchBy by) {
        if (searches.put(by.name, by) != null) {
            throw new IllegalArgumentException(type + " has two parameters " + by.name + ".");
        }
        return this;
    }

    /// The order in which a role gets what it asks for, without `_sort`.
    ///
    /// @param asked by which parameter with which code
    public Stored first(Role role, Map<String, String> asked, Field<?>... keys) {
        first = new First(role, Map.copyOf(asked), List.copyOf(Arrays.asList(keys)));
        return this;
    }

    /// Read only: no search.
    public Stored notSearchable() {
        searchable = false;
        return this;
    }

    /// The table of former versions and the current one, for `vread` and `_history`.
    public Stored history(
            Table<?> versions,
            Field<?> idOf,
            Field<Long> versionOf,
            Field<Instant> updated,
            Renderer how,
            Field<?>... needed) {
        history =
                new History(
                        versions,
                        idOf,
                        versionOf,
                        updated,
                        List.copyOf(Arrays.asList(needed)),
                        how);
        return this;
    }

    Field<?> id() {
        return needed(id, "id");
    }

    Field<Long> version() {
        return needed(version, "version");
    }

    Field<Instant> lastUpdated() {
        return needed(lastUpdated, "version");
    }

    Renderer renderer() {
        return needed(renderer, "renderer");
    }

    private <T> T needed(@Nullable T declared, String what) {
        if (declared == null) {
            throw new IllegalStateException("Stored " + type + " declares no " + what + ".");
        }
        return declared;
    }

    @Nullable Seen visible(Role role) {
        return visible.get(role);
    }

    EnumSet<Role> roles() {
        return visible.isEmpty() ? EnumSet.noneOf(Role.class) : EnumSet.copyOf(visible.keySet());
    }

    @Nullable Field<UUID> patient() {
        return patient;
    }

    @Nullable Field<UUID> task() {
        return task;
    }

    @Nullable BiConsumer<Row, Touched> touching() {
        return touching;
    }

    @Nullable First first() {
        return first;
    }

    @Nullable History history() {
        return history;
    }

    boolean isSearchable() {
        return searchable;
    }

    Map<String, SearchBy> searches() {
        return searches;
    }

    List<Field<?>> allColumns() {
        List<Field<?>> all = new ArrayList<>();
        all.add(id().as("_id"));
        all.add(version().as("_version"));
        all.add(lastUpdated().as("_updated"));
        if (patient != null) {
            all.add(patient.as("_patient"));
        }
        if (task != null) {
            all.add(task.as("_task"));
        }
        all.addAll(columns);
        return all;
    }
}
