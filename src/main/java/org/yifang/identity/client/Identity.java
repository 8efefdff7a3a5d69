package org.yifang.identity.client;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.identity.seal.BlindIndex;
import org.yifang.platform.Caller;
import org.yifang.platform.Outbound;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tells every other part who is calling: gives out tokens and reads them back.
public final class Identity implements AutoCloseable {
    private static final String CALLER = Caller.class.getName();

    /// What a deployment decides here.
    ///
    /// @param publicUrl how clients reach the service, without a slash at its end
    /// @param basicSecrets whether HTTP Basic is allowed at the token endpoint
    /// @param secretIterations of PBKDF2: what an unknown client's secret costs to check
    /// @param demonstration whether clients whose secret everybody knows are taken
    /// @param patientsPerHour different patients that one app may name in an hour
    /// @param outbound where keys may be fetched
    public record Options(
            String publicUrl,
            boolean basicSecrets,
            int secretIterations,
            boolean demonstration,
            int patientsPerHour,
            Outbound outbound) {
        public static Options of(Config config) {
            return new Options(
                    config.publicUrl().toString(),
                    config.basicSecrets(),
                    SecretHash.TOKEN_ITERATIONS,
                    config.demonstration(),
                    config.patientsPerHour(),
                    config.outbound());
        }

        /// The address of the token endpoint, which is the audience of assertions.
        public String tokenUrl() {
            return publicUrl + "/auth/token";
        }

        /// Where a client takes its tokens back.
        String revocationUrl() {
            return publicUrl + "/auth/revoke";
        }
    }

    private final SecretCheck secrets;
    private final CrowdedLogins crowded;
    private final AccessTokens tokens;
    private final AuthRoutes routes;
    private final ClientStanding standing;
    private final ClientKeySets keySets;
    private final SignedInPeople people;

    /// @param slips what a slip is of
    public Identity(
            Vertx vertx,
            Database database,
            SigningKeys keys,
            Options options,
            KnownPatients patients,
            BlindIndex blindIndex,
            Slips slips,
            FhirRouter.Auditing audit,
            InstantSource clock,
            Uuid7 ids,
            SignedInPeople people) {
        this.secrets = new SecretCheck(options.secretIterations());
        this.tokens = new AccessTokens(keys, options.publicUrl(), clock);
        this.people = people;
        var clients = new ClientStore(database);
        var revoked = new RevokedTokenStore(database);
        this.standing = new ClientStanding(clients, revoked, options.demonstration());
        this.keySets = new ClientKeySets(vertx, options.outbound(), clock);
        var tries = new LoginTries(new LoginFailureStore(database));
        this.crowded = new CrowdedLogins(standing, secrets, keySets, tries, clock);
        var desk =
                new TokenDesk(
                        clients,
                        secrets,
                        tokens,
                        options,
                        vertx,
                        tries,
                        keySets,
                        new PatientsNamed(
                                database, patients, blindIndex, options.patientsPerHour()),
                        new SlipDesk(database, keys, tokens, slips, clock, ids),
                        revoked,
                        clock,
                        ids);
        this.routes = new AuthRoutes(desk, keys, options, crowded, audit);
    }

    /// Mounts the endpoints for tokens, the published keys and the SMART configuration: all open.
    public void mount(Router router) {
        routes.mount(router);
    }

    /// Who is calling. Reads the bearer token at the first call, then remembers.
    ///
    /// @throws Problem `RX-1001` with `WWW-Authenticate` without a good token
    public Caller caller(RoutingContext http) {
        Caller known = http.get(CALLER);
        if (known == null) {
            known = read(http);
            http.put(CALLER, known);
        }
        return known;
    }

    /// Who is calling, read again: for a connection that outlives its token.
    ///
    /// @throws Problem `RX-1001` as soon as the token is over
    public Caller callerNow(RoutingContext http) {
        return read(http);
    }

    /// `en` when the caller prefers English, else `zh-CN`.
    public static String language(RoutingContext http) {
        for (var accepted : http.parsedHeaders().acceptLanguage()) {
            if ("zh".equalsIgnoreCase(accepted.tag())) {
                return "zh-CN";
            }
            if ("en".equalsIgnoreCase(accepted.tag())) {
                return "en";
            }
        }
        return "zh-CN";
    }

    private Caller read(RoutingContext http) {
        String header = http.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            return people.caller(http)
                    .orElseThrow(() -> unauthorized("This needs an access token.", null));
        }
        if (!header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            throw unauthorized("This needs an access token.", null);
        }
        return bearer(http, header.substring(7).strip());
    }

    /// Whose an access token is, wherever it stood.
    ///
    /// @throws Problem `RX-1001` when it is no good
    public Caller bearer(RoutingContext http, String token) {
        Grant grant =
                tokens.held(token)
                        .flatMap(standing::now)
                        .orElseThrow(() ->
                                unauthorized(
                                        "The access token is not ours, altered, over or taken "
                                                + "back.",
                                        "invalid_token"));
        return grant.caller(Edge.address(http), FhirRouter.requestId(http), language(http));
    }

    private static Problem unauthorized(String detail, @Nullable String error) {
        String scheme = "Bearer realm=\"yifang\"";
        return new Problem(
                List.of(
                        new Problem.Finding(
                                ProblemCode.NOT_AUTHENTICATED,
                                detail,
                                "Get a token at `/auth/token` and send it as `Authorization:"
                                        + " Bearer`.")),
                Map.of(
                        "WWW-Authenticate",
                        error == null ? scheme : scheme + ", error=\"" + error + "\""));
    }

    /// The active client of that id, as it stands now. May wait.
    public Optional<Client> registered(String id) {
        return standing.registered(id);
    }

    /// Forgets what was read of clients, since the database told of a change.
    public void forget() {
        standing.forget();
    }

    @Override
    public void close() {
        secrets.close();
        crowded.close();
        keySets.close();
    }
}
