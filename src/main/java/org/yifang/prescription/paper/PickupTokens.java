package org.yifang.prescription.paper;

import org.jspecify.annotations.Nullable;
import org.yifang.identity.client.PickupToken;
import org.yifang.identity.client.SigningKeys;

import java.net.URI;
import java.time.InstantSource;
import java.util.UUID;

/// Signs pick-up tokens with the platform's keys, and tells its own from others'.
public final class PickupTokens {
    private final SigningKeys keys;
    private final URI issuer;
    private final InstantSource clock;

    /// @param issuer how clients reach the service
    public PickupTokens(SigningKeys keys, URI issuer, InstantSource clock) {
        this.keys = keys;
        this.issuer = issuer;
        this.clock = clock;
    }

    public String sign(PickupToken token) {
        return token.sign(keys, issuer.toString(), clock);
    }

    /// The Task that a token of ours names, null when it is none.
    public @Nullable UUID task(String token) {
        return PickupToken.read(keys, token).map(PickupToken::taskId).orElse(null);
    }
}
