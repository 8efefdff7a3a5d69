package org.yifang.identity.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// How a client stands now: a token is good only as long as its client is, wherever it was issued.
///
/// Each instance remembers for some seconds what it read, and forgets it at once when the database
/// tells of a change.
final class ClientStanding {
    /// How long a suspension is unknown where what the database told was not heard.
    private static final Duration REMEMBERED = Duration.ofSeconds(5);

    private static final int REMEMBERED_MAX = 10_000;

    private final ClientStore clients;
    private final RevokedTokenStore revokedTokens;
    private final boolean demonstration;
    private final AtomicLong changes = new AtomicLong();
    private final Cache<String, Optional<Client>> remembered =
            Caffeine.newBuilder().maximumSize(REMEMBERED_MAX).expireAfterWrite(REMEMBERED).build();
    private final Cache<Boolean, Set<String>> revoked =
            Caffeine.newBuilder().expireAfterWrite(REMEMBERED).build();
    private final Cache<Boolean, Set<String>> active =
            Caffeine.newBuilder().expireAfterWrite(REMEMBERED).build();

    /// @param demonstration whether clients whose secret everybody knows are taken
    ClientStanding(ClientStore clients, RevokedTokenStore revokedTokens, boolean demonstration) {
        this.demonstration = demonstration;
        this.clients = clients;
        this.revokedTokens = revokedTokens;
    }

    /// What a token grants as its client stands now; empty when that is nothing. May wait.
    Optional<Grant> now(AccessTokens.Held token) {
        Instant issued = token.issuedAt();
        if (taken(issued).contains(token.id())) {
            return Optional.empty();
        }
        if (token.grant().taskId() != null) {
            // Got with a slip: no client stands behind it.
            return Optional.of(token.grant());
        }
        return client(token.grant().clientId())
                .filter(Client::active)
                .filter(one -> demonstration || !one.demonstration())
                .filter(one -> one.tokensFrom() == null || !issued.isBefore(one.tokensFrom()))
                .map(one -> token.grant().within(one.scopes()));
    }

    /// The active client of that id. Asking for ids that nobody has costs no question to the
    /// database, however many they are. May wait.
    Optional<Client> registered(String id) {
        return ids().contains(id)
                ? client(id)
                        .filter(Client::active)
                        .filter(one -> demonstration || !one.demonstration())
                : Optional.empty();
    }

    private Set<String> ids() {
        Set<String> known = active.getIfPresent(true);
        if (known == null) {
            long told = changes.get();
            known = clients.active();
            if (told == changes.get()) {
                active.put(true, known);
            }
        }
        return known;
    }

    private Optional<Client> client(String id) {
        Optional<Client> known = remembered.getIfPresent(id);
        if (known == null) {
            long told = changes.get();
            known = clients.find(id);
            if (told == changes.get()) {
                // Else it may have been read before the change that was told meanwhile.
                remembered.put(id, known);
            }
        }
        return known;
    }

    private Set<String> taken(Instant issued) {
        Set<String> known = revoked.getIfPresent(true);
        if (known == null) {
            long told = changes.get();
            known = revokedTokens.after(issued);
            if (told == changes.get()) {
                revoked.put(true, known);
            }
        }
        return known;
    }

    void forget() {
        changes.incrementAndGet();
        remembered.invalidateAll();
        revoked.invalidateAll();
        active.invalidateAll();
    }
}
