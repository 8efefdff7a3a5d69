package org.yifang.identity.person;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.edge.Turns;

import java.util.List;
import java.util.Optional;

/// Compares and changes passwords, a few at a time.
public final class PasswordDesk implements AutoCloseable {
    /// Two hashes at once take 38 MiB and one core and a half.
    private static final int HASHES_AT_ONCE = 2;

    /// Tries of one login from one address that wait; a person makes one.
    private static final int WAITING_MOST = 5;

    private static final int LOGINS_WAITING_MOST = 500;

    private final Database database;
    private final AccountStore accounts;
    private final Sessions sessions;
    private final SignInSteps steps;
    private final Turns hashes;

    /// What an unknown login's password is compared with, so that it takes as long as a known
    /// one's.
    private final String nobody = PasswordHash.of("", PasswordHash.Cost.USUAL);

    PasswordDesk(Database database, AccountStore accounts, Sessions sessions, SignInSteps steps) {
        this.database = database;
        this.accounts = accounts;
        this.sessions = sessions;
        this.steps = steps;
        this.hashes =
                new Turns(
                        "passwords",
                        HASHES_AT_ONCE,
                        0,
                        WAITING_MOST * LOGINS_WAITING_MOST,
                        WAITING_MOST,
                        Bound.SECRETS);
    }

    /// A turn of the pool that hashes, in which nothing is done.
    Future<?> idleTurn() {
        return hashes.take("idle", () -> true);
    }

    /// The hash of a password, made when its turn comes. Waits.
    public String hash(String password) {
        return hashes.take("new", () -> PasswordHash.of(password, PasswordHash.Cost.USUAL)).await();
    }

    /// Whether it is the password of an account; of none it never is. Waits for its turn.
    ///
    /// @throws Turns.Full when too much waits under `turn`
    boolean isRight(Optional<Account> account, String password, String turn) {
        String stored = account.map(Account::passwordHash).orElse(null);
        String compared = stored == null ? nobody : stored;
        return hashes.take(turn, () -> PasswordHash.matches(compared, password)).await()
                && stored != null;
    }

    /// The step in which a password that was given out is changed.
    public SignInOutcome change(RoutingContext http, String password, String repeated) {
        Optional<SessionStore.OwnedSession> known = steps.at(http, Session.Stage.CHANGE);
        if (known.isEmpty()) {
            return new SignInOutcome.Wrong();
        }
        Account present = known.get().account();
        SignInOutcome unfit = unfit(password, repeated, present.login());
        if (unfit != null) {
            return unfit;
        }
        try {
            if (isRight(Optional.of(present), password, present.login())) {
                return new SignInOutcome.Unfit(PasswordRules.Fault.COMMON);
            }
            return changed(http, present.login(), hash(password), known.get().session().back());
        } catch (Turns.Full full) {
            return new SignInOutcome.TooMany();
        }
    }

    /// Changes the password of who is in: the present one is asked again.
    public SignInOutcome change(
            RoutingContext http, SignedIn who, String present, String password, String repeated) {
        steps.slowDown(who.login());
        try {
            if (!isRight(accounts.find(who.login()), present, who.login())) {
                steps.failed(http, who.login(), who.login());
                return new SignInOutcome.Wrong();
            }
            SignInOutcome unfit = unfit(password, repeated, who.login());
            return unfit != null ? unfit : changed(http, who.login(), hash(password), "/account");
        } catch (Turns.Full full) {
            return new SignInOutcome.TooMany();
        }
    }

    /// Whoever else was in by the old one is out.
    private SignInOutcome changed(RoutingContext http, String login, String hash, String back) {
        return database.inTransaction(tx -> {
            Account account = accounts.lock(tx, login).orElseThrow();
            Account changed = Accounts.withPassword(account, hash, false);
            accounts.replace(tx, changed, steps.now());
            sessions.endAll(tx, login, null);
            steps.audited(tx, http, account, "change-password");
            Session.Stage stage = SignInSteps.after(changed);
            steps.begin(tx, http, changed, stage, back);
            return new SignInOutcome.Next(stage, back, List.of());
        });
    }

    private static @Nullable SignInOutcome unfit(String password, String repeated, String login) {
        PasswordRules.Fault fault = PasswordRules.fault(password, login);
        return fault != null
                ? new SignInOutcome.Unfit(fault)
                : password.equals(repeated) ? null : new SignInOutcome.Unfit(null);
    }

    @Override
    public void close() {
        hashes.close();
    }
}
