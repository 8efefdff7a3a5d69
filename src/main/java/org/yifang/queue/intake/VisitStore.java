package org.yifang.queue.intake;

import static org.yifang.generated.Tables.QUEUE_VISIT;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;
import org.yifang.queue.intake.VisitDesk.StoredVisit;

import java.util.Optional;
import java.util.UUID;

/// All SQL of visits that were sent by themselves.
final class VisitStore {
    private static final Insert<VisitRow> WRITE =
            Insert.into(QUEUE_VISIT)
                    .set(QUEUE_VISIT.ID, (VisitRow told) -> told.kept.id())
                    .setOnce(QUEUE_VISIT.REGION, VisitRow::region)
                    .setOnce(QUEUE_VISIT.ORGANIZATION_ID, VisitRow::organization)
                    .setOnce(QUEUE_VISIT.IDENTIFIER_SYSTEM, told -> told.visit.system())
                    .setOnce(QUEUE_VISIT.IDENTIFIER, VisitRow::number)
                    .set(QUEUE_VISIT.STATUS, told -> told.visit.status())
                    .set(QUEUE_VISIT.STARTED_AT, told -> told.visit.started())
                    .set(QUEUE_VISIT.ENDED_AT, told -> told.visit.ended())
                    .set(QUEUE_VISIT.CONTENT, told -> told.kept.json())
                    .set(QUEUE_VISIT.VERSION, told -> told.kept.version())
                    .setOnce(QUEUE_VISIT.CREATED_AT, told -> told.kept.updatedAt())
                    .set(QUEUE_VISIT.UPDATED_AT, told -> told.kept.updatedAt())
                    .orReplace(QUEUE_VISIT.ID);

    /// A visit as it is to be kept, and whose it is.
    record VisitRow(
            String region, UUID organization, Visit visit, String number, StoredVisit kept) {}

    /// A visit as it was kept before, locked.
    static Optional<StoredVisit> lock(Tx tx, UUID organization, String system, String number) {
        for (Row row :
                tx.run(
                        SQL.select(
                                        QUEUE_VISIT.ID,
                                        QUEUE_VISIT.VERSION,
                                        QUEUE_VISIT.UPDATED_AT,
                                        QUEUE_VISIT.CONTENT)
                                .from(QUEUE_VISIT)
                                .where(QUEUE_VISIT.ORGANIZATION_ID.eq(organization))
                                .and(QUEUE_VISIT.IDENTIFIER_SYSTEM.eq(system))
                                .and(QUEUE_VISIT.IDENTIFIER.eq(number))
                                .limit(1)
                                .forUpdate())) {
            return Optional.of(
                    new StoredVisit(
                            Rows.get(row, QUEUE_VISIT.ID),
                            Rows.get(row, QUEUE_VISIT.CONTENT),
                            Rows.get(row, QUEUE_VISIT.VERSION),
                            Rows.get(row, QUEUE_VISIT.UPDATED_AT),
                            false));
        }
        return Optional.empty();
    }

    static void write(Tx tx, VisitRow told) {
        WRITE.start(tx, told).await();
    }

    private VisitStore() {}
}
