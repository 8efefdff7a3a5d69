package org.yifang.identity.client;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/// Decides who gets an access token, for what, and until when.
final class TokenDesk {
    private static final Logger LOG = LoggerFactory.getLogger(TokenDesk.class);

    private final ClientStore clients;
    private final SecretCheck secrets;
    private final AccessTokens tokens;
    private final LoginLimit limit = new LoginLimit();
    private final Identity.Options options;
    private final Function<String, Optional<UUID>> patient;
    private final InstantSource clock;
    private final Supplier<UUID> ids;

    TokenDesk(
            ClientStore clients,
            SecretCheck secrets,
            AccessTokens tokens,
            Identity.Options options,
            Function<String, Optional<UUID>> patient,
            InstantSource clock,
            Supplier<UUID> ids) {
        this.clients = clients;
        this.secrets = secrets;
        this.tokens = tokens;
        this.options = options;
        this.patient = patient;
        this.clock = clock;
        this.ids = ids;
    }

    /// Answers one request; waits for the database and the slow hash.
    Login login(TokenRequest request) {
        String assertion = request.field("client_assertion");
        boolean twoWays = assertion != null && (request.basic() != null || request.malformed());
        if (request.repeats() || twoWays) {
            return Login.invalidRequest(
                    "Every field is sent once, and one way to authenticate is used.", null);
        }
        String grantType = request.field("grant_type");
        if (!"client_credentials".equals(grantType)) {
            return grantType == null
                    ? Login.invalidRequest("The field grant_type is missing.", null)
                    : new Login.Denied(
                            400,
                            "unsupported_grant_type",
                            "The only grant_type is client_credentials.",
                            null);
        }
        Login.Proof proof = assertion == null ? bySecret(request) : byAssertion(request, assertion);
        return switch (proof) {
            case Login.Identified(var client, var person) -> grant(request, client, person);
            case Login.Denied denied -> denied;
        };
    }

    private Login.Proof bySecret(TokenRequest request) {
        TokenRequest.Basic basic = request.basic();
        if (basic == null || !options.basicSecrets()) {
            return Login.invalidClient(null);
        }
        if (!limit.allows(basic.id(), request.address())) {
            return tooMany();
        }
        Optional<Client> client = active(basic.id());
        String stored = client.map(Client::secretHash).orElse(null);
        if (!secrets.matches(stored, basic.secret()) && !isOld(client, basic.secret())) {
            return failed(basic.id(), client, request);
        }
        Optional<Caller.Person> person = PersonNamed.of(request::field);
        return identified(client.orElseThrow(), person);
    }

    /// Whether it is the secret before the last rotation, and still taken.
    private boolean isOld(Optional<Client> client, String secret) {
        Client one = client.orElse(null);
        return one != null
                && one.oldSecretHash() != null
                && one.oldSecretUntil() != null
                && clock.instant().isBefore(one.oldSecretUntil())
                && secrets.matches(one.oldSecretHash(), secret);
    }

    private Login.Proof byAssertion(TokenRequest request, String compact) {
        if (!ClientAssertion.TYPE.equals(request.field("client_assertion_type"))) {
            return Login.invalidRequest(
                    "The field client_assertion_type is not `" + ClientAssertion.TYPE + "`.", null);
        }
        Optional<ClientAssertion> parsed = ClientAssertion.parse(compact);
        if (parsed.isEmpty()) {
            return failed("", Optional.empty(), request);
        }
        ClientAssertion assertion = parsed.get();
        String id = assertion.subject();
        if (!limit.allows(id, request.address())) {
            return tooMany();
        }
        Instant now = clock.instant();
        Optional<String> flaw = assertion.flaw(options.tokenUrl(), now);
        if (flaw.isPresent()) {
            // Told before anybody is looked up, so it says nothing about which clients exist.
            limit.failed(id, request.address());
            return new Login.Denied(401, "invalid_client", flaw.get(), null);
        }
        Optional<Client> client = active(id);
        String jwks = client.map(Client::jwks).orElse(null);
        String named = request.field("client_id");
        boolean proven =
                jwks != null
                        && (named == null || named.equals(id))
                        && assertion.isSignedBy(jwks)
                        && clients.useAssertion(id, assertion.jti(), assertion.expiresAt(), now);
        return proven
                ? identified(client.orElseThrow(), assertion.person())
                : failed(id, client, request);
    }

    private Login.Proof identified(Client client, Optional<Caller.Person> person) {
        if (person.isEmpty()) {
            return Login.invalidRequest(
                    "A part of the person is no text, too long, or holds control characters.",
                    client.id());
        }
        return new Login.Identified(client, person.get());
    }

    private Login.Denied failed(String id, Optional<Client> client, TokenRequest request) {
        limit.failed(id, request.address());
        // An id that is not registered may be a mistyped secret, so it is not written down.
        String known = client.map(Client::id).orElse(null);
        LOG.warn(
                "login failed for {} from {}",
                known == null ? "an unknown client" : known,
                request.address());
        return Login.invalidClient(known);
    }

    private Login grant(TokenRequest request, Client client, Caller.Person person) {
        String asked = request.field("scope");
        List<String> scopes =
                asked == null
                        ? client.scopes()
                        : Scopes.granted(List.of(asked.split(" ", -1)), client.scopes());
        if (scopes.isEmpty()) {
            return Login.invalidScope(client.scopes(), client.id());
        }
        UUID patientId = null;
        String named = request.field("patient");
        if ((client.role() == Role.PATIENT) != (named != null)) {
            return Login.invalidRequest(
                    "A patient app, and nobody else, names one patient in the field patient.",
                    client.id());
        }
        if (named != null) {
            patientId = patient.apply(named).orElse(null);
            if (patientId == null) {
                return Login.invalidRequest(
                        "The field patient names nobody known here.", client.id());
            }
        }
        Instant expiresAt = clock.instant().plus(AccessTokens.LIFETIME);
        Grant grant = Grant.of(client, scopes, patientId, person, expiresAt);
        return new Login.Granted(grant, tokens.issue(grant, ids.get().toString()));
    }

    private Optional<Client> active(String id) {
        return id.length() > 64 || id.indexOf('\u0000') >= 0
                ? Optional.empty()
                : clients.find(id).filter(Client::active);
    }

    private static Login.Denied tooMany() {
        return new Login.Denied(
                429, "temporarily_unavailable", "Too many failed logins; wait a minute.", null);
    }
}
