package org.yifang.identity.client;

import java.util.UUID;

/// The organizations that the demonstration's clients and people belong to, as the registry above
/// knows them.
@FunctionalInterface
public interface OrganizationIds {
    /// The Organization resource of a number (`nhsa-org`).
    UUID idOf(String number);
}
