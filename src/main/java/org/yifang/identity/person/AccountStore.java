package org.yifang.identity.person;

import static org.yifang.generated.Tables.ACCOUNT;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.SealedColumn;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.TextSeal;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// All SQL that touches the table `account`.
public final class AccountStore {
    private static final Statement FIND =
            Statement.of(p ->
                    SQL.select(ACCOUNT.fields())
                            .from(ACCOUNT)
                            .where(ACCOUNT.LOGIN.eq(p.like(ACCOUNT.LOGIN))));

    private static final int SEALED_AT_ONCE = 200;

    private final Database database;

    public AccountStore(Database database) {
        this.database = database;
    }

    /// The account of a login, whether active or not.
    public Optional<Account> find(String login) {
        return first(database.run(FIND, login));
    }

    /// The account of someone known at the OpenID provider.
    public Optional<Account> ofSubject(String subject) {
        return first(
                database.run(
                        SQL.select(ACCOUNT.fields())
                                .from(ACCOUNT)
                                .where(ACCOUNT.SUBJECT.eq(subject))));
    }

    /// The account of a login, locked until the transaction ends.
    public Optional<Account> lock(Tx tx, String login) {
        return first(
                tx.run(
                        SQL.select(ACCOUNT.fields())
                                .from(ACCOUNT)
                                .where(ACCOUNT.LOGIN.eq(login))
                                .forUpdate()));
    }

    /// Accounts in the order of their logins.
    ///
    /// @param organization only of this one, or null
    /// @param after only greater logins, or null
    public List<Account> page(@Nullable String organization, @Nullable String after, int most) {
        Condition condition = DSL.noCondition();
        if (organization != null) {
            condition = condition.and(ACCOUNT.ORGANIZATION.eq(organization));
        }
        if (after != null) {
            condition = condition.and(ACCOUNT.LOGIN.gt(after));
        }
        List<Account> page = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.select(ACCOUNT.fields())
                                .from(ACCOUNT)
                                .where(condition)
                                .orderBy(ACCOUNT.LOGIN)
                                .limit(most))) {
            page.add(account(row, database.texts()));
        }
        return page;
    }

    /// Whether there is any account that can administrate.
    public boolean anyOperator() {
        return database.run(
                                SQL.select(ACCOUNT.LOGIN)
                                        .from(ACCOUNT)
                                        .where(ACCOUNT.ROLE.eq(Role.OPERATOR.code()))
                                        .and(ACCOUNT.ACTIVE)
                                        .andNot(ACCOUNT.DEMONSTRATION)
                                        .limit(1))
                        .rowCount()
                > 0;
    }

    /// How many active operators there are, two at the most; nobody else suspends one meanwhile.
    /// Those of the demonstration are none: without it nobody lets them in.
    public int operators(Tx tx) {
        return tx.run(
                        SQL.select(ACCOUNT.LOGIN)
                                .from(ACCOUNT)
                                .where(ACCOUNT.ROLE.eq(Role.OPERATOR.code()))
                                .and(ACCOUNT.ACTIVE)
                                .andNot(ACCOUNT.DEMONSTRATION)
                                .orderBy(ACCOUNT.LOGIN)
                                .limit(2)
                                .forUpdate())
                .rowCount();
    }

    /// How many accounts of the demonstration there are.
    public int demonstration() {
        return database.run(SQL.select(ACCOUNT.LOGIN).from(ACCOUNT).where(ACCOUNT.DEMONSTRATION))
                .rowCount();
    }

    /// Makes an account; false when the login is taken.
    public boolean insert(Tx tx, Account account, Instant now) {
        return tx.run(
                                SQL.insertInto(ACCOUNT)
                                        .set(ACCOUNT.LOGIN, account.login())
                                        .set(ACCOUNT.REGION, account.region())
                                        .set(ACCOUNT.NAME, database.texts().seal(account.name()))
                                        .set(ACCOUNT.STAFF, account.staff())
                                        .set(ACCOUNT.ROLE, account.role().code())
                                        .set(ACCOUNT.ORGANIZATION_ID, account.organizationId())
                                        .set(ACCOUNT.ORGANIZATION, account.organization())
                                        .set(ACCOUNT.REVIEWS_FOR, joined(account.reviewsFor()))
                                        .set(ACCOUNT.MANAGER, account.manager())
                                        .set(ACCOUNT.PASSWORD_HASH, account.passwordHash())
                                        .set(ACCOUNT.PASSWORD_ONCE, account.passwordOnce())
                                        .set(ACCOUNT.TOTP_SEALED, account.totpSealed())
                                        .set(ACCOUNT.TOTP_STEP, account.totpStep())
                                        .set(
                                                ACCOUNT.RECOVERY_HASHES,
                                                joined(account.recoveryHashes()))
                                        .set(ACCOUNT.SUBJECT, account.subject())
                                        .set(ACCOUNT.ACTIVE, account.active())
                                        .set(ACCOUNT.DEMONSTRATION, account.demonstration())
                                        .set(ACCOUNT.VERSION, account.version())
                                        .set(ACCOUNT.CREATED_AT, now)
                                        .set(ACCOUNT.UPDATED_AT, now)
                                        .onConflictDoNothing())
                        .rowCount()
                == 1;
    }

    /// Seals the names that the version before wrote in clear, some at a time. Waits.
    public void sealNames() {
        while (!database.texts().equals(TextSeal.NONE)
                && database.inTransaction(this::sealSomeNames) > 0) {
            // Whoever is left is of the next page.
        }
    }

    private int sealSomeNames(Tx tx) {
        int sealed = 0;
        for (Row row :
                tx.run(
                        SQL.select(ACCOUNT.LOGIN, ACCOUNT.NAME)
                                .from(ACCOUNT)
                                .where(ACCOUNT.NAME.notLike(TextSeal.mark() + "%"))
                                .orderBy(ACCOUNT.LOGIN)
                                .limit(SEALED_AT_ONCE)
                                .forUpdate())) {
            tx.run(
                    SQL.update(ACCOUNT)
                            .set(ACCOUNT.NAME, database.texts().seal(Rows.get(row, ACCOUNT.NAME)))
                            .where(ACCOUNT.LOGIN.eq(Rows.get(row, ACCOUNT.LOGIN))));
            sealed++;
        }
        return sealed;
    }

    /// Writes an account anew, one version later.
    public void replace(Tx tx, Account account, Instant now) {
        tx.run(
                SQL.update(ACCOUNT)
                        .set(ACCOUNT.NAME, database.texts().seal(account.name()))
                        .set(ACCOUNT.STAFF, account.staff())
                        .set(ACCOUNT.ROLE, account.role().code())
                        .set(ACCOUNT.ORGANIZATION_ID, account.organizationId())
                        .set(ACCOUNT.ORGANIZATION, account.organization())
                        .set(ACCOUNT.REVIEWS_FOR, joined(account.reviewsFor()))
                        .set(ACCOUNT.MANAGER, account.manager())
                        .set(ACCOUNT.PASSWORD_HASH, account.passwordHash())
                        .set(ACCOUNT.PASSWORD_ONCE, account.passwordOnce())
                        .set(ACCOUNT.TOTP_SEALED, account.totpSealed())
                        .set(ACCOUNT.TOTP_STEP, account.totpStep())
                        .set(ACCOUNT.RECOVERY_HASHES, joined(account.recoveryHashes()))
                        .set(ACCOUNT.SUBJECT, account.subject())
                        .set(ACCOUNT.ACTIVE, account.active())
                        .set(ACCOUNT.VERSION, account.version() + 1)
                        .set(ACCOUNT.UPDATED_AT, now)
                        .where(ACCOUNT.LOGIN.eq(account.login())));
    }

    private Optional<Account> first(Iterable<Row> rows) {
        var all = rows.iterator();
        return all.hasNext()
                ? Optional.of(account(all.next(), database.texts()))
                : Optional.empty();
    }

    static Account account(Row row, TextSeal texts) {
        return new Account(
                Rows.get(row, ACCOUNT.LOGIN),
                Rows.get(row, ACCOUNT.REGION),
                texts.open(Rows.get(row, ACCOUNT.NAME)),
                Rows.find(row, ACCOUNT.STAFF),
                Role.of(Rows.get(row, ACCOUNT.ROLE)),
                Rows.get(row, ACCOUNT.ORGANIZATION_ID),
                Rows.get(row, ACCOUNT.ORGANIZATION),
                words(Rows.get(row, ACCOUNT.REVIEWS_FOR)),
                Rows.get(row, ACCOUNT.MANAGER),
                Rows.find(row, ACCOUNT.PASSWORD_HASH),
                Rows.get(row, ACCOUNT.PASSWORD_ONCE),
                Rows.find(row, ACCOUNT.TOTP_SEALED),
                Rows.get(row, ACCOUNT.TOTP_STEP),
                words(Rows.get(row, ACCOUNT.RECOVERY_HASHES)),
                Rows.find(row, ACCOUNT.SUBJECT),
                Rows.get(row, ACCOUNT.ACTIVE),
                Rows.get(row, ACCOUNT.DEMONSTRATION),
                Rows.get(row, ACCOUNT.VERSION));
    }

    /// Names of people, for the rotation of the master key.
    public static SealedColumn sealedNames() {
        return SealedColumn.texts(
                "names of accounts", ACCOUNT, List.of(ACCOUNT.LOGIN), ACCOUNT.NAME);
    }

    /// Second factors, for the rotation of the master key.
    public static SealedColumn sealedFactors() {
        return SealedColumn.bytes(
                "second factors",
                ACCOUNT,
                List.of(ACCOUNT.LOGIN),
                ACCOUNT.TOTP_SEALED,
                row -> SignInSteps.place(Rows.get(row, ACCOUNT.LOGIN)));
    }

    static String joined(List<String> words) {
        return String.join(" ", words);
    }

    static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    }
}
