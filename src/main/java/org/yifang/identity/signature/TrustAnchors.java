package org.yifang.identity.signature;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CRLException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/// The certification authorities that a deployment trusts, and the chains that lead up to them.
///
/// Revocation is judged by the lists (CRL) that the operator lays into a folder, since no public
/// network here is sure to give a CA's answer; an authority without a list there revokes nothing.
public final class TrustAnchors {
    /// Leaf, two or three intermediates, root.
    private static final int CHAIN_MAX = 5;

    private static final int CACHED_MAX = 2_000;
    private static final String TRUSTED =
            "Send the whole chain, the signer's certificate first, up to an authority that the"
                    + " operator trusts (YIFANG_TRUST_ANCHORS); its use is digitalSignature or"
                    + " nonRepudiation.";

    private static final String NONE =
            "This deployment trusts no authority (YIFANG_TRUST_ANCHORS): have the operator register"
                    + " the key in the client's JWKS, and name it by `kid` instead of x5c.";

    private static final String DEMONSTRATION =
            "The demonstration trusts its own authority alone: make a key by `new-key"
                    + " --demonstration`.";

    private static final int DIGITAL_SIGNATURE = 0;
    private static final int NON_REPUDIATION = 1;

    /// A chain that leads to an anchor.
    ///
    /// @param from every certificate of it is valid from here
    /// @param until and to here
    /// @param subject the signer's distinguished name
    /// @param names every value of that name: the organization's number, its name
    /// @param serial of the signer's certificate, hexadecimal
    /// @param revoked when a certificate of it was revoked, null when none was
    record Chain(
            PublicKey key,
            Instant from,
            Instant until,
            String subject,
            Set<String> names,
            String serial,
            @Nullable Instant revoked) {}

    /// Names of attributes that X.500 has and Java does not.
    private static final Map<String, String> ATTRIBUTES =
            Map.of("2.5.4.97", "organizationIdentifier", "2.5.4.5", "serialNumber");

    private final List<X509Certificate> anchors;
    private final String advice;
    private final @Nullable Path revocationLists;
    private final Cache<List<String>, Optional<Chain>> known =
            Caffeine.newBuilder()
                    .maximumSize(CACHED_MAX)
                    .expireAfterWrite(Duration.ofHours(1))
                    .build();

    private TrustAnchors(
            List<X509Certificate> anchors, @Nullable Path revocationLists, String advice) {
        this.anchors = List.copyOf(anchors);
        this.advice = advice;
        this.revocationLists = revocationLists;
    }

    /// No anchor: every chain is refused.
    public static TrustAnchors none() {
        return new TrustAnchors(List.of(), null, NONE);
    }

    /// The authority of the demonstration, whose key everybody has.
    public static TrustAnchors demonstration() {
        return new TrustAnchors(
                List.of(DemonstrationAuthority.load().certificate()), null, DEMONSTRATION);
    }

    /// What helps when a chain leads to no anchor.
    String advice() {
        return advice;
    }

    /// Reads a PEM file of one or more certificates.
    ///
    /// @throws IllegalArgumentException when it holds none
    public static TrustAnchors of(Path pem) throws IOException {
        return of(pem, null);
    }

    /// As above, with a folder of lists of revoked certificates.
    ///
    /// @throws IllegalArgumentException when a list cannot be read
    public static TrustAnchors of(Path pem, @Nullable Path revocationLists) throws IOException {
        TrustAnchors anchors = read(pem, revocationLists);
        anchors.lists();
        return anchors;
    }

    private static TrustAnchors read(Path pem, @Nullable Path revocationLists) throws IOException {
        try (InputStream in = Files.newInputStream(pem)) {
            List<X509Certificate> anchors = new ArrayList<>();
            for (var one : factory().generateCertificates(in)) {
                anchors.add((X509Certificate) one);
            }
            if (anchors.isEmpty()) {
                throw new IllegalArgumentException("`" + pem + "` holds no certificate.");
            }
            return new TrustAnchors(anchors, revocationLists, TRUSTED);
        } catch (CertificateException e) {
            throw new IllegalArgumentException("`" + pem + "` holds no readable certificate.");
        }
    }

    /// The chain of a JWS header's `x5c` (RFC 7515 section 4.1.6), when it leads to an anchor and
    /// its first certificate may sign documents; whether it was valid at a time is up to the
    /// caller.
    Optional<Chain> chain(List<String> x5c) {
        return known.get(x5c, this::validated);
    }

    private Optional<Chain> validated(List<String> x5c) {
        try {
            List<X509Certificate> path = parse(x5c);
            if (path.isEmpty() || path.size() > CHAIN_MAX || !maySign(path.getFirst())) {
                return Optional.empty();
            }
            X509Certificate leaf = path.getFirst();
            if (anchors.contains(leaf)) {
                return Optional.of(summary(List.of(leaf), null));
            }
            if (anchors.contains(path.getLast())) {
                path.removeLast();
            }
            Chain unproven = summary(path, null);
            X509Certificate anchor = validate(path, unproven.from());
            path.add(anchor);
            return Optional.of(summary(path, revoked(path)));
        } catch (Exception e) {
            return Optional.empty();
        }
    }

    private static List<X509Certificate> parse(List<String> x5c) throws CertificateException {
        List<X509Certificate> path = new ArrayList<>();
        for (String base64 : x5c) {
            var der = new ByteArrayInputStream(Base64.getDecoder().decode(base64));
            path.add((X509Certificate) factory().generateCertificate(der));
        }
        return path;
    }

    /// Path validation of RFC 5280 section 6.
    private X509Certificate validate(List<X509Certificate> path, Instant at)
            throws GeneralSecurityException {
        Set<TrustAnchor> trusted = new HashSet<>();
        anchors.forEach(anchor -> trusted.add(new TrustAnchor(anchor, null)));
        PKIXParameters parameters = new PKIXParameters(trusted);
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(at));
        var result =
                (PKIXCertPathValidatorResult)
                        CertPathValidator.getInstance("PKIX", SignatureAlgorithm.BOUNCY_CASTLE)
                                .validate(factory().generateCertPath(path), parameters);
        return result.getTrustAnchor().getTrustedCert();
    }

    /// RFC 5280 section 4.2.1.3: without the extension a key may do anything.
    private static boolean maySign(X509Certificate leaf) {
        boolean[] usage = leaf.getKeyUsage();
        return usage == null || usage[DIGITAL_SIGNATURE] || usage[NON_REPUDIATION];
    }

    /// When the first certificate of a path that was revoked at all was; each list is believed when
    /// the issuer of the certificate signed it.
    private @Nullable Instant revoked(List<X509Certificate> path) throws IOException {
        for (int i = 0; i + 1 < path.size(); i++) {
            X509Certificate one = path.get(i);
            for (X509CRL list : lists()) {
                X509CRLEntry entry =
                        list.getIssuerX500Principal().equals(one.getIssuerX500Principal())
                                        && isSignedBy(list, path.get(i + 1))
                                ? list.getRevokedCertificate(one)
                                : null;
                if (entry != null) {
                    return entry.getRevocationDate().toInstant();
                }
            }
        }
        return null;
    }

    private static boolean isSignedBy(X509CRL list, X509Certificate issuer) {
        try {
            list.verify(issuer.getPublicKey(), SignatureAlgorithm.BOUNCY_CASTLE);
            return true;
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    private List<X509CRL> lists() throws IOException {
        if (revocationLists == null) {
            return List.of();
        }
        List<X509CRL> lists = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(revocationLists, "*.crl")) {
            for (Path file : files) {
                try (InputStream in = Files.newInputStream(file)) {
                    for (var one : factory().generateCRLs(in)) {
                        lists.add((X509CRL) one);
                    }
                } catch (CertificateException | CRLException e) {
                    throw new IllegalArgumentException("`" + file + "` is no list (CRL).");
                }
            }
        }
        return lists;
    }

    private static Set<String> names(X509Certificate leaf) {
        Set<String> names = new HashSet<>();
        try {
            String subject =
                    leaf.getSubjectX500Principal().getName(X500Principal.RFC2253, ATTRIBUTES);
            for (Rdn part : new LdapName(subject).getRdns()) {
                var values = part.toAttributes().getAll();
                while (values.hasMore()) {
                    names.add(String.valueOf(values.next().get()).strip());
                }
            }
        } catch (NamingException unreadable) {
            return Set.of();
        }
        return names;
    }

    private static Chain summary(List<X509Certificate> path, @Nullable Instant revoked) {
        Instant from = Instant.MIN;
        Instant until = Instant.MAX;
        for (X509Certificate one : path) {
            Instant start = one.getNotBefore().toInstant();
            Instant end = one.getNotAfter().toInstant();
            from = start.isAfter(from) ? start : from;
            until = end.isBefore(until) ? end : until;
        }
        X509Certificate leaf = path.getFirst();
        return new Chain(
                leaf.getPublicKey(),
                from,
                until,
                leaf.getSubjectX500Principal().getName(),
                names(leaf),
                leaf.getSerialNumber().toString(16),
                revoked);
    }

    private static CertificateFactory factory() throws CertificateException {
        return CertificateFactory.getInstance("X.509", SignatureAlgorithm.BOUNCY_CASTLE);
    }
}
