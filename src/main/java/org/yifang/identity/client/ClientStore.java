package org.yifang.identity.client;

import static org.yifang.generated.Tables.CLIENT;
import static org.yifang.generated.Tables.CLIENT_ASSERTION_JTI;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// All SQL that touches the tables `client` and `client_assertion_jti`.
public final class ClientStore {
    private static final Statement FIND =
            Statement.of(p ->
                    SQL.select(CLIENT.fields())
                            .from(CLIENT)
                            .where(CLIENT.ID.eq(p.like(CLIENT.ID))));

    /// A registration as it is written.
    private record Written(Client client, Instant now) {}

    private static final Insert<Written> COLUMNS =
            Insert.into(CLIENT)
                    .set(CLIENT.ID, (Written one) -> one.client().id())
                    .set(CLIENT.REGION, one -> one.client().region())
                    .set(CLIENT.ROLE, one -> one.client().role().code())
                    .set(CLIENT.ORGANIZATION_ID, one -> one.client().organizationId())
                    .set(CLIENT.ORGANIZATION, one -> one.client().organization())
                    .set(CLIENT.REVIEWS_FOR, one -> String.join(" ", one.client().reviewsFor()))
                    .set(CLIENT.SCOPES, one -> String.join(" ", one.client().scopes()))
                    .set(CLIENT.SECRET_HASH, one -> one.client().secretHash())
                    .set(CLIENT.JWKS, one -> one.client().jwks())
                    .set(CLIENT.JWKS_URL, one -> one.client().jwksUrl())
                    .set(CLIENT.ASSERTS_PATIENTS, one -> one.client().assertsPatients())
                    .set(CLIENT.ADDRESSES, one -> String.join(" ", one.client().addresses()))
                    .set(CLIENT.TOKENS_FROM, one -> one.client().tokensFrom())
                    .set(CLIENT.OLD_SECRET_HASH, one -> one.client().oldSecretHash())
                    .set(CLIENT.OLD_SECRET_UNTIL, one -> one.client().oldSecretUntil())
                    .set(CLIENT.DEMONSTRATION, one -> one.client().demonstration())
                    .setOnce(CLIENT.VERSION, one -> one.client().version())
                    .set(CLIENT.ACTIVE, one -> one.client().active())
                    .setOnce(CLIENT.CREATED_AT, Written::now)
                    .set(CLIENT.UPDATED_AT, Written::now);

    private static final Insert<Written> INSERT = COLUMNS.orNothing(CLIENT.ID);

    private static final Insert<Written> SAVE =
            COLUMNS.orReplace(CLIENT.ID).replacing(CLIENT.VERSION, CLIENT.VERSION.plus(1));

    private final Database database;

    public ClientStore(Database database) {
        this.database = database;
    }

    /// The client of that id, whether active or not.
    public Optional<Client> find(String id) {
        var rows = database.run(FIND, id).iterator();
        return rows.hasNext() ? Optional.of(client(rows.next())) : Optional.empty();
    }

    /// The ids of all clients that are active.
    Set<String> active() {
        Set<String> ids = new HashSet<>();
        for (Row row : database.run(SQL.select(CLIENT.ID).from(CLIENT).where(CLIENT.ACTIVE))) {
            ids.add(Rows.get(row, CLIENT.ID));
        }
        return ids;
    }

    /// How many clients of the demonstration there are.
    public int demonstration() {
        return database.run(SQL.select(CLIENT.ID).from(CLIENT).where(CLIENT.DEMONSTRATION))
                .rowCount();
    }

    /// Registers a client, or changes its registration.
    public void save(Client client, Instant now) {
        database.inTransaction(tx -> SAVE.start(tx, new Written(client, now)));
    }

    /// Registers a client; false when its id is taken.
    public boolean insert(Tx tx, Client client, Instant now) {
        return INSERT.start(tx, new Written(client, now)).await().rowCount() == 1;
    }

    /// As [#save] with what else changes.
    public void save(Tx tx, Client client, Instant now) {
        SAVE.start(tx, new Written(client, now));
    }

    /// The client of that id, locked until the transaction ends.
    public Optional<Client> lock(Tx tx, String id) {
        var rows =
                tx.run(SQL.select(CLIENT.fields()).from(CLIENT).where(CLIENT.ID.eq(id)).forUpdate())
                        .iterator();
        return rows.hasNext() ? Optional.of(client(rows.next())) : Optional.empty();
    }

    /// Clients in the order of their ids.
    ///
    /// @param organization only of this one, or null
    /// @param after only greater ids, or null
    public List<Client> page(@Nullable String organization, @Nullable String after, int most) {
        Condition condition = DSL.noCondition();
        if (organization != null) {
            condition = condition.and(CLIENT.ORGANIZATION.eq(organization));
        }
        if (after != null) {
            condition = condition.and(CLIENT.ID.gt(after));
        }
        List<Client> page = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.select(CLIENT.fields())
                                .from(CLIENT)
                                .where(condition)
                                .orderBy(CLIENT.ID)
                                .limit(most))) {
            page.add(client(row));
        }
        return page;
    }

    /// Notes an assertion as used; false when it was used before, by whichever instance.
    boolean useAssertion(String clientId, String jti, Instant expiresAt, Instant now) {
        return database.inTransaction(tx -> {
            var _ =
                    tx.start(
                            SQL.deleteFrom(CLIENT_ASSERTION_JTI)
                                    .where(CLIENT_ASSERTION_JTI.CLIENT_ID.eq(clientId))
                                    .and(CLIENT_ASSERTION_JTI.EXPIRES_AT.lt(now)));
            var added =
                    tx.run(
                            SQL.insertInto(CLIENT_ASSERTION_JTI)
                                    .set(CLIENT_ASSERTION_JTI.CLIENT_ID, clientId)
                                    .set(CLIENT_ASSERTION_JTI.JTI, jti)
                                    .set(CLIENT_ASSERTION_JTI.EXPIRES_AT, expiresAt)
                                    .onConflictDoNothing());
            return added.rowCount() == 1;
        });
    }

    private static Client client(Row row) {
        return new Client(
                Rows.get(row, CLIENT.ID),
                Rows.get(row, CLIENT.REGION),
                Role.of(Rows.get(row, CLIENT.ROLE)),
                Rows.get(row, CLIENT.ORGANIZATION_ID),
                Rows.get(row, CLIENT.ORGANIZATION),
                words(Rows.get(row, CLIENT.REVIEWS_FOR)),
                words(Rows.get(row, CLIENT.SCOPES)),
                Rows.find(row, CLIENT.SECRET_HASH),
                Rows.find(row, CLIENT.JWKS),
                Rows.get(row, CLIENT.ACTIVE),
                Rows.find(row, CLIENT.JWKS_URL),
                Rows.get(row, CLIENT.ASSERTS_PATIENTS),
                words(Rows.get(row, CLIENT.ADDRESSES)),
                Rows.find(row, CLIENT.TOKENS_FROM),
                Rows.find(row, CLIENT.OLD_SECRET_HASH),
                Rows.find(row, CLIENT.OLD_SECRET_UNTIL),
                Rows.get(row, CLIENT.DEMONSTRATION),
                Rows.get(row, CLIENT.VERSION));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    }
}
