package org.yifang.identity.person;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.config.OpenId;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Lets people in whom an OpenID provider vouches for (code flow with PKCE). Accounts are never
/// made by it; the first sign-in ties an account to that one person at the provider, so that a
/// login given to somebody else there opens nothing here.
public final class OpenIdDesk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenIdDesk.class);

    /// From the first step at the provider to the last.
    public static final Duration LIFE = Duration.ofMinutes(10);

    private static final String SEALED_FOR = "openid-sign-in";
    private static final int CODE_MOST = 4_096;
    private static final int REMEMBERED_MOST = 4_096;

    /// Why somebody is not let in.
    public enum Why {
        /// The browser did not begin here, or too long ago, or this was used before.
        NOT_BEGUN,
        /// The provider says no.
        REFUSED,
        /// The provider does not answer.
        AWAY,
        /// What the provider gave is not good.
        NOT_TRUSTED,
        /// There is no account for this person, or a suspended one.
        UNKNOWN,
        /// The account is tied to another person at the provider.
        OTHER_PERSON
    }

    /// What came of it.
    public sealed interface Outcome {
        record In(SignInOutcome.Next next) implements Outcome {}

        record Out(Why why) implements Outcome {}
    }

    /// Where the browser goes, and what it must bring back.
    public record Begun(String address, String remembered) {}

    private final Database database;
    private final AccountStore accounts;
    private final Sessions sessions;
    private final SignInSteps steps;
    private final Seal seal;
    private final OpenId options;
    private final OpenIdProvider provider;
    private final String redirect;

    OpenIdDesk(
            Vertx vertx,
            Database database,
            AccountStore accounts,
            Sessions sessions,
            SignInSteps steps,
            Seal seal,
            OpenId options,
            String publicUrl,
            InstantSource clock) {
        this.database = database;
        this.accounts = accounts;
        this.sessions = sessions;
        this.steps = steps;
        this.seal = seal;
        this.options = options;
        this.provider = new OpenIdProvider(vertx, options, clock);
        this.redirect = publicUrl + "/sign-in/return";
    }

    /// Begins; empty when the provider is away. Waits.
    public Optional<Begun> begin(String back) {
        String state = Secrets.token();
        String nonce = Secrets.token();
        String verifier = Secrets.token();
        Map<String, String> query = new TreeMap<>();
        query.put("response_type", "code");
        query.put("client_id", options.client());
        query.put("redirect_uri", redirect);
        query.put("scope", "openid profile");
        query.put("state", state);
        query.put("nonce", nonce);
        query.put("code_challenge", base64(Secrets.hash(verifier)));
        query.put("code_challenge_method", "S256");
        JsonObject remembered =
                new JsonObject()
                        .put("state", state)
                        .put("nonce", nonce)
                        .put("verifier", verifier)
                        .put("back", back)
                        .put("until", steps.now().plus(LIFE).toString());
        try {
            String authorize = provider.published().authorize();
            String address =
                    query.entrySet().stream()
                            .map(one -> one.getKey() + "=" + encoded(one.getValue()))
                            .collect(
                                    Collectors.joining(
                                            "&",
                                            authorize + (authorize.contains("?") ? "&" : "?"),
                                            ""));
            byte[] plain = remembered.encode().getBytes(StandardCharsets.UTF_8);
            return Optional.of(new Begun(address, base64(seal.seal(plain, SEALED_FOR))));
        } catch (OpenIdProvider.Away away) {
            LOG.warn("the OpenID provider is away: {}", away.getMessage());
            return Optional.empty();
        }
    }

    /// The browser is back from the provider. Waits.
    ///
    /// @param remembered what it was told to bring back
    /// @param error what the provider says when it says no
    public Outcome finish(
            RoutingContext http,
            @Nullable String remembered,
            @Nullable String state,
            @Nullable String code,
            @Nullable String error) {
        Outcome outcome = finished(http, remembered, state, code, error);
        if (outcome instanceof Outcome.Out(var why)) {
            LOG.info("nobody signed in at the provider: {}", why);
            steps.refused(http, "provider=" + why);
        }
        return outcome;
    }

    private Outcome finished(
            RoutingContext http,
            @Nullable String remembered,
            @Nullable String state,
            @Nullable String code,
            @Nullable String error) {
        JsonObject begun = opened(remembered);
        boolean same =
                begun != null
                        && Sessions.isToken(begun.getString("state"), state)
                        && steps.now().isBefore(Instant.parse(begun.getString("until")));
        if (begun == null || !same) {
            return new Outcome.Out(Why.NOT_BEGUN);
        }
        if (error != null || code == null || code.length() > CODE_MOST) {
            return new Outcome.Out(Why.REFUSED);
        }
        try {
            String token = provider.token(code, begun.getString("verifier"), redirect);
            return IdentityToken.read(
                            token,
                            provider.keys(IdentityToken.keyId(token)),
                            options,
                            begun.getString("nonce"),
                            steps.now())
                    .map(who -> entered(http, who, begun.getString("back")))
                    .orElseGet(() -> new Outcome.Out(Why.NOT_TRUSTED));
        } catch (OpenIdProvider.Refused refused) {
            return new Outcome.Out(Why.REFUSED);
        } catch (OpenIdProvider.Away away) {
            LOG.warn("the OpenID provider is away: {}", away.getMessage());
            return new Outcome.Out(Why.AWAY);
        }
    }

    private Outcome entered(RoutingContext http, IdentityToken who, String back) {
        boolean login = who.login().length() <= 64 && who.login().indexOf('\u0000') < 0;
        Optional<Account> found =
                (login ? accounts.find(who.login()) : Optional.<Account>empty())
                        .filter(sessions::admits);
        if (found.isEmpty()) {
            return new Outcome.Out(Why.UNKNOWN);
        }
        Optional<Account> holder = accounts.ofSubject(who.subject());
        if (holder.isPresent() && !holder.get().login().equals(found.get().login())) {
            return new Outcome.Out(Why.OTHER_PERSON);
        }
        return database.inTransaction(tx -> entered(tx, http, found.get().login(), who, back));
    }

    private Outcome entered(
            Tx tx, RoutingContext http, String login, IdentityToken who, String back) {
        Account account = accounts.lock(tx, login).orElseThrow();
        if (account.subject() != null && !account.subject().equals(who.subject())) {
            return new Outcome.Out(Why.OTHER_PERSON);
        }
        Account tied = account;
        if (account.subject() == null) {
            tied = Accounts.withSubject(account, who.subject());
            accounts.replace(tx, tied, steps.now());
            steps.audited(tx, http, tied, "tie-to-provider");
        }
        Session.Stage next = next(tied, who.strong());
        steps.begin(tx, http, tied, next, back);
        return new Outcome.In(new SignInOutcome.Next(next, back, List.of()));
    }

    /// A second factor of ours is asked for unless the provider asked for one.
    private static Session.Stage next(Account account, boolean strong) {
        if (strong || (account.totpSealed() == null && !account.needsSecondFactor())) {
            return Session.Stage.IN;
        }
        return account.totpSealed() == null ? Session.Stage.ENROL : Session.Stage.SECOND_FACTOR;
    }

    private @Nullable JsonObject opened(@Nullable String remembered) {
        if (remembered == null || remembered.length() > REMEMBERED_MOST) {
            return null;
        }
        try {
            byte[] plain = seal.open(Base64.getUrlDecoder().decode(remembered), SEALED_FOR);
            return new JsonObject(new String(plain, StandardCharsets.UTF_8));
        } catch (RuntimeException forged) {
            return null;
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        provider.close();
    }
}
