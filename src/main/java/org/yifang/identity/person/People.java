package org.yifang.identity.person;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;

import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.identity.client.Identity;
import org.yifang.identity.client.LoginFailures;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.Caller;
import org.yifang.platform.data.Database;
import org.yifang.platform.edge.Edge;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// All that people need to sign in, built once.
public final class People implements AutoCloseable {
    /// Sessions and failures that are over are dropped so often.
    private static final Duration SWEEP = Duration.ofMinutes(10);

    private final Vertx vertx;
    private final Sessions sessions;
    private final AccountStore accounts;
    private final SignInDesk desk;
    private final LoginFailures failures;
    private final InstantSource clock;
    private final long sweep;

    /// @param secure whether people come by https
    /// @param demonstration whether people whose password everybody knows are let in
    public People(
            Vertx vertx,
            Database database,
            Seal seal,
            Audit audit,
            InstantSource clock,
            boolean secure,
            boolean demonstration) {
        this.vertx = vertx;
        this.clock = clock;
        this.accounts = new AccountStore(database);
        this.sessions = new Sessions(database, clock, secure, demonstration);
        this.failures = new LoginFailures(database);
        this.desk =
                new SignInDesk(vertx, database, accounts, sessions, failures, seal, audit, clock);
        this.sweep =
                vertx.setPeriodic(SWEEP.toMillis(), _ -> Thread.startVirtualThread(this::tidy));
    }

    /// A turn of the pool that hashes passwords, in which nothing is done.
    public Future<?> idleTurn() {
        return desk.idleTurn();
    }

    private void tidy() {
        try {
            sessions.sweep();
            failures.forget(clock.instant());
        } catch (RuntimeException away) {
            // The next time will do.
            org.slf4j.LoggerFactory.getLogger(People.class)
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
        desk.close();
    }
}
