package org.yifang.fhir.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.TestService;
import org.yifang.fhir.Conformance;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/// What the validator brings along and nothing here reaches is not shipped: the service starts and
/// validates without it.
class LeanClasspathTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "net.sourceforge.plantuml.SourceStringReader",
                "org.thymeleaf.TemplateEngine",
                "ognl.Ognl",
                "org.apache.thrift.TBase",
                "org.apache.jena.rdf.model.Model",
                "org.apache.jena.shex.Shex",
                "org.sqlite.JDBC",
                "com.google.protobuf.Message"
            })
    void is_not_on_the_class_path(String name) {
        assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void the_service_starts_and_validates_without_it() throws Exception {
        String url = TestService.shared().url();
        HttpResponse<String> answer;
        try (HttpClient http = HttpClient.newHttpClient()) {
            answer =
                    http.send(
                            HttpRequest.newBuilder(URI.create(url + "/health/ready")).build(),
                            HttpResponse.BodyHandlers.ofString());
        }
        assertThat(answer.statusCode()).isEqualTo(200);
        try (Validation validation = Validation.start(Conformance.load())) {
            assertThat(
                            validation
                                    .idleTurn()
                                    .toCompletionStage()
                                    .toCompletableFuture()
                                    .get(30, java.util.concurrent.TimeUnit.SECONDS))
                    .isEqualTo(true);
        }
    }
}
