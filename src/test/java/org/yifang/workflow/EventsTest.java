package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.abuse.Wire;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// `/events` tells each what it may know, from any instance, and goes on where it ended.
class EventsTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final TestService service = TestService.shared();
    private final Story story = new Story(service);

    /// One event as it came.
    record Told(long id, String topic, String data) {}

    @Test
    void a_change_is_told_to_its_hospital_its_patient_and_its_holder_only() throws Exception {
        try (var hospital = watch(story.hospital, "");
                var holder = watch(story.pharmacy, "");
                var stranger = watch(story.otherPharmacy, "");
                var patient = watch(story.patient(), "")) {
            Story.Rx rx = story.prescribed();
            story.claimed(story.pharmacy, rx);
            assertThat(hospital.until(rx.id(), "in-progress/claimed"))
                    .extracting(Told::topic)
                    .containsExactly("prescription-status", "prescription-status");
            assertThat(holder.until(rx.id(), "in-progress/claimed")).hasSize(1);
            assertThat(patient.until(rx.id(), "in-progress/claimed")).hasSize(2);
            Story.Rx own = story.prescribed();
            story.claimed(story.otherPharmacy, own);
            assertThat(stranger.until(own.id(), "in-progress/claimed")).hasSize(1);
            assertThat(stranger.told).noneMatch(one -> one.data().contains(rx.id()));
        }
    }

    @Test
    void who_comes_back_is_told_what_it_missed_and_nothing_twice() throws Exception {
        long last;
        Story.Rx rx = story.prescribed();
        try (var first = watch(story.hospital, "?task=" + rx.id())) {
            story.claimed(story.pharmacy, rx);
            last = first.until(rx.id(), "in-progress/claimed").getLast().id();
        }
        story.hospital.call(rx.path() + "/$suspend", Story.reason("other"));
        try (var second = watch(story.hospital, "?task=" + rx.id() + "&Last-Event-ID=" + last)) {
            List<Told> told = second.until(rx.id(), "on-hold/suspended");
            assertThat(told).hasSize(1).allMatch(one -> one.id() > last);
        }
        try (var lost =
                watch(story.pharmacy, "?topic=claim-lost&task=" + rx.id() + "&Last-Event-ID=0")) {
            assertThat(lost.until(rx.id(), "on-hold/suspended")).hasSize(1);
        }
    }

    @Test
    void another_instance_tells_the_same() throws Exception {
        try (TestService sibling = service.sibling()) {
            Client there = new Client(sibling, "hospital-1");
            try (var watching = watch(there, "?topic=prescription-status")) {
                Story.Rx rx = story.prescribed();
                assertThat(watching.until(rx.id(), "ready/awaiting-claim")).hasSize(1);
            }
        }
    }

    @Test
    void a_number_of_a_database_that_was_set_back_since_hears_what_comes() throws Exception {
        String ahead = "?topic=prescription-status&Last-Event-ID=999999999999999999";
        try (var watching = watch(story.hospital, ahead)) {
            Story.Rx rx = story.prescribed();
            assertThat(watching.until(rx.id(), "ready/awaiting-claim")).hasSize(1);
        }
    }

    @Test
    void nobody_unknown_watches_and_no_topic_is_made_up() {
        assertThat(story.hospital.get("/events?topic=gossip").status()).isEqualTo(400);
        assertThat(story.hospital.get("/events?topic=gossip").code()).isEqualTo("RX-1403");
        var open =
                java.net.http.HttpRequest.newBuilder(
                        java.net.URI.create(service.url() + "/events"));
        assertThat(Client.send(open.GET()).status()).isEqualTo(401);
    }

    @Test
    void one_address_watches_by_a_bounded_number_of_connections() throws Exception {
        List<Wire> open = new ArrayList<>();
        try {
            int status = 200;
            for (int i = 0; i <= 200 && status == 200; i++) {
                Client one =
                        i % 3 == 0 ? story.hospital : i % 3 == 1 ? story.pharmacy : story.reviewer;
                open.add(quietly(one, "/events"));
                status = open.getLast().read(Duration.ofMillis(20)).status();
                for (int wait = 0; wait < 500 && status == 0; wait++) {
                    status = open.getLast().read(Duration.ofMillis(20)).status();
                }
            }
            assertThat(status).isEqualTo(429);
        } finally {
            for (Wire one : open) {
                one.close();
            }
        }
        await().ignoreExceptions()
                .until(() -> {
                    try (Wire again = quietly(story.hospital, "/events")) {
                        return again.read(Duration.ofMillis(300)).status() == 200;
                    }
                });
    }

    @Test
    void who_does_not_read_is_dropped_and_goes_on_where_it_was() throws Exception {
        long last = lastNumber();
        tell(40_000);
        await().atMost(Duration.ofSeconds(60)).until(() -> lastNumber() >= last + 40_000);
        long told;
        try (Wire deaf = quietly(story.hospital, "/events?Last-Event-ID=" + last)) {
            // It is told faster than it reads; at some point it is left, its connection with it.
            Wire.Reply all = deaf.hold(Duration.ofSeconds(5)).read(Duration.ofSeconds(10));
            assertThat(all.status()).isEqualTo(200);
            assertThat(all.closed()).isTrue();
            List<String> ids = all.text().lines().filter(line -> line.startsWith("id: ")).toList();
            told = Long.parseLong(ids.get(ids.size() - 2).substring(4));
            assertThat(told).isBetween(last, last + 39_999);
        }
        try (Wire again = quietly(story.hospital, "/events?Last-Event-ID=" + told)) {
            assertThat(again.read(Duration.ofSeconds(1)).text())
                    .contains("id: " + (told + 1) + "\n");
        }
    }

    private long lastNumber() throws java.sql.SQLException {
        return story.count("SELECT number FROM outbox_last WHERE ? = ''", "");
    }

    /// Writes many events of the hospital, as a very busy day would.
    private void tell(int many) throws java.sql.SQLException {
        var at = service.database();
        try (var connection =
                        java.sql.DriverManager.getConnection(
                                at.jdbcUrl(), at.user(), at.password());
                var statement =
                        connection.prepareStatement(
                                "INSERT INTO outbox (topic, at, focus_type, focus_id, hospital_id,"
                                        + " pharmacies, reviewers_told) SELECT"
                                        + " 'prescription-status', now(), 'Task',"
                                        + " gen_random_uuid(), ?::uuid, '{}', false"
                                        + " FROM generate_series(1, ?)")) {
            statement.setString(1, story.organization("H42128100001"));
            statement.setInt(2, many);
            statement.executeUpdate();
        }
    }

    /// A connection whose answers are read only when a test reads them.
    private Wire quietly(Client who, String path) throws IOException {
        String token =
                who.request(path).build().headers().firstValue("Authorization").orElseThrow();
        return Wire.to(service.url())
                .send(
                        "GET "
                                + path
                                + " HTTP/1.1\r\nHost: x\r\nAuthorization: "
                                + token
                                + "\r\n\r\n");
    }

    private static Watching watch(Client who, String query) throws Exception {
        return new Watching(who, query);
    }

    /// Reads a stream line by line, until told enough or ten seconds have passed.
    private static final class Watching implements AutoCloseable {
        private final BufferedReader lines;
        private final List<Told> told = new ArrayList<>();
        private final Instant most = Instant.now().plus(Duration.ofSeconds(20));

        Watching(Client who, String query) throws IOException, InterruptedException {
            var answer =
                    HTTP.send(
                            who.request("/events" + query).GET().build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
            lines =
                    new BufferedReader(
                            new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        }

        /// Everything told of a Task, up to its reaching a state.
        List<Told> until(String task, String state) throws IOException {
            String reached = "\"state\":\"" + state + "\"";
            long id = 0;
            String topic = "";
            while (told.stream().noneMatch(one -> isOf(one, task) && one.data.contains(reached))) {
                assertThat(Instant.now()).as("told so far: %s", told).isBefore(most);
                String line = lines.readLine();
                if (line.startsWith("id: ")) {
                    id = Long.parseLong(line.substring(4));
                } else if (line.startsWith("event: ")) {
                    topic = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    told.add(new Told(id, topic, line.substring(6)));
                }
            }
            return told.stream().filter(one -> isOf(one, task)).toList();
        }

        private static boolean isOf(Told one, String task) {
            return one.data().contains("Task/" + task);
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
