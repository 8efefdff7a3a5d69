package org.yifang.fhir.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.fhir.rest.RestFixture.codes;
import static org.yifang.fhir.rest.RestFixture.tree;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.fhir.Conformance;
import org.yifang.fhir.validate.Validation;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.net.http.HttpResponse;
import java.util.List;

class ValidatingTest {
    private static final String FHIR = "application/fhir+json";
    private static Validation validation;
    private static RestFixture server;

    @BeforeAll
    static void open() {
        validation = Validation.start(Conformance.load());
        server =
                new RestFixture(router ->
                        router.mount(
                                new Validating(
                                        validation,
                                        (caller, body, format) ->
                                                new Validating.Judged(
                                                        List.of(
                                                                new Finding(
                                                                        ProblemCode.EXPIRED,
                                                                        "Judged by "
                                                                                + caller.clientId()
                                                                                + " in "
                                                                                + format)),
                                                        List.of()))));
    }

    @AfterAll
    static void close() {
        server.close();
        validation.close();
    }

    private static HttpResponse<String> validate(String type, String body) {
        return server.post(
                "/" + type + "/$validate", body, "Content-Type", FHIR, "Accept-Language", "en");
    }

    @Test
    void what_is_wrong_is_told_with_200_and_nothing_is_stored() {
        HttpResponse<String> wrong =
                validate("Patient", "{\"resourceType\":\"Patient\",\"gender\":\"blue\"}");
        assertThat(wrong.statusCode()).as(wrong.body()).isEqualTo(200);
        assertThat(tree(wrong).at("/resourceType").asText()).isEqualTo("OperationOutcome");
        assertThat(wrong.body()).contains("\"severity\":\"error\"").contains("gender");
    }

    @Test
    void what_is_right_is_said_to_be_so_even_of_a_type_that_is_not_served() {
        HttpResponse<String> fine =
                validate("Basic", "{\"resourceType\":\"Basic\",\"code\":{\"text\":\"x\"}}");
        assertThat(fine.statusCode()).as(fine.body()).isEqualTo(200);
        assertThat(fine.body()).doesNotContain("\"error\"");
    }

    @Test
    void a_document_is_judged_by_the_rules_of_its_domain() {
        HttpResponse<String> judged =
                validate("Bundle", "{\"resourceType\":\"Bundle\",\"type\":\"document\"}");
        assertThat(codes(judged)).containsExactly("RX-2006");
        assertThat(judged.body()).contains("Judged by hospital in JSON");
        HttpResponse<String> wrapped =
                validate(
                        "Bundle",
                        "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"resource\","
                                + "\"resource\":{\"resourceType\":\"Bundle\","
                                + "\"type\":\"document\"}}]}");
        assertThat(codes(wrapped)).containsExactly("RX-2006");
    }

    @Test
    void another_type_than_the_path_says_is_400_and_a_type_that_fhir_has_not_is_404() {
        assertThat(validate("Task", "{\"resourceType\":\"Patient\"}").statusCode()).isEqualTo(400);
        assertThat(validate("Recipe", "{\"resourceType\":\"Patient\"}").statusCode())
                .isEqualTo(404);
        assertThat(validate("Task", "{").statusCode()).isEqualTo(400);
    }
}
