package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.workflow.Story.string;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.yifang.TestService;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.net.URI;
import java.net.http.HttpRequest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// What nobody may learn: from another's client, from the tables, from the log.
class SecrecyTest {
    private static final String NAME = "陈秀英";
    private static final String CARD = "421281195809210020";
    private static final String OTHER_CARD = "421281199003070012";

    private final TestService service = TestService.shared();
    private final Story story = new Story(service);

    /// Every resource of a prescription that has an address of its own.
    private List<String> paths(Rx rx) {
        List<String> paths = new ArrayList<>(List.of(rx.path(), rx.path() + "/_history/1"));
        paths.add("/fhir/" + rx.task().at("/focus/reference").asText());
        paths.add("/fhir/" + rx.task().at("/for/reference").asText());
        for (JsonNode input : rx.task().path("input")) {
            if (input.has("valueReference")) {
                paths.add("/fhir/" + input.at("/valueReference/reference").asText());
            }
        }
        return paths;
    }

    private ObjectNode documentOf(String card, String name, String gender, String birthDate) {
        ObjectNode document = story.document();
        ObjectNode patient = Story.resource(document, "Patient");
        ((ObjectNode) patient.at("/identifier/0")).put("value", card);
        ((ObjectNode) patient.at("/name/0")).put("text", name);
        patient.put("gender", gender).put("birthDate", birthDate);
        return document;
    }

    private Client otherPatient() {
        story.prescribed(documentOf(OTHER_CARD, "张三", "male", "1990-03-07"));
        return new Client(service, "patient-app", Map.of("patient", OTHER_CARD));
    }

    @Test
    void what_is_anothers_does_not_exist() {
        // Nobody else has anything to do with this patient.
        Rx rx = story.prescribed(documentOf("421281197711300043", "李梅", "female", "1977-11-30"));
        List<Client> strangers =
                List.of(new Client(service, "hospital-2"), story.otherPharmacy, otherPatient());
        for (String path : paths(rx)) {
            if (!path.startsWith("/fhir/Patient/")) {
                assertThat(story.hospital.get(path).status()).as(path).isEqualTo(200);
            }
            for (Client stranger : strangers) {
                assertThat(stranger.get(path).status()).as(path).isEqualTo(404);
            }
        }
        for (Client stranger : strangers) {
            for (String search :
                    List.of("Task?_id=" + rx.id(), "MedicationRequest?_id=" + rx.lines().get(0))) {
                Reply reply = stranger.get("/fhir/" + search);
                assertThat(reply.status()).as(search).isEqualTo(200);
                assertThat(
                                reply.body().path("entry").findValues("resource").stream()
                                        .filter(one ->
                                                !one.path("resourceType")
                                                        .asText()
                                                        .equals("OperationOutcome")))
                        .as(search)
                        .isEmpty();
            }
        }
        assertThat(strangers.getFirst().call(rx.path() + "/$cancel", Story.reason("x")).status())
                .isEqualTo(404);
    }

    @Test
    void a_role_gets_no_further_than_its_own_acts() {
        Rx rx = story.prescribed();
        Client bureau = new Client(service, "bureau-1");
        for (String path : List.of(rx.path(), "/fhir/Patient?_count=1", "/fhir/Bundle?_count=1")) {
            assertThat(bureau.get(path).status()).as(path).isIn(403, 404);
        }
        assertThat(story.pharmacy.post("/fhir/$submit-prescription", "{}").status()).isEqualTo(403);
        assertThat(story.claim(story.hospital, rx).status()).isEqualTo(403);
        assertThat(story.review(story.pharmacy, rx, "approve").status()).isEqualTo(403);
    }

    @Test
    void no_kind_of_token_stands_for_another() {
        Rx rx = story.prescribed();
        String pickupToken = "";
        for (JsonNode output : rx.task().path("output")) {
            if (output.at("/type/coding/0/code").asText().equals("pickup-token")) {
                pickupToken = output.path("valueString").asText();
            }
        }
        assertThat(pickupToken).isNotEmpty();
        assertThat(bearer(rx.path(), pickupToken).status()).isEqualTo(401);
        assertThat(bearer(rx.path(), "").status()).isEqualTo(401);
        String access =
                story.pharmacy
                        .request("/")
                        .build()
                        .headers()
                        .firstValue("Authorization")
                        .orElseThrow()
                        .substring("Bearer ".length());
        for (String wrong : List.of(access, rx.id(), "x", pickupToken + "x")) {
            Reply reply =
                    new Client(service, "pharmacy-9")
                            .call("/fhir/Task/$claim", string("pickup-token", wrong));
            assertThat(reply.code()).as(wrong).isEqualTo("RX-2013");
        }
    }

    private Reply bearer(String path, String token) {
        return Client.send(
                HttpRequest.newBuilder(URI.create(service.url() + path))
                        .header("Authorization", "Bearer " + token)
                        .GET());
    }

    @Test
    void no_name_number_or_code_rests_in_the_clear() throws Exception {
        Rx rx = story.prescribed();
        story.dispenseAll(story.pharmacy, rx, story.claimed(story.pharmacy, rx));
        story.patient().get(rx.path());
        List<String> secrets =
                List.of(NAME, CARD, rx.code(), "\\u9648", base64(NAME), base64(CARD));
        assertThat(columnsHolding(service.database(), secrets)).isEmpty();
        // The scan does find what is there.
        assertThat(columnsHolding(service.database(), List.of("赤壁市人民医院"))).isNotEmpty();
    }

    private static String base64(String text) {
        return Base64.getEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    private static List<String> columnsHolding(DatabaseAddress at, List<String> secrets)
            throws SQLException {
        List<String> holding = new ArrayList<>();
        try (Connection connection =
                        DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                var columns =
                        connection
                                .createStatement()
                                .executeQuery(
                                        "select c.table_name, c.column_name, c.data_type"
                                                + " from information_schema.columns c"
                                                + " join information_schema.tables t"
                                                + " using (table_schema, table_name)"
                                                + " where c.table_schema = 'public'"
                                                + " and t.table_type = 'BASE TABLE'")) {
            while (columns.next()) {
                String table = columns.getString(1);
                String column = '"' + columns.getString(2) + '"';
                boolean bytes = columns.getString(3).equals("bytea");
                String found =
                        bytes
                                ? "position(convert_to(?, 'UTF8') in " + column + ") > 0"
                                : "position(? in " + column + "::text) > 0";
                for (String secret : secrets) {
                    String sql = "select count(*) from \"" + table + "\" where " + found;
                    try (var statement = connection.prepareStatement(sql)) {
                        statement.setString(1, secret);
                        var rows = statement.executeQuery();
                        rows.next();
                        if (rows.getLong(1) > 0) {
                            holding.add(table + "." + column + " holds " + secret);
                        }
                    }
                }
            }
        }
        return holding;
    }

    @Test
    void no_name_number_code_or_token_is_logged() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> seen = new ListAppender<>();
        seen.start();
        root.addAppender(seen);
        String code;
        String claim;
        try {
            Rx rx = story.prescribed();
            code = rx.code();
            claim = story.claimed(story.pharmacy, rx);
            Reply wrong =
                    story.submit(document ->
                            Story.resource(document, "Patient").put("gender", "nobody"));
            assertThat(wrong.status()).isEqualTo(422);
            story.hospital.post("/fhir/$submit-prescription", "{\"x\":\"" + NAME + "\",");
            story.hospital.get("/fhir/Patient?identifier=" + CARD);
            bearer(rx.path(), "not-a-token");
            new Client(service, "pharmacy-10")
                    .call("/fhir/Task/$claim", string("pickup-code", "AAAAAAA3"));
        } finally {
            root.detachAppender(seen);
        }
        for (ILoggingEvent event : List.copyOf(seen.list)) {
            String text = event.getFormattedMessage() + event.getThrowableProxy();
            assertThat(text)
                    .doesNotContain(NAME, CARD, code, claim, "not-a-token", "eyJ", "AAAAAAA3");
        }
    }
}
