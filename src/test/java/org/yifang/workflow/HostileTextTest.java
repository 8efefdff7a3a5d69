package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.workflow.Story.reason;

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
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private static ValidCalls calls;

    @BeforeAll
    static void start() {
        service = TestService.own(Map.of());
        story = new Story(service);
        calls = new ValidCalls(service);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    static Stream<String> operations() {
        return calls.all().keySet().stream();
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
        Supplier<ValidCalls.Call> make = calls.all().get(operation);
        ValidCalls.Call valid = make.get();
        Reply usual = valid.send(valid.body().toString());
        assertThat(usual.status()).as(usual.raw().body()).isBetween(200, 299);
        List<String> wrong = new ArrayList<>();
        ValidCalls.Call call = make.get();
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
                + "&baselineEnd=2020-12-31&periodStart=2026-01-01&periodEnd=2026-12-31"
                + "&organization=",
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
                                        ValidCalls.parameters(reason("x")).toString()));
        assertThat(Client.send(call).status()).isLessThan(500);
    }

    static Stream<String> keys() {
        return Stream.of("x".repeat(300), "x".repeat(5_000), "x".repeat(LONG), "", "   ", "a\tb");
    }
}
