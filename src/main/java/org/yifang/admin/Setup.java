package org.yifang.admin;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.Access;
import org.yifang.identity.client.Client;
import org.yifang.identity.client.ClientStore;
import org.yifang.identity.client.LoginFailureStore;
import org.yifang.identity.client.SecretHash;
import org.yifang.identity.person.Account;
import org.yifang.identity.person.AccountStore;
import org.yifang.identity.person.PasswordDesk;
import org.yifang.identity.person.PasswordRules;
import org.yifang.identity.person.Secrets;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.platform.edge.Turns;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Puts the platform into service: a one-time code, told to the operator's terminal alone, makes
/// the first operator's account.
public final class Setup {
    static final Set<String> FIELDS = Set.of("code", "login", "name", "password", "client");

    /// The contract's 24 hours.
    private static final Duration LIFE = Duration.ofHours(24);

    /// Wrong codes in ten minutes; the right one is always taken.
    private static final int WRONG_MOST = 20;

    private static final Pattern LOGIN = Pattern.compile("[A-Za-z0-9._@-]{1,64}");
    private static final String SUBJECT = "setup:";

    private final Database database;
    private final SetupCodeStore codes;
    private final AccountStore accounts;
    private final ClientStore clients;
    private final Belonging belonging;
    private final LoginFailureStore failures;
    private final PasswordDesk passwords;
    private final Audit audit;
    private final InstantSource clock;
    private final String region;
    private final Path file;

    /// What was made: the account, and a client with its secret where one was wanted.
    record Made(Account account, @Nullable Client client, @Nullable String secret) {}

    Setup(
            Database database,
            AccountStore accounts,
            Belonging belonging,
            PasswordDesk passwords,
            Audit audit,
            InstantSource clock,
            String region,
            Path data) {
        this.database = database;
        this.codes = new SetupCodeStore(database);
        this.accounts = accounts;
        this.clients = new ClientStore(database);
        this.belonging = belonging;
        this.failures = new LoginFailureStore(database);
        this.passwords = passwords;
        this.audit = audit;
        this.clock = clock;
        this.region = region;
        this.file = data.resolve("setup-code");
    }

    /// A fresh code as long as there is no operator; the one of this instance's last start is none
    /// any more. Blocks: for the start alone.
    public Optional<String> code() {
        try {
            String before = Files.exists(file) ? Files.readString(file).strip() : "";
            if (accounts.anyOperator()) {
                Files.deleteIfExists(file);
                return Optional.empty();
            }
            String code = Secrets.token();
            Instant now = clock.instant();
            codes.renew(Secrets.hash(before), Secrets.hash(code), now.plus(LIFE));
            write(code);
            return Optional.of(code);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void write(String code) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.deleteIfExists(file);
        // Made with these permissions: nobody reads it between making and changing them.
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, code);
    }

    /// Makes the first operator.
    ///
    /// @throws Problem `RX-1103` for a wrong code, `RX-1010` for one used or over
    Made use(Body body, String address, String requestId, String language) {
        String code = body.required("code", 100);
        String login = body.required("login", 64);
        String name = body.required("name", 100);
        String password = body.required("password", 400);
        boolean client = Boolean.TRUE.equals(body.flag("client"));
        check(code);
        if (!login.isEmpty() && !LOGIN.matcher(login).matches()) {
            body.unfit(
                    "login",
                    "has other characters than letters, digits, `.`, `_`, `@`, `-`",
                    "Choose another.");
        }
        PasswordRules.Fault fault = PasswordRules.fault(password, login);
        if (fault != null) {
            body.unfit("password", "is not taken", fault.text());
        }
        body.done();
        String hashed = hashed(password);
        String secret = client ? Secrets.token() : null;
        Belonging.Place place = belonging.nobody();
        Account account =
                new Account(
                        login,
                        region,
                        name,
                        null,
                        Role.OPERATOR,
                        place.id(),
                        place.number(),
                        List.of(),
                        false,
                        hashed,
                        false,
                        null,
                        0,
                        List.of(),
                        null,
                        true,
                        false,
                        1);
        Client made =
                secret == null
                        ? null
                        : new Client(
                                "operator-"
                                        + login.replace('@', '-')
                                                .substring(0, Math.min(login.length(), 50)),
                                region,
                                Role.OPERATOR,
                                place.id(),
                                place.number(),
                                List.of(),
                                ClientFields.usual(Role.OPERATOR),
                                SecretHash.ofToken(secret),
                                null,
                                true);
        database.inTransaction(tx -> {
            if (!codes.take(tx, Secrets.hash(code), clock.instant())) {
                throw gone();
            }
            store(tx, account, made, caller(account, address, requestId, language));
            return null;
        });
        return new Made(account, made, secret);
    }

    private String hashed(String password) {
        try {
            return passwords.hash(password);
        } catch (Turns.Full full) {
            throw new Problem(
                    List.of(
                            new Problem.Finding(
                                    ProblemCode.BUSY,
                                    "Too many accounts are being made at once.",
                                    "Send the same again in a moment.")),
                    Map.of("Retry-After", "1"));
        }
    }

    private void store(Tx tx, Account account, @Nullable Client made, Caller caller) {
        Instant now = clock.instant();
        boolean free =
                accounts.insert(tx, account, now)
                        && (made == null || clients.insert(tx, made, now));
        if (!free) {
            throw new Problem(
                    ProblemCode.ALREADY_REGISTERED,
                    "The login `" + account.login() + "` is taken.",
                    "Choose another.");
        }
        Access access =
                new Administrator(caller, true)
                        .access(
                                "setup",
                                'C',
                                "Person/" + account.login(),
                                "first operator" + (made == null ? "" : "; client " + made.id()));
        audit.append(tx, access);
    }

    /// Tells a wrong code and a used one before anything else of the request is looked at.
    private void check(String code) {
        Instant now = clock.instant();
        SetupCodeStore.Standing standing = codes.find(Secrets.hash(code));
        if (standing == null) {
            boolean many = failures.count(SUBJECT, now, LoginFailureStore.WINDOW) >= WRONG_MOST;
            failures.add(SUBJECT, now);
            throw many
                    ? new Problem(
                            List.of(
                                    new Problem.Finding(
                                            ProblemCode.TOO_MANY_REQUESTS,
                                            "Too many wrong codes were tried.")),
                            Map.of("Retry-After", "600"))
                    : new Problem(
                            ProblemCode.SETUP_CODE_WRONG,
                            "The code is not the one that the service printed.",
                            "It stands on its terminal, and in the file `setup-code` of its data.");
        }
        if (standing.used() || !now.isBefore(standing.expiresAt())) {
            throw gone();
        }
    }

    private static Problem gone() {
        return new Problem(
                ProblemCode.GONE,
                "The code has been used or is over.",
                "Sign in with the account that was made, or start the service again for another"
                        + " code.");
    }

    private static Caller caller(
            Account account, String address, String requestId, String language) {
        return new Caller(
                "setup",
                Role.OPERATOR,
                account.organizationId(),
                account.organization(),
                List.of(),
                List.of(),
                null,
                new Caller.Person(
                        account.login(), account.name(), "operator", account.organization(), null),
                address,
                requestId,
                language);
    }
}
