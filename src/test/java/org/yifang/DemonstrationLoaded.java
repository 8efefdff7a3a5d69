package org.yifang;

import org.yifang.platform.config.DatabaseAddress;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/// Waits for the shelves of the demonstration, which are filled beside the start, and for the past
/// of its prices, which comes last.
final class DemonstrationLoaded {
    private static final Duration LOOK = Duration.ofMillis(250);

    /// So many looks that find nothing new: a batch takes a fraction of one.
    private static final int QUIET = 8;

    private static final int MOST = 1200;

    static void await(DatabaseAddress database) {
        try (Connection connection =
                        DriverManager.getConnection(
                                database.jdbcUrl(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            long before = 0;
            int quiet = 0;
            for (int look = 0; quiet < QUIET; look++) {
                if (look == MOST) {
                    throw new IllegalStateException("the demonstration does not come to its end");
                }
                Thread.sleep(LOOK);
                long now = past(statement);
                quiet = now > 0 && now == before ? quiet + 1 : 0;
                before = now;
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    private static long past(Statement statement) throws SQLException {
        try (ResultSet rows =
                statement.executeQuery(
                        "select count(*) from price_event where observed_at <"
                                + " now() - interval '10 days'")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private DemonstrationLoaded() {}
}
