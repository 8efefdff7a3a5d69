package org.yifang.identity.signature;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.concurrent.Callable;

/// `sign`: signs a prescription document, for tests and integrators.
@Command(
        name = "sign",
        description = "Sign a prescription (a document Bundle).",
        mixinStandardHelpOptions = true)
public final class SignCommand implements Callable<Integer> {
    @Spec @Nullable CommandSpec spec;

    @Parameters(paramLabel = "BUNDLE", description = "The JSON file; `-` reads standard input.")
    String bundle = "-";

    @Option(
            names = "--key",
            required = true,
            paramLabel = "PEM",
            description = "Private key: P-256 signs ES256, RSA signs RS256, SM2 signs SM2SM3.")
    Path key = Path.of("");

    @Option(
            names = "--certificates",
            paramLabel = "PEM",
            description = "The signer's certificate first; goes into the header as x5c.")
    @Nullable Path certificates;

    @Option(names = "--kid", description = "Id of the key as registered, instead of certificates.")
    @Nullable String kid;

    @Option(names = "--output", description = "The file to write; default: standard output.")
    @Nullable Path output;

    @Option(names = "--at", description = "Signing time (iat), default now: 2026-11-20T01:31:05Z.")
    @Nullable Instant at;

    @Override
    public Integer call() throws GeneralSecurityException, IOException {
        try {
            byte[] document =
                    bundle.equals("-")
                            ? System.in.readAllBytes()
                            : Files.readAllBytes(Path.of(bundle));
            Instant when = at == null ? Instant.now() : at;
            byte[] signed = signer().sign(document, when);
            if (output == null) {
                System.out.write(signed);
                System.out.flush();
            } else {
                Files.write(output, signed);
            }
            return 0;
        } catch (IllegalArgumentException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private BundleSigner signer() throws IOException {
        PrivateKey with = PemFiles.privateKey(key);
        if (kid != null && certificates == null) {
            return BundleSigner.withKeyId(with, kid);
        }
        if (kid == null && certificates != null) {
            return BundleSigner.withCertificates(with, PemFiles.certificates(certificates));
        }
        throw refused("Give one of --certificates and --kid.");
    }

    private RuntimeException refused(String why) {
        return spec == null
                ? new IllegalArgumentException(why)
                : new ParameterException(spec.commandLine(), why);
    }
}
