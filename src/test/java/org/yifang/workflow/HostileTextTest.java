package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.workflow.Story.reason;
import static org.yifang.workflow.Story.string;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Every text of every operation, one after the other, as nobody sends it by mistake only once: far
/// too long, with NUL, with an escape character, with half a surrogate pair, empty, blank. Whatever
/// it is, it is the caller's fault or nobody's, never ours.
class HostileTextTest {
    private static final String MARK = "@@here@@";
    private static final int LONG = 10_000;

    /// As they stand in JSON.
    private static final Map<String, String> HOSTILE =
            Map.of(
                    "long", "药".repeat(LONG),
                    "NUL", "a\\u0000b",
                    "escape", "a\\u001bb",
                    "half a pair", "a\\ud800b",
                    "empty", "",
                    "blank", "   ");

    /// What XML 1.0 cannot carry.
    private static final Set<String> UNFIT = Set.of("NUL", "escape", "half a pair");

    /// What the document or a resource may say at any length up to a whole body: it is kept sealed
    /// and unaltered, and nothing is looked up by it.
    private static final Set<String> UNBOUNDED =
            Set.of(
                    "$submit-prescription",
                    "Bundle/$validate",
                    "MedicationDispense/$validate",
                    // These tell of each row or event what is wrong with it, and keep none of them.
                    "$import-offers",
                    "$queue-events");

    /// Second lines, practitioners and performers are read as the first are.
    private static final Pattern LIKE_ANOTHER =
            Pattern.compile("^/entry/([7-9]|1\\d)|/performer/1/|/section/1/");

    private static TestService service;
    private static Story story;
    private static final AtomicInteger turn = new AtomicInteger();

    /// One valid call of an operation.
    private record Call(Client by, String path, JsonNode body) {
        Reply send(String body) {
            return by.post(path, body);
        }
    }

    @BeforeAll
    static void start() {
        service = TestService.own(Map.of());
        story = new Story(service);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static JsonNode parameters(String... parts) {
        try {
            return Client.JSON.readTree(
                    "{\"resourceType\":\"Parameters\",\"parameter\":["
                            + String.join(",", parts)
                            + "]}");
        } catch (com.fasterxml.jackson.core.JsonProcessingException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String code(String name, String value) {
        return "{\"name\":\"" + name + "\",\"valueCode\":\"" + value + "\"}";
    }

    private static String coded(String system) {
        return "{\"name\":\"reason\",\"valueCodeableConcept\":{\"coding\":[{\"system\":"
                + "\"https://yifang.org/fhir/CodeSystem/"
                + system
                + "\",\"version\":\"1\",\"code\":\"other\",\"display\":\"其他\"}],"
                + "\"text\":\"why\"}}";
    }

    private static String instant(String name) {
        String at = Story.stamp(service.clock().instant().minusSeconds(1));
        return "{\"name\":\"" + name + "\",\"valueInstant\":\"" + at + "\"}";
    }

    /// Guesses are limited by client: they take turns.
    private static Client counter() {
        return new Client(service, "pharmacy-" + (1 + turn.getAndIncrement() % 10));
    }

    private static JsonNode dispense(Rx rx, String token) {
        ObjectNode whole =
                (ObjectNode)
                        parameters(
                                string("claim-token", token),
                                "{\"name\":\"checked\",\"valueBoolean\":true}",
                                story.dispense(
                                        rx.lines().getFirst(), 0, "7", "81234567" + turn.get()));
        ObjectNode resource = (ObjectNode) whole.at("/parameter/2/resource");
        ArrayNode extensions = (ArrayNode) resource.path("extension");
        extension(extensions, "lot").put("valueString", "L2026");
        extension(extensions, "expiry").put("valueDate", "2099-01-01");
        extension(extensions, "price-charged")
                .putObject("valueMoney")
                .put("value", 8.6)
                .put("currency", "CNY");
        ArrayNode settlement = extension(extensions, "settlement").putArray("extension");
        settlement.addObject().put("url", "mode").put("valueCode", "self-pay");
        settlement.addObject().put("url", "id").put("valueString", "S-1");
        ArrayNode collector = extension(extensions, "collector").putArray("extension");
        collector.addObject().put("url", "name").put("valueString", "王小明");
        collector.addObject().put("url", "relation").put("valueCode", "family");
        resource.putArray("note").addObject().put("text", "after meals");
        ((ObjectNode) resource.path("medicationCodeableConcept")).put("text", "氨氯地平");
        return whole;
    }

    private static ObjectNode extension(ArrayNode of, String name) {
        return of.addObject().put("url", Story.EXTENSION + name);
    }

    private static Map<String, Supplier<Call>> calls() {
        Map<String, Supplier<Call>> calls = new LinkedHashMap<>();
        calls.put(
                "$submit-prescription",
                () -> new Call(story.hospital, "/fhir/$submit-prescription", story.document()));
        calls.put(
                "Bundle/$validate",
                () -> new Call(story.hospital, "/fhir/Bundle/$validate", story.document()));
        calls.put(
                "MedicationDispense/$validate",
                () ->
                        new Call(
                                story.pharmacy,
                                "/fhir/MedicationDispense/$validate",
                                dispense(story.prescribed(), "t").at("/parameter/2/resource")));
        calls.put(
                "$review",
                () ->
                        new Call(
                                story.reviewer,
                                story.prescribed(story.unreviewed()).path() + "/$review",
                                parameters(
                                        code("decision", "refuse"),
                                        coded("review-reason"),
                                        Story.check("dosage", "fail"))));
        calls.put("$cancel", () -> hospital("$cancel", coded("cancel-reason")));
        calls.put(
                "$suspend",
                () ->
                        hospital(
                                "$suspend",
                                coded("suspend-reason"),
                                "{\"name\":\"until\",\"valueInstant\":\"2099-01-01T00:00:00Z\"}"));
        calls.put(
                "$resume",
                () -> {
                    Rx rx = story.prescribed();
                    story.hospital.call(rx.path() + "/$suspend", reason("x"));
                    return new Call(
                            story.hospital,
                            rx.path() + "/$resume",
                            parameters(coded("suspend-reason")));
                });
        calls.put(
                "$choose-pharmacy",
                () ->
                        hospital(
                                "$choose-pharmacy",
                                code("requested-by", "patient"),
                                "{\"name\":\"pharmacy\",\"valueReference\":{\"reference\":"
                                        + "\"Organization/"
                                        + story.organization("P42128100001")
                                        + "\",\"display\":\"one\"}}"));
        calls.put("$compare-prices", () -> hospital("$compare-prices", place()));
        calls.put(
                "Task/$claim",
                () ->
                        new Call(
                                counter(),
                                "/fhir/Task/$claim",
                                parameters(string("pickup-code", story.prescribed().code()))));
        calls.put(
                "Task/id/$claim",
                () -> {
                    Rx rx = story.prescribed();
                    return new Call(
                            counter(),
                            rx.path() + "/$claim",
                            parameters(string("pickup-token", token(rx))));
                });
        calls.put("$renew", () -> held("$renew"));
        calls.put("$release", () -> held("$release", coded("release-reason")));
        calls.put(
                "$dispense",
                () -> {
                    Rx rx = story.prescribed();
                    String token = story.claimed(story.pharmacy, rx);
                    return new Call(story.pharmacy, rx.path() + "/$dispense", dispense(rx, token));
                });
        calls.put("$take-back", HostileTextTest::takeBack);
        calls.put(
                "$progress",
                () -> {
                    Rx rx = story.prescribed();
                    story.claimed(story.pharmacy, rx);
                    return new Call(
                            story.pharmacy,
                            rx.path() + "/$progress",
                            parameters(code("moment", "paid"), instant("at")));
                });
        calls.put("$queue-events", HostileTextTest::queueEvent);
        calls.put("$import-offers", HostileTextTest::offers);
        return calls;
    }

    private static Call hospital(String operation, String... parts) {
        return new Call(
                story.hospital, story.prescribed().path() + "/" + operation, parameters(parts));
    }

    private static Call held(String operation, String... parts) {
        Rx rx = story.prescribed();
        List<String> all = new ArrayList<>(List.of(parts));
        all.add(string("claim-token", story.claimed(story.pharmacy, rx)));
        return new Call(
                story.pharmacy,
                rx.path() + "/" + operation,
                parameters(all.toArray(String[]::new)));
    }

    private static String token(Rx rx) {
        for (JsonNode output : rx.task().path("output")) {
            if (output.at("/type/coding/0/code").asText().equals("pickup-token")) {
                return output.path("valueString").asText();
            }
        }
        throw new IllegalStateException();
    }

    private static String[] place() {
        return new String[] {
            "{\"name\":\"latitude\",\"valueDecimal\":29.7}",
            "{\"name\":\"longitude\",\"valueDecimal\":113.9}"
        };
    }

    private static Call takeBack() {
        Rx rx = story.prescribed();
        String token = story.claimed(story.pharmacy, rx);
        String pack = "8765432" + System.nanoTime();
        Reply sold =
                story.dispense(
                        story.pharmacy,
                        rx,
                        token,
                        false,
                        story.dispense(rx.lines().getFirst(), 0, "7", pack));
        return new Call(
                story.pharmacy,
                "/fhir/MedicationDispense/"
                        + sold.parameter("dispense").at("/resource/id").asText()
                        + "/$take-back",
                parameters(
                        "{\"name\":\"identifier\",\"valueIdentifier\":{\"use\":\"official\","
                                + "\"system\":\"urn:counter\",\"value\":\"tb-"
                                + pack
                                + "\"}}",
                        "{\"name\":\"quantity\",\"valueQuantity\":{\"value\":7,\"unit\":\"片\"}}",
                        coded("take-back-reason"),
                        code("disposition", "quarantine"),
                        string("trace-code", pack)));
    }

    private static Call queueEvent() {
        Rx rx = story.prescribed();
        return new Call(
                story.hospital,
                "/fhir/$queue-events",
                parameters(
                        instant("sent-at"),
                        "{\"name\":\"event\",\"part\":["
                                + String.join(
                                        ",",
                                        string("ticket", "A" + System.nanoTime()),
                                        string("queue", "window-1"),
                                        "{\"name\":\"seq\",\"valueInteger\":1}",
                                        code("stage", "consultation"),
                                        code("code", "joined"),
                                        instant("at"),
                                        "{\"name\":\"day\",\"valueDate\":\"2026-01-02\"}",
                                        string("department", "内科"),
                                        string("visit", "V1"),
                                        "{\"name\":\"prescription\",\"valueReference\":"
                                                + "{\"reference\":\"Task/"
                                                + rx.id()
                                                + "\"}}")
                                + "]}"));
    }

    private static Call offers() {
        Client counter = new Client(service, "pharmacy-5");
        JsonNode one =
                counter.get("/fhir/ChargeItemDefinition?_count=1").body().at("/entry/0/resource");
        ObjectNode body = Client.JSON.createObjectNode().put("resourceType", "Parameters");
        ObjectNode offer = one.deepCopy();
        offer.remove(List.of("id", "meta", "text"));
        body.putArray("parameter").addObject().put("name", "offer").set("resource", offer);
        return new Call(counter, "/fhir/$import-offers", body);
    }

    static Stream<String> operations() {
        return calls().keySet().stream();
    }

    /// Where texts stand, as JSON pointers.
    private static List<String> texts(JsonNode node, String at) {
        List<String> found = new ArrayList<>();
        if (node.isTextual() && !at.endsWith("/resourceType")) {
            found.add(at);
        }
        node.properties()
                .forEach(one -> found.addAll(texts(one.getValue(), at + "/" + one.getKey())));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            found.addAll(texts(node.get(i), at + "/" + i));
        }
        return found;
    }

    private static String with(JsonNode body, String at, String hostile) {
        JsonNode copy = body.deepCopy();
        int slash = at.lastIndexOf('/');
        JsonNode parent = copy.at(at.substring(0, slash));
        String last = at.substring(slash + 1);
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(last), TextNode.valueOf(MARK));
        } else {
            ((ObjectNode) parent).put(last, MARK);
        }
        return copy.toString().replace(MARK, hostile);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void no_text_is_our_fault_and_none_is_kept_at_any_length(String operation) {
        Supplier<Call> make = calls().get(operation);
        Call valid = make.get();
        Reply usual = valid.send(valid.body().toString());
        assertThat(usual.status()).as(usual.raw().body()).isBetween(200, 299);
        List<String> wrong = new ArrayList<>();
        Call call = make.get();
        for (String at : texts(valid.body(), "")) {
            if (LIKE_ANOTHER.matcher(at).find()) {
                continue;
            }
            for (Map.Entry<String, String> hostile : HOSTILE.entrySet()) {
                Reply reply = call.send(with(call.body(), at, hostile.getValue()));
                String what = reply.status() + " " + reply.codes() + " " + hostile.getKey();
                boolean kept = reply.status() < 300;
                boolean mayKeep = !hostile.getKey().equals("long") || UNBOUNDED.contains(operation);
                if (reply.status() >= 500
                        || (kept && !mayKeep)
                        || (kept && UNFIT.contains(hostile.getKey()))
                        || (!kept && reply.code().isEmpty())) {
                    wrong.add(what + " at " + at + ": " + shortened(reply.raw().body()));
                }
                if (kept || reply.status() == 409) {
                    // It has happened: the next needs another to happen to.
                    call = make.get();
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static String shortened(String text) {
        return text.substring(0, Math.min(text.length(), 300));
    }

    /// What stands in URLs.
    @ParameterizedTest
    @CsvSource({
        "hospital-1, /fhir/Task?identifier=",
        "hospital-1, /fhir/Task?group-identifier=urn:x|",
        "hospital-1, /fhir/Task?patient=",
        "hospital-1, /fhir/Task?business-status=",
        "hospital-1, /fhir/Task?_sort=",
        "hospital-1, /fhir/Task?_lastUpdated=",
        "hospital-1, /fhir/Task?_elements=",
        "pharmacy-1, /fhir/MedicationDispense?identifier=",
        "pharmacy-1, /fhir/Organization?identifier=",
        "pharmacy-1, /fhir/Organization?name=",
        "bureau-1, /fhir/Measure/drug-price-change/$evaluate-measure?baselineStart=2020-01-01"
                + "&baselineEnd=2020-12-31&periodStart=2026-01-01&periodEnd=2026-12-31&drug=",
        "bureau-1, /fhir/Measure/queue-time-reduction/$evaluate-measure?baselineStart=2020-01-01"
                + "&baselineEnd=2020-12-31&periodStart=2026-01-01&periodEnd=2026-12-31&organization=",
        "auditor-1, /fhir/AuditEvent?entity=",
        "auditor-1, /fhir/AuditEvent?subtype=",
        "auditor-1, /fhir/AuditEvent/$question?start=2026-01-01T00:00:00Z&question=",
        "auditor-1, /fhir/$export?_type="
    })
    void no_parameter_of_a_url_is_our_fault(String client, String path) {
        Client by = new Client(service, client);
        for (String hostile :
                List.of("a%00b", "%00", "a%ED%A0%80b", "", "%20%20", "x".repeat(3_000), "%F0%9F")) {
            Reply reply = by.get(path.replace("|", "%7C") + hostile);
            assertThat(reply.status()).as(hostile + reply.raw().body()).isLessThan(500);
            if (hostile.contains("%00")) {
                assertThat(reply.code()).isEqualTo("RX-1403");
            }
        }
    }

    /// What stands in headers.
    @ParameterizedTest
    @MethodSource("keys")
    void no_idempotency_key_is_our_fault(String key) {
        Rx rx = story.prescribed();
        HttpRequest.Builder call =
                story.hospital
                        .request(rx.path() + "/$cancel")
                        .header("Content-Type", "application/fhir+json")
                        .header("Idempotency-Key", key)
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        parameters(reason("x")).toString()));
        assertThat(Client.send(call).status()).isLessThan(500);
    }

    static Stream<String> keys() {
        return Stream.of("x".repeat(300), "x".repeat(5_000), "x".repeat(LONG), "", "   ", "a\tb");
    }
}
