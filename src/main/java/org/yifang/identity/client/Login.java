package org.yifang.identity.client;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;

import java.util.List;

/// How a request for a token ended. A refusal is a value, since it is audited like a success.
sealed interface Login {
    /// @param token the access token
    record Granted(Grant grant, String token) implements Login {}

    /// @param status HTTP status
    /// @param error code of RFC 6749 section 5.2
    /// @param description a sentence for the developer at the other end, without any secret
    /// @param clientId the client named, when it is a registered one
    record Denied(int status, String error, String description, @Nullable String clientId)
            implements Login, Proof {}

    /// Whether a client has proven to be itself.
    sealed interface Proof permits Identified, Denied {}

    /// It has; with the person behind the call and the patient that it names.
    record Identified(Client client, Caller.Person person, @Nullable String patient)
            implements Proof {}

    /// All problems of authentication look the same from outside, so that nobody learns which
    /// clients exist (RFC 6749 section 5.2).
    static Denied invalidClient(@Nullable String clientId) {
        return new Denied(
                401, "invalid_client", "The client could not be authenticated.", clientId);
    }

    static Denied invalidRequest(String description, @Nullable String clientId) {
        return new Denied(400, "invalid_request", description, clientId);
    }

    static Denied invalidScope(List<String> registered, String clientId) {
        String text = "Nothing asked for is registered; `" + String.join(" ", registered) + "` is.";
        return new Denied(400, "invalid_scope", text, clientId);
    }
}
