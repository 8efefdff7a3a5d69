package org.yifang.platform.data;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.Limits;
import org.yifang.platform.config.Config;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.operate.Lasting;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A PostgreSQL that the service brings along, so that one command runs everything. Its data last:
/// it writes through to the disk like any other. When it dies it is started again.
public final class EmbeddedDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);

    private final EmbeddedServer server;
    private final FileChannel lockFile;
    private final FileLock lock;
    private volatile @Nullable Thread watch;
    private volatile boolean closing;

    private EmbeddedDatabase(EmbeddedServer server, FileChannel lockFile, FileLock lock) {
        this.server = server;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /// Starts it on a folder, initialised at the first start. Blocks for about a second.
    ///
    /// @throws Config.Invalid when another service already runs on the same folder, or nothing can
    ///   be written there
    public static EmbeddedDatabase start(Path folder) {
        FileChannel lockFile = null;
        try {
            Files.createDirectories(folder);
            lockFile =
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
            EmbeddedServer server = EmbeddedServer.prepare(folder.toAbsolutePath());
            server.stopOrphan();
            server.start();
            EmbeddedDatabase started = new EmbeddedDatabase(server, lockFile, lock);
            started.watch = Lasting.startPlatform("postgresql-watch", started::watch);
            return started;
        } catch (IOException failure) {
            close(lockFile);
            throw new Config.Invalid(reason(folder, failure));
        } catch (Exception failure) {
            close(lockFile);
            throw failure;
        }
    }

    private static void close(@Nullable FileChannel lockFile) {
        try {
            if (lockFile != null) {
                lockFile.close();
            }
        } catch (IOException ignored) {
            // It ends with the process anyway.
        }
    }

    private static String reason(Path folder, IOException failure) {
        return failure instanceof FileSystemException
                ? unusable(folder, failure)
                : "The embedded PostgreSQL in `"
                        + folder
                        + "` does not start: "
                        + failure.getMessage()
                        + ". Its log is `"
                        + folder.resolve(EmbeddedServer.LOG_FILE)
                        + "`.";
    }

    /// Looks whether the service can keep files in its data folder, which is made when missing.
    ///
    /// @throws Config.Invalid saying in one line why not
    public static void requireWritable(Path data) {
        try {
            Files.createDirectories(data);
            Files.delete(Files.createTempFile(data, "writable", ""));
        } catch (IOException failure) {
            throw new Config.Invalid(unusable(data, failure));
        }
    }

    /// Says in one line why a data folder is none.
    private static String unusable(Path folder, IOException failure) {
        String why =
                switch (failure) {
                    case AccessDeniedException _ -> "this user may not write there";
                    case FileAlreadyExistsException _ -> "it is a file";
                    case FileSystemException system when system.getReason() != null ->
                            system.getReason();
                    default -> failure.getClass().getSimpleName();
                };
        return "YIFANG_DATA is `"
                + folder
                + "`; it must be a folder that this service can write to ("
                + why
                + ").";
    }

    /// Starts it again whenever it ends without having been asked to: after a `kill -9`, or a PANIC
    /// because the disk was full. Calls meanwhile are answered 503.
    private void watch() {
        int failures = 0;
        while (!closing) {
            try {
                CompletableFuture<ProcessHandle> ended = server.ended();
                if (ended != null) {
                    ended.get();
                }
                if (closing) {
                    return;
                }
                LOG.error("the embedded PostgreSQL has ended by itself; it is started again");
                // Its own processes notice within moments that the first of them is gone.
                TimeUnit.MILLISECONDS.sleep(500);
                server.start();
                LOG.warn("the embedded PostgreSQL runs again");
                failures = 0;
            } catch (InterruptedException stop) {
                return;
            } catch (Exception failure) {
                Duration rest = rest(failures++);
                LOG.error(
                        "the embedded PostgreSQL does not start: {}; the next try is in {} s",
                        failure.getMessage(),
                        rest.toSeconds());
                if (!pause(rest)) {
                    return;
                }
            }
        }
    }

    /// Short at first, while the processes of the ended one are still going.
    private static Duration rest(int failures) {
        Duration longest = Limits.DATABASE_RESTART_PAUSE;
        return failures < longest.toSeconds() ? Duration.ofSeconds(1) : longest;
    }

    private static boolean pause(Duration rest) {
        try {
            Thread.sleep(rest);
            return true;
        } catch (InterruptedException stop) {
            return false;
        }
    }

    public DatabaseAddress address() {
        return server.address();
    }

    @Override
    public void close() {
        closing = true;
        Thread watching = watch;
        try {
            if (watching != null) {
                watching.interrupt();
                watching.join(TimeUnit.SECONDS.toMillis(2));
            }
            server.stop();
            lock.release();
            lockFile.close();
        } catch (IOException failure) {
            LOG.warn("the embedded PostgreSQL did not stop cleanly: {}", failure.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
