package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import org.yifang.fhir.Fhir;

import java.nio.charset.StandardCharsets;

/// Holds what our own writer sends against what the FHIR library makes of it: read and written
/// again it must be the same, to the last digit.
final class Rewritten {
    private static final JsonMapper EXACT =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    static void isTheSame(Client reader, String path) {
        String sent = reader.get(path).raw().body();
        byte[] again =
                Fhir.json(Fhir.parse(sent.getBytes(StandardCharsets.UTF_8), Fhir.Format.JSON));
        try {
            assertThat(EXACT.readTree(new String(again, StandardCharsets.UTF_8)))
                    .as(path)
                    .isEqualTo(EXACT.readTree(sent));
        } catch (JsonProcessingException notJson) {
            throw new AssertionError(sent, notJson);
        }
    }

    private Rewritten() {}
}
