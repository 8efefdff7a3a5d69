package org.yifang.notify.subscription;

import org.yifang.fhir.Scopes;
import org.yifang.identity.client.Client;
import org.yifang.identity.client.Identity;
import org.yifang.platform.Caller;

import java.util.List;
import java.util.Optional;

/// Who the owners of Subscriptions are now: what a client lost since, it is not told.
public final class Owners {
    private final Identity identity;

    public Owners(Identity identity) {
        this.identity = identity;
    }

    /// The owner as it would call now, empty when it could not. Waits.
    ///
    /// @param address where it is told, for the audit log
    /// @param call names this telling
    public Optional<Caller> now(Subscription.Owner owner, String address, String call) {
        return registered(owner)
                .map(client -> caller(owner, client, address, call))
                .filter(caller -> Scopes.cover(caller.scopes(), "Task", 'r'));
    }

    private Optional<Client> registered(Subscription.Owner owner) {
        return identity.registered(owner.clientId())
                .filter(one -> one.role() == owner.role())
                .filter(one -> one.organizationId().equals(owner.organizationId()));
    }

    private static Caller caller(
            Subscription.Owner owner, Client client, String address, String call) {
        List<String> scopes =
                owner.scopes().equals(client.scopes())
                        ? client.scopes()
                        : both(owner.scopes(), client.scopes());
        return new Caller(
                client.id(),
                client.role(),
                client.organizationId(),
                client.organization(),
                client.reviewsFor(),
                scopes,
                owner.patientId(),
                Caller.Person.UNNAMED,
                address,
                call,
                "zh-CN");
    }

    /// What of the scopes of a telling counts: reading Tasks, where both cover it.
    private static List<String> both(List<String> granted, List<String> registered) {
        return Scopes.cover(granted, "Task", 'r') && Scopes.cover(registered, "Task", 'r')
                ? List.of("system/Task.r")
                : List.of();
    }
}
