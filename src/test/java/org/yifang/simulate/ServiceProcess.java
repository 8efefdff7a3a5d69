package org.yifang.simulate;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The real service in a process of its own, with a database of its own, which can be killed and
/// started again.
final class ServiceProcess implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofMinutes(3);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(200);
    private static final int STOPPED_WITHIN_SECONDS = 60;

    private final int port;
    private final Path folder;
    private Process process;

    private ServiceProcess(int port, Path folder, Map<String, String> more) throws IOException {
        this.port = port;
        this.folder = folder;
        Files.createDirectories(temporary(folder));
        this.process = launch(more);
    }

    /// Starts it on a free port and waits until it is ready.
    ///
    /// @param folder for its data and its log
    static ServiceProcess start(Path folder) throws IOException, InterruptedException {
        ServiceProcess service = launch(folder);
        service.awaitReady();
        return service;
    }

    /// Launches it on a free port and does not wait until it is ready.
    static ServiceProcess launch(Path folder) throws IOException {
        return launch(folder, Map.of());
    }

    /// As above, with more settings.
    static ServiceProcess launch(Path folder, Map<String, String> more) throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return new ServiceProcess(free.getLocalPort(), folder, more);
        }
    }

    String url() {
        return "http://localhost:" + port;
    }

    /// SIGKILL: no farewell, and the embedded database is left behind.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// Starts it again on the same port and data.
    void startAgain() throws IOException, InterruptedException {
        process = launch(Map.of());
        awaitReady();
    }

    /// Launches it and does not wait until it is ready.
    ///
    /// @param more settings of this once
    void launchAgain(Map<String, String> more) throws IOException {
        process = launch(more);
    }

    /// Asks it to end; false when it has not in time.
    boolean endsWithin(Duration most) throws InterruptedException {
        process.destroy();
        return process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// With what it ends by itself.
    int exitCode(Duration most) throws InterruptedException {
        if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("The service did not end.");
        }
        return process.exitValue();
    }

    /// `kill -9` of the embedded database's first process.
    void killDatabase() throws IOException {
        Path file = folder.resolve("data/postgresql/postmaster.pid");
        long pid = Long.parseLong(Files.readAllLines(file).getFirst().strip());
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    /// Where the program would leave what it needs for a while, away from everybody else's.
    private static Path temporary(Path folder) {
        return folder.resolve("temporary");
    }

    /// What the program left behind there.
    List<Path> leftBehind() throws IOException {
        try (Stream<Path> files = Files.list(temporary(folder))) {
            return files.toList();
        }
    }

    private static ProcessBuilder program(Path folder, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Xmx320m",
                                "-Djava.io.tmpdir=" + temporary(folder),
                                "-XX:+UseSerialGC",
                                "-XX:+ExitOnOutOfMemoryError",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-classpath",
                                System.getProperty("java.class.path"),
                                "org.yifang.App"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("YIFANG_"));
        return builder;
    }

    /// What `audit reconcile` says of the data of a service that was stopped.
    static String reconcile(Path folder) throws IOException, InterruptedException {
        Path said = folder.resolve("reconcile.log");
        ProcessBuilder builder = program(folder, "audit", "reconcile");
        builder.environment().put("YIFANG_DATA", folder.resolve("data").toString());
        int code =
                builder.redirectErrorStream(true).redirectOutput(said.toFile()).start().waitFor();
        return code + " " + Files.readString(said);
    }

    /// Starts another command of the program beside the service.
    ///
    /// @param said the file for what it prints
    Process command(Path said, String... arguments) throws IOException {
        return program(folder, arguments)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
    }

    private Process launch(Map<String, String> more) throws IOException {
        ProcessBuilder builder = program(folder);
        builder.environment().put("YIFANG_HOST", "127.0.0.1");
        builder.environment().put("YIFANG_PORT", Integer.toString(port));
        builder.environment().put("YIFANG_DATA", folder.resolve("data").toString());
        builder.environment().put("YIFANG_OUTBOUND_ALLOWED", "127.0.0.0/8");
        builder.environment().putAll(more);
        builder.redirectErrorStream(true);
        builder.redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("service.log").toFile()));
        return builder.start();
    }

    private void awaitReady() throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(READY_WITHIN);
        HttpRequest question = HttpRequest.newBuilder(URI.create(url() + "/health/ready")).build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (!isReady(http, question)) {
                if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                    throw new IllegalStateException("The service did not start:\n" + log());
                }
                Thread.sleep(BETWEEN_QUESTIONS);
            }
        }
    }

    private static boolean isReady(HttpClient http, HttpRequest question)
            throws InterruptedException {
        try {
            return http.send(question, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("service.log"));
    }

    /// Stops it as Ctrl-C would, its database too.
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOPPED_WITHIN_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("The service did not stop when asked to.");
        }
    }
}
