package org.yifang.platform.data;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.internal.exception.FlywayMigrateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.Limits;
import org.yifang.platform.config.Config;
import org.yifang.platform.config.DatabaseAddress;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

/// Brings a database to the schema of `sql/`. Blocks: call before the service listens.
public final class Migrations {
    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

    /// A second each: ten minutes, for the migration of a large table in another instance.
    private static final int LOCK_TRIES = 600;

    private static final Duration PAUSE = Duration.ofSeconds(1);

    /// A statement that took longer than its user may, or that somebody stopped: the next start
    /// would meet it again.
    private static final String CANCELLED = "57014";

    /// Applies what is missing; several instances starting at once wait for each other.
    ///
    /// @throws Config.Invalid when the database cannot be used, saying why in one line; nothing was
    ///   changed then
    /// @throws DatabaseAway when it does not answer for as long as it is tried, goes away
    ///   meanwhile, or is held by another instance for longer than that may take
    public static int apply(DatabaseAddress address) {
        return apply(address, Limits.DATABASE_AT_START);
    }

    static int apply(DatabaseAddress address, Duration patience) {
        return apply(address, patience, LOCK_TRIES);
    }

    static int apply(DatabaseAddress address, Duration patience, int lockTries) {
        awaitConnection(address, patience);
        try {
            return Flyway.configure()
                    .dataSource(address.jdbcUrl(), address.user(), address.password())
                    .locations("classpath:sql")
                    .sqlMigrationPrefix("V")
                    // Each part has a block of numbers: a later one of a lower block is still new.
                    .outOfOrder(true)
                    // The version before starts on the database of this one.
                    .ignoreMigrationPatterns("*:missing", "*:future")
                    // Instances that start at once on an empty database wait for each other.
                    .lockRetryCount(lockTries)
                    .load()
                    .migrate()
                    .migrationsExecuted;
        } catch (FlywayValidateException otherSchema) {
            throw new Config.Invalid(
                    "The database "
                            + address
                            + " was made by another version of Yifang, whose schema this one cannot"
                            + " continue: start the version that made it, or name another "
                            + "database.");
        } catch (FlywayException failure) {
            throw reason(address, failure);
        }
    }

    /// What is thrown when the database was not brought up to date.
    private static RuntimeException reason(DatabaseAddress address, FlywayException failure) {
        if (isAway(failure)) {
            return new DatabaseAway(
                    "The database "
                            + address
                            + " went away while it was brought up to date: "
                            + firstLine(failure)
                            + ". What was not finished is rolled back, and the next start goes on"
                            + " from there.");
        }
        if (isLockHeld(failure)) {
            return new DatabaseAway(
                    "The database "
                            + address
                            + " is still being brought up to date by another instance, or keeps the"
                            + " lock of one whose connection broke: a later start goes on.");
        }
        return new Config.Invalid(
                failure instanceof FlywayMigrateException
                        ? "A migration of the database "
                                + address
                                + " failed and was rolled back: "
                                + firstLine(failure)
                                + ". The version before goes on working on it."
                        : "The database "
                                + address
                                + " cannot be brought up to date: "
                                + firstLine(failure)
                                + ".");
    }

    private static boolean isAway(FlywayException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException refused
                    && mayCome(refused)
                    && !CANCELLED.equals(refused.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    /// Flyway tells by its message alone that it asked for its lock as often as it may.
    private static boolean isLockHeld(FlywayException failure) {
        return String.valueOf(failure.getMessage()).startsWith("Number of retries exceeded");
    }

    private static String firstLine(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return String.valueOf(deepest.getMessage()).lines().findFirst().orElse("no reason given");
    }

    /// Waits for a database that is away, and says so; one that refuses us is not asked again.
    private static void awaitConnection(DatabaseAddress address, Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        for (boolean told = false; ; told = true) {
            try {
                DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password())
                        .close();
                return;
            } catch (SQLException failure) {
                if (!mayCome(failure)) {
                    throw new Config.Invalid(reason(address, failure));
                }
                if (System.nanoTime() > until) {
                    throw new DatabaseAway(reason(address, failure));
                }
                if (!told) {
                    LOG.info(
                            "the database {} does not answer yet; it is tried for {} s",
                            address,
                            patience.toSeconds());
                }
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new Config.Invalid("The start was ended while it waited for the database.");
            }
        }
    }

    /// Whether waiting helps: no connection (class 08 of SQLSTATE), too many (53), starting (57).
    private static boolean mayCome(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return state.startsWith("08") || state.startsWith("53") || state.startsWith("57");
    }

    private static String reason(DatabaseAddress address, SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        String why =
                switch (state.substring(0, 2)) {
                    case "28" ->
                            " refuses the user `"
                                    + address.user()
                                    + "`: check YIFANG_DATABASE_USER and YIFANG_DATABASE_PASSWORD"
                                    + " (or both in YIFANG_DATABASE_URL), and pg_hba.conf.";
                    case "3D" ->
                            " does not exist on that server: make it (`createdb`), or name another"
                                    + " by YIFANG_DATABASE_URL.";
                    case "08", "53", "57" ->
                            " cannot be reached: check YIFANG_DATABASE_URL, the name and that"
                                    + " PostgreSQL runs and lets this machine in.";
                    default -> " cannot be used: " + firstLine(failure) + ".";
                };
        return "The database " + address + why;
    }

    private Migrations() {}
}
