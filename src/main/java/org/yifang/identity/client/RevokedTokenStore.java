package org.yifang.identity.client;

import static org.yifang.generated.Tables.TOKEN_REVOKED;
import static org.yifang.platform.data.Database.SQL;

import org.jooq.impl.DSL;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/// All SQL that touches the table `token_revoked`.
final class RevokedTokenStore {
    /// Every instance knows all that were taken back within their quarter of an hour; beyond that
    /// the newest would be missed, so revoking more is refused.
    static final int MOST = 10_000;

    private record Revoked(String jti, Instant expiresAt) {}

    private static final Insert<Revoked> INSERT =
            Insert.into(TOKEN_REVOKED)
                    .set(TOKEN_REVOKED.JTI, Revoked::jti)
                    .set(TOKEN_REVOKED.EXPIRES_AT, Revoked::expiresAt)
                    .orNothing(TOKEN_REVOKED.JTI);

    private static final Statement OF_NOW =
            Statement.of(p ->
                    SQL.select(TOKEN_REVOKED.JTI)
                            .from(TOKEN_REVOKED)
                            .where(TOKEN_REVOKED.EXPIRES_AT.gt(p.like(TOKEN_REVOKED.EXPIRES_AT)))
                            .limit(DSL.inline(MOST)));

    private static final Statement FORGET =
            Statement.of(p ->
                    SQL.deleteFrom(TOKEN_REVOKED)
                            .where(TOKEN_REVOKED.EXPIRES_AT.le(p.like(TOKEN_REVOKED.EXPIRES_AT))));

    private final Database database;

    RevokedTokenStore(Database database) {
        this.database = database;
    }

    /// Ids of the tokens taken back that would be good after a time. Waits.
    Set<String> after(Instant time) {
        Set<String> ids = new HashSet<>();
        database.run(OF_NOW, time).forEach(row -> ids.add(Rows.get(row, TOKEN_REVOKED.JTI)));
        return ids;
    }

    /// Takes a token back; false when there are too many already. Taken back twice is once. Waits.
    boolean add(String jti, Instant expiresAt, Instant now) {
        return database.inTransaction(tx -> {
            tx.start(FORGET, now);
            if (tx.run(OF_NOW, now).rowCount() >= MOST) {
                return false;
            }
            INSERT.start(tx, new Revoked(jti, expiresAt));
            return true;
        });
    }
}
