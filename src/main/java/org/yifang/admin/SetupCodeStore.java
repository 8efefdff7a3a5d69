package org.yifang.admin;

import static org.yifang.generated.Tables.SETUP_CODE;
import static org.yifang.platform.data.Database.SQL;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;

import java.time.Instant;

/// All SQL that touches the table `setup_code`, which holds hashes of codes alone.
final class SetupCodeStore {
    /// How a code stands.
    record Standing(boolean used, Instant expiresAt) {}

    private record Code(byte[] hash, Instant expiresAt) {}

    private static final Insert<Code> INSERT =
            Insert.into(SETUP_CODE)
                    .set(SETUP_CODE.CODE_HASH, Code::hash)
                    .set(SETUP_CODE.EXPIRES_AT, Code::expiresAt);

    private final Database database;

    SetupCodeStore(Database database) {
        this.database = database;
    }

    /// Puts a code in the place of one that was not used.
    void renew(byte[] before, byte[] code, Instant expiresAt) {
        database.inTransaction(tx -> {
            tx.run(
                    SQL.deleteFrom(SETUP_CODE)
                            .where(SETUP_CODE.CODE_HASH.eq(before))
                            .and(SETUP_CODE.USED_AT.isNull()));
            return INSERT.start(tx, new Code(code, expiresAt));
        });
    }

    /// How a code stands; null when it is none.
    @Nullable Standing find(byte[] code) {
        var rows =
                database.run(
                                SQL.select(SETUP_CODE.USED_AT, SETUP_CODE.EXPIRES_AT)
                                        .from(SETUP_CODE)
                                        .where(SETUP_CODE.CODE_HASH.eq(code)))
                        .iterator();
        if (!rows.hasNext()) {
            return null;
        }
        var row = rows.next();
        return new Standing(
                Rows.find(row, SETUP_CODE.USED_AT) != null, Rows.get(row, SETUP_CODE.EXPIRES_AT));
    }

    /// Uses a code up; false when it is used or over. Of two at once one takes it, and the codes of
    /// other instances have done their service, too.
    boolean take(Tx tx, byte[] code, Instant now) {
        int taken =
                tx.run(
                                SQL.update(SETUP_CODE)
                                        .set(SETUP_CODE.USED_AT, now)
                                        .where(SETUP_CODE.CODE_HASH.eq(code))
                                        .and(SETUP_CODE.USED_AT.isNull())
                                        .and(SETUP_CODE.EXPIRES_AT.gt(now)))
                        .rowCount();
        if (taken != 1) {
            return false;
        }
        tx.run(
                SQL.update(SETUP_CODE)
                        .set(SETUP_CODE.USED_AT, now)
                        .where(SETUP_CODE.USED_AT.isNull()));
        return true;
    }
}
