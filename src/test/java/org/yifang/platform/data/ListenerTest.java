package org.yifang.platform.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.table;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Vertx;

import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

class ListenerTest {
    /// Otherwise a copy in memory stays old when its row was changed between the copy's first
    /// reading and the first moment of hearing, or while the connection was gone.
    @Test
    void whoever_listens_is_told_when_hearing_begins_and_begins_again() {
        Vertx vertx = Vertx.vertx();
        Database database = new Database(vertx, TestDatabase.migrated(), 2);
        AtomicInteger begun = new AtomicInteger();
        List<String> heard = new CopyOnWriteArrayList<>();
        try (Listener _ = database.listen("proof", begun::incrementAndGet, heard::add)) {
            await().untilAtomic(begun, is(1));
            tell(database, "first");
            await().untilAsserted(() -> assertThat(heard).containsExactly("first"));
            cutListeners(database);
            await().untilAtomic(begun, is(2));
            tell(database, "second");
            await().untilAsserted(() -> assertThat(heard).containsExactly("first", "second"));
        } finally {
            database.close().await();
            vertx.close().await();
        }
    }

    private static void tell(Database database, String what) {
        database.run(SQL.select(field("pg_notify('proof', {0})", what)));
    }

    private static void cutListeners(Database database) {
        database.run(
                SQL.select(field("pg_terminate_backend(pid)", Boolean.class))
                        .from(table("pg_stat_activity"))
                        .where(
                                condition(
                                        "datname = current_database() and query ilike 'LISTEN%'")));
    }
}
