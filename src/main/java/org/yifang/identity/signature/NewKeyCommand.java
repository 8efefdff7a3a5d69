package org.yifang.identity.signature;

import com.nimbusds.jose.util.JSONObjectUtils;

import org.bouncycastle.asn1.x509.KeyUsage;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

/// `new-key`: makes an authority, a signer's key and its certificate to try signing with.
@Command(
        name = "new-key",
        description = "Make a test authority and a signer's key, certificate and JWK set.",
        mixinStandardHelpOptions = true)
public final class NewKeyCommand implements Callable<Integer> {
    private static final Duration VALID = Duration.ofDays(365);

    @Option(names = "--alg", description = "ES256, RS256 or SM2SM3 (default ${DEFAULT-VALUE}).")
    SignatureAlgorithm algorithm = SignatureAlgorithm.SM2SM3;

    @Option(
            names = "--name",
            description = "Distinguished name of the signer (default ${DEFAULT-VALUE}).")
    String name = "C=CN,O=H42128100001,CN=Synthetic signer";

    @Option(names = "--kid", description = "Id of the key (default ${DEFAULT-VALUE}).")
    String kid = "signer-1";

    @Option(
            names = "--demonstration",
            description = {
                "Have the demonstration's authority certify the key, so that a service with the",
                "demonstration data takes what it signs."
            })
    boolean demonstration;

    @Option(
            names = "--out",
            description = "Folder for anchor.pem, signer.pem, signer.key, signer.jwks.")
    Path out = Path.of("");

    @Override
    public Integer call() throws GeneralSecurityException, IOException {
        Instant now = Instant.now();
        Instant until = now.plus(VALID);
        NewKeys.Certified authority =
                demonstration
                        ? DemonstrationAuthority.load()
                        : NewKeys.authority(algorithm, "C=CN,CN=Synthetic authority", now, until);
        int usage = KeyUsage.digitalSignature | KeyUsage.nonRepudiation;
        NewKeys.Certified signer = NewKeys.signer(algorithm, name, authority, now, until, usage);
        Map<String, Object> set =
                Map.of("keys", List.of(KeySet.jwk(signer.keys().getPublic(), kid)));
        Files.createDirectories(out);
        writePrivate(
                out.resolve("signer.key"),
                PemFiles.pem("PRIVATE KEY", signer.keys().getPrivate().getEncoded()));
        write(out.resolve("anchor.pem"), pem(authority.certificate()));
        write(out.resolve("signer.pem"), pem(signer.certificate()));
        write(out.resolve("signer.jwks"), JSONObjectUtils.toJSONString(set) + "\n");
        System.out.println(
                "Written to "
                        + out.toAbsolutePath()
                        + ": anchor.pem (YIFANG_TRUST_ANCHORS), signer.pem, signer.key,"
                        + " signer.jwks");
        return 0;
    }

    private static String pem(X509Certificate certificate) throws GeneralSecurityException {
        return PemFiles.pem("CERTIFICATE", certificate.getEncoded());
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
    }

    /// Never readable by others, not even for a moment.
    private static void writePrivate(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        var ownerOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = Files.newByteChannel(file, options, ownerOnly)) {
            channel.write(java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
