package org.yifang.identity.signature;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import picocli.CommandLine;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

class SignCommandTest {
    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource
    void signs_with_the_keys_of_new_key_and_the_service_agrees(SignatureAlgorithm algorithm)
            throws Exception {
        assertThat(
                        new CommandLine(new NewKeyCommand())
                                .execute("--alg", algorithm.name(), "--out", folder.toString()))
                .isZero();
        assertThat(Files.getPosixFilePermissions(folder.resolve("signer.key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Path bundle = folder.resolve("bundle.json");
        Files.writeString(
                bundle,
                "{\"timestamp\":\""
                        + now
                        + "\",\"entry\":[{\"resource\":{\"author\":"
                        + "[{\"reference\":\"urn:uuid:3\"}]}}]}");
        String key = folder.resolve("signer.key").toString();

        byte[] byCertificate =
                output(
                        bundle.toString(),
                        "--key",
                        key,
                        "--certificates",
                        folder.resolve("signer.pem").toString());
        BundleSignature withAnchor =
                new BundleSignature(TrustAnchors.of(folder.resolve("anchor.pem")));
        assertThat(withAnchor.verify(byCertificate, null)).isInstanceOf(Verdict.Valid.class);

        byte[] byKid =
                output(
                        bundle.toString(),
                        "--key",
                        key,
                        "--kid",
                        "signer-1",
                        "--at",
                        now.plusSeconds(9).toString());
        String jwks = Files.readString(folder.resolve("signer.jwks"));
        assertThat(new BundleSignature(TrustAnchors.none()).verify(byKid, jwks))
                .isEqualTo(new Verdict.Valid(algorithm, now.plusSeconds(9), "kid signer-1"));
    }

    @Test
    void says_what_is_missing_in_one_line() throws Exception {
        new CommandLine(new NewKeyCommand()).execute("--alg", "ES256", "--out", folder.toString());
        StringWriter errors = new StringWriter();
        int exit =
                new CommandLine(new SignCommand())
                        .setErr(new PrintWriter(errors))
                        .execute("none.json", "--key", folder.resolve("signer.key").toString());
        assertThat(exit).isNotZero();
        Path bundle = Files.writeString(folder.resolve("b.json"), "{}");
        exit =
                new CommandLine(new SignCommand())
                        .setErr(new PrintWriter(errors))
                        .execute(
                                bundle.toString(),
                                "--key",
                                folder.resolve("signer.key").toString());
        assertThat(exit).isEqualTo(2);
        assertThat(errors.toString()).contains("Give one of --certificates and --kid.");
    }

    private static byte[] output(String... arguments) {
        PrintStream before = System.out;
        var captured = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(captured, true, UTF_8));
            assertThat(new CommandLine(new SignCommand()).execute(arguments)).isZero();
        } finally {
            System.setOut(before);
        }
        return captured.toByteArray();
    }
}
