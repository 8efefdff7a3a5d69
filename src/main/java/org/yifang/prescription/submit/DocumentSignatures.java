package org.yifang.prescription.submit;

import org.jspecify.annotations.Nullable;
import org.yifang.identity.client.Client;
import org.yifang.identity.client.ClientStore;
import org.yifang.identity.signature.BundleSignature;
import org.yifang.identity.signature.Verdict;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Checks who signed a document: by a certificate up to a configured anchor, or by a key of the
/// sender's own set.
public final class DocumentSignatures {
    private final BundleSignature signature;
    private final ClientStore clients;
    private final Organizations organizations;

    public DocumentSignatures(
            BundleSignature signature, ClientStore clients, Organizations organizations) {
        this.signature = signature;
        this.clients = clients;
        this.organizations = organizations;
    }

    /// What is wrong with the signature of a Bundle (its JSON) that this client sent, or null when
    /// it is good. Waits.
    Verdict.@Nullable Invalid fault(byte[] bundle, String clientId) {
        Client sender = clients.find(clientId).orElse(null);
        String jwks = sender == null ? null : sender.jwks();
        Set<String> names =
                organizations
                        .byNumber(sender == null ? "" : sender.organization())
                        .map(DocumentSignatures::inCertificates)
                        .orElse(Set.of(""));
        return signature.verify(bundle, jwks, names) instanceof Verdict.Invalid fault
                ? fault
                : null;
    }

    /// What a certificate may call an organization.
    private static Set<String> inCertificates(Organization one) {
        Set<String> names = new HashSet<>(List.of(one.number(), one.name()));
        if (one.uscc() != null) {
            names.add(one.uscc().value());
        }
        return names;
    }
}
