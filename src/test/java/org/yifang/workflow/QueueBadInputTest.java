package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;

/// What no counter should send to queues, histories and visits, and one does: each is refused for
/// what it is, with everything that is wrong, and nothing is an error of ours.
final class QueueBadInputTest {
    private static final String AT = "2026-01-05T09:05:00+08:00";
    private static final String LONG = "x".repeat(10_000);
    private static final String NUL = "\\u0000";

    private final TestService service = TestService.shared();
    private final Client hospital = new Client(service, "hospital-1");

    private static String part(String name, String value) {
        return "{\"name\":\"" + name + "\"," + value + "}";
    }

    /// The usual event with one part changed, left out (`-`) or put beside the others.
    private static String event(String changed, String value) {
        List<String> parts = new ArrayList<>();
        boolean known = false;
        for (String[] one :
                List.of(
                        new String[] {"ticket", "\"valueString\":\"B1\""},
                        new String[] {"queue", "\"valueString\":\"bad-input\""},
                        new String[] {"seq", "\"valueInteger\":1"},
                        new String[] {"stage", "\"valueCode\":\"registration\""},
                        new String[] {"code", "\"valueCode\":\"joined\""},
                        new String[] {"at", "\"valueInstant\":\"" + AT + "\""})) {
            boolean isChanged = one[0].equals(changed);
            known |= isChanged;
            if (!isChanged) {
                parts.add(part(one[0], one[1]));
            } else if (!value.equals("-")) {
                parts.add(part(one[0], value));
            }
        }
        if (!known) {
            parts.add(part(changed, value));
        }
        return "{\"name\":\"event\",\"part\":[" + String.join(",", parts) + "]}";
    }

    private Reply upload(String... parameters) {
        return hospital.post(
                "/fhir/$queue-events",
                "{\"resourceType\":\"Parameters\",\"parameter\":["
                        + String.join(",", parameters)
                        + "]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ticket     | 'valueString':'a\\u0000'                 | RX-1400",
                "queue      | 'valueString':'a\\u0000'                 | RX-1400",
                "department | 'valueString':'a\\u0000b'                | RX-1400",
                "ticket     | 'valueString':'\\ud800'                  | RX-1400",
                "ticket     | 'valueString':''                         | RX-1402",
                "ticket     | 'valueString':'   '                      | RX-1403",
                "ticket     | 'valueInteger':1                         | RX-1403",
                "ticket     | -                                        | RX-1406",
                "seq        | 'valueInteger':99999999999               | RX-1402",
                "seq        | 'valueInteger':1.5                       | RX-1402",
                "seq        | 'valueString':'1'                        | RX-1403",
                "at         | 'valueInstant':'2026-01-05'              | RX-1403",
                "at         | 'valueInstant':'2026-02-30T09:00:00Z'    | RX-1402",
                "at         | -                                        | RX-1406",
                "day        | 'valueDate':'2026'                       | RX-1403",
                "prescription | 'valueReference':{'reference':'x'}     | RX-1403",
                "colour     | 'valueString':'red'                      | RX-1403",
            })
    void a_part_that_cannot_be_read(String part, String value, String code) {
        Reply reply = upload(event(part, value.replace('\'', '"')));
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(400);
        assertThat(reply.codes()).contains(code);
    }

    @Test
    void a_control_character_is_refused_with_its_place() {
        Reply reply = upload(event("visit", "\"valueString\":\"\\u0001\""));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.raw().body()).contains("U+0001", "parameter[0].part[6].valueString");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seq        | 'valueInteger':-1                         | `seq` is -1",
                "stage      | 'valueCode':'lunch'                       | `lunch` is no stage",
                "code       | 'valueCode':'eaten'                       | `eaten` is no event",
                "day        | 'valueDate':'2020-01-05'                  | at most 366 days apart",
                "day        | 'valueDate':'9999-12-31'                  | at most 366 days apart",
                "day        | 'valueDate':'0000-01-01'                  | at most 366 days apart",
                "at         | 'valueInstant':'0001-01-01T00:00:00Z'     | `at` lies before",
                "prescription | "
                        + "'valueReference':{'reference':"
                        + "'Task/0198aaaa-0000-7000-8000-000000000000'}"
                        + " | is none that you issued",
            })
    void an_event_that_cannot_be(String part, String value, String issue) {
        Reply reply = upload(event(part, value.replace('\'', '"')));
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        assertThat(outcome(reply, 0)).isEqualTo("refused");
        assertThat(reply.raw().body()).contains(issue);
    }

    @Test
    void names_that_are_too_long() {
        for (String part : List.of("ticket", "queue", "department", "visit")) {
            Reply reply = upload(event(part, "\"valueString\":\"" + LONG + "\""));
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.raw().body()).contains("`" + part + "` has 10000 characters");
        }
    }

    @Test
    void a_time_to_come_is_put_aside_and_the_others_are_taken() {
        Reply reply =
                upload(
                        event("at", "\"valueInstant\":\"9999-12-31T23:59:59Z\""),
                        event("stage", "\"valueCode\":\"lunch\""),
                        event("ticket", "\"valueString\":\"among-bad-ones\""));
        assertThat(outcome(reply, 0)).isEqualTo("quarantined");
        assertThat(outcome(reply, 1)).isEqualTo("refused");
        assertThat(outcome(reply, 2)).isIn("accepted", "repeated");
    }

    /// By a clock that is 7,000 years ahead, the event would lie before all history.
    @Test
    void a_clock_that_was_never_set_makes_no_history() {
        Reply reply =
                upload(
                        part("sent-at", "\"valueInstant\":\"9999-12-31T23:59:59Z\""),
                        event("ticket", "\"valueString\":\"of-a-wild-clock\""));
        assertThat(outcome(reply, 0)).isEqualTo("refused");
    }

    @Test
    void every_fault_of_an_event_is_named() {
        String faults =
                event("stage", "\"valueCode\":\"lunch\"")
                        .replace("\"joined\"", "\"eaten\"")
                        .replace("\"valueInteger\":1", "\"valueInteger\":-7")
                        .replace("\"B1\"", "\"" + LONG + "\"");
        assertThat(upload(faults).raw().body())
                .contains("`lunch` is no stage", "`eaten` is no event", "`seq` is -7")
                .contains("`ticket` has 10000 characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"event\"}",
                "{\"name\":\"sent-at\"}",
                "{\"name\":\"event\",\"part\":[{\"name\":\"prescription\"}]}",
                "{\"name\":\"event\",\"part\":[{\"name\":\"ticket\"}]}",
                "{}"
            })
    void a_parameter_without_what_it_is_for(String parameter) {
        assertThat(upload(parameter).status()).isEqualTo(400);
    }

    @Test
    void a_mebibyte_and_not_a_byte_more() {
        String body =
                "{\"resourceType\":\"Parameters\",\"parameter\":["
                        + event("ticket", "\"valueString\":\"padded\"")
                        + "]}";
        String whole = body + " ".repeat((1 << 20) - body.length());
        assertThat(hospital.post("/fhir/$queue-events", whole).status()).isEqualTo(200);
        assertThat(hospital.post("/fhir/$queue-events", whole + " ").status()).isEqualTo(413);
    }

    private static String outcome(Reply reply, int index) {
        for (JsonNode part : reply.body().path("parameter").path(index).path("part")) {
            if (part.path("name").asText().equals("outcome")) {
                return part.path("valueCode").asText();
            }
        }
        return reply.raw().body();
    }

    private Reply history(String csv) {
        return Client.send(
                hospital.request("/fhir/$import-history")
                        .header("Content-Type", "text/csv")
                        .POST(HttpRequest.BodyPublishers.ofString(csv)));
    }

    @Test
    void a_past_ticket_told_anew_is_refused_and_bands_become_figures() {
        String head =
                "organization,queue,department,day,ticket,joined,called,served,left,stage,visit\n";
        String row = "H42128100001,told-once,D,2025-03-04,1,09:00,,%s,,dispensing,%s\n";
        Reply first = history(head + row.formatted("09:40", "V1"));
        assertThat(first.parameter("accepted").path("valueInteger").asInt()).isEqualTo(1);
        Reply again = history(head + row.formatted("09:40", "V1"));
        assertThat(again.parameter("repeated").path("valueInteger").asInt()).isEqualTo(1);
        for (String anew : List.of(row.formatted("09:05", "V1"), row.formatted("09:40", "V2"))) {
            Reply other = history(head + anew);
            assertThat(other.parameter("refused").path("valueInteger").asInt()).isEqualTo(1);
            assertThat(other.raw().body()).contains("stays as it was told first");
        }
        String bands = "organization,month,queue,department,minutes_0_10,%s,minutes_20_40\n";
        String month = "H42128100001,2024-03,told-once,D,20,30,50\n";
        Reply banded = history(bands.formatted("minutes_10_20") + month);
        assertThat(banded.parameter("accepted").path("valueInteger").asInt()).isEqualTo(1);
        Reply gap = history(bands.formatted("minutes_12_20") + month);
        assertThat(gap.status()).as(gap.raw().body()).isEqualTo(400);
    }

    @Test
    void rows_of_the_past_that_no_table_holds_are_refused_one_by_one() {
        String head = "organization,queue,department,day,ticket,joined,called,served,left\n";
        String row = "H42128100001,%s,%s,2025-03-03,%s,09:00,,09:10,\n";
        Reply reply =
                history(
                        head
                                + row.formatted("q\0", "D", "1")
                                + row.formatted("q", "D\0", "2")
                                + row.formatted("q", "D", "3\0")
                                + row.formatted("q", LONG, "4")
                                + row.formatted("bad-history", "D", "5"));
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        assertThat(reply.parameter("refused").path("valueInteger").asInt()).isEqualTo(4);
        assertThat(reply.raw().body())
                .contains("`queue` holds a control character")
                .contains("`department` has more than 64 characters");
        Reply months =
                history(
                        "organization,month,queue,department,tickets,median_minutes,p90_minutes,"
                                + "registrations,prescriptions\n"
                                + "H42128100001,2025-13,,,1,1,1,1,1\n"
                                + "H42128100001,2025-01,,,-1,1,1,1,1\n"
                                + "H42128100001,2025-01,,,99999999999999999999,1,1,1,1\n"
                                + "H42128100001,2025-01,,,1,NaN,1,1,1\n"
                                + "H42128100001,2025-01,,,1,1e400,1,1,1\n"
                                + "H42128100001,2025-01,q\0,,1,1,1,1,1\n");
        assertThat(months.status()).as(months.raw().body()).isEqualTo(200);
        assertThat(months.parameter("refused").path("valueInteger").asInt()).isEqualTo(6);
        assertThat(months.raw().body()).contains("`month` is `2025-13`", "`tickets` is `-1`");
    }

    private Reply visit(String status, String start, String more) {
        return hospital.post(
                "/fhir/Encounter",
                """
                {"resourceType":"Encounter","status":%s,"class":{"code":"AMB"},
                 "identifier":[{"system":"https://yifang.org/fhir/sid/visit","value":"bad-%d"}],
                 "period":{"start":"%s"}%s}
                """
                        .formatted(status, System.nanoTime(), start, more));
    }

    @Test
    void visits_that_cannot_be() {
        assertThat(visit("\"gone\"", AT, "").codes()).contains("RX-1406");
        assertThat(visit("5", AT, "").status()).isEqualTo(400);
        Reply past =
                visit("\"arrived\"", AT, ",\"statusHistory\":[{\"status\":\"x\",\"period\":{}}]");
        assertThat(past.status()).isEqualTo(400);
        assertThat(past.raw().body()).contains("Encounter.statusHistory[0].status");
        assertThat(visit("\"arrived\"", "9999-12-31T00:00:00Z", "").status()).isEqualTo(409);
        assertThat(visit("\"arrived\"", "0001-01-01", "").status()).isEqualTo(409);
        String named = ",\"serviceType\":{\"text\":\"" + NUL + "\"}";
        assertThat(visit("\"arrived\"", AT, named).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/fhir/Task?queue=%00",
                "/fhir/Task?group-identifier=%00",
                "/fhir/Task?business-status=%00",
                "/fhir/Task?code=%00"
            })
    void a_search_for_what_is_no_text(String path) {
        assertThat(hospital.get(path).status()).isEqualTo(400);
    }

    @Test
    void an_auditor_or_a_bureau_that_asks_for_what_is_no_text() {
        Client auditor = new Client(service, "auditor-1");
        for (String parameter :
                List.of("agent", "altid", "address", "organization", "subtype", "action")) {
            assertThat(auditor.get("/fhir/AuditEvent?" + parameter + "=%00").status())
                    .as(parameter)
                    .isEqualTo(400);
        }
        Client bureau = new Client(service, "bureau-1");
        String question =
                "/fhir/Measure/queue-time-reduction/$evaluate-measure?baselineStart=2025-01-06"
                        + "&baselineEnd=2025-03-02&periodStart=2025-04-07&periodEnd=2025-06-01";
        for (String parameter : List.of("queue", "department", "organization", "stage")) {
            assertThat(bureau.get(question + "&" + parameter + "=%00").status())
                    .as(parameter)
                    .isEqualTo(400);
        }
        assertThat(bureau.get("/queue?organization=%00").status()).isEqualTo(400);
    }
}
