package org.yifang.platform;

import org.flywaydb.core.Flyway;

/// Brings a database to the schema of `sql/`. Blocks: call before the service listens.
public final class Migrations {
    /// Applies what is missing; several instances starting at once wait for each other.
    public static int apply(DatabaseAddress address) {
        return Flyway.configure()
                .dataSource(address.jdbcUrl(), address.user(), address.password())
                .locations("classpath:sql")
                .sqlMigrationPrefix("V")
                // Each part has a block of numbers: a later one of a lower block is still new.
                .outOfOrder(true)
                .connectRetries(10)
                .load()
                .migrate()
                .migrationsExecuted;
    }

    private Migrations() {}
}
