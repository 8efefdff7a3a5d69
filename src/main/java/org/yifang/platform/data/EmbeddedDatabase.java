package org.yifang.platform.data;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.config.Config;
import org.yifang.platform.config.DatabaseAddress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A PostgreSQL that the service brings along, so that one command runs everything. Its data last:
/// it writes through to the disk like any other.
public final class EmbeddedDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);

    private final EmbeddedPostgres postgres;
    private final FileChannel lockFile;
    private final FileLock lock;

    private EmbeddedDatabase(EmbeddedPostgres postgres, FileChannel lockFile, FileLock lock) {
        this.postgres = postgres;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /// Starts it on a folder, initialised at the first start. Blocks for about a second.
    ///
    /// @throws Config.Invalid when another service already runs on the same folder
    public static EmbeddedDatabase start(Path folder) {
        try {
            Path data = Files.createDirectories(folder).toAbsolutePath().resolve("postgresql");
            FileChannel lockFile =
                    FileChannel.open(
                            folder.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            FileLock lock = lockFile.tryLock();
            if (lock == null) {
                lockFile.close();
                throw new Config.Invalid(
                        "Another Yifang runs on the folder `"
                                + folder
                                + "`: stop it, or give this one another folder by YIFANG_DATA.");
            }
            stopOrphan(data);
            EmbeddedPostgres postgres =
                    EmbeddedPostgres.builder()
                            .setDataDirectory(data)
                            .setCleanDataDirectory(false)
                            .setOverrideWorkingDirectory(folder.resolve("binaries").toFile())
                            .setRegisterShutdownHook(false)
                            .setServerConfig("fsync", "on")
                            .setServerConfig("synchronous_commit", "on")
                            .setServerConfig("full_page_writes", "on")
                            .setServerConfig("max_connections", "100")
                            .setServerConfig("shared_buffers", "256MB")
                            .setServerConfig("max_wal_size", "2GB")
                            .setServerConfig("checkpoint_timeout", "15min")
                            .setServerConfig("listen_addresses", "127.0.0.1")
                            .setPGStartupWait(Duration.ofSeconds(60))
                            .setOutputRedirector(
                                    ProcessBuilder.Redirect.appendTo(
                                            folder.resolve("postgresql.log").toFile()))
                            .setErrorRedirector(
                                    ProcessBuilder.Redirect.appendTo(
                                            folder.resolve("postgresql.log").toFile()))
                            .start();
            EmbeddedDatabase started = new EmbeddedDatabase(postgres, lockFile, lock);
            started.assertDurable();
            return started;
        } catch (IOException failure) {
            throw new Config.Invalid(
                    "The embedded PostgreSQL in `"
                            + folder
                            + "` does not start: "
                            + failure.getMessage()
                            + ". Its log is `"
                            + folder.resolve("postgresql.log")
                            + "`.");
        }
    }

    /// A JVM that was killed leaves its postmaster behind; no other can open the folder before that
    /// one is gone. We hold the lock, so nobody uses it.
    private static void stopOrphan(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
        ProcessHandle process = ProcessHandle.of(pid).orElse(null);
        boolean postgres =
                process != null && process.info().command().orElse("postgres").contains("postgres");
        if (process == null || !postgres) {
            return;
        }
        LOG.info("stopping the PostgreSQL that an earlier run left behind (process {})", pid);
        process.destroy();
        try {
            process.onExit().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException slow) {
            process.destroyForcibly();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void assertDurable() {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                java.sql.Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW fsync")) {
            row.next();
            if (!"on".equals(row.getString(1))) {
                throw new IllegalStateException("The embedded PostgreSQL runs without fsync.");
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("The embedded PostgreSQL does not answer.", failure);
        }
    }

    public DatabaseAddress address() {
        return new DatabaseAddress("127.0.0.1", postgres.getPort(), "postgres", "postgres", "");
    }

    @Override
    public void close() {
        try {
            postgres.close();
            lock.release();
            lockFile.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
