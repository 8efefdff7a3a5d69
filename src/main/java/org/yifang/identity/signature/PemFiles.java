package org.yifang.identity.signature;

import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/// Reads and writes keys and certificates as OpenSSL does.
final class PemFiles {
    /// The private key of a file, in PKCS #8 or the older form of its kind, not encrypted.
    static PrivateKey privateKey(Path file) throws IOException {
        try (Reader in = Files.newBufferedReader(file)) {
            return privateKey(in, file.toString());
        }
    }

    /// As above, of what is read from anywhere.
    static PrivateKey privateKey(Reader in, String name) throws IOException {
        var converter =
                new JcaPEMKeyConverter()
                        .setProvider(SignatureAlgorithm.BOUNCY_CASTLE)
                        // The JDK takes no key that calls itself ECDSA.
                        .setAlgorithmMapping(X9ObjectIdentifiers.id_ecPublicKey, "EC");
        try (PEMParser parser = new PEMParser(in)) {
            for (Object one = parser.readObject(); one != null; one = parser.readObject()) {
                switch (one) {
                    case PrivateKeyInfo info -> {
                        return converter.getPrivateKey(info);
                    }
                    case PEMKeyPair pair -> {
                        return converter.getKeyPair(pair).getPrivate();
                    }
                    default -> {
                        // OpenSSL writes the curve before an EC key.
                    }
                }
            }
        }
        throw new IllegalArgumentException("`" + name + "` holds no unencrypted private key.");
    }

    /// Every certificate of a file, in its order.
    static List<X509Certificate> certificates(Path file) throws IOException {
        try (Reader in = Files.newBufferedReader(file)) {
            return certificates(in, file.toString());
        }
    }

    /// As above, of what is read from anywhere.
    static List<X509Certificate> certificates(Reader in, String name) throws IOException {
        var converter =
                new JcaX509CertificateConverter().setProvider(SignatureAlgorithm.BOUNCY_CASTLE);
        List<X509Certificate> found = new ArrayList<>();
        try (PEMParser parser = new PEMParser(in)) {
            for (Object one = parser.readObject(); one != null; one = parser.readObject()) {
                if (one instanceof X509CertificateHolder holder) {
                    found.add(converter.getCertificate(holder));
                }
            }
        } catch (CertificateException e) {
            throw new IllegalArgumentException("`" + name + "` holds a certificate not readable.");
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("`" + name + "` holds no certificate.");
        }
        return found;
    }

    /// One PEM block.
    static String pem(String type, byte[] der) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, der));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    private PemFiles() {}
}
