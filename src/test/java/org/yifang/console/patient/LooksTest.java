package org.yifang.console.patient;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.yifang.prescription.life.Action;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// What is done to a person's own prescription and consents is said as to that person.
class LooksTest {
    @Test
    void what_can_be_done_to_a_prescription_or_a_consent_is_said_to_the_patient() {
        List<String> codes =
                Stream.concat(
                                Arrays.stream(Action.values()).map(Action::code),
                                Stream.of("create", "update", "patch", "delete", "Consent", "Task"))
                        .toList();
        assertThat(codes).allSatisfy(code -> assertThat(Looks.own(code)).as(code).isNotNull());
    }
}
