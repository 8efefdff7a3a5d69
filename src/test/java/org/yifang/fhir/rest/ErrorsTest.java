package org.yifang.fhir.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.fhir.rest.RestFixture.NOON;
import static org.yifang.fhir.rest.RestFixture.OURS;
import static org.yifang.fhir.rest.RestFixture.THEIRS;
import static org.yifang.fhir.rest.RestFixture.codes;
import static org.yifang.fhir.rest.RestFixture.stream;
import static org.yifang.fhir.rest.RestFixture.tree;
import static org.yifang.platform.data.Database.SQL;

import org.hl7.fhir.r4.model.Parameters;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.fhir.Texts;
import org.yifang.platform.Role;
import org.yifang.platform.data.Statement;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

class ErrorsTest {
    private static final String FHIR = "application/fhir+json";
    private static RestFixture server;

    @BeforeAll
    static void open() {
        server =
                new RestFixture(router ->
                        router.mount(
                                        Operation.system("fail")
                                                .reads()
                                                .handler(exchange -> {
                                                    throw new IllegalStateException(
                                                            "secret 420000");
                                                }))
                                .mount(Operation.system("slip").reads().handler(ErrorsTest::slip))
                                .mount(
                                        Operation.system("state")
                                                .handler(exchange -> {
                                                    throw new Problem(
                                                            ProblemCode.EXPIRED,
                                                            "It expired.",
                                                            "Ask for another.");
                                                }))
                                .mount(
                                        Operation.instance("act", "Encounter")
                                                .roles(Role.PHARMACY)
                                                .handler(exchange -> Answer.nothing(204)))
                                .mount(
                                        Operation.system("echo")
                                                .repeatable()
                                                .handler(ErrorsTest::echo)));
    }

    /// What a mistake of ours in a statement comes to.
    private static Answer slip(Exchange exchange) {
        String kind = Objects.requireNonNull(exchange.query("kind"));
        switch (kind) {
            case "table" -> server.database.run(SQL.resultQuery("select 1 from nowhere"));
            case "type" -> server.database.run(SQL.resultQuery("select 'a' + 1"));
            case "values" ->
                    server.database.run(
                            Statement.of(p -> SQL.select(p.like(DSL.field("x", String.class)))),
                            "a",
                            "b");
            default ->
                    server.database.inTransaction(
                            tx -> tx.run(SQL.resultQuery("select nobody from pg_class")));
        }
        return Answer.nothing(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"table", "type", "values", "transaction"})
    void a_mistake_of_ours_in_a_statement_is_500_and_never_a_database_that_is_away(String kind) {
        HttpResponse<String> answer = server.get("/$slip?kind=" + kind);
        is(answer, 500, "RX-9001");
        assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
        assertThat(tree(answer).at("/issue/0/details/text").asText())
                .containsPattern("`[0-9a-f]{12}`");
    }

    private static Answer echo(Exchange exchange) {
        Inputs in = exchange.inputs();
        in.string("text");
        in.integer("number");
        in.done();
        return Answer.ok(new Parameters());
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @BeforeEach
    void forget() {
        server.audited.clear();
    }

    private static void is(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(tree(answer).at("/resourceType").asText()).isEqualTo("OperationOutcome");
        assertThat(codes(answer)).contains(code);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValue("application/fhir+json;charset=utf-8");
        assertThat(tree(answer).at("/issue/0/details/coding/0/system").asText())
                .isEqualTo("https://yifang.org/fhir/CodeSystem/problem");
    }

    @Test
    void what_is_not_json_or_not_fhir_or_says_a_name_twice_is_400() {
        is(server.post("/$echo", "{", "Content-Type", FHIR), 400, "RX-1400");
        is(server.post("/$echo", "{\"a\":1}", "Content-Type", FHIR), 400, "RX-1402");
        is(
                server.post(
                        "/$echo",
                        "{\"resourceType\":\"Parameters\",\"resourceType\":\"Parameters\"}",
                        "Content-Type",
                        FHIR),
                400,
                "RX-1401");
        is(
                server.post("/$echo", "{\"resourceType\":\"Basic\"}", "Content-Type", FHIR),
                400,
                "RX-1402");
        is(
                server.post(
                        "/$echo",
                        "{\"resourceType\":\"Parameters\",\"colour\":1}",
                        "Content-Type",
                        FHIR),
                400,
                "RX-1402");
        is(
                server.post("/$echo", "<Parameters", "Content-Type", "application/fhir+xml"),
                400,
                "RX-1402");
    }

    @Test
    void every_parameter_that_is_missing_unknown_or_of_another_type_is_told_at_once() {
        HttpResponse<String> answer =
                server.post(
                        "/$echo",
                        "{\"resourceType\":\"Parameters\",\"parameter\":["
                                + "{\"name\":\"number\",\"valueString\":\"five\"},"
                                + "{\"name\":\"colour\",\"valueString\":\"red\"}]}",
                        "Content-Type",
                        FHIR);
        is(answer, 400, "RX-1406");
        assertThat(codes(answer)).containsExactlyInAnyOrder("RX-1406", "RX-1403", "RX-1403");
        assertThat(tree(answer).findValuesAsText("diagnostics").toString())
                .contains("valueInteger", "`text`, `number`");
        assertThat(
                        stream(tree(answer).at("/issue"))
                                .map(issue -> issue.at("/expression/0").asText()))
                .contains("Parameters.parameter[0]", "Parameters.parameter[1]");
    }

    @Test
    void no_token_is_401_and_audited() {
        HttpResponse<String> answer =
                server.get("/Encounter/" + UUID.randomUUID(), "Authorization", "none");
        is(answer, 401, "RX-1001");
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(scheme -> assertThat(scheme).startsWith("Bearer"));
        assertThat(server.audited).hasSize(1);
        assertThat(server.audited.getFirst().caller()).isNull();
        assertThat(server.audited.getFirst().problem()).isEqualTo(ProblemCode.NOT_AUTHENTICATED);
    }

    @Test
    void another_role_is_403_and_its_refusal_is_audited_with_whom_it_concerned() {
        UUID patient = server.person("1");
        UUID visit = server.visit(OURS, patient, "planned", "t", NOON);
        is(server.post("/Encounter/" + visit + "/$act", ""), 403, "RX-1002");
        is(server.get("/Encounter/" + visit, "Authorization", "Bearer bureau"), 403, "RX-1002");
        assertThat(server.audited).hasSize(2);
        assertThat(server.audited.getFirst().problem()).isEqualTo(ProblemCode.NOT_FOR_THIS_ROLE);
        assertThat(server.audited.getFirst().patients()).containsExactly(patient);
        assertThat(server.audited.getFirst().name()).isEqualTo("act");
    }

    @Test
    void a_token_without_the_scope_is_403() {
        String narrow = "Bearer hospital/h/system/Patient.rs system/Encounter.s";
        is(server.get("/Encounter/" + UUID.randomUUID(), "Authorization", narrow), 403, "RX-1003");
        assertThat(server.get("/Encounter", "Authorization", narrow).statusCode()).isEqualTo(200);
    }

    @Test
    void what_is_unknown_malformed_or_not_yours_is_404_and_all_look_the_same() {
        UUID theirs = server.visit(THEIRS, server.person("2"), "planned", "t", NOON);
        HttpResponse<String> hidden = server.get("/Encounter/" + theirs);
        is(hidden, 404, "RX-1004");
        assertThat(server.audited).hasSize(1);
        assertThat(server.audited.getFirst().patients()).hasSize(1);
        assertThat(server.get("/Encounter/" + UUID.randomUUID()).body()).isEqualTo(hidden.body());
        assertThat(server.get("/Encounter/1").body()).isEqualTo(hidden.body());
        is(server.get("/Nothing"), 404, "RX-1004");
        is(server.get("/Encounter/a/b/c/d"), 404, "RX-1004");
        is(server.get(server.base.replace("/fhir", "/other")), 404, "RX-1004");
    }

    @Test
    void the_state_that_forbids_is_409_with_what_would_be_right() {
        HttpResponse<String> answer = server.post("/$state", "");
        is(answer, 409, "RX-2006");
        assertThat(tree(answer).at("/issue/0/code").asText()).isEqualTo("expired");
        assertThat(tree(answer).at("/issue/0/diagnostics").asText())
                .isEqualTo("It expired. Ask for another.");
        assertThat(server.audited.getFirst().problem()).isEqualTo(ProblemCode.EXPIRED);
    }

    @Test
    void another_method_is_405_and_says_which_are_taken() {
        HttpResponse<String> answer = server.send("DELETE", "/Encounter/1", null);
        is(answer, 405, "RX-1005");
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD, OPTIONS");
        assertThat(server.get("/$state").headers().firstValue("Allow")).hasValue("POST, OPTIONS");
    }

    @Test
    void another_media_type_is_406_or_415() {
        is(server.get("/Encounter", "Accept", "text/turtle"), 406, "RX-1006");
        is(server.get("/Encounter?_format=ttl"), 406, "RX-1006");
        is(server.post("/$echo", "a=1", "Content-Type", "text/plain"), 415, "RX-1015");
        is(server.post("/Encounter/_search", "{}", "Content-Type", FHIR), 415, "RX-1015");
    }

    @Test
    void a_body_over_one_mebibyte_is_413_and_one_of_exactly_that_is_read() {
        String start = "{\"resourceType\":\"Parameters\",\"id\":\"";
        String fits = start + "a".repeat(1024 * 1024 - start.length() - 2) + "\"}";
        assertThat(server.post("/$echo", fits, "Content-Type", FHIR).statusCode()).isEqualTo(400);
        is(server.post("/$echo", fits + " ", "Content-Type", FHIR), 413, "RX-1013");
        is(server.post("/$echo", fits.repeat(9), "Content-Type", FHIR), 413, "RX-1013");
    }

    @Test
    void our_fault_is_500_with_a_reference_and_nothing_of_its_cause() {
        HttpResponse<String> answer = server.get("/$fail");
        is(answer, 500, "RX-9001");
        assertThat(answer.body()).contains("编号 `").doesNotContain("secret", "IllegalState");
        assertThat(server.audited.getFirst().problem()).isEqualTo(ProblemCode.INTERNAL);
    }

    @Test
    void an_error_is_told_in_the_language_and_the_format_of_the_caller() {
        assertThat(server.get("/Nothing").body()).contains("不存在");
        assertThat(server.get("/Nothing", "Accept-Language", "en-GB,zh;q=0.5").body())
                .contains("There is no such thing here");
        HttpResponse<String> xml = server.get("/Nothing", "Accept", "application/fhir+xml");
        assertThat(xml.body()).startsWith("<OperationOutcome");
        assertThat(xml.headers().firstValue("Content-Type"))
                .hasValue("application/fhir+xml;charset=utf-8");
    }

    @Test
    void other_routes_of_the_same_router_answer_errors_alike() {
        String root = server.base.replace("/fhir", "");
        is(server.get(root + "/elsewhere"), 403, "RX-1002");
        is(server.get(root + "/fhirx"), 404, "RX-1004");
        assertThat(server.get(root + "/fhir/.well-known/x").body()).isEqualTo("{}");
    }

    @Test
    void the_request_id_is_echoed_or_made() {
        assertThat(
                        server.get("/metadata", "X-Request-Id", "abc-1")
                                .headers()
                                .firstValue("X-Request-Id"))
                .hasValue("abc-1");
        assertThat(
                        server.get("/metadata", "X-Request-Id", "a b<script>")
                                .headers()
                                .firstValue("X-Request-Id"))
                .hasValueSatisfying(id -> assertThat(id).matches("[0-9a-f]{16}"));
    }

    @Test
    void every_code_has_a_sentence_in_both_languages() {
        for (ProblemCode code : ProblemCode.values()) {
            for (String language : List.of("zh-CN", "en")) {
                assertThat(Texts.of(code, language)).as(code + language).doesNotContain("RX-");
            }
            assertThat(Texts.of(code, "en")).isNotEqualTo(Texts.of(code, "zh-CN"));
            assertThat(org.hl7.fhir.r4.model.OperationOutcome.IssueType.fromCode(code.issueType()))
                    .isNotNull();
        }
    }
}
