package org.yifang.prescription.paper;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.yifang.platform.Uuid7;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;

class DocumentPartsTest {
    private static final String URL = "urn:uuid:00000000-0000-4000-8000-000000000001";

    @Test
    void only_references_are_made_to_point_at_what_is_kept() {
        String document =
                """
                {"resourceType":"Bundle","entry":[
                 {"fullUrl":"%1$s","resource":{"resourceType":"Encounter",
                  "identifier":[{"system":"urn:x","value":"%1$s"}],
                  "reasonCode":[{"text":"%1$s"}],
                  "partOf":{"reference":"%1$s","display":"%1$s"}}}]}
                """
                        .formatted(URL);

        DocumentParts.Part part =
                DocumentParts.of(
                                DocumentParts.tree(document.getBytes(StandardCharsets.UTF_8)),
                                new Uuid7(InstantSource.system()),
                                node -> null)
                        .getFirst();

        var kept = DocumentParts.tree(part.content());
        assertThat(kept.at("/partOf/reference").asText()).isEqualTo("Encounter/" + part.id());
        assertThat(
                        List.of(
                                kept.at("/identifier/0/value").asText(),
                                kept.at("/reasonCode/0/text").asText(),
                                kept.at("/partOf/display").asText()))
                .containsOnly(URL);
    }
}
