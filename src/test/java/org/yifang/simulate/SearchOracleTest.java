package org.yifang.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.yifang.simulate.SearchFacts.Fact;
import org.yifang.simulate.SearchQuestions.Question;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Every row of a small day, every search parameter that the service claims, every prefix and
/// modifier that it takes: the answers are those that R4's definitions give when they are evaluated
/// over the JSON of the resources, one by one, in memory.
class SearchOracleTest {
    private static final FhirContext CONTEXT = FhirContext.forR4Cached();
    private static final ObjectMapper JSON = new ObjectMapper();

    /// What cannot be found by parts, since it is sealed: whole values only.
    private static final Set<String> WHOLE = Set.of("Patient.name", "Patient.birthdate");

    @TempDir static Path folder;
    private static ServiceProcess service;
    private static Remote remote;
    private static HttpClient http;
    private static SearchFacts facts;
    private static JsonNode statement;
    private static Instant begun;
    private static Instant before;

    @BeforeAll
    static void aDay() throws IOException, InterruptedException {
        service = ServiceProcess.start(folder);
        begun = Instant.now();
        Commands day =
                Commands.simulate(
                        "--url",
                        service.url(),
                        "--prescriptions",
                        "30",
                        "--speed",
                        "max",
                        "--clients",
                        "4");
        assertThat(day.output()).contains("Unexpected answers: 0");
        remote = new Remote(service.url(), 4, Duration.ofSeconds(30), new Tally());
        http = HttpClient.newHttpClient();
        before = Instant.now();
        statement = get(sender("hospital-1"), "/metadata");
        Map<String, String> own = new HashMap<>();
        for (JsonNode entry :
                get(sender("hospital-1"), "/SearchParameter?_count=200").path("entry")) {
            JsonNode one = entry.path("resource");
            own.put(one.path("url").asText(), one.path("expression").asText());
        }
        facts = new SearchFacts(own);
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        remote.close();
        http.close();
        service.close();
    }

    private static Tokens.Sender sender(String client) {
        County.Staff person = new County.Staff("YS421281000001", "李秋菊");
        return new Tokens.Sender(new County.Client(client, "", "staff", List.of(person)), person);
    }

    @ParameterizedTest
    @Tag("soak")
    @MethodSource("everything")
    void answers_to_many_more_values_are_too(String client, String type) throws Exception {
        // A question about the whole catalogue takes a hundred times as long as another.
        boolean whole = List.of("Medication", "ChargeItemDefinition", "Observation").contains(type);
        assertThat(wrong(client, type, whole ? 3 : 12)).isEmpty();
    }

    static List<Arguments> everything() {
        List<Arguments> all = new ArrayList<>();
        for (String client : List.of("hospital-1", "hospital-2", "pharmacy-1", "bureau-1")) {
            for (JsonNode resource : statement.at("/rest/0/resource")) {
                boolean table = !resource.path("type").asText().endsWith("Definition");
                if (table && !resource.path("searchParam").isEmpty()) {
                    all.add(Arguments.of(client, resource.path("type").asText()));
                }
            }
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({
        "hospital-1, Task",
        "hospital-1, MedicationRequest",
        "hospital-1, MedicationDispense",
        "hospital-1, Composition",
        "hospital-1, Encounter",
        "hospital-1, Condition",
        "hospital-1, AllergyIntolerance",
        "hospital-1, Patient",
        "hospital-1, Bundle",
        "hospital-1, Organization",
        "hospital-1, Location",
        "hospital-1, HealthcareService",
        "hospital-1, Practitioner",
        "hospital-1, PractitionerRole",
        "hospital-1, Medication",
        "pharmacy-1, ChargeItemDefinition",
        "pharmacy-1, Observation",
        "pharmacy-1, Task",
        "pharmacy-1, MedicationDispense",
        "auditor-1, AuditEvent",
    })
    void answers_are_what_the_definitions_say(String client, String type) throws Exception {
        assertThat(wrong(client, type, 2)).isEmpty();
    }

    private static List<String> wrong(String client, String type, int most) throws Exception {
        Tokens.Sender who = sender(client);
        Map<String, Resource> rows = rows(who, type);
        List<String> wrong = new ArrayList<>();
        int asked = 0;
        for (JsonNode parameter : parameters(type)) {
            String name = parameter.path("name").asText();
            String kind = parameter.path("type").asText();
            Map<String, List<Fact>> values = values(rows, type, parameter);
            if (values == null) {
                wrong.add(type + "." + name + ": no definition");
                continue;
            }
            for (Question question : SearchQuestions.of(kind, List.copyOf(values.values()), most)) {
                if (isInParts(type + "." + name, question)) {
                    continue;
                }
                asked++;
                wrong.addAll(compared(who, type, name, question, values));
            }
        }
        System.out.printf("%s of %s: %d rows, %d asked%n", type, client, rows.size(), asked);
        return wrong;
    }

    private static boolean isInParts(String parameter, Question question) {
        return WHOLE.contains(parameter)
                && !question.query().startsWith(":exact")
                && !question.query().startsWith(":missing");
    }

    private static List<JsonNode> parameters(String type) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode resource : statement.at("/rest/0/resource")) {
            if (resource.path("type").asText().equals(type)) {
                resource.path("searchParam").forEach(found::add);
            }
        }
        return found;
    }

    private static Map<String, List<Fact>> values(
            Map<String, Resource> rows, String type, JsonNode parameter) {
        String name = parameter.path("name").asText();
        String definition = parameter.path("definition").asText();
        var expression =
                switch (name) {
                    case "_id" -> java.util.Optional.of("Resource.id");
                    case "_lastUpdated" -> java.util.Optional.of("Resource.meta.lastUpdated");
                    default -> facts.expression(type, name, definition);
                };
        if (expression.isEmpty()) {
            return null;
        }
        Map<String, List<Fact>> values = new TreeMap<>();
        rows.forEach((id, row) -> values.put(id, facts.of(row, expression.get())));
        return values;
    }

    /// What is wrong with the answer, when something is.
    private static List<String> compared(
            Tokens.Sender who,
            String type,
            String name,
            Question question,
            Map<String, List<Fact>> values)
            throws Exception {
        String query = name + question.query();
        Set<String> expected = new TreeSet<>();
        values.forEach((id, all) -> {
            if (question.matches().test(all)) {
                expected.add(id);
            }
        });
        Set<String> found = new TreeSet<>();
        String failed = search(who, type, query, found);
        found.retainAll(values.keySet());
        if (failed != null) {
            // What is not supported is refused, which misleads nobody.
            boolean refused = failed.contains("RX-1404") && query.contains(":");
            refused |=
                    failed.contains("RX-1403") && query.matches("identifier=[^|]*\\||entity=[^/]*");
            // Nothing of this type is for this role, whatever is asked.
            refused |= failed.contains("RX-1002") && values.isEmpty();
            return refused ? List.of() : List.of(query + ": " + failed);
        }
        return found.equals(expected)
                ? List.of()
                : List.of(
                        "%s %s: %d expected, %d found"
                                .formatted(type, query, expected.size(), found.size()));
    }

    private static String search(Tokens.Sender who, String type, String query, Set<String> found)
            throws Exception {
        int equals = query.indexOf('=');
        String form =
                // Which ones are found is asked, not what they say.
                "_count=200&_elements=id&"
                        + query.substring(0, equals + 1)
                        + URLEncoder.encode(query.substring(equals + 1), StandardCharsets.UTF_8)
                        + bounded(type);
        JsonNode page = post(who, "/" + type + "/_search", form);
        while (true) {
            if (!page.path("resourceType").asText().equals("Bundle")) {
                return page.at("/issue/0/details").toString();
            }
            for (JsonNode entry : page.path("entry")) {
                if (entry.at("/search/mode").asText().equals("match")) {
                    found.add(entry.at("/resource/id").asText());
                } else if (entry.at("/search/mode").asText().equals("outcome")
                        && !WHOLE.contains(type + "." + query.replaceAll("[:=].*", ""))) {
                    return entry.at("/resource/issue/0/details").toString();
                }
            }
            String next = next(page);
            if (next == null) {
                return null;
            }
            page = get(who, next.substring(next.indexOf("/fhir/") + 5));
        }
    }

    /// The log grows by each question; of the tickets those of before the day are history.
    private static String bounded(String type) {
        return switch (type) {
            case "AuditEvent" -> "&date=lt" + before;
            case "Task" -> "&authored-on=ge" + begun;
            default -> "";
        };
    }

    private static Map<String, Resource> rows(Tokens.Sender who, String type) throws Exception {
        Map<String, Resource> rows = new TreeMap<>();
        JsonNode page = get(who, "/" + type + "?_count=200" + bounded(type));
        while (true) {
            for (JsonNode entry : page.path("entry")) {
                Resource one =
                        (Resource)
                                CONTEXT.newJsonParser()
                                        .parseResource(entry.path("resource").toString());
                rows.put(one.getIdElement().getIdPart(), one);
            }
            String next = next(page);
            if (next == null) {
                return rows;
            }
            page = get(who, next.substring(next.indexOf("/fhir/") + 5));
        }
    }

    private static String next(JsonNode page) {
        for (JsonNode link : page.path("link")) {
            if (link.path("relation").asText().equals("next")) {
                return link.path("url").asText();
            }
        }
        return null;
    }

    private static JsonNode get(Tokens.Sender who, String path)
            throws IOException, InterruptedException {
        return send(who, HttpRequest.newBuilder(URI.create(service.url() + "/fhir" + path)));
    }

    private static JsonNode post(Tokens.Sender who, String path, String form)
            throws IOException, InterruptedException {
        return send(
                who,
                HttpRequest.newBuilder(URI.create(service.url() + "/fhir" + path))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    private static JsonNode send(Tokens.Sender who, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(
                        request.header("Authorization", "Bearer " + remote.token(who))
                                .header("Accept-Language", "en")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return JSON.readTree(answer.body());
    }
}
