package org.yifang.identity.client;

import io.vertx.core.json.JsonObject;

import org.yifang.platform.Job;

/// The job that gives us a new signing key; every token signed before stays good.
public final class SigningRotation implements Job {
    private final SigningKeys keys;

    public SigningRotation(SigningKeys keys) {
        this.keys = keys;
    }

    @Override
    public String kind() {
        return "keys-signing";
    }

    /// Done twice it makes two keys, of which the newer signs: harmless.
    @Override
    public Step step(JsonObject input, Step before) {
        String kid = keys.rotate();
        String note =
                "key %s is published and signs in %d seconds"
                        .formatted(kid, SigningKeys.PUBLISHED_FIRST.toSeconds());
        return new Step(kid, 1, 1, true, note);
    }
}
