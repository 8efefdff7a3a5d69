package org.yifang.console.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yifang.platform.problem.Problem;

import java.util.Map;

/// A page never says that there is nothing where nobody could look.
final class BrokenReadTest {
    private static Contract.Reply answered(int status) {
        return new Contract.Reply(
                status,
                JsonNodeFactory.instance.objectNode(),
                "application/fhir+json",
                new byte[0],
                "",
                Map.of());
    }

    @ParameterizedTest
    @CsvSource({"429, RX-9004", "500, RX-9001", "503, RX-9003"})
    void what_could_not_be_read_makes_no_page(int status, String code) {
        assertThatThrownBy(() -> answered(status).read())
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code().code()).isEqualTo(code));
    }

    @Test
    void what_is_not_there_or_not_allowed_is_the_pages_matter() {
        assertThat(answered(404).read().isDone()).isFalse();
        assertThat(answered(403).read().isDone()).isFalse();
        assertThat(answered(200).read().isDone()).isTrue();
    }
}
