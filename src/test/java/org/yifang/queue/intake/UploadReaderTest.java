package org.yifang.queue.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.queue.ticket.Arriving;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

class UploadReaderTest {
    private static final String EVENT =
            """
            {"name":"event","part":[{"name":"ticket","valueString":"A 1"},
            {"name":"queue","valueString":"w"},{"name":"seq","valueInteger":2},
            {"name":"stage","valueCode":"payment"},{"name":"code","valueCode":"joined"},
            {"name":"at","valueInstant":"2026-03-02T23:30:00.250+08:00"},
            {"name":"department","valueString":"内科"}]}\
            """;

    private static UploadReader.UploadBody read(String parameters) {
        return UploadReader.read(
                ("{\"resourceType\":\"Parameters\",\"parameter\":[" + parameters + "]}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void the_usual_upload_is_read_as_it_stands() {
        UploadReader.UploadBody told =
                read("{\"name\":\"sent-at\",\"valueInstant\":\"2026-03-02T15:31:00Z\"}," + EVENT);
        assertThat(told.sentAt()).isEqualTo(Instant.parse("2026-03-02T15:31:00Z"));
        Arriving event = told.events().getFirst();
        assertThat(event.ticket()).isEqualTo("A 1");
        assertThat(event.seq()).isEqualTo(2);
        assertThat(event.at()).isEqualTo(Instant.parse("2026-03-02T15:30:00.250Z"));
        assertThat(event.day()).isEqualTo(LocalDate.of(2026, 3, 2));
        assertThat(event.department()).isEqualTo("内科");
        assertThat(event.visit()).isNull();
        assertThat(event.fault()).isEmpty();
    }

    @Test
    void the_prescription_waited_for_is_read_too() {
        String id = "01890000-0000-7000-8000-000000000001";
        String named =
                EVENT.replace(
                        "]}",
                        ",{\"name\":\"prescription\",\"valueReference\":{\"reference\":\"Task/"
                                + id
                                + "\"}}]}");
        UploadReader.UploadBody told = read(EVENT.replace("A 1", "A 0") + "," + named);
        assertThat(told.events().getFirst().prescription()).isNull();
        assertThat(told.events().getLast().prescription()).isEqualTo(UUID.fromString(id));
        assertThat(read(named.replace("Task/", "Patient/"))).isNull();
        assertThat(read(named.replace("\"reference\":", "\"display\":"))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"name\":\"event\",\"part\":[]}",
                "{\"name\":\"event\",\"valueString\":\"x\"}",
                "{\"name\":\"other\",\"valueString\":\"x\"}",
                "{\"name\":\"sent-at\",\"valueInstant\":\"2026-03-02\"}"
            })
    void whatever_is_unusual_is_left_to_the_general_parser(String parameters) {
        assertThat(read(parameters)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"A 1\" -> \" A 1\"",
                "\"A 1\" -> \"\"",
                "\"valueInteger\":2 -> \"valueInteger\":2.5",
                "\"valueInteger\":2 -> \"valueInteger\":\"2\"",
                "\"valueInteger\":2 -> \"valueInteger\":99999999999",
                "\"name\":\"queue\" -> \"name\":\"ticket\"",
                "\"payment\" -> \"pay ment\"",
                "{\"name\":\"seq\" -> {\"id\":\"1\",\"name\":\"seq\"",
                "\"2026-03-02T23:30:00.250+08:00\" -> \"2026-03-02T23:30:00\"",
                "\"valueString\":\"w\" -> \"valueString\":\"w\",\"valueString\":\"v\""
            })
    void one_unusual_part_is_enough(String change) {
        String[] fromTo = change.split(" -> ");
        assertThat(EVENT).contains(fromTo[0]);
        assertThat(read(EVENT.replace(fromTo[0], fromTo[1]))).isNull();
    }
}
