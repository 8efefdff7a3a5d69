package org.yifang.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yifang.Alone;
import org.yifang.TestService;
import org.yifang.workflow.Client;
import org.yifang.workflow.Client.Reply;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// What one call may cause is bounded, and beyond that the answer says what to do.
@Alone
final class BudgetTest {
    /// On a machine that does nothing else, and in processor time on any; before, it was half a
    /// minute to never.
    private static final Duration LONGEST = Duration.ofSeconds(3);

    private static Client hospital;

    @BeforeAll
    static void open() {
        hospital = new Client(TestService.shared(), "hospital-1");
    }

    private static String times(String text, int count) {
        return String.join(",", Collections.nCopies(count, text));
    }

    /// Asks, and holds what that took to the bound.
    private static Reply within(Supplier<Reply> question) throws IOException {
        AtomicReference<Reply> reply = new AtomicReference<>();
        Spent spent = Spent.on(() -> reply.set(question.get()));
        assertThat(spent.processor()).isLessThan(LONGEST);
        assertThat(spent.alone()).isLessThan(LONGEST);
        return reply.get();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 3000",
                "{\"resource\":{\"resourceType\":\"Patient\",\"gender\":\"x\"}} | 11000",
                "{\"resource\":{\"resourceType\":\"MedicationRequest\",\"status\":\"x\"}} | 800"
            })
    void a_bundle_of_very_many_entries(String entry, int count) throws IOException {
        String bundle =
                "{\"resourceType\":\"Bundle\",\"type\":\"document\",\"entry\":["
                        + times(entry, count)
                        + "]}";
        for (String path : new String[] {"/fhir/Bundle/$validate", "/fhir/$submit-prescription"}) {
            Reply reply = within(() -> hospital.post(path, bundle));

            assertThat(reply.status()).isEqualTo(path.contains("$validate") ? 200 : 422);
            assertThat(reply.body().path("issue").size()).isBetween(1, 200);
            assertThat(reply.raw().body()).contains("more");
        }
    }

    @Test
    void sixty_thousand_unknown_names() throws IOException {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < 60_000; i++) {
            names.append(",\"n").append(i).append("\":1");
        }
        String bundle = "{\"resourceType\":\"Bundle\",\"type\":\"document\"" + names + "}";
        Reply reply = within(() -> hospital.post("/fhir/Bundle/$validate", bundle));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().path("issue").size()).isEqualTo(1);
    }

    @Test
    void a_narrative_that_nests_or_goes_on_for_ever() {
        for (String div : new String[] {"<b>".repeat(20_000), "<b>a</b>&nbsp;".repeat(40_000)}) {
            Reply reply =
                    hospital.post(
                            "/fhir/Patient/$validate",
                            "{\"resourceType\":\"Patient\",\"text\":{\"status\":\"generated\","
                                    + "\"div\":\"<div xmlns='http://www.w3.org/1999/xhtml'>"
                                    + div
                                    + "</div>\"}}");
            assertThat(reply.status()).as(reply.raw().body()).isEqualTo(400);
            assertThat(reply.raw().body().length()).isLessThan(2_000);
        }
    }

    @Test
    void a_search_for_very_many_things() {
        String ids = times("a", 51);
        assertThat(hospital.get("/fhir/Task?_id=" + ids).status()).isEqualTo(422);
        assertThat(hospital.get("/fhir/Task?_id=" + ids).code()).isEqualTo("RX-1423");
        assertThat(hospital.get("/fhir/Task?_id=" + times("a", 50)).status()).isEqualTo(200);
        assertThat(hospital.get("/fhir/Task?_sort=" + times("_lastUpdated", 6)).status())
                .isEqualTo(422);
        StringBuilder many = new StringBuilder("/fhir/Task?_count=1");
        for (int i = 0; i < 5; i++) {
            many.append("&_id=").append(times("a", 50));
        }
        assertThat(hospital.get(many.toString()).code()).isEqualTo("RX-1423");
    }

    @Test
    void what_callers_make_up_is_in_no_series_of_the_metrics() throws IOException {
        String made = "Z" + ThreadLocalRandom.current().nextLong(1L << 40);
        String url = TestService.shared().url();
        try (Wire wire = Wire.to(url)) {
            wire.send(
                            made
                                    + " /"
                                    + made
                                    + " HTTP/1.1\r\nHost: "
                                    + made
                                    + "\r\nConnection: close\r\n\r\n")
                    .read(Duration.ofSeconds(5));
        }
        try (Wire wire = Wire.to(url)) {
            assertThat(
                            wire.send(
                                            "GET /metrics HTTP/1.1\r\nHost: x\r\n"
                                                    + "Connection: close\r\n\r\n")
                                    .read(Duration.ofSeconds(5))
                                    .text())
                    .contains("yifang_refused_total")
                    .doesNotContain(made);
        }
    }
}
