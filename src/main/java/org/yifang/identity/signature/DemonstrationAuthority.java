package org.yifang.identity.signature;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.Objects;

/// The authority that the demonstration trusts. Its private key comes along and is no secret, as
/// the demonstration's passwords are none: whoever tries signing certifies a key of their own.
final class DemonstrationAuthority {
    private static final String FOLDER = "/demonstration/";

    static NewKeys.Certified load() {
        try (Reader certificates = open("signing-authority.pem");
                Reader key = open("signing-authority.key")) {
            X509Certificate certificate = PemFiles.certificates(certificates, FOLDER).getFirst();
            return new NewKeys.Certified(
                    new KeyPair(certificate.getPublicKey(), PemFiles.privateKey(key, FOLDER)),
                    certificate);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Reader open(String name) {
        return new InputStreamReader(
                Objects.requireNonNull(
                        DemonstrationAuthority.class.getResourceAsStream(FOLDER + name)),
                StandardCharsets.UTF_8);
    }

    private DemonstrationAuthority() {}
}
