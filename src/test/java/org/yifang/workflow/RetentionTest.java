package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.audit.verify.VerifyCommand;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/// Erasure and retention as an operator asks for them, over HTTP: an open case and a legal hold
/// win, and the audit log can be verified from outside afterwards.
final class RetentionTest {
    private static final String CARD = "421281195809210020";
    private static final String OTHER = "421281196001010012";

    private static TestService service;
    private static Story story;

    @BeforeAll
    static void open() {
        service = TestService.own(Map.of());
        story = new Story(service);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    private static String patient(Story.Rx rx) {
        return "/fhir/" + rx.task().at("/for/reference").asText();
    }

    private static int read(Story.Rx rx) {
        return new Client(service, "hospital-1").get(patient(rx)).status();
    }

    private static void hold(Story.Rx rx, boolean hold) {
        Client auditor = new Client(service, "auditor-1", Map.of("subject_id", "A1"));
        Client.Reply told =
                auditor.call(
                        rx.path() + "/$legal-hold",
                        "{\"name\":\"hold\",\"valueBoolean\":%s}".formatted(hold),
                        Story.reason("complaint"));
        assertThat(told.status()).as(told.raw().body()).isEqualTo(200);
    }

    private static Story.Rx ofOther() throws Exception {
        return story.prescribed(
                (ObjectNode)
                        Client.JSON.readTree(
                                story.document()
                                        .toString()
                                        .replace(CARD, OTHER)
                                        .replace("1958-09-21", "1960-01-01")));
    }

    @Test
    void an_open_case_and_a_legal_hold_win_and_the_log_stays_verifiable() throws Exception {
        Story.Rx rx = story.prescribed();
        Story.Rx held = ofOther();
        assertThat(OperatorJobs.erase(service, CARD)).contains("open");
        assertThat(OperatorJobs.note(service, "/admin/retention/run", "")).startsWith("0 ");
        assertThat(read(rx)).isEqualTo(200);
        assertThat(story.cancel(rx).status()).isEqualTo(200);
        assertThat(story.cancel(held).status()).isEqualTo(200);
        hold(held, true);
        assertThat(OperatorJobs.erase(service, OTHER)).contains("held as evidence");
        // What was told so far has its place in the log before the clock is moved.
        Thread.sleep(2_000);
        service.clock().forward(Duration.ofDays(5 * 366));
        assertThat(OperatorJobs.note(service, "/admin/retention/run", "")).startsWith("1 ");
        assertThat(read(rx)).isEqualTo(410);
        assertThat(read(held)).isEqualTo(200);
        hold(held, false);
        assertThat(OperatorJobs.erase(service, OTHER)).isEqualTo("Erased.");
        assertThat(read(held)).isEqualTo(410);
        verified();
    }

    private static void verified() throws Exception {
        String key =
                Client.send(
                                HttpRequest.newBuilder(
                                        java.net.URI.create(service.url() + "/audit/vkey")))
                        .raw()
                        .body()
                        .strip();
        StringWriter out = new StringWriter();
        int code =
                new CommandLine(new VerifyCommand())
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(out))
                        .execute(service.url() + "/audit", "--vkey", key);
        assertThat(code).as(out.toString()).isZero();
        assertThat(out.toString().getBytes(StandardCharsets.UTF_8)).isNotEmpty();
    }
}
