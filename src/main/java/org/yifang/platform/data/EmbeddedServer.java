package org.yifang.platform.data;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.config.DatabaseAddress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One PostgreSQL server on a folder of our own: made, started, found when left behind, stopped.
final class EmbeddedServer {
    static final String LOG_FILE = "postgresql.log";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);
    private static final String PASSWORD_FILE = "postgresql-password";
    private static final String ACCESS_FILE = "postgresql-access";

    /// Only from this machine, and only with the password that stands in our folder: another user
    /// of the machine has no business in the database, where the wrapped keys lie.
    private static final String ACCESS = "host all all 127.0.0.1/32 scram-sha-256\n";

    /// What never changes, and is never turned off.
    private static final Map<String, String> SETTINGS =
            Map.ofEntries(
                    Map.entry("fsync", "on"),
                    Map.entry("synchronous_commit", "on"),
                    Map.entry("full_page_writes", "on"),
                    Map.entry("max_connections", "100"),
                    Map.entry("shared_buffers", "256MB"),
                    Map.entry("max_wal_size", "2GB"),
                    Map.entry("checkpoint_timeout", "15min"),
                    Map.entry("password_encryption", "scram-sha-256"),
                    Map.entry("unix_socket_directories", ""),
                    Map.entry("listen_addresses", "127.0.0.1"));

    private final Path folder;
    private final Path data;
    private final PostgresBinaries binaries;
    private final int port;
    private String password = "";

    private EmbeddedServer(Path folder, PostgresBinaries binaries, int port) {
        this.folder = folder;
        this.data = folder.resolve("postgresql");
        this.binaries = binaries;
        this.port = port;
    }

    /// Unpacks the programs and chooses the port, which stays the same over restarts.
    static EmbeddedServer prepare(Path folder) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new EmbeddedServer(
                    folder,
                    PostgresBinaries.unpack(folder.resolve("binaries")),
                    socket.getLocalPort());
        }
    }

    DatabaseAddress address() {
        return new DatabaseAddress("127.0.0.1", port, "postgres", "postgres", password);
    }

    /// A JVM that was killed leaves its postmaster behind; no other can open the folder before that
    /// one is gone. The caller holds the lock, so nobody uses it.
    void stopOrphan() throws IOException {
        ProcessHandle orphan = postmaster();
        if (orphan == null) {
            return;
        }
        LOG.info("stopping the PostgreSQL that an earlier run left behind ({})", orphan.pid());
        stop();
    }

    /// Starts it and returns when it takes connections.
    void start() throws IOException {
        boolean fresh = !Files.exists(data.resolve("PG_VERSION"));
        boolean secret = Files.exists(folder.resolve(PASSWORD_FILE));
        password = secret ? Files.readString(folder.resolve(PASSWORD_FILE)).strip() : newPassword();
        Files.writeString(folder.resolve(ACCESS_FILE), ACCESS);
        if (fresh) {
            initialise();
        } else if (!secret) {
            // Made by a version that let every local user in.
            setPassword();
        }
        List<String> options = new ArrayList<>(List.of("-p", String.valueOf(port)));
        SETTINGS.forEach((name, value) -> options.add("-c " + name + "='" + value + "'"));
        options.add("-c hba_file='" + folder.resolve(ACCESS_FILE) + "'");
        run(
                60,
                null,
                "pg_ctl",
                "start",
                "-w",
                "-s",
                "-t",
                "60",
                "-D",
                data.toString(),
                "-l",
                folder.resolve(LOG_FILE).toString(),
                "-o",
                String.join(" ", options));
    }

    private void initialise() throws IOException {
        run(
                120,
                null,
                "initdb",
                "--auth=scram-sha-256",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--pwfile=" + folder.resolve(PASSWORD_FILE),
                "--pgdata=" + data);
    }

    private String newPassword() throws IOException {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        String made = HexFormat.of().formatHex(random);
        Path file = folder.resolve(PASSWORD_FILE);
        Files.deleteIfExists(file);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(file, made);
        return made;
    }

    /// Without a server that anybody could talk to.
    private void setPassword() throws IOException {
        run(
                60,
                "ALTER USER postgres PASSWORD '" + password + "'\n",
                "postgres",
                "--single",
                "-D",
                data.toString(),
                "postgres");
    }

    /// Completes when the server has ended; null when there is none.
    @Nullable CompletableFuture<ProcessHandle> ended() throws IOException {
        ProcessHandle running = postmaster();
        return running == null ? null : running.onExit();
    }

    private @Nullable ProcessHandle postmaster() throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return null;
        }
        long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                // The number may belong to another process by now.
                .filter(process -> process.info().command().orElse("postgres").contains("postgres"))
                .orElse(null);
    }

    /// Stops it as fast as is clean, and in any case.
    void stop() throws IOException {
        ProcessHandle running = postmaster();
        if (running == null) {
            return;
        }
        try {
            run(20, null, "pg_ctl", "stop", "-s", "-m", "fast", "-t", "15", "-D", data.toString());
        } catch (IOException slow) {
            // The next start recovers from what is written.
            running.destroyForcibly();
        }
        try {
            running.onExit().get(5, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException slow) {
            running.destroyForcibly();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(int seconds, @Nullable String input, String program, String... arguments)
            throws IOException {
        ProcessBuilder.Redirect log =
                ProcessBuilder.Redirect.appendTo(folder.resolve(LOG_FILE).toFile());
        ProcessBuilder builder =
                new ProcessBuilder(binaries.command(program, arguments))
                        .redirectOutput(log)
                        .redirectError(log);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        Process process = builder.start();
        try (var in = process.outputWriter()) {
            if (input != null) {
                in.write(input);
            }
        }
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(program + " did not end within " + seconds + " s");
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException(program + " was interrupted", interrupted);
        }
        if (process.exitValue() != 0) {
            throw new IOException(program + " ended with code " + process.exitValue());
        }
    }
}
