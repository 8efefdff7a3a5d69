package org.yifang.audit.event;

import org.jooq.Query;
import org.jooq.impl.DSL;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Fault;
import org.yifang.platform.data.Tx;

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

    /// A month that has rows already, of a clock that was wrong, stays where they are. One instance
    /// after the other: of two that make the same table at once, PostgreSQL refuses one, even where
    /// it is to be made only if there is none.
    private static void make(Database database, String table, YearMonth month) {
        try {
            database.inTransaction(tx -> {
                tx.takeTurn("months of " + table);
                return isThere(tx, name(table, month)) ? null : tx.run(partition(table, month));
            });
        } catch (RuntimeException failure) {
            if (!HAS_ROWS.equals(Fault.state(failure))) {
                throw failure;
            }
        }
    }

    private static String name(String table, YearMonth month) {
        return table + "_p%d%02d".formatted(month.getYear(), month.getMonthValue());
    }

    private static boolean isThere(Tx tx, String name) {
        Query question =
                Database.SQL.select(
                        DSL.field("to_regclass({0})::text", String.class, DSL.val(name)));
        return tx.run(question).iterator().next().getValue(0) != null;
    }

    private static Query partition(String table, YearMonth month) {
        return Database.SQL.query(
                "create table {0} partition of {1} for values from ({2}) to ({3})",
                DSL.table(name(table, month)),
                DSL.table(table),
                DSL.inline(month + "-01T00:00:00Z"),
                DSL.inline(month.plusMonths(1) + "-01T00:00:00Z"));
    }

    private PartitionStore() {}
}
