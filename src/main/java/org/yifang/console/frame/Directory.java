package org.yifang.console.frame;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import org.yifang.platform.Caller;
import org.yifang.platform.Limits;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;

/// Names and places of institutions, which everybody may read, asked for once a minute instead of
/// with each page: what a page shows of them is at most so old. Only what was asked for is kept.
public final class Directory {
    private static final Duration KEPT = Duration.ofMinutes(1);
    private static final int KEPT_MOST = 5_000;

    /// An institution.
    private record Institution(String id, String name) {}

    /// Where an institution is.
    public record Position(double latitude, double longitude) {}

    private final Contract contract;
    private final Cache<String, Institution> byId = cache();
    private final Cache<String, Institution> byNumber = cache();
    private final Cache<String, List<Position>> positions = cache();

    public Directory(Contract contract) {
        this.contract = contract;
    }

    private static <V> Cache<String, V> cache() {
        return Caffeine.newBuilder().maximumSize(KEPT_MOST).expireAfterWrite(KEPT).build();
    }

    /// The name of the institution with that id; empty when there is none, or without an id.
    public String name(Caller caller, String id) {
        return id.isEmpty() ? "" : names(caller, Set.of(id)).getOrDefault(id, "");
    }

    /// Names by ids.
    public Map<String, String> names(Caller caller, Collection<String> ids) {
        return known(caller, byId, ids, "_id", one -> List.of(one.path("id").asText()));
    }

    /// Names by the numbers that institutions have; what is no number is left out.
    public Map<String, String> namesByNumber(Caller caller, Collection<String> numbers) {
        return known(
                caller,
                byNumber,
                numbers.stream().filter(one -> one.matches("[A-Z0-9]{6,30}")).toList(),
                "identifier",
                one -> List.of(Read.identifier(one, "nhsa-org"), Read.identifier(one, "uscc")));
    }

    private Map<String, String> known(
            Caller caller,
            Cache<String, Institution> cache,
            Collection<String> keys,
            String by,
            Function<JsonNode, List<String>> of) {
        for (List<String> asked : missing(cache, keys)) {
            Contract.Reply found =
                    contract.get(
                            caller,
                            "/Organization?_count=200&" + by + "=" + String.join(",", asked));
            for (JsonNode one : found.entries()) {
                Institution known =
                        new Institution(one.path("id").asText(), one.path("name").asText());
                of.apply(one).stream()
                        .filter(asked::contains)
                        .forEach(key -> cache.put(key, known));
            }
        }
        Map<String, String> names = new HashMap<>();
        cache.getAllPresent(keys).forEach((key, one) -> names.put(key, one.name()));
        return names;
    }

    /// Where institutions are, by their ids.
    public Map<String, Position> positions(Caller caller, Collection<String> ids) {
        for (List<String> asked : missing(positions, ids)) {
            Contract.Reply found =
                    contract.get(
                            caller,
                            asked.stream()
                                    .map(id -> "Organization/" + id)
                                    .collect(
                                            Collectors.joining(
                                                    ",",
                                                    "/Location?_count=200&organization=",
                                                    "")));
            Map<String, List<Position>> told = new HashMap<>();
            asked.forEach(id -> told.put(id, List.of()));
            for (JsonNode one : found.entries()) {
                JsonNode at = one.path("position");
                if (at.path("latitude").isNumber()) {
                    told.put(
                            Read.id(one.path("managingOrganization")),
                            List.of(
                                    new Position(
                                            at.path("latitude").asDouble(),
                                            at.path("longitude").asDouble())));
                }
            }
            if (found.isDone()) {
                positions.putAll(told);
            }
        }
        Map<String, Position> all = new HashMap<>();
        positions
                .getAllPresent(ids)
                .forEach((id, where) -> where.forEach(position -> all.put(id, position)));
        return all;
    }

    /// What has to be asked for, in parts as long as one search may name.
    private static List<List<String>> missing(Cache<String, ?> cache, Collection<String> keys) {
        return keys.stream()
                .distinct()
                .filter(key -> !key.isEmpty() && cache.getIfPresent(key) == null)
                .gather(Gatherers.windowFixed(Limits.OR_VALUES))
                .toList();
    }
}
