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
    private static final int MOST = 1200;

    /// Each pharmacy has had four prices of before; today's are at most ten hours old.
    private static final String PHARMACIES_WITHOUT_PAST =
            """
            select count(*) from organization o where o.kind = 'pharmacy' and 4 >
            (select count(distinct e.observed_at) from price_event e where e.pharmacy_id = o.id
             and e.observed_at < now() - interval '11 hours')
            """;

    static void await(DatabaseAddress database) {
        try (Connection connection =
                        DriverManager.getConnection(
                                database.jdbcUrl(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            for (int look = 0; pharmaciesWithoutPast(statement) > 0; look++) {
                if (look == MOST) {
                    throw new IllegalStateException("the demonstration does not come to its end");
                }
                Thread.sleep(LOOK);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    private static long pharmaciesWithoutPast(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery(PHARMACIES_WITHOUT_PAST)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private DemonstrationLoaded() {}
}
