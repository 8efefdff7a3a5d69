package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.TestService;
import org.yifang.identity.signature.NewKeyCommand;
import org.yifang.identity.signature.SignCommand;
import org.yifang.workflow.Client.Reply;

import picocli.CommandLine;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/// Where signatures are required, only what a doctor signed becomes a prescription, and the
/// pharmacy gets the very bytes that were signed.
final class SignedTest {
    @TempDir static Path folder;

    private static TestService service;
    private static Story story;

    @BeforeAll
    static void open() {
        new CommandLine(new NewKeyCommand()).execute("--alg", "SM2SM3", "--out", folder.toString());
        service =
                TestService.own(
                        Map.of(
                                "YIFANG_SIGNATURE_REQUIRED",
                                "true",
                                "YIFANG_TRUST_ANCHORS",
                                folder.resolve("anchor.pem").toString()));
        story = new Story(service);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    private static String signed(ObjectNode document) throws Exception {
        Path file = folder.resolve("bundle.json");
        Files.writeString(file, document.toString());
        PrintStream before = System.out;
        var captured = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
            int exit =
                    new CommandLine(new SignCommand())
                            .execute(
                                    file.toString(),
                                    "--key",
                                    folder.resolve("signer.key").toString(),
                                    "--certificates",
                                    folder.resolve("signer.pem").toString());
            assertThat(exit).isZero();
        } finally {
            System.setOut(before);
        }
        return captured.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void unsigned_is_refused() {
        Reply reply = story.submit(story.document());
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.codes()).containsExactly("RX-2125");
    }

    @Test
    void changed_after_signing_is_refused() throws Exception {
        String signed = signed(story.document());
        Reply reply =
                story.hospital.post(
                        "/fhir/$submit-prescription", signed.replace("\"value\":7", "\"value\":6"));
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(422);
        assertThat(reply.codes()).contains("RX-2126");
    }

    @Test
    void signed_reaches_the_pharmacy_byte_for_byte() throws Exception {
        String signed = signed(story.document());
        Reply reply = story.hospital.post("/fhir/$submit-prescription", signed);
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(201);
        Reply claim = story.claim(story.pharmacy, new Story.Rx(reply.body()));
        byte[] original =
                Base64.getDecoder()
                        .decode(claim.parameter("original").path("valueBase64Binary").asText());
        assertThat(new String(original, StandardCharsets.UTF_8)).isEqualTo(signed);
    }

    @Test
    void signed_bytes_stay_what_they_are_within_parameters() throws Exception {
        String signed = signed(story.document());
        String wrapped =
                "{\"resourceType\":\"Parameters\",\n \"parameter\":[{\"name\":\"resource\","
                        + "\"resource\": "
                        + signed
                        + " }]}";
        Reply judged = story.hospital.post("/fhir/Bundle/$validate", wrapped);
        assertThat(judged.raw().body()).doesNotContain("RX-2126").doesNotContain("RX-2125");
        Reply reply = story.hospital.post("/fhir/$submit-prescription", wrapped);
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(201);
        // Whether it comes so or bare, it is the same prescription.
        assertThat(story.hospital.post("/fhir/$submit-prescription", signed).status())
                .isEqualTo(200);
        Reply claim = story.claim(story.pharmacy, new Story.Rx(reply.body()));
        byte[] original =
                Base64.getDecoder()
                        .decode(claim.parameter("original").path("valueBase64Binary").asText());
        assertThat(new String(original, StandardCharsets.UTF_8)).isEqualTo(signed);
        String forged = wrapped.replace("\"value\":7", "\"value\":6");
        assertThat(story.hospital.post("/fhir/$submit-prescription", forged).codes())
                .contains("RX-2126");
    }
}
