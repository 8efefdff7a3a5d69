package org.yifang.fhir.search;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;

import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;

/// Where resources of one type are read and searched: a table or memory.
public sealed interface Source permits TableSource, UnionSource, MemorySource {
    String type();

    /// Who may read and search at all.
    EnumSet<Role> roles();

    boolean isSearchable();

    boolean hasHistory();

    Collection<SearchBy> searches();

    /// One resource as it leaves.
    ///
    /// @param patients whose data it contains
    /// @param tasks the prescription Tasks that it belongs to
    /// @param varies whether the same version may hold something else for the same caller
    record Found(
            String type,
            String id,
            long version,
            Instant lastUpdated,
            byte[] json,
            List<UUID> patients,
            List<UUID> tasks,
            boolean varies) {}

    /// What the audit record of a read that found nothing must name nevertheless.
    record Concerned(List<UUID> patients, List<UUID> tasks) {
        static final Concerned NOBODY = new Concerned(List.of(), List.of());
    }

    /// The resource, or null when it is not there for this caller.
    @org.jspecify.annotations.Nullable
    Found read(String id, Caller caller, Instant now);

    /// Whom a resource concerns that this caller does not see.
    Concerned hidden(String id);

    /// The version of a resource, or null when it is not there for this caller.
    @org.jspecify.annotations.Nullable
    Found version(String id, long version, Caller caller, Instant now);

    /// Which versions are asked for.
    ///
    /// @param most how many of them
    /// @param below only those before this one
    /// @param since only those of this moment or later
    record Past(int most, long below, Instant since) {
        public static final Instant EVER = Instant.EPOCH;
    }

    /// Versions, the newest first; null when the resource is not there for this caller.
    @Nullable List<Found> history(String id, Past past, Caller caller, Instant now);

    /// Answers a search, without its wrapping.
    ///
    /// @param base our base url, that references may begin with
    SearchPage search(SearchQuery query, Caller caller, Instant now, String base);

    /// The tables behind it, that can be chained to and included; none for memory.
    default List<TableSource> tables() {
        return List.of();
    }

    /// The search parameter of a name, or null.
    default @Nullable SearchBy searchBy(String name) {
        for (SearchBy by : searches()) {
            if (by.name.equals(name)) {
                return by;
            }
        }
        return null;
    }
}
