package org.yifang.identity.person;

import static org.yifang.generated.Tables.ACCOUNT;
import static org.yifang.generated.Tables.ACCOUNT_SESSION;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Prepared;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.SealedColumn;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// All SQL that touches the table `account_session`.
final class SessionStore {
    /// A person has a telephone, a counter and a desk.
    private static final int LISTED_MOST = 50;

    /// A session and whose it is.
    record OwnedSession(Session session, Account account) {}

    private static final Statement SESSION =
            Statement.of(p ->
                    SQL.select(ACCOUNT_SESSION.fields())
                            .from(ACCOUNT_SESSION)
                            .where(ACCOUNT_SESSION.ID.eq(p.like(ACCOUNT_SESSION.ID))));

    private static final Statement OWNER =
            Statement.of(p ->
                    SQL.select(ACCOUNT.fields())
                            .from(ACCOUNT)
                            .join(ACCOUNT_SESSION)
                            .on(ACCOUNT_SESSION.LOGIN.eq(ACCOUNT.LOGIN))
                            .where(ACCOUNT_SESSION.ID.eq(p.like(ACCOUNT_SESSION.ID))));

    /// A session that is used.
    private record Seen(byte[] id, Instant at) {}

    private static final Prepared<Seen> SEEN =
            Prepared.of(v ->
                    SQL.update(ACCOUNT_SESSION)
                            .set(ACCOUNT_SESSION.SEEN_AT, v.of(ACCOUNT_SESSION.SEEN_AT, Seen::at))
                            .where(ACCOUNT_SESSION.ID.eq(v.of(ACCOUNT_SESSION.ID, Seen::id))));

    private final Database database;

    SessionStore(Database database) {
        this.database = database;
    }

    Optional<OwnedSession> find(byte[] id) {
        var session = database.start(SESSION, id);
        var owner = database.start(OWNER, id).await().iterator();
        var rows = session.await().iterator();
        return rows.hasNext() && owner.hasNext()
                ? Optional.of(
                        new OwnedSession(
                                session(rows.next()),
                                AccountStore.account(owner.next(), database.texts())))
                : Optional.empty();
    }

    void insert(Tx tx, Session session) {
        tx.run(
                SQL.insertInto(ACCOUNT_SESSION)
                        .set(ACCOUNT_SESSION.ID, session.id())
                        .set(ACCOUNT_SESSION.LOGIN, session.login())
                        .set(ACCOUNT_SESSION.STAGE, session.stage().code())
                        .set(ACCOUNT_SESSION.FORM_TOKEN, session.formToken())
                        .set(ACCOUNT_SESSION.PENDING, session.pending())
                        .set(ACCOUNT_SESSION.BACK, session.back())
                        .set(ACCOUNT_SESSION.ADDRESS, session.address())
                        .set(ACCOUNT_SESSION.AGENT, session.agent())
                        .set(ACCOUNT_SESSION.CREATED_AT, session.createdAt())
                        .set(ACCOUNT_SESSION.SEEN_AT, session.seenAt()));
    }

    Future<?> seen(byte[] id, Instant now) {
        return SEEN.start(database, new Seen(id, now));
    }

    void delete(Tx tx, byte[] id) {
        tx.run(SQL.deleteFrom(ACCOUNT_SESSION).where(ACCOUNT_SESSION.ID.eq(id)));
    }

    /// Ends all of one person, but not the one with the id `kept`.
    void deleteOf(Tx tx, String login, byte @Nullable [] kept) {
        var condition = ACCOUNT_SESSION.LOGIN.eq(login);
        tx.run(
                SQL.deleteFrom(ACCOUNT_SESSION)
                        .where(
                                kept == null
                                        ? condition
                                        : condition.and(ACCOUNT_SESSION.ID.ne(kept))));
    }

    void deleteOld(Instant createdBefore, Instant seenBefore) {
        database.run(
                SQL.deleteFrom(ACCOUNT_SESSION)
                        .where(
                                ACCOUNT_SESSION
                                        .CREATED_AT
                                        .lt(createdBefore)
                                        .or(ACCOUNT_SESSION.SEEN_AT.lt(seenBefore))));
    }

    /// Those of one person, newest first.
    List<Session> of(String login) {
        List<Session> all = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.select(ACCOUNT_SESSION.fields())
                                .from(ACCOUNT_SESSION)
                                .where(ACCOUNT_SESSION.LOGIN.eq(login))
                                .orderBy(ACCOUNT_SESSION.CREATED_AT.desc())
                                .limit(LISTED_MOST))) {
            all.add(session(row));
        }
        return all;
    }

    /// Second factors that are being set up, for the rotation of the master key.
    static SealedColumn sealedPending() {
        return SealedColumn.bytes(
                "second factors being set up",
                ACCOUNT_SESSION,
                List.of(ACCOUNT_SESSION.ID, ACCOUNT_SESSION.LOGIN),
                ACCOUNT_SESSION.PENDING,
                row -> SignInSteps.place(Rows.get(row, ACCOUNT_SESSION.LOGIN)));
    }

    private static Session session(Row row) {
        return new Session(
                Rows.get(row, ACCOUNT_SESSION.ID),
                Rows.get(row, ACCOUNT_SESSION.LOGIN),
                Session.Stage.of(Rows.get(row, ACCOUNT_SESSION.STAGE)),
                Rows.get(row, ACCOUNT_SESSION.FORM_TOKEN),
                Rows.find(row, ACCOUNT_SESSION.PENDING),
                Rows.get(row, ACCOUNT_SESSION.BACK),
                Rows.get(row, ACCOUNT_SESSION.ADDRESS),
                Rows.get(row, ACCOUNT_SESSION.AGENT),
                Rows.get(row, ACCOUNT_SESSION.CREATED_AT),
                Rows.get(row, ACCOUNT_SESSION.SEEN_AT));
    }
}
