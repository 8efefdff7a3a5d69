package org.yifang.identity.person;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.Access;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.identity.client.Identity;
import org.yifang.identity.client.LoginFailures;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.Caller;
import org.yifang.platform.FairTurns;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.problem.ProblemCode;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Lets people in: password, second factor, change of a one-time password, all audited.
public final class SignInDesk implements AutoCloseable {
    /// Two hashes at once take 38 MiB and one core and a half.
    private static final int HASHES_AT_ONCE = 2;

    /// Tries of one login from one address that wait; a person makes one.
    private static final int WAITING_MOST = 5;

    private static final int LOGINS_WAITING_MOST = 500;

    /// Who mistypes thrice is not made to wait; from then on each try waits twice as long.
    private static final int FREE_TRIES = 3;

    private static final long WAIT_FIRST_MILLIS = 250;
    private static final long WAIT_MOST_MILLIS = 8_000;

    /// Then the password is asked again: six digits are soon guessed.
    private static final int FACTOR_TRIES = 5;

    static final int RECOVERY_CODES = 8;

    /// What came of a step.
    public sealed interface Outcome {}

    /// The next step is at hand; `IN` means done. After an enrolment with the recovery codes.
    public record Next(Session.Stage stage, String back, List<String> recovery)
            implements Outcome {}

    public record Wrong() implements Outcome {}

    /// @param fault what the password lacks; null when both are not the same
    public record Unfit(PasswordRules.@Nullable Fault fault) implements Outcome {}

    public record TooMany() implements Outcome {}

    private final Vertx vertx;
    private final Database database;
    private final AccountStore accounts;
    private final Sessions sessions;
    private final LoginFailures failures;
    private final Seal seal;
    private final Audit audit;
    private final InstantSource clock;
    private final FairTurns hashes;

    /// What an unknown login's password is compared with, so that it takes as long as a known
    /// one's.
    private final String nobody = PasswordHash.of("", PasswordHash.Cost.USUAL);

    public SignInDesk(
            Vertx vertx,
            Database database,
            AccountStore accounts,
            Sessions sessions,
            LoginFailures failures,
            Seal seal,
            Audit audit,
            InstantSource clock) {
        this.vertx = vertx;
        this.database = database;
        this.accounts = accounts;
        this.sessions = sessions;
        this.failures = failures;
        this.seal = seal;
        this.audit = audit;
        this.clock = clock;
        this.hashes =
                new FairTurns(
                        vertx, "passwords", HASHES_AT_ONCE, WAITING_MOST, LOGINS_WAITING_MOST);
    }

    /// A turn of the pool that hashes, in which nothing is done.
    Future<?> idleTurn() {
        return hashes.take("idle", () -> true);
    }

    /// The hash of a password, made when its turn comes. Waits.
    public String hash(String password) {
        return hashes.take("new", () -> PasswordHash.of(password, PasswordHash.Cost.USUAL)).await();
    }

    /// First step: login and password.
    ///
    /// @param back the path to go to once in
    public Outcome password(RoutingContext http, String login, String password, String back) {
        if (login.length() > 64 || password.length() > PasswordRules.MOST) {
            return new Wrong();
        }
        String address = Edge.address(http);
        slowDown(login);
        Optional<Account> account =
                login.indexOf('\u0000') >= 0 ? Optional.empty() : accounts.find(login);
        String stored = account.map(Account::passwordHash).orElse(null);
        boolean right;
        try {
            right =
                    hashes.take(
                                            login + ' ' + address,
                                            () ->
                                                    PasswordHash.matches(
                                                            stored == null ? nobody : stored,
                                                            password))
                                    .await()
                            && stored != null;
        } catch (FairTurns.Full full) {
            return new TooMany();
        }
        if (!right || !sessions.admits(account.orElseThrow())) {
            failed(http, login, account.map(Account::login).orElse(null));
            return new Wrong();
        }
        return enter(http, account.orElseThrow(), back);
    }

    /// The person has proven to be itself; what else is to be done before it is in?
    Outcome enter(RoutingContext http, Account account, String back) {
        boolean factor = account.totpSealed() != null;
        return begin(http, account, factor ? Session.Stage.SECOND_FACTOR : after(account), back);
    }

    /// What follows a second factor that was right, or was not asked for.
    private static Session.Stage after(Account account) {
        if (account.passwordOnce()) {
            return Session.Stage.CHANGE;
        }
        return account.needsSecondFactor() && account.totpSealed() == null
                ? Session.Stage.ENROL
                : Session.Stage.IN;
    }

    private Outcome begin(RoutingContext http, Account account, Session.Stage stage, String back) {
        database.inTransaction(tx -> begin(tx, http, account, stage, back));
        return new Next(stage, back, List.of());
    }

    private Session begin(
            Tx tx, RoutingContext http, Account account, Session.Stage stage, String back) {
        byte[] pending =
                stage == Session.Stage.ENROL
                        ? seal.seal(Totp.newKey(), place(account.login()))
                        : null;
        Session session = sessions.begin(tx, http, account.login(), stage, pending, back);
        if (stage == Session.Stage.IN) {
            audit.append(tx, access(http, caller(http, account), "sign-in", null, null));
        }
        return session;
    }

    private static String place(String login) {
        return "second-factor/" + login;
    }

    /// Second step: six digits, or a recovery code.
    public Outcome secondFactor(RoutingContext http, String code) {
        Optional<SessionStore.Known> known = at(http, Session.Stage.SECOND_FACTOR);
        if (known.isEmpty()) {
            return new Wrong();
        }
        String login = known.get().account().login();
        String tries = "factor:" + known.get().session().name();
        if (failures.count(tries, clock.instant(), LoginFailures.WINDOW) >= FACTOR_TRIES) {
            sessions.end(http);
            return new TooMany();
        }
        slowDown(login);
        String typed = code.replaceAll("[\\s-]", "").toUpperCase(java.util.Locale.ROOT);
        String back = known.get().session().back();
        Optional<Account> in =
                database.inTransaction(tx -> useFactor(tx, http, login, typed, back));
        if (in.isEmpty()) {
            failures.add(tries, clock.instant());
            failed(http, login, login);
            return new Wrong();
        }
        return new Next(after(in.get()), back, List.of());
    }

    private Optional<Account> useFactor(
            Tx tx, RoutingContext http, String login, String typed, String back) {
        Account account = accounts.lock(tx, login).orElseThrow();
        byte[] sealed = account.totpSealed();
        if (sealed == null || !account.active()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        OptionalLong step =
                Totp.step(seal.open(sealed, place(login)), typed, now, account.totpStep());
        List<String> codes = new ArrayList<>(account.recoveryHashes());
        boolean recovered = codes.remove(HexFormat.of().formatHex(Secrets.hash(typed)));
        if (step.isEmpty() && !recovered) {
            return Optional.empty();
        }
        Account used = Accounts.withFactor(account, sealed, step.orElse(account.totpStep()), codes);
        accounts.replace(tx, used, now);
        begin(tx, http, used, after(used), back);
        return Optional.of(used);
    }

    /// The step in which a password that was given out is changed.
    public Outcome change(RoutingContext http, String password, String repeated) {
        Optional<SessionStore.Known> known = at(http, Session.Stage.CHANGE);
        if (known.isEmpty()) {
            return new Wrong();
        }
        Outcome unfit = unfit(password, repeated, known.get().account().login());
        if (unfit != null) {
            return unfit;
        }
        if (isPresent(known.get().account(), password)) {
            return new Unfit(PasswordRules.Fault.COMMON);
        }
        String hash = hash(password);
        String back = known.get().session().back();
        return database.inTransaction(tx -> {
            Account account = accounts.lock(tx, known.get().account().login()).orElseThrow();
            Account changed = Accounts.withPassword(account, hash, false);
            accounts.replace(tx, changed, clock.instant());
            sessions.endAll(tx, account.login(), null);
            audit.append(tx, access(http, caller(http, account), "change-password", null, null));
            Session.Stage stage = after(changed);
            begin(tx, http, changed, stage, back);
            return new Next(stage, back, List.of());
        });
    }

    /// Changes the password of who is in: the present one is asked again.
    public Outcome change(
            RoutingContext http, SignedIn who, String present, String password, String repeated) {
        Account account = accounts.find(who.login()).orElseThrow();
        slowDown(who.login());
        if (!isPresent(account, present)) {
            failed(http, who.login(), who.login());
            return new Wrong();
        }
        Outcome unfit = unfit(password, repeated, who.login());
        if (unfit != null) {
            return unfit;
        }
        String hash = hash(password);
        return database.inTransaction(tx -> {
            Account locked = accounts.lock(tx, who.login()).orElseThrow();
            Account changed = Accounts.withPassword(locked, hash, false);
            accounts.replace(tx, changed, clock.instant());
            sessions.endAll(tx, who.login(), null);
            audit.append(tx, access(http, caller(http, locked), "change-password", null, null));
            begin(tx, http, changed, Session.Stage.IN, "/account");
            return new Next(Session.Stage.IN, "/account", List.of());
        });
    }

    private boolean isPresent(Account account, String password) {
        String stored = account.passwordHash();
        return stored != null
                && hashes.take(account.login(), () -> PasswordHash.matches(stored, password))
                        .await();
    }

    private static @Nullable Outcome unfit(String password, String repeated, String login) {
        PasswordRules.Fault fault = PasswordRules.fault(password, login);
        return fault != null
                ? new Unfit(fault)
                : password.equals(repeated) ? null : new Unfit(null);
    }

    /// What the authenticator scans in the step `ENROL`.
    public Optional<Enrolment> enrolment(RoutingContext http) {
        return at(http, Session.Stage.ENROL)
                .map(known -> {
                    String login = known.account().login();
                    byte[] key = pendingKey(known);
                    return new Enrolment(Totp.address(key, login), Totp.base32(key));
                });
    }

    private byte[] pendingKey(SessionStore.Known known) {
        return seal.open(
                java.util.Objects.requireNonNull(known.session().pending()),
                place(known.account().login()));
    }

    /// A second factor to be.
    ///
    /// @param address what the QR code holds
    /// @param typed the key where nothing can be scanned
    public record Enrolment(String address, String typed) {}

    /// The step in which the authenticator shows that it has the key.
    public Outcome enrol(RoutingContext http, String code) {
        Optional<SessionStore.Known> known = at(http, Session.Stage.ENROL);
        if (known.isEmpty()) {
            return new Wrong();
        }
        String login = known.get().account().login();
        byte[] key = pendingKey(known.get());
        OptionalLong step = Totp.step(key, code.replaceAll("\\s", ""), clock.instant(), 0);
        if (step.isEmpty()) {
            return new Wrong();
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
            byte[] sealed = seal.seal(key, place(login));
            Account enrolled = Accounts.withFactor(account, sealed, step.getAsLong(), hashed);
            accounts.replace(tx, enrolled, clock.instant());
            audit.append(tx, access(http, caller(http, account), "second-factor", null, null));
            return begin(tx, http, enrolled, Session.Stage.IN, back);
        });
        return new Next(Session.Stage.IN, back, codes);
    }

    /// Ends the session of whoever is signed in.
    public void signOut(RoutingContext http, @Nullable SignedIn who) {
        sessions.end(http);
        if (who != null) {
            Caller caller =
                    who.caller(
                            Edge.address(http),
                            FhirRouter.requestId(http),
                            Identity.language(http));
            audit.record(access(http, caller, "sign-out", null, null));
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

    private Optional<SessionStore.Known> at(RoutingContext http, Session.Stage stage) {
        return sessions.known(http).filter(known -> known.session().stage() == stage);
    }

    private void slowDown(String login) {
        int wrong = failures.count("person:" + login, clock.instant(), LoginFailures.WINDOW);
        if (wrong >= FREE_TRIES) {
            long wait = WAIT_FIRST_MILLIS << Math.min(wrong - FREE_TRIES, 5);
            vertx.timer(
                            Math.min(wait, WAIT_MOST_MILLIS),
                            java.util.concurrent.TimeUnit.MILLISECONDS)
                    .await();
        }
    }

    /// @param known the login when there is such an account: what is mistyped may be a password
    private void failed(RoutingContext http, String login, @Nullable String known) {
        failures.add("person:" + login, clock.instant());
        audit.record(
                access(
                        http,
                        null,
                        "sign-in",
                        ProblemCode.NOT_AUTHENTICATED,
                        known == null ? null : "login=" + known));
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

    @Override
    public void close() {
        hashes.close();
    }
}
