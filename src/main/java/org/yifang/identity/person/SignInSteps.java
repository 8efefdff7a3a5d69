package org.yifang.identity.person;

import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.Access;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.identity.client.Identity;
import org.yifang.identity.client.LoginFailureStore;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.Caller;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.problem.ProblemCode;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What the steps of signing in have in common: the session that goes from one to the next, the
/// slow-down of who guesses, and the audit of both.
final class SignInSteps {
    /// Who mistypes thrice is not made to wait; from then on each try waits twice as long.
    private static final int FREE_TRIES = 3;

    private static final long WAIT_FIRST_MILLIS = 250;
    private static final long WAIT_MOST_MILLIS = 8_000;
    private static final int DOUBLED_MOST = 5;

    private final Vertx vertx;
    private final Database database;
    private final Sessions sessions;
    private final LoginFailureStore failures;
    private final Seal seal;
    private final Audit audit;
    private final InstantSource clock;

    SignInSteps(
            Vertx vertx,
            Database database,
            Sessions sessions,
            LoginFailureStore failures,
            Seal seal,
            Audit audit,
            InstantSource clock) {
        this.vertx = vertx;
        this.database = database;
        this.sessions = sessions;
        this.failures = failures;
        this.seal = seal;
        this.audit = audit;
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    /// What follows a second factor that was right, or was not asked for.
    static Session.Stage after(Account account) {
        if (account.passwordOnce()) {
            return Session.Stage.CHANGE;
        }
        return account.needsSecondFactor() && account.totpSealed() == null
                ? Session.Stage.ENROL
                : Session.Stage.IN;
    }

    SignInOutcome begin(RoutingContext http, Account account, Session.Stage stage, String back) {
        database.inTransaction(tx -> begin(tx, http, account, stage, back));
        return new SignInOutcome.Next(stage, back, List.of());
    }

    /// Begins the session of a stage; that somebody is in is audited with it.
    Session begin(Tx tx, RoutingContext http, Account account, Session.Stage stage, String back) {
        byte[] pending =
                stage == Session.Stage.ENROL
                        ? seal.seal(Totp.newKey(), place(account.login()))
                        : null;
        Session session = sessions.begin(tx, http, account.login(), stage, pending, back);
        if (stage == Session.Stage.IN) {
            audited(tx, http, account, "sign-in");
        }
        return session;
    }

    void audited(Tx tx, RoutingContext http, Account account, String name) {
        audit.append(tx, access(http, caller(http, account), name, null, null));
    }

    void audited(RoutingContext http, @Nullable Caller caller, String name) {
        audit.record(access(http, caller, name, null, null));
    }

    /// Where the key of a second factor is sealed for.
    static String place(String login) {
        return "second-factor/" + login;
    }

    Optional<SessionStore.OwnedSession> at(RoutingContext http, Session.Stage stage) {
        return sessions.known(http).filter(known -> known.session().stage() == stage);
    }

    /// Waits, the longer the more was mistyped lately; nobody is locked out.
    void slowDown(String login) {
        int wrong = failures.count("person:" + login, now(), LoginFailureStore.WINDOW);
        if (wrong >= FREE_TRIES) {
            long wait = WAIT_FIRST_MILLIS << Math.min(wrong - FREE_TRIES, DOUBLED_MOST);
            vertx.timer(Math.min(wait, WAIT_MOST_MILLIS), TimeUnit.MILLISECONDS).await();
        }
    }

    /// @param known the login when there is such an account: what is mistyped may be a password
    void failed(RoutingContext http, String login, @Nullable String known) {
        failures.add("person:" + login, now());
        refused(http, known == null ? null : "login=" + known);
    }

    /// Writes down that somebody was not let in.
    void refused(RoutingContext http, @Nullable String query) {
        audit.record(access(http, null, "sign-in", ProblemCode.NOT_AUTHENTICATED, query));
    }

    private static Caller caller(RoutingContext http, Account account) {
        return Accounts.signedIn(account)
                .caller(Edge.address(http), FhirRouter.requestId(http), Identity.language(http));
    }

    private static Access access(
            RoutingContext http,
            @Nullable Caller caller,
            String name,
            @Nullable ProblemCode problem,
            @Nullable String query) {
        return new Access(
                caller,
                Edge.address(http),
                FhirRouter.requestId(http),
                "login",
                name,
                'E',
                problem,
                List.of(),
                List.of(),
                List.of(),
                null,
                query);
    }
}
