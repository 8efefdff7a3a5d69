package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// What is done to no instance, by every role: operations of the system and of types, creates,
/// updates, searches, everything of administration, every page. Who may is written here from the
/// contract; what there is, is asked of the service, so that nothing is left out.
final class ActsMatrixTest {
    private static final Set<String> NOBODY = Set.of();

    /// Whom anything is told.
    private static final Set<String> TOLD = Set.of("hospital", "reviewer", "pharmacy", "patient");

    /// Operations of the system and of types.
    private static final Map<String, Set<String>> MAY =
            Map.ofEntries(
                    Map.entry("$submit-prescription", Set.of("hospital")),
                    Map.entry("$import-offers", Set.of("pharmacy")),
                    Map.entry("$price-feed", Set.of("pharmacy")),
                    Map.entry("$queue-events", Set.of("hospital", "pharmacy")),
                    Map.entry(
                            "$queue-quality", Set.of("hospital", "pharmacy", "bureau", "auditor")),
                    Map.entry("$import-history", Set.of("hospital", "pharmacy", "bureau")),
                    Map.entry("$import-catalogue", Set.of("bureau")),
                    Map.entry("$held-prices", Set.of("bureau", "pharmacy")),
                    Map.entry("$honoured-prices", Set.of("bureau", "pharmacy")),
                    Map.entry("$price-savings", Set.of("bureau", "auditor")),
                    Map.entry("$judge-swap", Set.of("bureau", "reviewer")),
                    Map.entry(
                            "$swap-proposals", Set.of("reviewer", "pharmacy", "bureau", "auditor")),
                    Map.entry("$export", Set.of("auditor", "bureau")),
                    Map.entry("$export-status", Set.of("auditor", "bureau")),
                    Map.entry("$export-file", Set.of("auditor", "bureau")),
                    Map.entry("Task/$claim", Set.of("pharmacy")),
                    Map.entry("AuditEvent/$question", Set.of("auditor")),
                    Map.entry("Measure/$evaluate-measure", Set.of("bureau", "auditor")),
                    Map.entry("Measure/$register-plan", Set.of("bureau")),
                    Map.entry("Measure/$plans", Set.of("bureau", "auditor")),
                    Map.entry("create ChargeItemDefinition", Set.of("pharmacy")),
                    Map.entry("create Encounter", Set.of("hospital")),
                    Map.entry("create Subscription", TOLD),
                    Map.entry("update Subscription", TOLD),
                    Map.entry("create Consent", Set.of("hospital", "patient")),
                    Map.entry("update Consent", Set.of("hospital", "patient")),
                    Map.entry("create Organization", Set.of("bureau", "operator")),
                    Map.entry("update Organization", Set.of("bureau", "operator")),
                    Map.entry("create Location", Set.of("bureau", "operator")),
                    Map.entry("update Location", Set.of("bureau", "operator")),
                    Map.entry("create HealthcareService", Set.of("bureau", "operator")),
                    Map.entry("update HealthcareService", Set.of("bureau", "operator")),
                    Map.entry("create Practitioner", Set.of("bureau", "operator")),
                    Map.entry("update Practitioner", Set.of("bureau", "operator")),
                    Map.entry("create PractitionerRole", Set.of("bureau", "operator")),
                    Map.entry("update PractitionerRole", Set.of("bureau", "operator")));

    /// What an operator never finds: any patient data at all.
    private static final Set<String> OF_PATIENTS =
            Set.of(
                    "Patient",
                    "Task",
                    "MedicationRequest",
                    "MedicationDispense",
                    "Bundle",
                    "Composition",
                    "Encounter",
                    "Condition",
                    "Binary",
                    "Consent",
                    "Subscription",
                    "RelatedPerson");

    private static final TestService SERVICE = TestService.shared();
    private static final Map<String, Client> ROLES = new LinkedHashMap<>();
    private static JsonNode statement;

    private final List<String> wrong = new ArrayList<>();
    private final List<String> table = new ArrayList<>(List.of("| what | role | status |"));

    @BeforeAll
    static void start() {
        Story story = new Story(SERVICE);
        story.prescribed();
        ROLES.put("hospital", story.hospital);
        ROLES.put("reviewer", story.reviewer);
        ROLES.put("pharmacy", story.pharmacy);
        ROLES.put("patient", story.patient());
        ROLES.put("bureau", new Client(SERVICE, "bureau-1"));
        ROLES.put("auditor", new Client(SERVICE, "auditor-1"));
        ROLES.put("operator", new Client(SERVICE, "operator-1"));
        statement = story.hospital.get("/fhir/metadata").body().at("/rest/0");
    }

    private static boolean has(JsonNode resource, String interaction) {
        for (JsonNode one : resource.path("interaction")) {
            if (one.path("code").asText().equals(interaction)) {
                return true;
            }
        }
        return false;
    }

    /// `$operation`, `Type/$operation`, `create Type`, `update Type`.
    private static Set<String> acts() {
        Set<String> acts = new TreeSet<>();
        statement.path("operation").forEach(one -> acts.add("$" + one.path("name").asText()));
        for (JsonNode resource : statement.path("resource")) {
            String type = resource.path("type").asText();
            for (String interaction : List.of("create", "update")) {
                if (has(resource, interaction)) {
                    acts.add(interaction + " " + type);
                }
            }
            for (JsonNode one : resource.path("operation")) {
                String name = type + "/$" + one.path("name").asText();
                if (MAY.containsKey(name)) {
                    acts.add(name);
                }
            }
        }
        acts.remove("$validate");
        return acts;
    }

    /// Makes a call in which nothing is right but who makes it.
    private static Reply attempt(Client by, String act) {
        if (act.startsWith("create ")) {
            String type = act.substring("create ".length());
            return by.post("/fhir/" + type, "{\"resourceType\":\"" + type + "\"}");
        }
        if (act.startsWith("update ")) {
            String type = act.substring("update ".length());
            String id = UUID.randomUUID().toString();
            return Client.send(
                    by.request("/fhir/" + type + "/" + id)
                            .header("Content-Type", "application/fhir+json")
                            .header("If-Match", "W/\"1\"")
                            .PUT(
                                    BodyPublishers.ofString(
                                            "{\"resourceType\":\"%s\",\"id\":\"%s\"}"
                                                    .formatted(type, id))));
        }
        return by.call("/fhir/" + act.replace("Measure/", "Measure/queue-time-reduction/"));
    }

    private void note(String what, String role, Reply reply) {
        table.add("| %s | %s | %d |".formatted(what, role, reply.status()));
        if (reply.status() >= 500) {
            wrong.add(what + " by " + role + ": " + reply.status());
        }
    }

    private void judge(String name) throws java.io.IOException {
        Files.write(Files.createDirectories(Path.of("target")).resolve(name), table);
        assertThat(wrong).isEmpty();
    }

    @Test
    void an_act_is_403_for_every_role_but_those_that_the_contract_names() throws Exception {
        List<String> unknown = new ArrayList<>();
        for (String act : acts()) {
            Set<String> may = MAY.getOrDefault(act, NOBODY);
            if (may.isEmpty()) {
                unknown.add(act);
            }
            ROLES.forEach((role, by) -> {
                Reply reply = attempt(by, act);
                note(act, role, reply);
                boolean allowed = may.contains(role);
                if (!may.isEmpty() && allowed == (reply.status() == 403)) {
                    wrong.add(act + " by " + role + ": " + reply.status() + reply.codes());
                }
            });
            Reply stranger = attempt(new Stranger(SERVICE), act);
            if (stranger.status() != 401) {
                wrong.add(act + " by nobody: " + stranger.status());
            }
        }
        System.out.println("acts that this table does not know: " + unknown);
        judge("role-matrix-acts.md");
    }

    /// Calls without a token.
    private static final class Stranger extends Client {
        private final TestService service;

        Stranger(TestService service) {
            super(service, "nobody");
            this.service = service;
        }

        @Override
        public HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(URI.create(service.url() + path));
        }
    }

    @Test
    void a_search_finds_nothing_that_cannot_be_read() throws Exception {
        for (JsonNode resource : statement.path("resource")) {
            String type = resource.path("type").asText();
            if (!has(resource, "search-type")) {
                continue;
            }
            ROLES.forEach((role, by) -> {
                Reply found = by.get("/fhir/" + type + "?_count=20");
                note("search " + type, role, found);
                if (found.status() != 200 && found.status() != 403) {
                    wrong.add("search " + type + " by " + role + ": " + found.status());
                }
                if (role.equals("operator")
                        && OF_PATIENTS.contains(type)
                        && !found.body().path("entry").isEmpty()) {
                    wrong.add("an operator finds " + type);
                }
                for (JsonNode entry : found.body().path("entry")) {
                    String id = entry.at("/resource/id").asText();
                    String of = entry.at("/resource/resourceType").asText();
                    Reply read = by.get("/fhir/" + of + "/" + id);
                    if (of.equals(type) && read.status() != 200 && read.status() != 405) {
                        wrong.add("found, not read: " + of + " by " + role + ": " + read.status());
                    }
                }
            });
        }
        judge("role-matrix-searches.md");
    }

    @Test
    void administration_is_of_operators_and_nobody_else() throws Exception {
        JsonNode paths = ROLES.get("operator").get("/admin/openapi.json").body().path("paths");
        assertThat(paths.size()).isGreaterThan(8);
        paths.fields()
                .forEachRemaining(path ->
                        path.getValue()
                                .fieldNames()
                                .forEachRemaining(verb -> {
                                    String address =
                                            path.getKey()
                                                    .replaceAll(
                                                            "\\{[a-z]+}",
                                                            UUID.randomUUID().toString());
                                    String what = verb + " " + path.getKey();
                                    ROLES.forEach((role, by) -> {
                                        boolean changes = !verb.equals("get");
                                        if (role.equals("operator")
                                                && (changes || !path.getKey().contains("{"))) {
                                            return;
                                        }
                                        Reply reply = Client.send(admin(by, verb, address));
                                        note(what, role, reply);
                                        int right = role.equals("operator") ? 404 : 403;
                                        if (reply.status() != right) {
                                            wrong.add(what + " by " + role + ": " + reply.status());
                                        }
                                    });
                                    Reply stranger =
                                            Client.send(
                                                    admin(new Stranger(SERVICE), verb, address));
                                    if (stranger.status() != 401) {
                                        wrong.add(what + " by nobody: " + stranger.status());
                                    }
                                }));
        judge("role-matrix-admin.md");
    }

    private static HttpRequest.Builder admin(Client by, String verb, String address) {
        HttpRequest.Builder request =
                by.request(address).header("Content-Type", "application/json");
        return verb.equals("get")
                ? request.GET()
                : request.method(
                        verb.toUpperCase(java.util.Locale.ROOT), BodyPublishers.ofString("{}"));
    }

    @Test
    void a_page_of_people_is_no_page_to_who_is_not_signed_in() {
        for (String page :
                List.of(
                        "/counter",
                        "/review",
                        "/prescriptions",
                        "/bureau",
                        "/auditor",
                        "/operator",
                        "/account")) {
            for (String below : List.of("", "/", "/x", "/x/../y")) {
                Reply shown =
                        Client.send(
                                HttpRequest.newBuilder(URI.create(SERVICE.url() + page + below))
                                        .GET());
                assertThat(shown.status()).as(page + below).isIn(303, 404);
                Reply sent =
                        Client.send(
                                HttpRequest.newBuilder(URI.create(SERVICE.url() + page + below))
                                        .header("Content-Type", "application/x-www-form-urlencoded")
                                        .POST(BodyPublishers.ofString("a=b")));
                assertThat(sent.status()).as("sent to " + page + below).isIn(303, 404, 405);
            }
        }
    }
}
