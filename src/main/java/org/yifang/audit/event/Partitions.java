package org.yifang.audit.event;

import org.jooq.Query;
import org.jooq.impl.DSL;
import org.yifang.platform.data.Database;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;

/// Makes the partitions of the log's months before the first event of them comes.
public final class Partitions {
    /// Makes those of this month and the next ones, by UTC; twice is once.
    public static void make(Database database, Instant now) {
        YearMonth month = YearMonth.from(now.atOffset(ZoneOffset.UTC));
        for (int ahead = 0; ahead < AuditLimits.MONTHS_AHEAD; ahead++) {
            for (String table : List.of("audit_event", "audit_further_entity")) {
                database.run(partition(table, month.plusMonths(ahead)));
            }
        }
    }

    private static Query partition(String table, YearMonth month) {
        return Database.SQL.query(
                "create table if not exists {0} partition of {1} for values from ({2}) to ({3})",
                DSL.table(table + "_p%d%02d".formatted(month.getYear(), month.getMonthValue())),
                DSL.table(table),
                DSL.inline(month + "-01T00:00:00Z"),
                DSL.inline(month.plusMonths(1) + "-01T00:00:00Z"));
    }

    private Partitions() {}
}
