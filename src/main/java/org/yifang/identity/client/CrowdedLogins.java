package org.yifang.identity.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Limits;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.edge.RateLimit;
import org.yifang.platform.edge.Turns;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Finds the right secrets and assertions among the requests of an address that has had its share,
/// so that who floods the service from behind a hospital's address keeps nobody there from its
/// token.
///
/// Ids that nobody has cost a look into memory, and so does a secret that was right not long ago.
/// Others of registered clients are compared on one thread, in fair turns by client: what waits of
/// one client is as much as there are connections, some two seconds of work, so that only a flood
/// of streams in HTTP/2 that guesses at the client itself is refused unseen.
final class CrowdedLogins implements AutoCloseable {
    /// How often a wrong try of one client is written down: twenty in ten minutes are many.
    private static final Duration NOTED_EVERY = Duration.ofSeconds(1);

    private static final int CLIENTS_WAITING_MOST = 16;

    private static final int NOTED_MAX = 10_000;

    /// What became of a try.
    enum Answer {
        RIGHT,
        WRONG,
        /// The first wrong one of its client for some time.
        WRONG_TO_NOTE
    }

    private final ClientStanding standing;
    private final SecretCheck secrets;
    private final ClientKeySets keySets;
    private final LoginTries tries;
    private final InstantSource clock;
    private final Turns turns =
            new Turns(
                    "secret-crowd",
                    1,
                    0,
                    CLIENTS_WAITING_MOST * Limits.CONNECTIONS,
                    Limits.CONNECTIONS,
                    Bound.SECRETS);
    private final RateLimit own =
            new RateLimit(
                    "client",
                    Bound.CLIENT_RATE,
                    Limits.TOKENS_PER_SECOND,
                    Limits.TOKENS_BURST,
                    NOTED_MAX,
                    System::nanoTime);
    private final Cache<String, Boolean> noted =
            Caffeine.newBuilder().maximumSize(NOTED_MAX).expireAfterWrite(NOTED_EVERY).build();

    CrowdedLogins(
            ClientStanding standing,
            SecretCheck secrets,
            ClientKeySets keySets,
            LoginTries tries,
            InstantSource clock) {
        this.standing = standing;
        this.secrets = secrets;
        this.keySets = keySets;
        this.tries = tries;
        this.clock = clock;
    }

    /// Whether the secret is that of a registered client; for anything else the share counts. May
    /// wait.
    ///
    /// @throws org.yifang.platform.problem.Problem `RX-1029` when that client itself floods
    Answer look(TokenRequest.@Nullable Basic basic) {
        if (basic == null) {
            return Answer.WRONG;
        }
        Client client = standing.registered(basic.id()).orElse(null);
        if (client == null) {
            return Answer.WRONG;
        }
        Instant now = clock.instant();
        String current = client.secretHash();
        String old =
                client.oldSecretUntil() != null && now.isBefore(client.oldSecretUntil())
                        ? client.oldSecretHash()
                        : null;
        String secret = basic.secret();
        boolean right =
                secrets.remembers(current, secret)
                        || turns.take(client.id(), () -> isOneOf(secret, current, old)).await();
        return judged(client, right, now);
    }

    private Answer judged(Client client, boolean right, Instant now) {
        if (right) {
            own.take(client.id());
            return Answer.RIGHT;
        }
        if (noted.asMap().putIfAbsent(client.id(), true) != null) {
            return Answer.WRONG;
        }
        tries.failed(client.id(), true, now);
        return Answer.WRONG_TO_NOTE;
    }

    /// Whether one of a registered client's keys made this assertion. May wait.
    ///
    /// @param tokenUrl what its audience must be
    /// @throws org.yifang.platform.problem.Problem `RX-1029` when that client itself floods
    Answer look(ClientAssertion assertion, String tokenUrl) {
        Instant now = clock.instant();
        Client client = standing.registered(assertion.subject()).orElse(null);
        if (client == null || assertion.flaw(tokenUrl, now).isPresent()) {
            return Answer.WRONG;
        }
        String url = client.jwksUrl();
        String keys = url == null ? client.jwks() : keySets.known(url);
        boolean right =
                keys != null && turns.take(client.id(), () -> assertion.isSignedBy(keys)).await();
        return judged(client, right, now);
    }

    private boolean isOneOf(String secret, @Nullable String current, @Nullable String old) {
        return isQuick(current, secret) || isQuick(old, secret);
    }

    /// A slow one would let all others wait.
    private boolean isQuick(@Nullable String stored, String secret) {
        return stored != null && SecretHash.isQuick(stored) && secrets.matches(stored, secret, "");
    }

    @Override
    public void close() {
        turns.close();
    }
}
