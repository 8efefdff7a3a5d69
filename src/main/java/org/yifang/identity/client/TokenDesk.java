package org.yifang.identity.client;

import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.Caller;
import org.yifang.platform.Outbound;
import org.yifang.platform.Role;
import org.yifang.platform.Uuid7;
import org.yifang.platform.edge.Turns;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// Decides who gets an access token, for what, and until when.
final class TokenDesk {
    private static final Logger LOG = LoggerFactory.getLogger(TokenDesk.class);

    /// A Patient id has 36 characters, a certificate's number fewer.
    private static final int NAMED_MOST = 64;

    private static final Login.Denied ONE_WAY =
            Login.invalidRequest(
                    "Every field is sent once, and one way to authenticate is used.", null);

    private final ClientStore clients;
    private final SecretCheck secrets;
    private final AccessTokens tokens;
    private final Vertx vertx;
    private final LoginTries tries;
    private final ClientKeySets keySets;
    private final PatientsNamed patients;
    private final SlipDesk slips;
    private final RevokedTokenStore revoked;
    private final Identity.Options options;
    private final InstantSource clock;
    private final Uuid7 ids;

    TokenDesk(
            ClientStore clients,
            SecretCheck secrets,
            AccessTokens tokens,
            Identity.Options options,
            Vertx vertx,
            LoginTries tries,
            ClientKeySets keySets,
            PatientsNamed patients,
            SlipDesk slips,
            RevokedTokenStore revoked,
            InstantSource clock,
            Uuid7 ids) {
        this.clients = clients;
        this.secrets = secrets;
        this.tokens = tokens;
        this.options = options;
        this.vertx = vertx;
        this.tries = tries;
        this.keySets = keySets;
        this.patients = patients;
        this.slips = slips;
        this.revoked = revoked;
        this.clock = clock;
        this.ids = ids;
    }

    /// Answers one request; waits for the database and the slow hash.
    Login login(TokenRequest request) {
        if (isTwoWays(request)) {
            return ONE_WAY;
        }
        String grantType = request.field("grant_type");
        if (SlipDesk.GRANT_TYPE.equals(grantType)) {
            return slips.open(request);
        }
        if (!"client_credentials".equals(grantType)) {
            return grantType == null
                    ? Login.invalidRequest("The field grant_type is missing.", null)
                    : new Login.Denied(
                            400,
                            "unsupported_grant_type",
                            "A grant_type is client_credentials or " + SlipDesk.GRANT_TYPE + ".",
                            null);
        }
        return switch (proof(request)) {
            case Login.Identified identified -> grant(request, identified);
            case Login.Denied denied -> denied;
        };
    }

    /// Takes one of the client's own tokens back (RFC 7009); what is no token, or none any more, is
    /// as good as taken back. Waits.
    ///
    /// @return why not, or null when it is done
    Login.@Nullable Denied revoke(TokenRequest request) {
        if (isTwoWays(request)) {
            return ONE_WAY;
        }
        return switch (proof(request)) {
            case Login.Denied denied -> denied;
            case Login.Identified(var client, _, _) -> revoke(client, request.field("token"));
        };
    }

    private Login.@Nullable Denied revoke(Client client, @Nullable String token) {
        if (token == null) {
            return Login.invalidRequest("The field token is missing.", client.id());
        }
        AccessTokens.Held held = tokens.held(token).orElse(null);
        if (held == null) {
            return null;
        }
        if (!held.grant().clientId().equals(client.id())) {
            return new Login.Denied(
                    400, "invalid_grant", "The token was issued to another client.", client.id());
        }
        return revoked.add(held.id(), held.grant().expiresAt(), clock.instant())
                ? null
                : new Login.Denied(
                        503,
                        "temporarily_unavailable",
                        "Too many tokens were taken back in this quarter of an hour; ask the"
                                + " operator to suspend the client.",
                        client.id());
    }

    private static boolean isTwoWays(TokenRequest request) {
        boolean asserted = request.field("client_assertion") != null;
        return request.repeats() || (asserted && (request.basic() != null || request.malformed()));
    }

    private Login.Proof proof(TokenRequest request) {
        String assertion = request.field("client_assertion");
        return assertion == null ? bySecret(request) : byAssertion(request, assertion);
    }

    private Login.Proof bySecret(TokenRequest request) {
        TokenRequest.Basic basic = request.basic();
        if (basic == null || !options.basicSecrets()) {
            return Login.invalidClient(null);
        }
        Optional<Client> client = active(basic.id());
        try {
            if (!isSecret(basic, client, request.address())) {
                return failed(basic.id(), client, request);
            }
        } catch (Turns.Full full) {
            return tooMany();
        }
        if (!mayCallFrom(client.orElseThrow(), request.address())) {
            return failed(basic.id(), client, request);
        }
        Optional<Caller.Person> person = PersonNamed.of(request::field);
        return identified(client.orElseThrow(), person, null);
    }

    /// The right secret is always taken; after many wrong ones it is looked at a little later.
    private boolean isSecret(TokenRequest.Basic basic, Optional<Client> client, String address) {
        String stored = client.map(Client::secretHash).orElse(null);
        if (secrets.remembers(stored, basic.secret())) {
            return true;
        }
        if (tries.isMany(basic.id(), client.isPresent(), clock.instant())) {
            vertx.timer(LoginTries.WAIT_MILLIS, TimeUnit.MILLISECONDS).await();
        }
        String turn = basic.id() + ' ' + address;
        return secrets.matches(stored, basic.secret(), turn) || isOld(client, basic.secret(), turn);
    }

    private static boolean mayCallFrom(Client client, String address) {
        return client.addresses().isEmpty() || Outbound.of(client.addresses()).holds(address);
    }

    /// Whether it is the secret before the last rotation, and still taken.
    private boolean isOld(Optional<Client> client, String secret, String turn) {
        Client one = client.orElse(null);
        return one != null
                && one.oldSecretHash() != null
                && one.oldSecretUntil() != null
                && clock.instant().isBefore(one.oldSecretUntil())
                && secrets.matches(one.oldSecretHash(), secret, turn);
    }

    private Login.Proof byAssertion(TokenRequest request, String compact) {
        if (!ClientAssertion.TYPE.equals(request.field("client_assertion_type"))) {
            return Login.invalidRequest(
                    "The field client_assertion_type is not `" + ClientAssertion.TYPE + "`.", null);
        }
        return switch (ClientAssertion.read(compact)) {
            case ClientAssertion.Read.Whole(var assertion) -> byAssertion(request, assertion);
            case ClientAssertion.Read.Unreadable(var flaw) ->
                    flawed(flaw, failed("", Optional.empty(), request));
        };
    }

    private Login.Proof byAssertion(TokenRequest request, ClientAssertion assertion) {
        String id = assertion.subject();
        Instant now = clock.instant();
        Optional<String> flaw = assertion.flaw(options.tokenUrl(), now);
        String named = request.field("client_id");
        if (flaw.isEmpty() && named != null && !named.equals(id)) {
            flaw = Optional.of("The field client_id is not the claim sub.");
        }
        Optional<Client> client = active(id);
        if (flaw.isPresent()) {
            // The same whoever is registered, so it says nothing about which clients exist.
            return flawed(flaw.get(), failed(id, client, request));
        }
        String jwks = client.map(one -> keys(one, assertion)).orElse(null);
        boolean proven =
                jwks != null
                        && assertion.isSignedBy(jwks)
                        && mayCallFrom(client.orElseThrow(), request.address());
        if (!proven) {
            Login.Denied denied = failed(id, client, request);
            return denied.status() == 429
                    ? denied
                    : new Login.Denied(
                            401,
                            "invalid_client",
                            "The client could not be authenticated: no key registered for the"
                                    + " claim sub made the signature.",
                            denied.clientId());
        }
        if (!clients.useAssertion(id, assertion.jti(), assertion.expiresAt(), now)) {
            failed(id, client, request);
            return new Login.Denied(401, "invalid_client", "The claim jti was used before.", id);
        }
        return identified(client.orElseThrow(), assertion.person(), assertion.patient());
    }

    private @Nullable String keys(Client client, ClientAssertion assertion) {
        String url = client.jwksUrl();
        return url == null
                ? client.jwks()
                : keySets.at(url, assertion.jws().getHeader().getKeyID());
    }

    private static Login.Denied flawed(String flaw, Login.Denied denied) {
        return denied.status() == 429
                ? denied
                : new Login.Denied(401, "invalid_client", flaw, null);
    }

    private static Login.Proof identified(
            Client client, Optional<Caller.Person> person, @Nullable String patient) {
        if (person.isEmpty()) {
            return Login.invalidRequest(
                    "A part of the person is no text, too long, or holds control characters.",
                    client.id());
        }
        return new Login.Identified(client, person.get(), patient);
    }

    private Login.Denied failed(String id, Optional<Client> client, TokenRequest request) {
        Instant now = clock.instant();
        boolean many = tries.isMany(id, client.isPresent(), now);
        tries.failed(id, client.isPresent(), now);
        // An id that is not registered may be a mistyped secret, so it is not written down.
        String known = client.map(Client::id).orElse(null);
        LOG.warn(
                "login failed for {} from {}",
                known == null ? "an unknown client" : known,
                request.address());
        return many ? tooMany() : Login.invalidClient(known);
    }

    private Login grant(TokenRequest request, Login.Identified who) {
        Client client = who.client();
        String asked = request.field("scope");
        List<String> scopes =
                asked == null
                        ? client.scopes()
                        : Scopes.granted(List.of(asked.split(" ", -1)), client.scopes());
        if (scopes.isEmpty()) {
            return Login.invalidScope(client.scopes(), client.id());
        }
        String field = request.field("patient");
        if (field != null && who.patient() != null && !field.equals(who.patient())) {
            return Login.invalidRequest(
                    "The field patient and the claim patient name different persons.", client.id());
        }
        String named = field == null ? who.patient() : field;
        Login.Denied refused = mayName(client, named, request.basic() != null);
        if (refused != null) {
            return refused;
        }
        UUID patientId = named == null ? null : patients.of(named);
        Instant expiresAt = clock.instant().plus(AccessTokens.LIFETIME);
        Grant grant = Grant.of(client, scopes, patientId, who.person(), expiresAt);
        return new Login.Granted(grant, tokens.issue(grant, ids.get().toString()));
    }

    /// Why a client may not act for the patient that it names, or for none; null when it may.
    private Login.@Nullable Denied mayName(Client client, @Nullable String named, boolean secret) {
        if ((client.role() == Role.PATIENT) != (named != null)
                || (named != null && (named.isBlank() || named.length() > NAMED_MOST))) {
            return Login.invalidRequest(
                    "A patient app, and nobody else, names one patient in the field or claim"
                            + " patient.",
                    client.id());
        }
        if (named == null) {
            return null;
        }
        if (!client.assertsPatients() || (secret && !options.demonstration())) {
            return new Login.Denied(
                    400,
                    "unauthorized_client",
                    "This client does not vouch for patients, or not by a secret.",
                    client.id());
        }
        return patients.allows(client.id(), named, clock.instant())
                ? null
                : new Login.Denied(
                        429,
                        "temporarily_unavailable",
                        "Too many different patients were named in this hour.",
                        client.id());
    }

    private Optional<Client> active(String id) {
        return id.length() > 64 || id.indexOf('\u0000') >= 0
                ? Optional.empty()
                : clients.find(id)
                        .filter(Client::active)
                        // Everybody knows these secrets.
                        .filter(one -> options.demonstration() || !one.demonstration());
    }

    private static Login.Denied tooMany() {
        return new Login.Denied(
                429,
                "temporarily_unavailable",
                "Too many failed logins of this client; wait ten minutes.",
                null);
    }
}
