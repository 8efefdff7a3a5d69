package org.yifang.platform.data;

import io.vertx.sqlclient.Row;

import java.util.Optional;

/// Which migrations the database has had, by Flyway's own account of them.
public final class HistoryViews {
    private static final String APPLIED =
            "select script from flyway_schema_history where success and type = 'SQL'"
                    + " order by installed_rank";

    private final Database database;

    public HistoryViews(Database database) {
        this.database = database;
    }

    /// A migration that this version does not have: a newer one works on the same database.
    public Optional<String> newer() {
        for (Row row : database.run(Database.SQL.resultQuery(APPLIED))) {
            String script = row.getString("script");
            if (HistoryViews.class.getResource("/sql/" + script) == null) {
                return Optional.of(script);
            }
        }
        return Optional.empty();
    }
}
