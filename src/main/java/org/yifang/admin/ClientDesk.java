package org.yifang.admin;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.identity.client.Client;
import org.yifang.identity.client.ClientStore;
import org.yifang.identity.client.SecretHash;
import org.yifang.identity.person.Secrets;
import org.yifang.platform.Outbound;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Registers clients and changes their registration; what was and what became of it is audited.
final class ClientDesk {
    static final Set<String> CREATE =
            Set.of(
                    "id",
                    "organization",
                    "role",
                    "scopes",
                    "reviewsFor",
                    "assertsPatients",
                    "jwks",
                    "jwksUrl",
                    "secret",
                    "addresses");
    static final Set<String> CHANGE =
            Set.of(
                    "active",
                    "scopes",
                    "reviewsFor",
                    "assertsPatients",
                    "jwks",
                    "jwksUrl",
                    "addresses");

    /// A month; a secret that has leaked is ended at once with 0.
    static final int OVERLAP_MINUTES_MOST = 31 * 24 * 60;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /// A client and the secret that is shown this once, or null.
    record Made(Client client, @Nullable String secret) {}

    private final Database database;
    private final ClientStore clients;
    private final Belonging belonging;
    private final ClientFields fields;
    private final Audit audit;
    private final InstantSource clock;
    private final String region;
    private final boolean secretsAllowed;

    ClientDesk(
            Database database,
            Belonging belonging,
            Outbound outbound,
            Audit audit,
            InstantSource clock,
            String region,
            boolean secretsAllowed) {
        this.database = database;
        this.clients = new ClientStore(database);
        this.belonging = belonging;
        this.fields = new ClientFields(outbound);
        this.audit = audit;
        this.clock = clock;
        this.region = region;
        this.secretsAllowed = secretsAllowed;
    }

    ClientStore clients() {
        return clients;
    }

    /// Registers a client.
    ///
    /// @throws Problem `RX-1101` when the id is taken, `RX-1102` with all that is unfit
    Made create(Administrator who, Body body) {
        List<Finding> faults = new ArrayList<>();
        String id = body.required("id", 64);
        if (!id.isEmpty() && !ID.matcher(id).matches()) {
            body.unfit(
                    "id",
                    "has other characters than letters, digits, `.`, `_`, `-`",
                    "Choose another.");
        }
        Optional<Role> role = ClientFields.role(body, who);
        String organization = body.text("organization", 32);
        boolean secret = Boolean.TRUE.equals(body.flag("secret"));
        ClientFields.Keys keys = fields.keys(body);
        if (!secret && keys.jwks() == null && keys.url() == null) {
            body.unfit(
                    "jwks",
                    "is missing, and so are `jwksUrl` and `secret`",
                    "Send one of them: a client without any could never sign in.");
        }
        if (secret && !secretsAllowed) {
            body.unfit("secret", "is not allowed in this deployment", "Send `jwks` or `jwksUrl`.");
        }
        Role known = role.orElse(Role.HOSPITAL);
        Belonging.Place place =
                belonging.of(
                        known,
                        organization == null && !who.operator() ? who.only() : organization,
                        faults);
        List<String> reviewsFor =
                belonging.reviewsFor(
                        known, body.words("reviewsFor", ClientFields.WORDS_MOST), place, faults);
        if (role.isPresent()) {
            body.unfit(faults);
        }
        List<String> scopes = ClientFields.scopes(body, known);
        boolean asserts = ClientFields.asserts(body, who, known, false);
        List<String> addresses = ClientFields.addresses(body, List.of());
        body.done();
        who.sees(place.number());
        String shown = secret ? Secrets.token() : null;
        Client client =
                new Client(
                        id,
                        region,
                        known,
                        place.id(),
                        place.number(),
                        reviewsFor,
                        scopes,
                        shown == null ? null : SecretHash.ofToken(shown),
                        keys.jwks(),
                        true,
                        keys.url(),
                        asserts,
                        addresses,
                        null,
                        null,
                        null,
                        false,
                        1);
        register(who, client);
        return new Made(client, shown);
    }

    /// @throws Problem `RX-1101` when the id is taken
    private void register(Administrator who, Client client) {
        Instant now = clock.instant();
        boolean made =
                database.inTransaction(tx -> {
                    if (!clients.insert(tx, client, now)) {
                        return false;
                    }
                    audit.append(
                            tx,
                            who.access(
                                    "register-client",
                                    'C',
                                    "Device/" + client.id(),
                                    changes(null, client).toString()));
                    return true;
                });
        if (!made) {
            throw new Problem(
                    ProblemCode.ALREADY_REGISTERED,
                    "The client `" + client.id() + "` is registered already.",
                    "Choose another id, or change that one with PATCH.");
        }
    }

    /// Changes what a client may and how it signs in; suspended, its tokens end at once.
    Client change(Administrator who, String id, Body body, @Nullable Long version) {
        Boolean active = body.flag("active");
        ClientFields.Keys keys = fields.keys(body);
        List<String> named = body.words("reviewsFor", ClientFields.WORDS_MOST);
        Client before = visible(who, id);
        List<Finding> faults = new ArrayList<>();
        Belonging.Place place = new Belonging.Place(before.organizationId(), before.organization());
        List<String> reviewsFor =
                named == null
                        ? before.reviewsFor()
                        : belonging.reviewsFor(before.role(), named, place, faults);
        body.unfit(faults);
        List<String> scopes =
                body.has("scopes") ? ClientFields.scopes(body, before.role()) : before.scopes();
        boolean asserts = ClientFields.asserts(body, who, before.role(), before.assertsPatients());
        List<String> addresses = ClientFields.addresses(body, before.addresses());
        body.done();
        return replace(
                who,
                id,
                version,
                "change-client",
                (was, now) -> {
                    boolean on = active == null ? was.active() : active;
                    boolean other = !was.reviewsFor().equals(reviewsFor);
                    return new Client(
                            was.id(),
                            was.region(),
                            was.role(),
                            was.organizationId(),
                            was.organization(),
                            reviewsFor,
                            scopes,
                            was.secretHash(),
                            body.has("jwks") ? keys.jwks() : was.jwks(),
                            on,
                            body.has("jwksUrl") ? keys.url() : was.jwksUrl(),
                            asserts,
                            addresses,
                            // What a token says of its client is good no longer.
                            on && !other ? was.tokensFrom() : now,
                            was.oldSecretHash(),
                            was.oldSecretUntil(),
                            was.demonstration(),
                            was.version());
                });
    }

    /// Gives a client a new secret; the old one ends after a while.
    Made rotate(Administrator who, String id, int overlapMinutes) {
        if (!secretsAllowed) {
            throw new Problem(
                    ProblemCode.REGISTRATION_UNFIT,
                    "Secrets are not allowed in this deployment.",
                    "Register keys by `jwks` or `jwksUrl`.");
        }
        String secret = Secrets.token();
        Client client =
                replace(
                        who,
                        id,
                        null,
                        "rotate-secret",
                        (was, now) ->
                                withSecret(
                                        was,
                                        SecretHash.ofToken(secret),
                                        now.plus(Duration.ofMinutes(overlapMinutes))));
        return new Made(client, secret);
    }

    private static Client withSecret(Client was, String hash, Instant oldUntil) {
        return new Client(
                was.id(),
                was.region(),
                was.role(),
                was.organizationId(),
                was.organization(),
                was.reviewsFor(),
                was.scopes(),
                hash,
                was.jwks(),
                was.active(),
                was.jwksUrl(),
                was.assertsPatients(),
                was.addresses(),
                was.tokensFrom(),
                was.secretHash(),
                oldUntil,
                false,
                was.version());
    }

    private interface Change {
        Client of(Client was, Instant now);
    }

    private Client replace(
            Administrator who, String id, @Nullable Long version, String name, Change change) {
        Instant now = clock.instant();
        return database.inTransaction((Tx tx) -> {
            Client was = clients.lock(tx, id).orElseThrow(Outcomes::notFound);
            who.sees(was.organization());
            if (version != null && version != was.version()) {
                throw new Problem(
                        ProblemCode.VERSION_MISMATCH,
                        "The registration is at version `" + was.version() + "`.",
                        "Read it again and repeat the change on that.");
            }
            Client is = change.of(was, now);
            Changes changes = changes(was, is);
            if (changes.isEmpty()) {
                return was;
            }
            clients.save(tx, is, now);
            audit.append(tx, who.access(name, 'U', "Device/" + id, changes.toString()));
            return clients.lock(tx, id).orElseThrow();
        });
    }

    /// A client that this administrator may see.
    Client visible(Administrator who, String id) {
        Client client =
                ID.matcher(id).matches()
                        ? clients.find(id).orElseThrow(Outcomes::notFound)
                        : Optional.<Client>empty().orElseThrow(Outcomes::notFound);
        who.sees(client.organization());
        return client;
    }

    static Changes changes(@Nullable Client was, Client is) {
        return new Changes()
                .add("role", was == null ? null : was.role().code(), is.role().code())
                .add("organization", was == null ? null : was.organization(), is.organization())
                .add("active", was == null ? null : was.active(), is.active())
                .add("scopes", was == null ? null : words(was.scopes()), words(is.scopes()))
                .add(
                        "reviewsFor",
                        was == null ? "" : words(was.reviewsFor()),
                        words(is.reviewsFor()))
                .add("assertsPatients", was != null && was.assertsPatients(), is.assertsPatients())
                .add("addresses", was == null ? "" : words(was.addresses()), words(is.addresses()))
                .add("jwksUrl", was == null ? null : was.jwksUrl(), is.jwksUrl())
                .secret("jwks", was == null ? null : was.jwks(), is.jwks())
                .secret("secret", was == null ? null : was.secretHash(), is.secretHash());
    }

    private static String words(List<String> words) {
        return String.join(" ", words);
    }
}
