package org.yifang.audit.event;

import org.jooq.Query;
import org.jooq.impl.DSL;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Fault;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;

/// Makes the partitions of the log's months before the first event of them comes.
public final class PartitionStore {
    private static final String HAS_ROWS = "23514";

    /// Makes those of this month and the next ones, by UTC; twice is once.
    public static void make(Database database, Instant now) {
        YearMonth month = YearMonth.from(now.atOffset(ZoneOffset.UTC));
        for (int ahead = 0; ahead < AuditLimits.MONTHS_AHEAD; ahead++) {
            for (String table : List.of("audit_event", "audit_further_entity")) {
                make(database, table, month.plusMonths(ahead));
            }
        }
    }

    /// A month that has rows already, of a clock that was wrong, stays where they are.
    private static void make(Database database, String table, YearMonth month) {
        try {
            database.run(partition(table, month));
        } catch (RuntimeException failure) {
            if (!HAS_ROWS.equals(Fault.state(failure))) {
                throw failure;
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

    private PartitionStore() {}
}
