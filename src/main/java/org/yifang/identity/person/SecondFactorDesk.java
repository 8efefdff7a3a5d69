package org.yifang.identity.person;

import io.vertx.ext.web.RoutingContext;

import org.yifang.identity.client.LoginFailureStore;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/// Asks for second factors, and takes new ones on.
public final class SecondFactorDesk {
    static final int RECOVERY_CODES = 8;

    /// Of one session; then the password is asked again.
    private static final int SESSION_TRIES = 5;

    /// Of one person over all sessions: a million codes, of which three are good, are soon guessed
    /// by somebody who has the password and many browsers. From then on recovery codes alone are
    /// taken, which nobody guesses: the owner is never locked out.
    private static final int DIGITS_TRIES = 20;

    private static final Duration DIGITS_WITHIN = Duration.ofHours(1);

    private final Database database;
    private final AccountStore accounts;
    private final Sessions sessions;
    private final LoginFailureStore failures;
    private final Seal seal;
    private final SignInSteps steps;

    SecondFactorDesk(
            Database database,
            AccountStore accounts,
            Sessions sessions,
            LoginFailureStore failures,
            Seal seal,
            SignInSteps steps) {
        this.database = database;
        this.accounts = accounts;
        this.sessions = sessions;
        this.failures = failures;
        this.seal = seal;
        this.steps = steps;
    }

    /// A second factor to be.
    ///
    /// @param address what the QR code holds
    /// @param typed the key where nothing can be scanned
    public record Enrolment(String address, String typed) {}

    /// Second step: six digits, or a recovery code.
    public SignInOutcome secondFactor(RoutingContext http, String code) {
        Optional<SessionStore.OwnedSession> known = steps.at(http, Session.Stage.SECOND_FACTOR);
        if (known.isEmpty()) {
            return new SignInOutcome.Wrong();
        }
        String login = known.get().account().login();
        steps.slowDown(login);
        String typed = code.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
        SignInOutcome outcome =
                database.inTransaction(tx -> tried(tx, http, known.get().session(), typed));
        if (outcome instanceof SignInOutcome.TooMany) {
            sessions.end(http);
        }
        if (!(outcome instanceof SignInOutcome.Next)) {
            steps.failed(http, login, login);
        }
        return outcome;
    }

    /// Counted behind the lock of the account, so that a thousand at once have no more tries than
    /// one after the other.
    private SignInOutcome tried(Tx tx, RoutingContext http, Session session, String typed) {
        String login = session.login();
        Account account = accounts.lock(tx, login).orElseThrow();
        byte[] sealed = account.totpSealed();
        Instant now = steps.now();
        String ofSession = "factor:" + session.name();
        String ofPerson = "digits:" + login;
        if (failures.count(tx, ofSession, now, LoginFailureStore.WINDOW) >= SESSION_TRIES) {
            return new SignInOutcome.TooMany();
        }
        if (sealed == null || !account.active()) {
            return new SignInOutcome.Wrong();
        }
        boolean digits = failures.count(tx, ofPerson, now, DIGITS_WITHIN) < DIGITS_TRIES;
        OptionalLong step =
                digits
                        ? Totp.step(
                                seal.open(sealed, SignInSteps.place(login)),
                                typed,
                                now,
                                account.totpStep())
                        : OptionalLong.empty();
        List<String> codes = new ArrayList<>(account.recoveryHashes());
        boolean recovered = codes.remove(HexFormat.of().formatHex(Secrets.hash(typed)));
        if (step.isEmpty() && !recovered) {
            failures.add(tx, ofSession, now);
            failures.add(tx, ofPerson, now);
            return new SignInOutcome.Wrong();
        }
        Account used = Accounts.withFactor(account, sealed, step.orElse(account.totpStep()), codes);
        accounts.replace(tx, used, now);
        Session.Stage next = SignInSteps.after(used);
        steps.begin(tx, http, used, next, session.back());
        return new SignInOutcome.Next(next, session.back(), List.of());
    }

    /// What the authenticator scans in the step `ENROL`.
    public Optional<Enrolment> enrolment(RoutingContext http) {
        return steps.at(http, Session.Stage.ENROL)
                .map(known -> {
                    byte[] key = pendingKey(known);
                    String login = known.account().login();
                    return new Enrolment(Totp.address(key, login), Totp.base32(key));
                });
    }

    private byte[] pendingKey(SessionStore.OwnedSession known) {
        return seal.open(
                Objects.requireNonNull(known.session().pending()),
                SignInSteps.place(known.account().login()));
    }

    /// The step in which the authenticator shows that it has the key.
    public SignInOutcome enrol(RoutingContext http, String code) {
        Optional<SessionStore.OwnedSession> known = steps.at(http, Session.Stage.ENROL);
        if (known.isEmpty()) {
            return new SignInOutcome.Wrong();
        }
        String login = known.get().account().login();
        byte[] key = pendingKey(known.get());
        OptionalLong step = Totp.step(key, code.replaceAll("\\s", ""), steps.now(), 0);
        if (step.isEmpty()) {
            return new SignInOutcome.Wrong();
        }
        List<String> codes = new ArrayList<>();
        for (int i = 0; i < RECOVERY_CODES; i++) {
            codes.add(Secrets.typed(3));
        }
        List<String> hashed =
                codes.stream()
                        .map(one -> HexFormat.of().formatHex(Secrets.hash(one.replace("-", ""))))
                        .toList();
        String back = known.get().session().back();
        database.inTransaction(tx -> {
            Account account = accounts.lock(tx, login).orElseThrow();
            byte[] sealed = seal.seal(key, SignInSteps.place(login));
            Account enrolled = Accounts.withFactor(account, sealed, step.getAsLong(), hashed);
            accounts.replace(tx, enrolled, steps.now());
            steps.audited(tx, http, account, "second-factor");
            return steps.begin(tx, http, enrolled, Session.Stage.IN, back);
        });
        return new SignInOutcome.Next(Session.Stage.IN, back, codes);
    }
}
