package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.net.http.HttpRequest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/// The audit event of a change cannot be written: then the call answers an error and has changed
/// nothing, and the same call succeeds once it can be, with one event.
final class UnwrittenAuditTest {
    private static final String DRUG = "XC08CAA013A001010100001";

    private static TestService service;
    private static Story story;
    private static Client bureau;

    @BeforeAll
    static void open() throws SQLException {
        service = TestService.own(Map.of());
        story = new Story(service);
        bureau = new Client(service, "bureau-1");
        execute(
                """
                CREATE TABLE unwritten (operation text);
                CREATE FUNCTION unwritten() RETURNS trigger AS 'BEGIN
                    IF NEW.operation IN (SELECT operation FROM unwritten) THEN
                        RAISE EXCEPTION ''unwritten'';
                    END IF;
                    RETURN NEW;
                END' LANGUAGE plpgsql;
                CREATE TRIGGER unwritten BEFORE INSERT ON audit_event
                    FOR EACH ROW EXECUTE FUNCTION unwritten()
                """);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect() throws SQLException {
        var at = service.database();
        return DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
    }

    private static long count(String rows) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT count(*) FROM " + rows)) {
            found.next();
            return found.getLong(1);
        }
    }

    private static long events(String operation) throws SQLException {
        return count("audit_event WHERE operation = '" + operation + "'");
    }

    /// @param rows those that the call makes
    private static void isWhole(String operation, Supplier<Reply> call, int status, String rows)
            throws SQLException {
        long before = count(rows);
        long told = events(operation);
        execute("INSERT INTO unwritten VALUES ('" + operation + "')");
        Reply failed;
        try {
            failed = call.get();
        } finally {
            execute("DELETE FROM unwritten");
        }
        assertThat(failed.status()).as(failed.raw().body()).isGreaterThanOrEqualTo(500);
        assertThat(count(rows)).as("what a call kept that answered an error").isEqualTo(before);
        assertThat(events(operation)).isEqualTo(told);
        Reply good = call.get();
        assertThat(good.status()).as(good.raw().body()).isEqualTo(status);
        assertThat(count(rows)).isEqualTo(before + 1);
        assertThat(events(operation)).isEqualTo(told + 1);
    }

    private static Reply file(Client client, String operation, String csv) {
        return Client.send(
                client.request("/fhir/" + operation)
                        .header("Content-Type", "text/csv")
                        .POST(HttpRequest.BodyPublishers.ofString(csv)));
    }

    private static Reply imported(String price) {
        return file(
                story.pharmacy,
                "$import-offers",
                "code,price_yuan,pack_quantity,pack_unit,stock,price_type,observed_at\n"
                        + DRUG
                        + ","
                        + price
                        + ",7,片,4,retail,"
                        + Story.stamp(service.clock().instant())
                        + "\n");
    }

    private static String events(UUID pharmacy) {
        return "price_event WHERE pharmacy_id = '%s' AND drug_code = '%s'"
                .formatted(pharmacy, DRUG);
    }

    private static UUID pharmacy() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery(
                                "SELECT organization_id FROM client WHERE id = 'pharmacy-1'")) {
            found.next();
            return found.getObject(1, UUID.class);
        }
    }

    private static Reply offered(String yuan) {
        return story.pharmacy.post(
                "/fhir/ChargeItemDefinition",
                """
                {"resourceType":"ChargeItemDefinition","status":"active","url":"urn:offer",
                "extension":[
                {"url":"https://yifang.org/fhir/StructureDefinition/offer-pack-quantity",
                 "valueQuantity":{"value":7,"unit":"片"}}],
                "code":{"coding":[{"system":"https://yifang.org/fhir/sid/nhsa-drug",
                 "code":"%s"}]},
                "propertyGroup":[{"priceComponent":[
                {"type":"base","amount":{"value":%s,"currency":"CNY"}}]}]}
                """
                        .formatted(DRUG, yuan));
    }

    @Test
    void an_offer_as_fhir() throws SQLException {
        isWhole("ChargeItemDefinition", () -> offered("23.45"), 201, events(pharmacy()));
    }

    @Test
    void an_offer_whose_price_is_held_is_kept_with_its_refusal() throws SQLException {
        isWhole("ChargeItemDefinition", () -> offered("999.00"), 409, events(pharmacy()));
        assertThat(count("audit_event WHERE problem = 'RX-4002'")).isEqualTo(1);
    }

    @Test
    void offers_of_a_file() throws SQLException {
        isWhole("import-offers", () -> imported("23.55"), 200, events(pharmacy()));
    }

    @Test
    void a_catalogue() throws SQLException {
        String drug = "XA01AAA001A001010109001";
        isWhole(
                "import-catalogue",
                () ->
                        file(
                                bureau,
                                "$import-catalogue",
                                """
                                code,generic_name,form,strength,preparation_unit,pack_unit,\
                                pack_factor,maker,approval_number,prescription_type
                                %s,目录示例片,片剂,1mg,片,盒,10,示例甲,国药准字H20990001,western
                                """
                                        .formatted(drug)),
                200,
                "catalogue_version");
        assertThat(bureau.get("/fhir/Medication/" + drug).status()).isEqualTo(200);
    }

    @Test
    void a_decision_on_a_held_price() throws SQLException {
        assertThat(imported("998.00").parameter("held").path("valueInteger").asInt()).isEqualTo(1);
        String held = "";
        for (var part : bureau.get("/fhir/$held-prices").body().at("/parameter/0/part")) {
            held =
                    part.path("name").asText().equals("id")
                            ? part.path("valueString").asText()
                            : held;
        }
        String path = "/fhir/ChargeItemDefinition/" + held + "/$decide-held-price";
        isWhole(
                "decide-held-price",
                () ->
                        bureau.call(
                                path,
                                "{\"name\":\"decision\",\"valueCode\":\"release\"}",
                                "{\"name\":\"reason\",\"valueString\":\"by phone\"}"),
                200,
                "price_decision WHERE event_id = '" + held + "'");
    }

    @Test
    void a_price_that_is_waited_for() throws SQLException {
        Rx rx = story.prescribed();
        isWhole(
                "price-alert",
                () ->
                        story.patient()
                                .call(
                                        rx.path() + "/$price-alert",
                                        "{\"name\":\"line\",\"valueReference\":{\"reference\":"
                                                + "\"MedicationRequest/%s\"}}"
                                                        .formatted(rx.lines().getFirst()),
                                        "{\"name\":\"unit-price\",\"valueDecimal\":0.01}"),
                200,
                "price_alert WHERE task_id = '" + rx.id() + "'");
    }

    @Test
    void where_prices_lie() throws SQLException {
        isWhole(
                "price-feed",
                () ->
                        story.pharmacy.call(
                                "/fhir/$price-feed",
                                "{\"name\":\"url\",\"valueUrl\":"
                                        + "\"https://prices.example.org/offers.csv\"}"),
                200,
                "price_feed");
    }

    @Test
    void a_judgement() throws SQLException {
        Supplier<Reply> judging =
                () ->
                        bureau.call(
                                "/fhir/$judge-swap",
                                "{\"name\":\"one\",\"valueCode\":\"XC08CAA013A001010100001\"}",
                                "{\"name\":\"other\",\"valueCode\":\"XC08CAA013A001010200002\"}",
                                "{\"name\":\"verdict\",\"valueCode\":\"parted\"}",
                                "{\"name\":\"approver\",\"valueString\":\"YS421281000001\"}",
                                "{\"name\":\"reason\",\"valueString\":\"confused\"}");
        isWhole("judge-swap", judging, 200, "swap_judgement");
        assertThat(bureau.get("/fhir/$swaps").body().path("parameter"))
                .isEqualTo(judging.get().body().path("parameter"));
    }

    @Test
    void a_legal_hold() throws SQLException {
        Rx rx = story.prescribed();
        isWhole(
                "legal-hold",
                () -> UnansweredTest.held(service, rx),
                200,
                "legal_hold WHERE task_id = '" + rx.id() + "'");
    }

    /// [#isWhole] counts what a call makes, and this one takes away.
    @Test
    void an_export_that_is_deleted() throws SQLException {
        Client auditor = new Client(service, "auditor-1");
        Reply asked =
                Client.send(
                        auditor.request("/fhir/$export?_type=AuditEvent")
                                .header("Prefer", "respond-async")
                                .header("Accept", "application/fhir+json")
                                .GET());
        String url = asked.raw().headers().firstValue("Content-Location").orElseThrow();
        String job = url.substring(url.indexOf("job=") + "job=".length());
        Supplier<Reply> deleting =
                () -> Client.send(auditor.request("/fhir/$export-status?job=" + job).DELETE());
        long told = events("export-status");
        execute("INSERT INTO unwritten VALUES ('export-status')");
        Reply failed;
        try {
            failed = deleting.get();
        } finally {
            execute("DELETE FROM unwritten");
        }
        assertThat(failed.status()).as(failed.raw().body()).isGreaterThanOrEqualTo(500);
        assertThat(count("audit_export WHERE id = '" + job + "'")).isEqualTo(1);
        Reply good = deleting.get();
        assertThat(good.status()).as(good.raw().body()).isEqualTo(202);
        assertThat(count("audit_export WHERE id = '" + job + "'")).isZero();
        assertThat(events("export-status")).isEqualTo(told + 1);
    }
}
