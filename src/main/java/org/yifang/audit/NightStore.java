package org.yifang.audit;

import static org.yifang.generated.Tables.AUDIT_CHECK;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/// Which nights were checked, over all instances.
final class NightStore {
    /// A check that ended.
    record Ended(LocalDate night, Instant at, int findings) {}

    /// Twice what one question of a check may take.
    private static final Duration DEAD_AFTER = Duration.ofHours(4);

    private final Database database;

    NightStore(Database database) {
        this.database = database;
    }

    /// The last check that ended.
    Optional<Ended> last() {
        for (Row row :
                database.run(
                        SQL.select(AUDIT_CHECK.NIGHT, AUDIT_CHECK.ENDED_AT, AUDIT_CHECK.FINDINGS)
                                .from(AUDIT_CHECK)
                                .where(AUDIT_CHECK.ENDED_AT.isNotNull())
                                .orderBy(AUDIT_CHECK.NIGHT.desc())
                                .limit(1))) {
            return Optional.of(
                    new Ended(
                            Rows.get(row, AUDIT_CHECK.NIGHT),
                            Rows.get(row, AUDIT_CHECK.ENDED_AT),
                            Rows.get(row, AUDIT_CHECK.FINDINGS)));
        }
        return Optional.empty();
    }

    /// Whether this instance is the one that checks this night; one that began long ago and did not
    /// end has died.
    boolean take(LocalDate night, Instant now) {
        return database.run(
                                SQL.insertInto(AUDIT_CHECK)
                                        .set(AUDIT_CHECK.NIGHT, night)
                                        .set(AUDIT_CHECK.STARTED_AT, now)
                                        .onConflict(AUDIT_CHECK.NIGHT)
                                        .doUpdate()
                                        .set(AUDIT_CHECK.STARTED_AT, now)
                                        .where(AUDIT_CHECK.ENDED_AT.isNull())
                                        .and(AUDIT_CHECK.STARTED_AT.lt(now.minus(DEAD_AFTER))))
                        .rowCount()
                > 0;
    }

    void end(LocalDate night, long compared, int findings, Instant now) {
        database.run(
                SQL.update(AUDIT_CHECK)
                        .set(AUDIT_CHECK.ENDED_AT, now)
                        .set(AUDIT_CHECK.COMPARED, compared)
                        .set(AUDIT_CHECK.FINDINGS, findings)
                        .where(AUDIT_CHECK.NIGHT.eq(night)));
    }
}
