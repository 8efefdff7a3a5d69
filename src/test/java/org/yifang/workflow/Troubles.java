package org.yifang.workflow;

import org.yifang.CutConnection;
import org.yifang.platform.config.DatabaseAddress;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/// What happens to a database at work: sessions end, the way to it breaks, and its disk is full for
/// some moments.
final class Troubles implements AutoCloseable {
    private static final int KINDS = 12;

    private final CutConnection way;
    private final Connection connection;
    private final Statement statement;

    Troubles(DatabaseAddress address, CutConnection way) throws SQLException {
        this.way = way;
        this.connection =
                DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        this.statement = connection.createStatement();
        statement.execute(
                "create or replace function trouble_full_disk() returns trigger language plpgsql as"
                        + " $$ begin raise exception 'no space left on device' using errcode ="
                        + " '53100'; end $$");
    }

    void until(Instant end) throws SQLException, InterruptedException {
        while (Instant.now().isBefore(end)) {
            switch (ThreadLocalRandom.current().nextInt(KINDS)) {
                case 0 -> way.sever();
                case 1 -> full("audit_event");
                case 2 -> full("prescription_history");
                default ->
                        statement
                                .executeQuery(
                                        "select count(pg_terminate_backend(pid)) from (select pid"
                                                + " from pg_stat_activity where datname ="
                                                + " current_database() and pid <> pg_backend_pid()"
                                                + " order by random() limit 2) chosen")
                                .close();
            }
            Thread.sleep(ThreadLocalRandom.current().nextInt(20, 200));
        }
    }

    /// Late in a transaction, so that much of it was done already.
    private void full(String table) throws SQLException, InterruptedException {
        statement.execute(
                "create constraint trigger trouble_full_disk after insert on "
                        + table
                        + " deferrable initially deferred for each row execute function"
                        + " trouble_full_disk()");
        Thread.sleep(ThreadLocalRandom.current().nextInt(20, 300));
        statement.execute("drop trigger trouble_full_disk on " + table);
    }

    @Override
    public void close() throws SQLException {
        statement.execute("drop function trouble_full_disk()");
        connection.close();
    }
}
