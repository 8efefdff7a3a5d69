package org.yifang.fhir.rest;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.search.MemorySource;
import org.yifang.fhir.search.Source;
import org.yifang.fhir.search.TableSource;
import org.yifang.fhir.search.UnionSource;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Knows every path under `/fhir`: what is mounted where, and which methods it takes.
final class Paths {
    enum Interaction {
        METADATA,
        READ,
        VREAD,
        HISTORY,
        SEARCH,
        OPERATION
    }

    /// What a request asks for.
    record Call(
            Interaction interaction,
            @Nullable Type type,
            @Nullable Operation operation,
            @Nullable String id,
            @Nullable String version) {
        /// Whether a Binary is read, which may be wanted as what it is.
        boolean isBinary() {
            return type != null
                    && type.name.equals("Binary")
                    && (interaction == Interaction.READ || interaction == Interaction.VREAD);
        }

        /// Whether it asks for what everybody may know: what this project defines.
        boolean isOpen() {
            return interaction == Interaction.METADATA
                    || (type != null
                            && type.source instanceof MemorySource
                            && (interaction == Interaction.READ
                                    || interaction == Interaction.SEARCH));
        }
    }

    /// All that is mounted for one resource type.
    static final class Type {
        final String name;
        @Nullable Source source;
        @Nullable Operation create;
        @Nullable Operation update;
        @Nullable Operation patch;
        @Nullable Operation delete;
        List<String> topics = List.of();
        @Nullable String profile;
        final Map<String, Operation> onType = new TreeMap<>();
        final Map<String, Operation> onInstance = new TreeMap<>();

        Type(String name) {
            this.name = name;
        }

        Source source() {
            return java.util.Objects.requireNonNull(source, name);
        }
    }

    private static final Set<String> RESOURCE_TYPES = Fhir.CONTEXT.getResourceTypes();

    private static final Call METADATA = new Call(Interaction.METADATA, null, null, null, null);

    private final Map<String, Type> types = new TreeMap<>();
    private final Map<String, Operation> system = new TreeMap<>();
    private final Map<String, Operation> everyType = new TreeMap<>();
    private @Nullable Operation bundle;

    void add(Source source) {
        Type type = type(source.type());
        if (type.source != null) {
            throw new IllegalStateException(source.type() + " is mounted twice.");
        }
        type.source = source;
    }

    /// Adds a further table of a type that has one.
    void addBeside(TableSource table) {
        Type type = type(table.type());
        List<TableSource> tables = new ArrayList<>(tables(table.type()));
        if (tables.isEmpty()) {
            throw new IllegalStateException(table.type() + " has no table yet.");
        }
        tables.add(table);
        type.source = new UnionSource(tables);
    }

    /// Reads further resources of a type that lives in memory.
    void readBeside(String type, MemorySource.Further elsewhere) {
        if (!(source(type) instanceof MemorySource memory)) {
            throw new IllegalStateException(type + " does not live in memory.");
        }
        memory.readBeside(elsewhere);
    }

    /// The tables behind a type; none when it is not mounted, or lives in memory.
    List<TableSource> tables(String type) {
        Source source = source(type);
        return source == null ? List.of() : source.tables();
    }

    void add(Operation operation) {
        if (operation.kind == Operation.Kind.BUNDLE) {
            bundle = operation;
            return;
        }
        if (operation.type == null) {
            once(operation, system.put(operation.name, operation));
            return;
        }
        Type type = type(operation.type);
        switch (operation.kind) {
            case CREATE -> {
                once(operation, type.create);
                type.create = operation;
            }
            case UPDATE -> {
                once(operation, type.update);
                type.update = operation;
            }
            case PATCH -> type.patch = operation;
            case BUNDLE -> throw new IllegalArgumentException(operation.name);
            case DELETE -> {
                once(operation, type.delete);
                type.delete = operation;
            }
            case OPERATION -> {
                if (operation.onType) {
                    once(operation, type.onType.put(operation.name, operation));
                }
                if (operation.onInstance) {
                    once(operation, type.onInstance.put(operation.name, operation));
                }
            }
        }
    }

    /// Says of what Subscriptions may be, and by which profile they are made.
    void addTopics(List<String> canonicals, String profile) {
        Type subscription = type("Subscription");
        subscription.topics = canonicals;
        subscription.profile = profile;
    }

    /// Adds an operation on every resource type of FHIR R4, mounted or not.
    void addForEveryType(Operation operation) {
        once(operation, everyType.put(operation.name, operation));
    }

    Collection<Operation> everyTypeOperations() {
        return everyType.values();
    }

    private static void once(Operation operation, @Nullable Operation before) {
        operation.handler();
        if (before != null) {
            throw new IllegalStateException(operation.name + " is mounted twice.");
        }
    }

    private Type type(String name) {
        return types.computeIfAbsent(name, Type::new);
    }

    Collection<Type> types() {
        return types.values();
    }

    @Nullable Source source(String type) {
        Type found = types.get(type);
        return found == null ? null : found.source;
    }

    Collection<Operation> systemOperations() {
        return system.values();
    }

    /// What a request asks for.
    ///
    /// @param path behind `/fhir`, with or without a slash at its beginning and end
    /// @throws Problem `RX-1004` for an unknown path, `RX-1005` with `Allow` for another method
    Call find(String method, String path) {
        Map<String, Call> calls = at(path);
        if (calls.isEmpty()) {
            throw new Problem(
                    ProblemCode.NOT_FOUND,
                    "There is nothing at this path.",
                    "`/fhir/metadata` lists what there is.");
        }
        Call call = calls.get(method.equals("HEAD") ? "GET" : method);
        if (call == null) {
            throw notAllowed(method, allow(calls));
        }
        return call;
    }

    /// The methods that a path takes, empty when it takes none.
    String allow(String path) {
        return allow(at(path));
    }

    private static String allow(Map<String, Call> calls) {
        StringBuilder allow = new StringBuilder();
        for (String one : calls.keySet()) {
            allow.append(allow.isEmpty() ? "" : ", ").append(one);
            allow.append(one.equals("GET") ? ", HEAD" : "");
        }
        return allow.isEmpty() ? "" : allow.append(", OPTIONS").toString();
    }

    private Problem notAllowed(String method, String allow) {
        String patched =
                types.values().stream()
                        .filter(type -> type.patch != null)
                        .map(type -> '`' + type.name + '`')
                        .collect(Collectors.joining(", "));
        return new Problem(
                List.of(
                        new Finding(
                                ProblemCode.METHOD_NOT_ALLOWED,
                                "The method `" + method + "` is not taken here.",
                                method.equals("PATCH")
                                        ? "Patched are " + patched + "; use " + allow + "."
                                        : "Use " + allow + ".")),
                Map.of("Allow", allow));
    }

    private Map<String, Call> at(String path) {
        Map<String, Call> calls = new LinkedHashMap<>();
        String[] parts = Segments.of(path);
        if (parts.length == 1) {
            one(parts[0], calls);
            return calls;
        }
        Type type = types.get(parts[0]);
        Operation everywhere =
                parts.length > 3
                        ? null
                        : everyType.get(Segments.operation(parts[parts.length - 1]));
        if (everywhere != null && RESOURCE_TYPES.contains(parts[0])) {
            String id = parts.length == 3 ? parts[1] : null;
            operation(type == null ? new Type(parts[0]) : type, everywhere, id, calls);
            return calls;
        }
        if (type != null) {
            switch (parts.length) {
                case 2 -> two(type, parts[1], calls);
                case 3 -> three(type, parts[1], parts[2], calls);
                case 4 -> four(type, parts, calls);
                default -> {}
            }
        }
        return calls;
    }

    private void one(String name, Map<String, Call> calls) {
        if (name.isEmpty() && bundle != null) {
            calls.put("POST", new Call(Interaction.OPERATION, null, bundle, null, null));
        } else if (name.equals("metadata")) {
            calls.put("GET", METADATA);
        } else if (name.startsWith("$")) {
            String called = name.substring(1);
            operation(null, system.getOrDefault(called, everyType.get(called)), null, calls);
            return;
        }
        Type type = types.get(name);
        if (type != null) {
            if (type.source != null && type.source.isSearchable()) {
                calls.put("GET", new Call(Interaction.SEARCH, type, null, null, null));
            }
            if (type.create != null) {
                calls.put("POST", new Call(Interaction.OPERATION, type, type.create, null, null));
            }
        }
    }

    private static void two(Type type, String second, Map<String, Call> calls) {
        if (second.startsWith("$")) {
            operation(type, type.onType.get(second.substring(1)), null, calls);
        } else if (second.equals("_search")) {
            if (type.source != null && type.source.isSearchable()) {
                calls.put("POST", new Call(Interaction.SEARCH, type, null, null, null));
            }
        } else {
            if (type.source != null) {
                calls.put("GET", new Call(Interaction.READ, type, null, second, null));
            }
            if (type.update != null) {
                calls.put("PUT", new Call(Interaction.OPERATION, type, type.update, second, null));
            }
            if (type.patch != null) {
                calls.put("PATCH", new Call(Interaction.OPERATION, type, type.patch, second, null));
            }
            if (type.delete != null) {
                calls.put(
                        "DELETE", new Call(Interaction.OPERATION, type, type.delete, second, null));
            }
        }
    }

    private static void three(Type type, String id, String third, Map<String, Call> calls) {
        if (third.startsWith("$")) {
            operation(type, type.onInstance.get(third.substring(1)), id, calls);
        } else if (third.equals("_history") && type.source != null && type.source.hasHistory()) {
            calls.put("GET", new Call(Interaction.HISTORY, type, null, id, null));
        }
    }

    private static void four(Type type, String[] parts, Map<String, Call> calls) {
        if (parts[2].equals("_history") && type.source != null && type.source.hasHistory()) {
            calls.put("GET", new Call(Interaction.VREAD, type, null, parts[1], parts[3]));
        }
    }

    private static void operation(
            @Nullable Type type,
            @Nullable Operation operation,
            @Nullable String id,
            Map<String, Call> calls) {
        if (operation != null) {
            Call call = new Call(Interaction.OPERATION, type, operation, id, null);
            calls.put("POST", call);
            if (!operation.affectsState()) {
                calls.put("GET", call);
            }
            if (operation.takesDelete()) {
                calls.put("DELETE", call);
            }
        }
    }
}
