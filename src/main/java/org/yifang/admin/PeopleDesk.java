package org.yifang.admin;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.identity.person.Account;
import org.yifang.identity.person.AccountStore;
import org.yifang.identity.person.PasswordHash;
import org.yifang.identity.person.Secrets;
import org.yifang.identity.person.Sessions;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.registry.NhsaStaff;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Makes accounts of people and changes them; what was and what became of it is audited.
final class PeopleDesk {
    static final Set<String> CREATE =
            Set.of("login", "name", "staff", "organization", "role", "manager");
    static final Set<String> CHANGE = Set.of("name", "staff", "manager", "active");

    private static final Pattern LOGIN = Pattern.compile("[A-Za-z0-9._@-]{1,64}");

    /// Twelve characters of five bits: nobody guesses them, so that their hash may be cheap.
    private static final int PASSWORD_GROUPS = 3;

    /// An account and the password that is shown this once.
    record Made(Account account, String password) {}

    private final Database database;
    private final AccountStore accounts;
    private final Sessions sessions;
    private final Belonging belonging;
    private final Audit audit;
    private final InstantSource clock;
    private final String region;

    PeopleDesk(
            Database database,
            AccountStore accounts,
            Sessions sessions,
            Belonging belonging,
            Audit audit,
            InstantSource clock,
            String region) {
        this.database = database;
        this.accounts = accounts;
        this.sessions = sessions;
        this.belonging = belonging;
        this.audit = audit;
        this.clock = clock;
        this.region = region;
    }

    AccountStore accounts() {
        return accounts;
    }

    /// Makes an account with a one-time password.
    ///
    /// @throws Problem `RX-1101` when the login is taken, `RX-1102` with all that is unfit
    Made create(Administrator who, Body body) {
        String login = body.required("login", 64);
        if (!login.isEmpty() && !LOGIN.matcher(login).matches()) {
            body.unfit(
                    "login",
                    "has other characters than letters, digits, `.`, `_`, `@`, `-`",
                    "Choose another.");
        }
        String name = body.required("name", 100);
        String staff = staff(body, null);
        String code = body.required("role", 20);
        Optional<Role> role = Roles.of(code).filter(one -> one != Role.PATIENT);
        if (!code.isEmpty() && (role.isEmpty() || !who.mayGive(role.get()))) {
            body.unfit(
                    "role",
                    "is no role of people that you may give",
                    "Known are: hospital, reviewer, pharmacy, bureau, auditor, operator.");
        }
        String organization = body.text("organization", 32);
        List<Finding> faults = new ArrayList<>();
        Role known = role.orElse(Role.HOSPITAL);
        Belonging.Place place =
                belonging.of(
                        known,
                        organization == null && !who.operator() ? who.only() : organization,
                        faults);
        if (role.isPresent()) {
            body.unfit(faults);
        }
        boolean manager = manager(body, known, false);
        body.done();
        who.sees(place.number());
        String password = Secrets.typed(PASSWORD_GROUPS);
        Account account =
                new Account(
                        login,
                        region,
                        name,
                        staff,
                        known,
                        place.id(),
                        place.number(),
                        belonging.reviewsFor(known, null, place, new ArrayList<>()),
                        manager,
                        PasswordHash.of(password, PasswordHash.Cost.GIVEN_OUT),
                        true,
                        null,
                        0,
                        List.of(),
                        null,
                        true,
                        false,
                        1);
        make(who, account);
        return new Made(account, password);
    }

    private void make(Administrator who, Account account) {
        Instant now = clock.instant();
        boolean made =
                database.inTransaction(tx -> {
                    if (!accounts.insert(tx, account, now)) {
                        return false;
                    }
                    audit.append(
                            tx,
                            who.access(
                                    "register-person",
                                    'C',
                                    "Person/" + account.login(),
                                    changes(null, account).toString()));
                    return true;
                });
        if (!made) {
            throw new Problem(
                    ProblemCode.ALREADY_REGISTERED,
                    "The login `" + account.login() + "` is taken.",
                    "Choose another.");
        }
    }

    /// Changes an account; suspended, its sessions end at once.
    Account change(Administrator who, String login, Body body, @Nullable Long version) {
        String name = body.text("name", 100);
        Account before = visible(who, login);
        String staff = staff(body, before.staff());
        Boolean active = body.flag("active");
        boolean manager = manager(body, before.role(), before.manager());
        body.done();
        Instant now = clock.instant();
        boolean ends = before.role() == Role.OPERATOR && Boolean.FALSE.equals(active);
        return database.inTransaction(tx -> {
            // Locked before the account itself, so that two who suspend each other do not wait for
            // each other.
            int operators = ends ? accounts.operators(tx) : 0;
            Account was = accounts.lock(tx, login).orElseThrow(Outcomes::notFound);
            if (version != null && version != was.version()) {
                throw new Problem(
                        ProblemCode.VERSION_MISMATCH,
                        "The account is at version `" + was.version() + "`.",
                        "Read it again and repeat the change on that.");
            }
            boolean on = active == null ? was.active() : active;
            Account is =
                    with(
                            was,
                            name == null ? was.name() : name,
                            staff,
                            manager,
                            on,
                            was.passwordHash(),
                            was.passwordOnce(),
                            was.totpSealed(),
                            was.subject());
            Changes changes = changes(was, is);
            if (changes.isEmpty()) {
                return was;
            }
            if (ends) {
                keepAnOperator(was, operators);
            }
            accounts.replace(tx, is, now);
            if (!on) {
                sessions.endAll(tx, login, null);
            }
            audit.append(
                    tx, who.access("change-person", 'U', "Person/" + login, changes.toString()));
            return accounts.lock(tx, login).orElseThrow();
        });
    }

    /// Gives a person a new one-time password and takes the second factor away, as after a lost
    /// telephone; every session ends.
    Made reset(Administrator who, String login) {
        Account seen = visible(who, login);
        String password = Secrets.typed(PASSWORD_GROUPS);
        String hash = PasswordHash.of(password, PasswordHash.Cost.GIVEN_OUT);
        Instant now = clock.instant();
        Account account =
                database.inTransaction(tx -> {
                    Account was = accounts.lock(tx, seen.login()).orElseThrow();
                    Account is =
                            with(
                                    was,
                                    was.name(),
                                    was.staff(),
                                    was.manager(),
                                    was.active(),
                                    hash,
                                    true,
                                    null,
                                    null);
                    accounts.replace(tx, is, now);
                    sessions.endAll(tx, login, null);
                    audit.append(
                            tx,
                            who.access(
                                    "reset-person",
                                    'U',
                                    "Person/" + login,
                                    "password replaced; second factor removed; untied from the"
                                            + " provider"));
                    return is;
                });
        return new Made(account, password);
    }

    /// Nobody may lock the last operator out: without one only the database would help.
    private static void keepAnOperator(Account was, int operators) {
        int itself = was.active() && !was.demonstration() ? 1 : 0;
        if (was.active() && operators - itself < 1) {
            throw new Problem(
                    ProblemCode.REGISTRATION_UNFIT,
                    "`" + was.login() + "` is the last operator.",
                    "Make another one first.");
        }
    }

    /// An account that this administrator may see.
    Account visible(Administrator who, String login) {
        Account account =
                LOGIN.matcher(login).matches()
                        ? accounts.find(login).orElseThrow(Outcomes::notFound)
                        : Optional.<Account>empty().orElseThrow(Outcomes::notFound);
        who.sees(account.organization());
        if (!who.operator() && !who.mayGive(account.role())) {
            throw Outcomes.notFound();
        }
        return account;
    }

    private static Account with(
            Account was,
            String name,
            @Nullable String staff,
            boolean manager,
            boolean active,
            @Nullable String hash,
            boolean once,
            byte @Nullable [] totp,
            @Nullable String subject) {
        return new Account(
                was.login(),
                was.region(),
                name,
                staff,
                was.role(),
                was.organizationId(),
                was.organization(),
                was.reviewsFor(),
                manager,
                hash,
                once,
                totp,
                totp == null ? 0 : was.totpStep(),
                totp == null ? List.of() : was.recoveryHashes(),
                subject,
                active,
                was.demonstration(),
                was.version());
    }

    private static Changes changes(@Nullable Account was, Account is) {
        return new Changes()
                .add("role", was == null ? null : was.role().code(), is.role().code())
                .add("organization", was == null ? null : was.organization(), is.organization())
                .add("active", was == null ? null : was.active(), is.active())
                .add("staff", was == null ? null : was.staff(), is.staff())
                .add("manager", was != null && was.manager(), is.manager())
                // Names of people stand in no audit row in clear.
                .secret("name", was == null ? null : was.name(), is.name())
                .secret("password", was == null ? null : was.passwordHash(), is.passwordHash());
    }

    private static @Nullable String staff(Body body, @Nullable String before) {
        if (!body.has("staff")) {
            return before;
        }
        String staff = body.text("staff", 24);
        if (staff != null && NhsaStaff.fault(staff).isPresent()) {
            body.unfit("staff", "is no staff number", "Send D and 12 digits, or Y and 12 digits.");
        }
        return staff;
    }

    private static boolean manager(Body body, Role role, boolean before) {
        Boolean asked = body.flag("manager");
        boolean may = role == Role.HOSPITAL || role == Role.PHARMACY || role == Role.BUREAU;
        if (Boolean.TRUE.equals(asked) && !may) {
            body.unfit(
                    "manager",
                    "is for people of a hospital, a pharmacy or the bureau",
                    "Leave it out.");
        }
        return asked == null ? before : asked;
    }
}
