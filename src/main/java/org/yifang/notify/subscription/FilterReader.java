package org.yifang.notify.subscription;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Ids;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// Reads filters as `Task?patient=Patient/…`. What is given more than once must all hold.
final class FilterReader {
    private static final Map<String, String> TYPES =
            Map.of("patient", "Patient", "owner", "Organization", "requester", "Organization");

    private static final String RIGHT =
            "Send `Task?` with `patient`, `owner` or `requester`, each the reference of a"
                    + " resource, several joined by `&`.";

    private final String base;
    private final List<Finding> findings;
    private final Map<String, List<UUID>> wanted = new TreeMap<>();

    /// @param base our base url, that references may begin with
    FilterReader(String base, List<Finding> findings) {
        this.base = base;
        this.findings = findings;
    }

    FilterReader read(String text, String where) {
        if (!text.startsWith("Task?")) {
            refuse("The filter does not begin with `Task?`.", where);
            return this;
        }
        for (String pair : text.substring("Task?".length()).split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String type = TYPES.get(name);
            if (type == null || equals < 0) {
                refuse("There is no filter `" + name + "`.", where);
            } else {
                values(name, type, decoded(pair.substring(equals + 1)), where);
            }
        }
        return this;
    }

    private void values(String name, String type, @Nullable String values, String where) {
        List<UUID> ids = new ArrayList<>();
        for (String one : values == null ? new String[] {""} : values.split(",", -1)) {
            String id = one.startsWith(base + '/') ? one.substring(base.length() + 1) : one;
            id = id.startsWith(type + '/') ? id.substring(type.length() + 1) : id;
            UUID uuid = Ids.uuid(id).orElse(null);
            if (uuid == null) {
                refuse("`" + name + "` names no " + type + " of this server.", where);
                return;
            }
            ids.add(uuid);
        }
        List<UUID> before = wanted.putIfAbsent(name, ids);
        if (before != null) {
            before.retainAll(ids);
            if (before.isEmpty()) {
                refuse("`" + name + "` stands twice, and nothing can be both.", where);
            }
        }
    }

    private static @Nullable String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException unreadable) {
            return null;
        }
    }

    private void refuse(String detail, String where) {
        findings.add(new Finding(ProblemCode.FILTER_UNKNOWN, detail, RIGHT, where, false));
    }

    Filter filter() {
        return new Filter(of("patient"), of("owner"), of("requester"));
    }

    private List<UUID> of(String name) {
        return List.copyOf(wanted.getOrDefault(name, List.of()));
    }
}
