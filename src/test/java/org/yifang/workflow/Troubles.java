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

    /// Late in a transaction, so that much of it was done already.
    private static final String FULL_DISK =
            """
            create table trouble (full_disk boolean not null);
            insert into trouble values (false);
            create function trouble_full_disk() returns trigger language plpgsql as $$ begin
              if (select full_disk from trouble) then
                raise exception 'no space left on device' using errcode = '53100';
              end if;
              return null;
            end $$;
            """;

    private static final String ON =
            "create constraint trigger trouble_full_disk after insert on %s deferrable initially"
                    + " deferred for each row execute function trouble_full_disk();";

    private final CutConnection way;
    private final Connection connection;
    private final Statement statement;

    /// Before anybody works with the database.
    Troubles(DatabaseAddress address, CutConnection way) throws SQLException {
        this.way = way;
        this.connection =
                DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        this.statement = connection.createStatement();
        statement.execute(
                FULL_DISK + ON.formatted("audit_event") + ON.formatted("prescription_history"));
    }

    void until(Instant end) throws SQLException, InterruptedException {
        while (Instant.now().isBefore(end)) {
            switch (ThreadLocalRandom.current().nextInt(KINDS)) {
                case 0 -> way.sever();
                case 1 -> {
                    statement.execute("update trouble set full_disk = true");
                    Thread.sleep(ThreadLocalRandom.current().nextInt(20, 300));
                    statement.execute("update trouble set full_disk = false");
                }
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

    /// When nobody works with the database any more.
    @Override
    public void close() throws SQLException {
        statement.execute("drop function trouble_full_disk() cascade; drop table trouble");
        connection.close();
    }
}
