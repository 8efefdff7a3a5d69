package org.yifang.fhir.search;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Conformance;
import org.yifang.fhir.search.SearchQuery.Criterion;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;

import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Reads and searches conformance resources of one type, which are few and never change.
public final class MemorySource implements Source {
    private static final SearchBy URL = SearchBy.inMemory("url", "uri", "below");
    private static final SearchBy NAME = SearchBy.inMemory("name", "string", "exact", "contains");
    private static final SearchBy VERSION = SearchBy.inMemory("version", "token");
    private static final SearchBy TITLE = SearchBy.inMemory("title", "string", "exact", "contains");

    private static final List<SearchBy> SEARCHES =
            List.of(SearchBy.inMemory("_id", "token"), URL, NAME, VERSION, TITLE);

    /// What R4 does not search a type by, since the type has no such element.
    private static final Map<String, List<SearchBy>> WITHOUT =
            Map.of(
                    "Basic",
                    List.of(URL, NAME, VERSION, TITLE),
                    "NamingSystem",
                    List.of(VERSION, TITLE),
                    "SearchParameter",
                    List.of(TITLE));

    private final String type;
    private final List<SearchBy> searches;
    private final Map<String, Conformance.Entry> entries = new TreeMap<>();
    private final Instant since;
    private volatile Further further = (id, caller) -> null;

    /// Reads what is of the same type and stands elsewhere.
    @FunctionalInterface
    public interface Further {
        /// The resource, or null when it is not there for this caller.
        @Nullable Found read(String id, Caller caller);
    }

    /// @param since when they were loaded, their `Last-Modified`
    public MemorySource(String type, Collection<Conformance.Entry> entries, Instant since) {
        this.type = type;
        List<SearchBy> without = WITHOUT.getOrDefault(type, List.of());
        this.searches = SEARCHES.stream().filter(by -> !without.contains(by)).toList();
        this.since = since;
        entries.forEach(entry -> this.entries.put(entry.id(), entry));
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public EnumSet<Role> roles() {
        return EnumSet.allOf(Role.class);
    }

    @Override
    public boolean isSearchable() {
        return true;
    }

    @Override
    public boolean hasHistory() {
        return false;
    }

    @Override
    public Collection<SearchBy> searches() {
        return searches;
    }

    @Override
    public @Nullable Found read(String id, Caller caller, Instant now) {
        Conformance.Entry entry = entries.get(id);
        return entry == null ? further.read(id, caller) : found(entry);
    }

    /// Reads of an id that no conformance resource has are answered by this.
    public void readBeside(Further elsewhere) {
        further = elsewhere;
    }

    /// The resource with a canonical url, or null.
    public byte @Nullable [] byUrl(String url) {
        return entries.values().stream()
                .filter(entry -> entry.url().equals(url))
                .findFirst()
                .map(Conformance.Entry::json)
                .orElse(null);
    }

    private Found found(Conformance.Entry entry) {
        return new Found(type, entry.id(), 1, since, entry.sent(), List.of(), List.of(), false);
    }

    @Override
    public Concerned hidden(String id) {
        return Concerned.NOBODY;
    }

    @Override
    public @Nullable Found version(String id, long version, Caller caller, Instant now) {
        return null;
    }

    @Override
    public @Nullable List<Found> history(String id, Past past, Caller caller, Instant now) {
        return null;
    }

    @Override
    public SearchPage search(SearchQuery query, Caller caller, Instant now, String base) {
        List<Conformance.Entry> matching =
                entries.values().stream()
                        .filter(entry -> query.criteria().stream().allMatch(c -> is(entry, c)))
                        .toList();
        long total = matching.size();
        if (query.countOnly()) {
            return new SearchPage(List.of(), List.of(), total, null, false);
        }
        String after = query.after() == null ? null : query.after().getFirst();
        List<Conformance.Entry> rest =
                matching.stream()
                        .filter(entry -> after == null || entry.id().compareTo(after) > 0)
                        .limit(query.count() + 1L)
                        .toList();
        boolean more = rest.size() > query.count();
        List<Conformance.Entry> page = more ? rest.subList(0, query.count()) : rest;
        return new SearchPage(
                page.stream().map(this::found).toList(),
                List.of(),
                total,
                more ? List.of(page.getLast().id()) : null,
                false);
    }

    private static boolean is(Conformance.Entry entry, Criterion criterion) {
        Set<String> values =
                switch (criterion.by().name) {
                    case "_id" -> Set.of(entry.id());
                    case "url" -> entry.urls();
                    case "version" -> Set.of(entry.version());
                    case "name" -> Set.of(entry.name());
                    case "title" -> Set.of(entry.title());
                    default -> Set.of();
                };
        return criterion.values().stream()
                .map(SearchValues::plain)
                .anyMatch(wanted ->
                        values.stream().anyMatch(value -> matches(criterion, value, wanted)));
    }

    private static boolean matches(Criterion criterion, String value, String wanted) {
        return switch (criterion.by().kind) {
            case "string" -> {
                String lower = value.toLowerCase(Locale.ROOT);
                yield switch (criterion.modifier()) {
                    case "exact" -> value.equals(wanted);
                    case "contains" -> lower.contains(wanted.toLowerCase(Locale.ROOT));
                    case null, default -> lower.startsWith(wanted.toLowerCase(Locale.ROOT));
                };
            }
            case "uri" ->
                    "below".equals(criterion.modifier())
                            ? value.startsWith(wanted)
                            : value.equals(wanted);
            // A version has no system: `|1.0` and `1.0` mean the same.
            default -> value.equals(wanted.startsWith("|") ? wanted.substring(1) : wanted);
        };
    }
}
