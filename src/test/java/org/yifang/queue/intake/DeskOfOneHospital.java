package org.yifang.queue.intake;

import static org.yifang.generated.Tables.QUEUE_TICKET;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;

import org.jooq.Field;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.yifang.TestDatabase;
import org.yifang.audit.event.Audit;
import org.yifang.audit.event.NameSeal;
import org.yifang.platform.Caller;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.queue.live.LiveQueues;
import org.yifang.queue.ticket.Arriving;
import org.yifang.queue.ticket.Arriving.Result;
import org.yifang.queue.ticket.AtTheCounter;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

/// A hospital of its own at the desk that takes events in.
abstract class DeskOfOneHospital {
    static final Instant NOON = Instant.parse("2026-03-02T04:00:00Z");
    static final LocalDate TODAY = LocalDate.of(2026, 3, 2);
    private static Vertx vertx;
    static Database database;

    Instant now = NOON;
    final UUID organization = UUID.randomUUID();
    final String number = "H" + organization.toString().substring(0, 11);
    LiveQueues live;
    QueueDesk desk;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        database = new Database(vertx, TestDatabase.migrated(), 10);
    }

    @AfterAll
    static void close() {
        database.close().await();
        vertx.close().await();
    }

    @BeforeEach
    void open() {
        live = new LiveQueues(database, () -> now);
        Uuid7 ids = new Uuid7(() -> now);
        NameSeal seal = new NameSeal(name -> name, name -> name);
        Audit audit = new Audit(database, seal, ids, "421281");
        desk =
                new QueueDesk(
                        database,
                        audit,
                        () -> now,
                        ids,
                        live,
                        (tx, who, tasks) -> java.util.Map.of(),
                        "421281");
    }

    void tell(
            QueueMoments moments,
            QueueMoments.Prescription prescription,
            QueueMoments.Moment moment,
            Instant at) {
        database.inTransaction(tx -> {
            moments.tell(tx, prescription, moment, at);
            return true;
        });
    }

    List<Result> send(Arriving... events) {
        return desk.receive(caller(), null, List.of(events));
    }

    Caller caller() {
        return AtTheCounter.caller(organization, number);
    }

    Row ticket(String ticket) {
        return row(QUEUE_TICKET.TICKET.eq(ticket));
    }

    Row row(org.jooq.Condition which) {
        return database.run(
                        SQL.select()
                                .from(QUEUE_TICKET)
                                .where(QUEUE_TICKET.ORGANIZATION_ID.eq(organization))
                                .and(which))
                .iterator()
                .next();
    }

    static String text(Row row) {
        return new String(
                Rows.get(row, QUEUE_TICKET.TASK), java.nio.charset.StandardCharsets.UTF_8);
    }

    int count(Table<?> table, Field<@Nullable UUID> of) {
        return database.run(SQL.selectCount().from(table).where(of.eq(organization)))
                .iterator()
                .next()
                .getInteger(0);
    }
}
