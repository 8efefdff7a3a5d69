package org.yifang.platform.config;

import org.jspecify.annotations.Nullable;

import java.net.URI;

/// The OpenID provider at which people sign in.
///
/// @param issuer its name, under which its configuration stands
/// @param client what it knows us as
/// @param secret ours at the provider, or null where a client is public
/// @param claim whose value is the login of an account
public record OpenId(URI issuer, String client, @Nullable String secret, String claim) {
    @Override
    public String toString() {
        return "OpenId[" + issuer + ", " + client + "]";
    }
}
