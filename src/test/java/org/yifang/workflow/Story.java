package org.yifang.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// What people do in these tests: prescribe, review, claim, dispense.
public final class Story {
    private static final String ADHD_DRUG = "XN06BAA001A010010100006";
    static final String EXTENSION = "https://yifang.org/fhir/StructureDefinition/";
    private static final AtomicLong NUMBER = new AtomicLong(System.nanoTime());
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX")
                    .withZone(ZoneId.of("Asia/Shanghai"));

    final TestService service;
    final Client hospital;
    final Client reviewer;
    final Client pharmacy;
    final Client otherPharmacy;

    public Story(TestService service) {
        this.service = service;
        hospital = new Client(service, "hospital-1");
        reviewer = reviewer("YS421281000001");
        pharmacy = new Client(service, "pharmacy-1");
        otherPharmacy = new Client(service, "pharmacy-2");
    }

    Client reviewer(String staff) {
        return new Client(service, "reviewer-1", Map.of("subject_id", staff));
    }

    Client patient() {
        return new Client(service, "patient-app", Map.of("patient", "421281195809210020"));
    }

    static String stamp(Instant at) {
        return STAMP.format(at);
    }

    /// A complete document of two lines, seven days each, reviewed by the hospital already.
    ObjectNode document() {
        ObjectNode document = unreviewed();
        ObjectNode attester =
                ((ObjectNode) document.at("/entry/0/resource")).withArray("attester").addObject();
        attester.put("mode", "professional");
        attester.put("time", stamp(service.clock().instant()));
        String pharmacist = "urn:uuid:00000000-0000-4000-8000-000000000099";
        attester.putObject("party").put("reference", pharmacist);
        ObjectNode entry = document.withArray("entry").addObject().put("fullUrl", pharmacist);
        ObjectNode person = entry.putObject("resource").put("resourceType", "Practitioner");
        person.putArray("identifier")
                .addObject()
                .put("system", "https://yifang.org/fhir/sid/nhsa-staff")
                .put("value", "YS421281000001");
        person.putArray("name").addObject().put("text", "李药师");
        return document;
    }

    /// The same awaiting its review.
    ObjectNode unreviewed() {
        Instant now = service.clock().instant();
        String number = "H42128100001-" + NUMBER.incrementAndGet();
        try (var in = Story.class.getResourceAsStream("/workflow/prescription.json")) {
            String text =
                    new String(
                                    java.util.Objects.requireNonNull(in).readAllBytes(),
                                    StandardCharsets.UTF_8)
                            .replace("@NOW@", stamp(now))
                            .replace("@END@", stamp(now.plusSeconds(3 * 86_400)))
                            .replace("@NUMBER@", number);
            return (ObjectNode) Client.JSON.readTree(text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The MedicationRequests of a document.
    static List<ObjectNode> lines(ObjectNode document) {
        List<ObjectNode> lines = new ArrayList<>();
        for (JsonNode entry : document.path("entry")) {
            if (entry.at("/resource/resourceType").asText().equals("MedicationRequest")) {
                lines.add((ObjectNode) entry.path("resource"));
            }
        }
        return lines;
    }

    static ObjectNode resource(ObjectNode document, String type) {
        for (JsonNode entry : document.path("entry")) {
            if (entry.at("/resource/resourceType").asText().equals(type)) {
                return (ObjectNode) entry.path("resource");
            }
        }
        throw new IllegalArgumentException(type);
    }

    Reply submit(JsonNode document) {
        return hospital.post("/fhir/$submit-prescription", document.toString());
    }

    /// Submits with a change to the usual document.
    Reply submit(Consumer<ObjectNode> change) {
        ObjectNode document = document();
        change.accept(document);
        return submit(document);
    }

    /// The pick-up code of a new prescription of hospital-1, for tests of other rooms.
    public static String codeOfNew(TestService service) {
        return new Story(service).prescribed().code();
    }

    /// Submits a prescription of hospital-1 that awaits its review, for tests of other rooms.
    public static void submitToReview(TestService service) {
        Story story = new Story(service);
        Reply reply = story.submit(story.unreviewed());
        if (reply.status() != 201) {
            throw new IllegalStateException(reply.raw().body());
        }
    }

    /// A prescription that pharmacies can claim.
    Rx prescribed() {
        return prescribed(document());
    }

    Rx prescribed(JsonNode document) {
        Reply reply = submit(document);
        if (reply.status() != 201) {
            throw new IllegalStateException(reply.raw().body());
        }
        return new Rx(reply.body());
    }

    /// A submitted prescription as its hospital knows it.
    record Rx(JsonNode task) {
        String id() {
            return task.path("id").asText();
        }

        String path() {
            return "/fhir/Task/" + id();
        }

        String code() {
            for (JsonNode output : task.path("output")) {
                if (output.at("/type/coding/0/code").asText().equals("pickup-code")) {
                    return output.path("valueString").asText();
                }
            }
            return "";
        }

        List<String> lines() {
            List<String> lines = new ArrayList<>();
            for (JsonNode input : task.path("input")) {
                if (input.at("/type/coding/0/code").asText().equals("line")) {
                    lines.add(
                            input.at("/valueReference/reference")
                                    .asText()
                                    .replace("MedicationRequest/", ""));
                }
            }
            return lines;
        }
    }

    Reply claim(Client by, Rx rx) {
        return by.call("/fhir/Task/$claim", string("pickup-code", rx.code()));
    }

    /// Claims and gives the claim token.
    String claimed(Client by, Rx rx) {
        Reply reply = claim(by, rx);
        if (reply.status() != 200) {
            throw new IllegalStateException(reply.raw().body());
        }
        return reply.parameter("claim-token").path("valueString").asText();
    }

    /// One MedicationDispense of `units` of the line's own product.
    String dispense(String line, int number, String units, String... traceCodes) {
        String[] drugs = {"XC08CAA013A001010100001", "XC10AAA012A001010200002"};
        return dispenseOf(line, drugs[number], units, "片", traceCodes);
    }

    String dispenseOf(
            String line, String drug, String quantity, String unit, String... traceCodes) {
        StringBuilder extensions = new StringBuilder();
        for (String code : traceCodes) {
            extensions
                    .append(extensions.isEmpty() ? "" : ",")
                    .append("{\"url\":\"" + EXTENSION + "trace-code\",\"valueString\":\"")
                    .append(code)
                    .append("\"}");
        }
        return "{\"name\":\"dispense\",\"resource\":{\"resourceType\":\"MedicationDispense\","
                + (extensions.isEmpty() ? "" : "\"extension\":[" + extensions + "],")
                + "\"identifier\":[{\"system\":\"urn:counter\",\"value\":\""
                + NUMBER.incrementAndGet()
                + "\"}],\"status\":\"completed\",\"medicationCodeableConcept\":{\"coding\":[{"
                + "\"system\":\"https://yifang.org/fhir/sid/nhsa-drug\",\"code\":\""
                + drug
                + "\"}]},\"authorizingPrescription\":[{\"reference\":\"MedicationRequest/"
                + line
                + "\"}],\"quantity\":{\"value\":"
                + quantity
                + ",\"unit\":\""
                + unit
                + "\"},\"whenHandedOver\":\""
                + stamp(service.clock().instant())
                + "\",\"performer\":["
                + performer("prepare", "YS421281000011")
                + ","
                + performer("check", "YS421281000012")
                + "]}}";
    }

    static String performer(String function, String staff) {
        return "{\"function\":{\"coding\":[{\"system\":"
                + "\"https://yifang.org/fhir/CodeSystem/dispense-performer-function\",\"code\":\""
                + function
                + "\"}]},\"actor\":{\"identifier\":{\"system\":"
                + "\"https://yifang.org/fhir/sid/nhsa-staff\",\"value\":\""
                + staff
                + "\"}}}";
    }

    Reply dispense(Client by, Rx rx, String token, boolean keep, String... dispenses) {
        List<String> parts = new ArrayList<>(List.of(dispenses));
        parts.add(string("claim-token", token));
        parts.add("{\"name\":\"checked\",\"valueBoolean\":true}");
        if (keep) {
            parts.add("{\"name\":\"keep\",\"valueBoolean\":true}");
        }
        return by.call(rx.path() + "/$dispense", parts.toArray(String[]::new));
    }

    /// The whole of it, both lines.
    Reply dispenseAll(Client by, Rx rx, String token) {
        return dispense(
                by,
                rx,
                token,
                false,
                dispense(rx.lines().get(0), 0, "7"),
                dispense(rx.lines().get(1), 1, "7"));
    }

    Reply takeBack(Client by, String dispense, String units, String disposition, String... codes) {
        List<String> parts = new ArrayList<>();
        parts.add(
                "{\"name\":\"identifier\",\"valueIdentifier\":{\"system\":\"urn:counter\","
                        + "\"value\":\"tb-"
                        + NUMBER.incrementAndGet()
                        + "\"}}");
        parts.add(
                "{\"name\":\"quantity\",\"valueQuantity\":{\"value\":"
                        + units
                        + ",\"unit\":\"片\"}}");
        parts.add(reason("wrong drug"));
        parts.add("{\"name\":\"disposition\",\"valueCode\":\"" + disposition + "\"}");
        for (String code : codes) {
            parts.add(string("trace-code", code));
        }
        return by.call(
                "/fhir/MedicationDispense/" + dispense + "/$take-back",
                parts.toArray(String[]::new));
    }

    static String string(String name, String value) {
        return "{\"name\":\"" + name + "\",\"valueString\":\"" + value + "\"}";
    }

    static String reason(String text) {
        return "{\"name\":\"reason\",\"valueCodeableConcept\":{\"text\":\"" + text + "\"}}";
    }

    Reply cancel(Rx rx) {
        return hospital.call(rx.path() + "/$cancel", reason("allergy"));
    }

    /// All seven items passed; a refusal says why.
    Reply review(Client by, Rx rx, String decision) {
        return decision.equals("refuse")
                ? review(by, rx, decision, reason("dose does not fit the diagnosis"))
                : review(by, rx, decision, new String[0]);
    }

    /// All seven items passed, with further parameters.
    Reply review(Client by, Rx rx, String decision, String... more) {
        List<String> parts = new ArrayList<>(List.of(more));
        parts.add("{\"name\":\"decision\",\"valueCode\":\"" + decision + "\"}");
        for (String item :
                List.of(
                        "skin-test",
                        "diagnosis",
                        "dosage",
                        "form-and-route",
                        "duplication",
                        "interaction",
                        "other")) {
            parts.add(check(item, "pass"));
        }
        return by.call(rx.path() + "/$review", parts.toArray(String[]::new));
    }

    static String check(String item, String result) {
        return "{\"name\":\"check\",\"part\":[{\"name\":\"item\",\"valueCode\":\""
                + item
                + "\"},{\"name\":\"result\",\"valueCode\":\""
                + result
                + "\"}]}";
    }

    /// Methylphenidate, which two pharmacists review, awaiting the first.
    Rx forTwoReviewers() {
        return forTwoReviewers(unreviewed());
    }

    Rx forTwoReviewers(ObjectNode document) {
        ((ObjectNode) resource(document, "Composition").at("/extension/0"))
                .put("valueCode", "issuing-hospital");
        ObjectNode line = lines(document).getFirst();
        ObjectNode drug = (ObjectNode) line.path("medicationCodeableConcept");
        ((ObjectNode) drug.at("/coding/0")).put("code", ADHD_DRUG);
        drug.put("text", "盐酸哌甲酯缓释片 18mg×15片");
        ((ObjectNode) line.at("/dosageInstruction/0/doseAndRate/0/doseQuantity")).put("value", 18);
        return prescribed(document);
    }

    /// Organization id of an institution of the registry.
    String organization(String number) {
        var at = service.database();
        try (var connection =
                        java.sql.DriverManager.getConnection(
                                at.jdbcUrl(), at.user(), at.password());
                var statement =
                        connection.prepareStatement(
                                "SELECT id::text FROM organization WHERE number = ?")) {
            statement.setString(1, number);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        } catch (java.sql.SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /// The number that a query with one text gives.
    long count(String query, String text) throws java.sql.SQLException {
        var at = service.database();
        try (var connection =
                        java.sql.DriverManager.getConnection(
                                at.jdbcUrl(), at.user(), at.password());
                var statement = connection.prepareStatement(query)) {
            statement.setString(1, text);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    /// `ready/awaiting-claim` as the hospital reads it now.
    String state(Rx rx) {
        JsonNode task = hospital.get(rx.path()).body();
        return task.path("status").asText()
                + "/"
                + task.at("/businessStatus/coding/0/code").asText();
    }

    /// `status remaining` of a line as the hospital reads it now.
    String line(Rx rx, int number) {
        JsonNode line = hospital.get("/fhir/MedicationRequest/" + rx.lines().get(number)).body();
        for (JsonNode extension : line.path("extension")) {
            if (extension.path("url").asText().endsWith("remaining-quantity")) {
                return line.path("status").asText()
                        + " "
                        + extension.at("/valueQuantity/value").asText();
            }
        }
        return line.path("status").asText();
    }
}
