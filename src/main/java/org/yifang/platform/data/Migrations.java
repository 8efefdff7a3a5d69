package org.yifang.platform.data;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.yifang.platform.config.Config;
import org.yifang.platform.config.DatabaseAddress;

import java.sql.SQLException;

/// Brings a database to the schema of `sql/`. Blocks: call before the service listens.
public final class Migrations {
    private static final int CONNECT_RETRIES = 10;

    /// Applies what is missing; several instances starting at once wait for each other.
    ///
    /// @throws Config.Invalid when the database cannot be used, saying why in one line; nothing was
    ///   changed then
    public static int apply(DatabaseAddress address) {
        return apply(address, CONNECT_RETRIES);
    }

    static int apply(DatabaseAddress address, int connectRetries) {
        try {
            return Flyway.configure()
                    .dataSource(address.jdbcUrl(), address.user(), address.password())
                    .locations("classpath:sql")
                    .sqlMigrationPrefix("V")
                    // Each part has a block of numbers: a later one of a lower block is still new.
                    .outOfOrder(true)
                    .connectRetries(connectRetries)
                    .load()
                    .migrate()
                    .migrationsExecuted;
        } catch (FlywayValidateException otherSchema) {
            throw new Config.Invalid(
                    "The database "
                            + address
                            + " was made by another version of Yifang, whose schema this one cannot"
                            + " continue: start the version that made it, or name another database.");
        } catch (FlywayException failure) {
            throw away(failure)
                    ? new Config.Invalid(
                            "The database "
                                    + address
                                    + " cannot be reached: check YIFANG_DATABASE_URL, the name, the"
                                    + " password and that PostgreSQL runs.")
                    : failure;
        }
    }

    /// Whether no connection could be made (class 08 of SQLSTATE), was allowed (28), or the
    /// database does not exist (3D).
    private static boolean away(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                String kind = sql.getSQLState().substring(0, 2);
                return kind.equals("08") || kind.equals("28") || kind.equals("3D");
            }
        }
        return false;
    }

    private Migrations() {}
}
