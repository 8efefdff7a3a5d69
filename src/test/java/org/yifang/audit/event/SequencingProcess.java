package org.yifang.audit.event;

import io.vertx.core.Vertx;

import org.yifang.audit.log.LogFixture;
import org.yifang.audit.log.Sequencer;
import org.yifang.fhir.rest.Access;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.data.Database;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// An instance that writes and sequences audit events in a process of its own, until it is killed.
public final class SequencingProcess implements AutoCloseable {
    private static final int WRITERS = 16;
    private static final String LAST_SEQUENCED = "sequenced";
    private static final String WRITTEN = "written";

    private final Path folder;
    private final Process process;

    private SequencingProcess(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /// @param folder for its kept checkpoint; that of an instance that died is gone on with
    /// @param name begins the request ids of its events
    public static SequencingProcess start(DatabaseAddress at, Path folder, String name)
            throws IOException {
        Files.createDirectories(folder);
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Xmx128m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-classpath",
                                System.getProperty("java.class.path"),
                                SequencingProcess.class.getName(),
                                at.host(),
                                String.valueOf(at.port()),
                                at.database(),
                                at.user(),
                                at.password(),
                                folder.toString(),
                                name)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve(name + ".log").toFile())
                        .start();
        return new SequencingProcess(folder, process);
    }

    /// When it last gave events their places, 0 when it has not yet.
    public long lastSequenced() throws IOException {
        Path mark = folder.resolve(LAST_SEQUENCED);
        return Files.exists(mark) ? Files.getLastModifiedTime(mark).toMillis() : 0;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// SIGKILL.
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// The requests that any instance of this folder has seen durably recorded.
    public static List<String> written(Path folder) throws IOException {
        Path file = folder.resolve(WRITTEN);
        String text = Files.exists(file) ? Files.readString(file) : "";
        // What the kill has cut off was acknowledged to nobody.
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    public static void main(String[] args) throws Exception {
        DatabaseAddress at =
                new DatabaseAddress(args[0], Integer.parseInt(args[1]), args[2], args[3], args[4]);
        Path folder = Path.of(args[5]);
        Database database = new Database(Vertx.vertx(), at, 6);
        Audit audit =
                new Audit(database, Samples.SEAL, new Uuid7(InstantSource.system()), "421281");
        Sequencer sequencer =
                new Sequencer(
                        database,
                        Samples.SEAL,
                        LogFixture.ORIGIN,
                        folder.resolve("audit-checkpoint"),
                        InstantSource.system());
        sequencer.check();
        FileChannel written =
                FileChannel.open(
                        folder.resolve(WRITTEN),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < WRITERS; writer++) {
                String prefix = args[6] + '-' + writer + '-';
                var _ = threads.submit(() -> write(audit, prefix, written));
            }
            Path mark = folder.resolve(LAST_SEQUENCED);
            while (true) {
                if (sequencer.round() > 0) {
                    Files.writeString(mark, "");
                }
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
    }

    private static void write(Audit audit, String prefix, FileChannel written) {
        try {
            for (int n = 0; ; n++) {
                String request = prefix + n;
                audit.record(
                        new Access(
                                Samples.PHARMACY,
                                "192.0.2.10",
                                request,
                                "read",
                                "Task",
                                'R',
                                null,
                                List.of(Samples.PATIENT),
                                List.of(Samples.TASK),
                                List.of(),
                                null,
                                null));
                written.write(
                        java.nio.ByteBuffer.wrap(
                                (request + '\n').getBytes(StandardCharsets.UTF_8)));
            }
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
