package org.yifang.platform.data;

import io.vertx.sqlclient.Row;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

    /// The first of `scripts` that the database has not had yet.
    public Optional<String> missing(List<String> scripts) {
        Set<String> applied = new HashSet<>();
        for (Row row : database.run(Database.SQL.resultQuery(APPLIED))) {
            applied.add(row.getString("script"));
        }
        return scripts.stream().filter(script -> !applied.contains(script)).findFirst();
    }
}
