package org.yifang.workflow;

import static org.yifang.workflow.Story.reason;
import static org.yifang.workflow.Story.string;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// One valid call of every operation that takes texts, for tests that spoil one text after the
/// other.
final class ValidCalls {
    private final TestService service;
    private final Story story;
    private final AtomicInteger turn = new AtomicInteger();

    ValidCalls(TestService service) {
        this.service = service;
        this.story = new Story(service);
    }

    /// One valid call of an operation.
    record Call(Client by, String path, JsonNode body) {
        Reply send(String body) {
            return by.post(path, body);
        }
    }

    static JsonNode parameters(String... parts) {
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

    private String instant(String name) {
        String at = Story.stamp(service.clock().instant().minusSeconds(1));
        return "{\"name\":\"" + name + "\",\"valueInstant\":\"" + at + "\"}";
    }

    /// Guesses are limited by client: they take turns.
    private Client counter() {
        return new Client(service, "pharmacy-" + (1 + turn.getAndIncrement() % 10));
    }

    private JsonNode dispense(Rx rx, String token) {
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

    Map<String, Supplier<Call>> all() {
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
        counters(calls);
        calls.put("$queue-events", this::queueEvent);
        calls.put("$import-offers", this::offers);
        return calls;
    }

    private void counters(Map<String, Supplier<Call>> calls) {
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
        calls.put("$take-back", this::takeBack);
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
    }

    private Call hospital(String operation, String... parts) {
        return new Call(
                story.hospital, story.prescribed().path() + "/" + operation, parameters(parts));
    }

    private Call held(String operation, String... parts) {
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

    private Call takeBack() {
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

    private Call queueEvent() {
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

    private Call offers() {
        Client counter = new Client(service, "pharmacy-5");
        JsonNode one =
                counter.get("/fhir/ChargeItemDefinition?_count=1").body().at("/entry/0/resource");
        ObjectNode body = Client.JSON.createObjectNode().put("resourceType", "Parameters");
        ObjectNode offer = one.deepCopy();
        offer.remove(List.of("id", "meta", "text"));
        body.putArray("parameter").addObject().put("name", "offer").set("resource", offer);
        return new Call(counter, "/fhir/$import-offers", body);
    }
}
