package org.yifang.identity.client;

import org.yifang.platform.Role;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Registers the clients of the demonstration data, whose id is also their secret.
///
/// To be called only when demonstration data is wanted: everybody knows these secrets.
public final class DemonstrationClients {
    private static final List<String> HOSPITALS = List.of("H42128100001", "H42128100002");
    private static final int PHARMACIES = 12;
    private static final List<String> ALL = List.of("system/*.cruds");
    private static final List<String> READING = List.of("system/*.rs");

    private final ClientStore clients;
    private final OrganizationIds organizations;
    private final String region;
    private final Instant now;

    private DemonstrationClients(
            ClientStore clients, OrganizationIds organizations, String region, Instant now) {
        this.clients = clients;
        this.organizations = organizations;
        this.region = region;
        this.now = now;
    }

    /// Registers those that are missing.
    ///
    /// @param organizations of the registry, which stands above
    /// @param bureau number of the bureau's organization
    public static void seed(
            ClientStore clients,
            OrganizationIds organizations,
            String bureau,
            String region,
            Instant now) {
        var seed = new DemonstrationClients(clients, organizations, region, now);
        for (int i = 0; i < HOSPITALS.size(); i++) {
            seed.add("hospital-" + (i + 1), Role.HOSPITAL, HOSPITALS.get(i), List.of(), ALL);
        }
        seed.add("reviewer-1", Role.REVIEWER, HOSPITALS.getFirst(), HOSPITALS, ALL);
        for (int i = 1; i <= PHARMACIES; i++) {
            String number = "P421281%05d".formatted(i);
            seed.add("pharmacy-" + i, Role.PHARMACY, number, List.of(), ALL);
        }
        seed.add("patient-app", Role.PATIENT, bureau, List.of(), ALL);
        seed.add("bureau-1", Role.BUREAU, bureau, List.of(), ALL);
        seed.add("auditor-1", Role.AUDITOR, bureau, List.of(), READING);
        seed.add("operator-1", Role.OPERATOR, bureau, List.of(), ALL);
    }

    private void add(
            String id,
            Role role,
            String organization,
            List<String> reviewsFor,
            List<String> scopes) {
        Optional<Client> present = clients.find(id);
        if (present.isPresent() && present.get().demonstration()) {
            return;
        }
        clients.save(
                new Client(
                        id,
                        region,
                        role,
                        organizations.idOf(organization),
                        organization,
                        reviewsFor,
                        scopes,
                        SecretHash.ofToken(id),
                        null,
                        true,
                        null,
                        role == Role.PATIENT,
                        List.of(),
                        null,
                        null,
                        null,
                        true,
                        1),
                now);
    }
}
