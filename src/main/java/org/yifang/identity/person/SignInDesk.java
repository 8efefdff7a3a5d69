package org.yifang.identity.person;

import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.identity.client.Identity;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.edge.Turns;

import java.util.Optional;

/// Lets people in by login and password, and out again.
public final class SignInDesk {
    private final AccountStore accounts;
    private final Sessions sessions;
    private final PasswordDesk passwords;
    private final SignInSteps steps;

    SignInDesk(
            AccountStore accounts, Sessions sessions, PasswordDesk passwords, SignInSteps steps) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.passwords = passwords;
        this.steps = steps;
    }

    /// First step: login and password.
    ///
    /// @param back the path to go to once in
    public SignInOutcome password(RoutingContext http, String login, String password, String back) {
        if (login.length() > 64 || password.length() > PasswordRules.MOST) {
            return new SignInOutcome.Wrong();
        }
        steps.slowDown(login);
        Optional<Account> account =
                login.indexOf('\u0000') >= 0 ? Optional.empty() : accounts.find(login);
        boolean right;
        try {
            right = passwords.isRight(account, password, login + ' ' + Edge.address(http));
        } catch (Turns.Full full) {
            return new SignInOutcome.TooMany();
        }
        if (!right || !sessions.admits(account.orElseThrow())) {
            steps.failed(http, login, account.map(Account::login).orElse(null));
            return new SignInOutcome.Wrong();
        }
        Account known = account.orElseThrow();
        Session.Stage next =
                known.totpSealed() == null ? SignInSteps.after(known) : Session.Stage.SECOND_FACTOR;
        return steps.begin(http, known, next, back);
    }

    /// Ends the session of whoever is signed in.
    public void signOut(RoutingContext http, @Nullable SignedIn who) {
        sessions.end(http);
        if (who != null) {
            steps.audited(
                    http,
                    who.caller(
                            Edge.address(http),
                            FhirRouter.requestId(http),
                            Identity.language(http)),
                    "sign-out");
        }
    }

    /// Which step a browser is at; null before the password.
    public Session.@Nullable Stage stage(RoutingContext http) {
        return sessions.known(http).map(known -> known.session().stage()).orElse(null);
    }

    /// The form token of the session behind a request, in whatever stage; null without one.
    public @Nullable String formToken(RoutingContext http) {
        return sessions.known(http).map(known -> known.session().formToken()).orElse(null);
    }
}
