package org.yifang;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.data.Migrations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Databases for tests: one server for the whole run, one migrated template, a clone per call. The
/// server runs in a container where a Docker engine answers, else embedded.
public final class TestDatabase {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static @Nullable DatabaseAddress server;
    private static boolean templateReady;

    /// An empty database with every migration applied, of its own.
    public static synchronized DatabaseAddress migrated() {
        if (!templateReady) {
            execute("CREATE DATABASE yifang_template");
            Migrations.apply(named("yifang_template"));
            templateReady = true;
        }
        return clone("yifang_template");
    }

    /// A database with the content of another one, to which nobody may be connected.
    public static synchronized DatabaseAddress clone(String template) {
        String name = "test_" + COUNT.incrementAndGet();
        execute("CREATE DATABASE " + name + " TEMPLATE " + template);
        return named(name);
    }

    /// A database without any table.
    public static synchronized DatabaseAddress empty() {
        String name = "test_" + COUNT.incrementAndGet();
        execute("CREATE DATABASE " + name);
        return named(name);
    }

    private static DatabaseAddress named(String database) {
        DatabaseAddress at = server();
        return new DatabaseAddress(at.host(), at.port(), database, at.user(), at.password());
    }

    private static void execute(String sql) {
        DatabaseAddress at = server();
        try (Connection connection =
                        DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                java.sql.Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static synchronized DatabaseAddress server() {
        if (server == null) {
            server = dockerAnswers() ? container() : embedded();
        }
        return server;
    }

    private static boolean dockerAnswers() {
        boolean wanted = !"embedded".equals(System.getProperty("yifang.test.database"));
        return wanted && DockerClientFactory.instance().isDockerAvailable();
    }

    // Lives as long as the test run; Testcontainers or our stop at exit ends it.
    @SuppressWarnings("resource")
    private static DatabaseAddress container() {
        PostgreSQLContainer container =
                new PostgreSQLContainer("postgres:18")
                        .withCommand(
                                "postgres -c fsync=off -c synchronous_commit=off"
                                        + " -c max_connections=400");
        container.start();
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
        System.out.println("tests run on PostgreSQL in a container");
        return new DatabaseAddress(
                container.getHost(),
                container.getMappedPort(5432),
                "postgres",
                container.getUsername(),
                container.getPassword());
    }

    // Lives as long as the test run; its own hook at exit ends it.
    @SuppressWarnings("resource")
    private static DatabaseAddress embedded() {
        try {
            EmbeddedPostgres postgres =
                    EmbeddedPostgres.builder()
                            .setServerConfig("max_connections", "400")
                            // A busy machine starts it slowly.
                            .setPGStartupWait(Duration.ofMinutes(3))
                            .start();
            System.out.println("tests run on the embedded PostgreSQL");
            return new DatabaseAddress(
                    "localhost", postgres.getPort(), "postgres", "postgres", "postgres");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private TestDatabase() {}
}
