package org.yifang.identity.person;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.identity.client.Identity;
import org.yifang.identity.client.LoginFailureStore;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.Caller;
import org.yifang.platform.config.OpenId;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.SealedColumn;
import org.yifang.platform.edge.Edge;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// All that people need to sign in, built once.
public final class People implements AutoCloseable {
    /// Sessions and failures that are over are dropped so often.
    private static final Duration SWEEP = Duration.ofMinutes(10);

    private final Vertx vertx;
    private final Sessions sessions;
    private final AccountStore accounts;
    private final PasswordDesk passwords;
    private final SecondFactorDesk factors;
    private final SignInDesk desk;
    private final @Nullable OpenIdDesk provider;
    private final LoginFailureStore failures;
    private final InstantSource clock;
    private final long sweep;

    /// What is sealed of people who sign in, for the rotation of the master key.
    public static List<SealedColumn> sealed() {
        return List.of(
                AccountStore.sealedNames(),
                AccountStore.sealedFactors(),
                SessionStore.sealedPending());
    }

    /// @param publicUrl how people reach the service
    /// @param demonstration whether people whose password everybody knows are let in
    /// @param openId the provider at which people sign in, or null
    public People(
            Vertx vertx,
            Database database,
            Seal seal,
            Audit audit,
            InstantSource clock,
            URI publicUrl,
            boolean demonstration,
            @Nullable OpenId openId) {
        this.vertx = vertx;
        this.clock = clock;
        this.accounts = new AccountStore(database);
        accounts.sealNames();
        this.sessions =
                new Sessions(database, clock, "https".equals(publicUrl.getScheme()), demonstration);
        this.failures = new LoginFailureStore(database);
        SignInSteps steps =
                new SignInSteps(vertx, database, sessions, failures, seal, audit, clock);
        this.passwords = new PasswordDesk(database, accounts, sessions, steps);
        this.factors = new SecondFactorDesk(database, accounts, sessions, failures, seal, steps);
        this.desk = new SignInDesk(accounts, sessions, passwords, steps);
        this.provider =
                openId == null
                        ? null
                        : new OpenIdDesk(
                                vertx,
                                database,
                                accounts,
                                sessions,
                                steps,
                                seal,
                                openId,
                                publicUrl.toString(),
                                clock);
        this.sweep =
                vertx.setPeriodic(SWEEP.toMillis(), _ -> Thread.startVirtualThread(this::tidy));
    }

    /// A turn of the pool that hashes passwords, in which nothing is done.
    public Future<?> idleTurn() {
        return passwords.idleTurn();
    }

    private void tidy() {
        try {
            sessions.sweep();
            failures.forget(clock.instant());
        } catch (Exception away) {
            // The next time will do.
            LoggerFactory.getLogger(People.class)
                    .info("sessions were not swept: {}", away.toString());
        }
    }

    public Sessions sessions() {
        return sessions;
    }

    public AccountStore accounts() {
        return accounts;
    }

    public SignInDesk desk() {
        return desk;
    }

    public PasswordDesk passwords() {
        return passwords;
    }

    public SecondFactorDesk factors() {
        return factors;
    }

    /// Where people sign in elsewhere; empty where they do it here.
    public Optional<OpenIdDesk> provider() {
        return Optional.ofNullable(provider);
    }

    /// Who calls the interface from a page of ours. May wait.
    public Optional<Caller> caller(RoutingContext http) {
        return sessions.ofPage(http)
                .map(who ->
                        who.caller(
                                Edge.address(http),
                                FhirRouter.requestId(http),
                                Identity.language(http)));
    }

    /// Forgets what was read, since the database told of a change.
    public void forget() {
        sessions.forget();
    }

    @Override
    public void close() {
        vertx.cancelTimer(sweep);
        passwords.close();
        if (provider != null) {
            provider.close();
        }
    }
}
