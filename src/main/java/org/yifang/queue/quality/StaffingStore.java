package org.yifang.queue.quality;

import static org.yifang.generated.Tables.QUEUE;
import static org.yifang.generated.Tables.QUEUE_TICKET;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Reads what staffing of a queue is reckoned from: how many come in each hour of the day, and how
/// long serving one takes.
public final class StaffingStore {
    /// Fewer services say nothing of how long one takes.
    private static final int SERVICES_LEAST = 30;

    private static final int HOURS_MOST = 100_000;

    private static final Field<Integer> HOUR =
            DSL.field(
                            "extract(hour from {0} AT TIME ZONE 'Asia/Shanghai')::int",
                            Integer.class, QUEUE_TICKET.JOINED)
                    .as("hour");

    private final Database database;

    public StaffingStore(Database database) {
        this.database = database;
    }

    /// One queue with its hours added up.
    private static final class Draft {
        final UUID organization;
        final String code;
        int busiestHour;
        double arrivals;
        long served;
        double seconds;

        Draft(UUID organization, String code) {
            this.organization = organization;
            this.code = code;
        }
    }

    /// The queues whose service times are told in the days `from` to `to`. Waits.
    ///
    /// @param organization id of the Organization, null for all
    public List<Staffing> report(@Nullable UUID organization, LocalDate from, LocalDate to) {
        Condition ended =
                QUEUE_TICKET.SERVICE_START.isNotNull().and(QUEUE_TICKET.SERVICE_END.isNotNull());
        Field<Integer> came = DSL.count().as("came");
        Field<Integer> days = DSL.countDistinct(QUEUE_TICKET.DAY).as("days");
        Field<Integer> served = DSL.count().filterWhere(ended).as("served");
        Field<Double> seconds =
                DSL.field(
                                "coalesce(sum(extract(epoch from {0} - {1})), 0)::double precision",
                                Double.class, QUEUE_TICKET.SERVICE_END, QUEUE_TICKET.SERVICE_START)
                        .as("seconds");
        Map<UUID, Draft> drafts = new LinkedHashMap<>();
        for (Row row :
                database.run(
                        SQL.select(
                                        QUEUE.ID,
                                        QUEUE.ORGANIZATION_ID,
                                        QUEUE.CODE,
                                        HOUR,
                                        came,
                                        days,
                                        served,
                                        seconds)
                                .from(QUEUE_TICKET)
                                .join(QUEUE)
                                .on(QUEUE.ID.eq(QUEUE_TICKET.QUEUE_ID))
                                .where(
                                        organization == null
                                                ? DSL.noCondition()
                                                : QUEUE_TICKET.ORGANIZATION_ID.eq(organization))
                                .and(QUEUE_TICKET.DAY.between(from, to))
                                .and(QUEUE_TICKET.JOINED.isNotNull())
                                .and(QUEUE_TICKET.EXCLUSION.isNull())
                                .groupBy(QUEUE.ID, QUEUE.ORGANIZATION_ID, QUEUE.CODE, HOUR)
                                .orderBy(QUEUE.ORGANIZATION_ID, QUEUE.CODE, HOUR)
                                .limit(HOURS_MOST))) {
            Draft draft =
                    drafts.computeIfAbsent(
                            Rows.get(row, QUEUE.ID),
                            _ ->
                                    new Draft(
                                            Rows.get(row, QUEUE.ORGANIZATION_ID),
                                            Rows.get(row, QUEUE.CODE)));
            double perDay = Rows.get(row, came) / (double) Rows.get(row, days);
            if (perDay > draft.arrivals) {
                draft.arrivals = perDay;
                draft.busiestHour = Rows.get(row, HOUR);
            }
            draft.served += Rows.get(row, served);
            draft.seconds += Rows.get(row, seconds);
        }
        List<Staffing> told = new ArrayList<>();
        for (Draft draft : drafts.values()) {
            if (draft.served >= SERVICES_LEAST && draft.seconds > 0) {
                told.add(
                        new Staffing(
                                draft.organization,
                                draft.code,
                                draft.busiestHour,
                                draft.arrivals,
                                draft.seconds / draft.served));
            }
        }
        return told;
    }
}
