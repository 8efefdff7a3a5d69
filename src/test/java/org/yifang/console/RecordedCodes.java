package org.yifang.console;

import com.fasterxml.jackson.databind.JsonNode;

import org.yifang.TestService;
import org.yifang.prescription.life.Action;
import org.yifang.workflow.Client;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Every code that an event of the audit log may name: what can be done to a prescription, what the
/// service has mounted, and what is written down besides.
public final class RecordedCodes {
    private static final Pattern BESIDES =
            Pattern.compile(
                    "\"(?:operation|login)\",\\s+\"([a-z-]+)\",\\s+'[CRUDE]'"
                            + "|\\.access\\(\\s*\"([a-z-]+)\""
                            + "|audited\\(tx, http, account, \"([a-z-]+)\"");

    /// Those that stand in a constant or are handed on.
    private static final Set<String> HANDED =
            Set.of(
                    "change-client",
                    "resale-suspicion",
                    "rotate-secret",
                    "sign-in",
                    "sign-out",
                    "token");

    public static Set<String> all() {
        Set<String> all = new TreeSet<>();
        Arrays.stream(Action.values()).map(Action::code).forEach(all::add);
        mounted(all);
        besides(all);
        all.addAll(HANDED);
        // `operation` stands beside the name of one, `admin` before a path that has words.
        all.removeAll(Set.of("operation", "admin"));
        return all;
    }

    private static void mounted(Set<String> all) {
        JsonNode rest =
                new Client(TestService.shared(), "hospital-1")
                        .get("/fhir/metadata")
                        .body()
                        .at("/rest/0");
        add(all, rest.path("operation"), "name");
        add(all, rest.path("interaction"), "code");
        for (JsonNode resource : rest.path("resource")) {
            all.add(resource.path("type").asText());
            add(all, resource.path("operation"), "name");
            add(all, resource.path("interaction"), "code");
        }
    }

    private static void add(Set<String> all, JsonNode list, String member) {
        list.forEach(one -> all.add(one.path(member).asText()));
    }

    private static void besides(Set<String> all) {
        Wording.sources().stream()
                .filter(file -> file.toString().endsWith(".java"))
                .forEach(file -> {
                    for (Matcher one = BESIDES.matcher(Wording.read(file)); one.find(); ) {
                        for (int i = 1; i <= one.groupCount(); i++) {
                            if (one.group(i) != null) {
                                all.add(one.group(i));
                            }
                        }
                    }
                });
    }

    private RecordedCodes() {}
}
