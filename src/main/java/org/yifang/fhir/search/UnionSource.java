package org.yifang.fhir.search;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/// Resources of one type that live in several tables, each declared by its own domain: read where
/// they are found, searched in all of them in one order.
///
/// What a parameter means is each table's own matter. A table without the parameter has no match; a
/// sort needs the parameter in all of them. Chains reach into the first table.
public final class UnionSource implements Source {
    private final List<TableSource> tables;
    private final Map<String, SearchBy> searches = new LinkedHashMap<>();

    public UnionSource(List<TableSource> tables) {
        this.tables = List.copyOf(tables);
        for (TableSource table : tables) {
            table.searches().forEach(by -> searches.putIfAbsent(by.name, by));
        }
    }

    @Override
    public String type() {
        return tables.getFirst().type();
    }

    @Override
    public List<TableSource> tables() {
        return tables;
    }

    @Override
    public EnumSet<Role> roles() {
        EnumSet<Role> roles = EnumSet.noneOf(Role.class);
        tables.forEach(table -> roles.addAll(table.roles()));
        return roles;
    }

    @Override
    public boolean isSearchable() {
        return tables.stream().allMatch(TableSource::isSearchable);
    }

    @Override
    public boolean hasHistory() {
        return tables.stream().allMatch(TableSource::hasHistory);
    }

    @Override
    public Collection<SearchBy> searches() {
        return searches.values();
    }

    @Override
    public @Nullable SearchBy searchBy(String name) {
        return searches.get(name);
    }

    private <T> @Nullable T first(Function<TableSource, @Nullable T> read) {
        for (TableSource table : tables) {
            T found = read.apply(table);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    @Override
    public @Nullable Found read(String id, Caller caller, Instant now) {
        return this.<Found>first(table -> table.read(id, caller, now));
    }

    @Override
    public Concerned hidden(String id) {
        return tables.stream()
                .map(table -> table.hidden(id))
                .filter(concerned -> !concerned.equals(Concerned.NOBODY))
                .findFirst()
                .orElse(Concerned.NOBODY);
    }

    @Override
    public @Nullable Found version(String id, long version, Caller caller, Instant now) {
        return this.<Found>first(table -> table.version(id, version, caller, now));
    }

    @Override
    public @Nullable List<Found> history(String id, Past past, Caller caller, Instant now) {
        return this.<List<Found>>first(table -> table.history(id, past, caller, now));
    }

    @Override
    public SearchPage search(SearchQuery query, Caller caller, Instant now, String base) {
        Database at = tables.getFirst().searched(caller);
        List<TableSearch> parts = new ArrayList<>();
        for (TableSource table : tables) {
            SearchQuery asked = query.on(table);
            if (asked != null && table.roles().contains(caller.role())) {
                parts.add(new TableSearch(table, at, asked, caller, now, base));
            }
        }
        return switch (parts.size()) {
            case 0 -> new SearchPage(List.of(), List.of(), 0L, null, false);
            case 1 -> Objects.requireNonNull(parts.getFirst()).run();
            default -> new UnionSearch(parts, query, at).run();
        };
    }
}
