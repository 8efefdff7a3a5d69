package org.yifang.fhir.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.fhir.rest.RestFixture.NOON;
import static org.yifang.fhir.rest.RestFixture.codes;
import static org.yifang.fhir.rest.RestFixture.tree;

import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.StringType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;

class OperationTest {
    private static final String FHIR = "application/fhir+json";
    private static final AtomicInteger CALLS = new AtomicInteger();
    private static final AtomicLong STREAMED = new AtomicLong();
    private static RestFixture server;

    @BeforeAll
    static void open() {
        server =
                new RestFixture(router ->
                        router.mount(Operation.system("echo").reads().handler(OperationTest::echo))
                                .mount(
                                        Operation.typeAndInstance("where", "Encounter")
                                                .repeatable()
                                                .handler(OperationTest::where))
                                .mount(
                                        Operation.system("import")
                                                .consumes("text/csv")
                                                .streamed(3_000_000)
                                                .repeatable()
                                                .handler(OperationTest::take))
                                .mount(
                                        Operation.instance("slip", "Encounter")
                                                .reads()
                                                .produces("application/pdf", "image/png")
                                                .handler(OperationTest::slip))
                                .mount(
                                        Operation.system("unrecorded")
                                                .handler(exchange -> Answer.nothing(204)))
                                .mount(
                                        Operation.system("refused")
                                                .handler(OperationTest::refusedByTheDesk))
                                .mount(Operation.create("Encounter").handler(OperationTest::create))
                                .mount(
                                        Operation.update("Encounter")
                                                .handler(OperationTest::update)));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @BeforeEach
    void forget() {
        server.audited.clear();
        CALLS.set(0);
    }

    private static Answer echo(Exchange exchange) {
        CALLS.incrementAndGet();
        Inputs in = exchange.inputs();
        Parameters out = new Parameters();
        out.addParameter().setName("text").setValue(new StringType(in.string("text")));
        String parts =
                String.join("+", in.parts("check").stream().map(one -> one.code("item")).toList());
        in.done();
        out.addParameter().setName("parts").setValue(new StringType(parts));
        return Answer.ok(out).touching(List.of(new UUID(7, 7)), List.of(new UUID(8, 8)));
    }

    private static Answer where(Exchange exchange) {
        String where = exchange.onInstance() ? exchange.id().toString() : exchange.type();
        return Answer.ok("text/plain", where.getBytes(StandardCharsets.UTF_8));
    }

    private static Answer take(Exchange exchange) {
        STREAMED.set(0);
        exchange.stream(piece -> STREAMED.addAndGet(piece.length()));
        return Answer.nothing(204);
    }

    private static Answer slip(Exchange exchange) {
        return Answer.ok(exchange.accepted("application/pdf", "image/png"), new byte[] {1, 2});
    }

    private static Answer refusedByTheDesk(Exchange exchange) {
        exchange.audited();
        throw new Problem(ProblemCode.CLAIMED_BY_ANOTHER, "Another pharmacy holds it.");
    }

    private static Answer create(Exchange exchange) {
        var _ = exchange.resource(org.hl7.fhir.r4.model.Encounter.class);
        return exchange.recorded(() ->
                Answer.ok(exchange.body())
                        .withStatus(201)
                        .withLocation("Encounter/1")
                        .withVersion(1, NOON));
    }

    private static Answer update(Exchange exchange) {
        long version = exchange.requiredVersion() + 1;
        return exchange.recorded(() -> Answer.ok(exchange.body()).withVersion(version, NOON));
    }

    private static String parameters(String text) {
        return "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"text\","
                + "\"valueString\":\""
                + text
                + "\"},{\"name\":\"check\",\"part\":[{\"name\":\"item\",\"valueCode\":\"a\"}]},"
                + "{\"name\":\"check\",\"part\":[{\"name\":\"item\",\"valueCode\":\"b\"}]}]}";
    }

    @Test
    void parameters_come_by_json_by_xml_and_by_url_and_go_back_either_way() {
        HttpResponse<String> json = server.post("/$echo", parameters("药"), "Content-Type", FHIR);
        assertThat(tree(json).at("/parameter/0/valueString").asText()).isEqualTo("药");
        assertThat(tree(json).at("/parameter/1/valueString").asText()).isEqualTo("a+b");
        String xml =
                "<Parameters xmlns=\"http://hl7.org/fhir\"><parameter><name value=\"text\"/>"
                        + "<valueString value=\"药\"/></parameter></Parameters>";
        HttpResponse<String> back =
                server.post(
                        "/$echo",
                        xml,
                        "Content-Type",
                        "application/fhir+xml; charset=utf-8",
                        "Accept",
                        "application/fhir+xml");
        assertThat(back.body()).startsWith("<Parameters").contains("<valueString value=\"药\"/>");
        assertThat(tree(server.get("/$echo?text=a+b")).at("/parameter/0/valueString").asText())
                .isEqualTo("a b");
        assertThat(codes(server.get("/$echo?text=a&text=b&colour=c")))
                .containsExactly("RX-1403", "RX-1403");
        assertThat(server.get("/%24echo?text=a").statusCode()).isEqualTo(200);
    }

    @Test
    void a_call_that_no_desk_audited_is_audited_once_with_whom_it_touched() {
        server.post("/$echo", parameters("a"), "Content-Type", FHIR);
        assertThat(server.audited).hasSize(1);
        assertThat(server.audited.getFirst().interaction()).isEqualTo("operation");
        assertThat(server.audited.getFirst().name()).isEqualTo("echo");
        assertThat(server.audited.getFirst().patients()).containsExactly(new UUID(7, 7));
        assertThat(server.audited.getFirst().tasks()).containsExactly(new UUID(8, 8));
        server.audited.clear();
        assertThat(server.post("/$refused", "").statusCode()).isEqualTo(409);
        assertThat(server.audited).isEmpty();
    }

    @Test
    void a_call_on_an_instance_has_its_id_and_one_on_the_type_has_none() {
        UUID id = UUID.randomUUID();
        assertThat(server.post("/Encounter/" + id + "/$where", "").body()).isEqualTo(id.toString());
        assertThat(server.post("/Encounter/$where", "").body()).isEqualTo("Encounter");
        assertThat(server.post("/Encounter/17/$where", "").statusCode()).isEqualTo(404);
        assertThat(server.get("/Encounter/$where").statusCode()).isEqualTo(405);
    }

    @Test
    void a_streamed_body_is_taken_up_to_its_own_limit() {
        String most = "a".repeat(3_000_000);
        assertThat(server.post("/$import", most, "Content-Type", "text/csv").statusCode())
                .isEqualTo(204);
        assertThat(STREAMED.get()).isEqualTo(3_000_000);
        HttpResponse<String> over =
                server.post("/$import", most + "a", "Content-Type", "text/csv;charset=GB18030");
        assertThat(codes(over)).containsExactly("RX-1013");
        assertThat(server.post("/$import", "a", "Content-Type", "text/html").statusCode())
                .isEqualTo(415);
        assertThat(server.get("/metadata").statusCode()).isEqualTo(200);
    }

    @Test
    void a_body_in_gzip_is_read_and_its_limit_counts_what_it_holds() throws Exception {
        assertThat(gzipped(parameters("z")).statusCode()).isEqualTo(200);
        HttpResponse<String> bomb = gzipped(parameters("z".repeat(20_000_000)));
        assertThat(codes(bomb)).containsExactly("RX-1013");
    }

    private static HttpResponse<String> gzipped(String body) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(body.getBytes(StandardCharsets.UTF_8));
        }
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(server.base + "/$echo"))
                        .header("Authorization", "Bearer hospital")
                        .header("Content-Type", FHIR)
                        .header("Content-Encoding", "gzip")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(bytes.toByteArray()))
                        .build();
        return server.http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void a_connection_that_breaks_in_the_middle_of_a_body_does_nothing() throws Exception {
        byte[] body = parameters("gone").getBytes(StandardCharsets.UTF_8);
        String head =
                "POST /fhir/$echo HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer hospital\r\n"
                        + "Content-Type: application/fhir+json\r\nContent-Length: "
                        + body.length
                        + "\r\n\r\n";
        try (Socket socket = new Socket("localhost", server.port())) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body, 0, body.length - 5);
            socket.getOutputStream().flush();
            Thread.sleep(Duration.ofMillis(100));
        }
        Thread.sleep(Duration.ofMillis(200));
        assertThat(CALLS.get()).isZero();
        assertThat(server.audited).isEmpty();
        assertThat(server.get("/metadata").statusCode()).isEqualTo(200);
    }

    @Test
    void a_handler_may_answer_what_is_not_fhir() {
        String path = "/Encounter/" + UUID.randomUUID() + "/$slip";
        assertThat(server.get(path, "Accept", "image/*").headers().firstValue("Content-Type"))
                .hasValue("image/png");
        assertThat(server.get(path).headers().firstValue("Content-Type"))
                .hasValue("application/pdf");
        assertThat(server.get(path, "Accept", "text/html").statusCode()).isEqualTo(406);
    }

    @Test
    void create_and_update_go_to_the_domain_with_the_version_that_was_read() {
        String body = "{\"resourceType\":\"Encounter\"}";
        HttpResponse<String> created = server.post("/Encounter", body, "Content-Type", FHIR);
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.headers().firstValue("Location"))
                .hasValue(server.base + "/Encounter/1/_history/1");
        assertThat(server.audited.getFirst().act()).isEqualTo('C');
        assertThat(codes(server.send("PUT", "/Encounter/1", body, "Content-Type", FHIR)))
                .containsExactly("RX-1012");
        HttpResponse<String> updated =
                server.send(
                        "PUT", "/Encounter/1", body, "Content-Type", FHIR, "If-Match", "W/\"4\"");
        assertThat(updated.headers().firstValue("ETag")).hasValue("W/\"5\"");
        assertThat(
                        server.send(
                                        "PUT",
                                        "/Encounter/1",
                                        body,
                                        "Content-Type",
                                        FHIR,
                                        "If-Match",
                                        "five")
                                .statusCode())
                .isEqualTo(400);
    }

    @Test
    void a_client_that_sends_too_much_is_told_when_to_come_again() throws IOException {
        try (RestFixture small = new RestFixture(router -> {}, 1, 3)) {
            for (int i = 0; i < 3; i++) {
                assertThat(small.get("/Encounter").statusCode()).isEqualTo(200);
            }
            HttpResponse<String> refused = small.get("/Encounter");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(codes(refused)).containsExactly("RX-1029");
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(small.get("/Encounter", "Authorization", "Bearer hospital/two").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_database_that_is_away_is_503_and_says_when_to_come_again() {
        try (RestFixture own = new RestFixture(router -> {})) {
            UUID id = own.visit(RestFixture.OURS, own.person("1"), "planned", "t", NOON);
            own.database.close().await();
            HttpResponse<String> answer = own.get("/Encounter/" + id);
            assertThat(codes(answer)).containsExactly("RX-9003");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        }
    }

    @Test
    void what_changes_something_and_is_answered_without_its_record_fails_every_test_of_it() {
        HttpResponse<String> answer = server.post("/$unrecorded", "", "Content-Type", FHIR);
        assertThat(answer.statusCode()).isEqualTo(500);
    }
}
