package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.workflow.Story.string;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// Every operation and every read that the service declares, by every role, on its own, on
/// another's and on what is not there. What is mounted is asked of the CapabilityStatement, so a
/// new operation stands in the matrix by itself.
class RoleMatrixTest {
    /// Whom anything is told.
    private static final Set<String> TOLD = Set.of("hospital", "reviewer", "pharmacy", "patient");

    private static final Map<String, Set<String>> MAY =
            Map.ofEntries(
                    Map.entry("Task/$review", Set.of("reviewer")),
                    Map.entry("Task/$cancel", Set.of("hospital")),
                    Map.entry("Task/$suspend", Set.of("hospital", "bureau")),
                    Map.entry("Task/$resume", Set.of("hospital", "bureau")),
                    Map.entry("Task/$choose-pharmacy", Set.of("hospital", "patient")),
                    Map.entry("Task/$compare-prices", Set.of("hospital", "patient", "pharmacy")),
                    Map.entry("Task/$price-course", Set.of("hospital", "patient")),
                    Map.entry("Task/$price-alert", Set.of("patient")),
                    Map.entry("Task/$claim", Set.of("pharmacy")),
                    Map.entry("Task/$renew", Set.of("pharmacy")),
                    Map.entry("Task/$release", Set.of("pharmacy", "patient")),
                    Map.entry("Task/$dispense", Set.of("pharmacy")),
                    Map.entry("Task/$progress", Set.of("pharmacy")),
                    Map.entry("Task/$legal-hold", Set.of("auditor")),
                    Map.entry("Task/$pickup-slip", Set.of("hospital", "patient")),
                    Map.entry("MedicationDispense/$take-back", Set.of("pharmacy")),
                    Map.entry("Subscription/$status", TOLD),
                    Map.entry("Subscription/$events", TOLD),
                    Map.entry("Subscription/$redeliver", TOLD),
                    Map.entry("Subscription/$rotate-secret", TOLD));

    /// Who acts on any prescription there is.
    private static final Set<String> OF_ALL = Set.of("bureau", "auditor");

    private static TestService service;
    private static Story story;
    private static final Map<String, Client> ROLES = new LinkedHashMap<>();
    private static final Map<String, String> OWN = new LinkedHashMap<>();
    private static final Map<String, String> OTHERS = new LinkedHashMap<>();

    @BeforeAll
    static void start() throws Exception {
        service = TestService.own(Map.of());
        story = new Story(service);
        reviewFor("H42128100001");
        ROLES.put("hospital", story.hospital);
        ROLES.put("reviewer", story.reviewer);
        ROLES.put("pharmacy", story.pharmacy);
        ROLES.put("patient", story.patient());
        ROLES.put("bureau", new Client(service, "bureau-1"));
        ROLES.put("auditor", new Client(service, "auditor-1"));
        ROLES.put("operator", new Client(service, "operator-1"));
        ids(story.hospital, story.pharmacy, story.document(), OWN);
        Client second = new Client(service, "hospital-2");
        ids(second, story.otherPharmacy, elsewhere(story.document()), OTHERS);
        Rx waits = new Rx(submit(second, elsewhere(story.unreviewed())));
        OTHERS.put("Task to review", waits.id());
        OWN.put("Task to review", story.prescribed(story.unreviewed()).id());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static void reviewFor(String hospital) throws java.sql.SQLException {
        var at = service.database();
        try (var connection =
                        java.sql.DriverManager.getConnection(
                                at.jdbcUrl(), at.user(), at.password());
                var statement =
                        connection.prepareStatement(
                                "UPDATE client SET reviews_for = ? WHERE id = 'reviewer-1'")) {
            statement.setString(1, hospital);
            statement.executeUpdate();
        }
    }

    /// The document of another hospital for another patient.
    private static ObjectNode elsewhere(ObjectNode document) throws Exception {
        ObjectNode patient = Story.resource(document, "Patient");
        ((ObjectNode) patient.at("/identifier/0")).put("value", "421281196711031029");
        ((ObjectNode) patient.at("/name/0")).put("text", "另名者");
        patient.put("gender", "female").put("birthDate", "1967-11-03");
        return (ObjectNode)
                Client.JSON.readTree(
                        document.toString()
                                .replace("H42128100001-", "H42128100002-")
                                .replace("\"H42128100001\"", "\"H42128100002\""));
    }

    private static JsonNode submit(Client hospital, ObjectNode document) {
        Reply reply = hospital.post("/fhir/$submit-prescription", document.toString());
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(201);
        return reply.body();
    }

    /// One prescription, claimed and dispensed in part, and all that belongs to it.
    private static void ids(
            Client hospital, Client pharmacy, ObjectNode document, Map<String, String> ids) {
        Rx rx = new Rx(submit(hospital, document));
        String token = story.claimed(pharmacy, rx);
        Reply part =
                story.dispense(
                        pharmacy, rx, token, true, story.dispense(rx.lines().getFirst(), 0, "1"));
        assertThat(part.status()).as(part.raw().body()).isEqualTo(200);
        ids.put("Task", rx.id());
        ids.put("MedicationDispense", part.parameter("dispense").at("/resource/id").asText());
        ids.put("MedicationRequest", rx.lines().getFirst());
        ids.put("Bundle", id(rx.task().at("/focus/reference")));
        ids.put("Patient", id(rx.task().at("/for/reference")));
        rx.task()
                .path("input")
                .forEach(input -> {
                    String reference = input.at("/valueReference/reference").asText();
                    if (reference.startsWith("Binary/")) {
                        ids.put("Binary", reference.substring("Binary/".length()));
                    }
                });
        ids.put(
                "Subscription",
                Subscribing.made(
                                hospital,
                                "prescription-status",
                                "https://receiver.example/",
                                wish -> {})
                        .id());
        for (String type : List.of("Composition", "Encounter", "Condition")) {
            JsonNode found = hospital.get("/fhir/" + type + "?_sort=-_lastUpdated&_count=1").body();
            ids.put(type, found.at("/entry/0/resource/id").asText());
        }
    }

    private static String id(JsonNode reference) {
        return reference.asText().substring(reference.asText().indexOf('/') + 1);
    }

    /// `Type/$operation` and `Type` for a read, as the CapabilityStatement has them.
    private static Set<String> mounted() {
        Set<String> mounted = new TreeSet<>();
        for (JsonNode type : story.hospital.get("/fhir/metadata").body().at("/rest/0/resource")) {
            String name = type.path("type").asText();
            if (type.path("interaction").toString().contains("\"read\"")) {
                mounted.add(name);
            }
            type.path("operation")
                    .forEach(one -> mounted.add(name + "/$" + one.path("name").asText()));
        }
        mounted.removeIf(one -> one.endsWith("/$validate"));
        return mounted;
    }

    private static String code(String name, String value) {
        return "{\"name\":\"" + name + "\",\"valueCode\":\"" + value + "\"}";
    }

    private static Reply call(Client by, String what, String id) {
        int slash = what.indexOf('/');
        if (slash < 0) {
            return by.get("/fhir/" + what + "/" + id);
        }
        String path = "/fhir/" + what.substring(0, slash) + "/" + id + what.substring(slash);
        return switch (what.substring(slash + 2)) {
            case "review" -> by.call(path, code("decision", "approve"));
            case "cancel", "suspend" -> by.call(path, Story.reason("why"));
            case "claim" -> by.call(path, string("pickup-code", "ABCD2345"));
            case "renew", "release" -> by.call(path, string("claim-token", "x"));
            case "progress" -> by.call(path, code("moment", "paid"));
            case "dispense" ->
                    by.call(
                            path,
                            string("claim-token", "x"),
                            "{\"name\":\"checked\",\"valueBoolean\":true}",
                            story.dispense(OWN.get("MedicationRequest"), 0, "1"));
            case "choose-pharmacy" -> by.call(path, code("requested-by", "patient"));
            default -> by.call(path);
        };
    }

    @Test
    void nobody_reaches_what_is_not_its_own() throws Exception {
        List<String> wrong = new ArrayList<>();
        List<String> table = new ArrayList<>(List.of("| what | role | own | other's | absent |"));
        table.add("|---|---|---|---|---|");
        for (String what : mounted()) {
            String type = what.contains("/") ? what.substring(0, what.indexOf('/')) : what;
            String place = what.equals("Task/$review") ? "Task to review" : type;
            for (Map.Entry<String, Client> role : ROLES.entrySet()) {
                String cell = what + " by " + role.getKey();
                Reply absent = call(role.getValue(), what, UUID.randomUUID().toString());
                if (absent.status() < 300) {
                    wrong.add(cell + " on nothing: " + absent.status());
                }
                String other = "-";
                if (OTHERS.containsKey(place) && !OF_ALL.contains(role.getKey())) {
                    Reply reply = call(role.getValue(), what, OTHERS.get(place));
                    other = String.valueOf(reply.status());
                    boolean alike =
                            reply.status() == absent.status()
                                    && reply.codes().equals(absent.codes());
                    if (reply.status() < 300 || !alike) {
                        wrong.add(cell + " on another's: " + reply.status() + reply.codes());
                    }
                }
                String own = "-";
                Set<String> may = MAY.get(what);
                if (OWN.containsKey(place) && may != null && !may.contains(role.getKey())) {
                    Reply reply = call(role.getValue(), what, OWN.get(place));
                    own = String.valueOf(reply.status());
                    if (reply.status() != 403) {
                        wrong.add(cell + " is not its act: " + reply.status());
                    }
                } else if (may != null && absent.status() == 403 && !what.endsWith("$claim")) {
                    wrong.add(cell + " is its act: 403");
                }
                table.add(
                        "| %s | %s | %s | %s | %s |"
                                .formatted(what, role.getKey(), own, other, absent.status()));
            }
        }
        Files.write(Files.createDirectories(Path.of("target")).resolve("role-matrix.md"), table);
        assertThat(wrong).isEmpty();
        assertThat(table).hasSizeGreaterThan(150);
    }
}
