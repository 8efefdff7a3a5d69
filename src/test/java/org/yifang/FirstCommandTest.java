package org.yifang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// What a newcomer reads after `mvn` when something is in the way: the reason, last, and little
/// else. Runs the real Maven in a copy of this project as it was just compiled.
@Alone
class FirstCommandTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int LINES_MOST = 40;

    @TempDir static Path project;
    private static Path data = Path.of("");

    /// What a command said and how it ended.
    private record Said(int code, List<String> lines) {
        String last() {
            return lines.isEmpty() ? "" : lines.getLast();
        }

        String all() {
            return String.join("\n", lines);
        }
    }

    @BeforeAll
    static void copy() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        assumeTrue(
                Files.isDirectory(here.resolve("target/maven-status")),
                "Maven did not compile this project: what it would do a second time is not known.");
        for (String part :
                List.of(
                        ".mvn",
                        "pom.xml",
                        "src",
                        "sql",
                        "fhir-profiles",
                        "deploy",
                        "target/classes",
                        "target/generated-sources",
                        "target/maven-status")) {
            copy(here.resolve(part), project.resolve(part));
        }
        // Maven remembers what it compiled by its full path.
        try (Stream<Path> files = Files.walk(project.resolve("target/maven-status"))) {
            for (Path list : files.filter(Files::isRegularFile).toList()) {
                Files.writeString(
                        list,
                        Files.readString(list).replace(here + "/", project.toRealPath() + "/"));
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                if (!Files.isDirectory(file)) {
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static Said maven(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("mvn", "-o", "-B");
        builder.command().addAll(List.of(arguments));
        builder.directory(project.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Path told = Files.createTempFile(project, "said", ".txt");
        builder.redirectOutput(told.toFile());
        Process process = builder.start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
        int code = process.waitFor();
        List<String> lines =
                Files.readString(told)
                        .replaceAll("\u001b\\[[0-9;]*m", "")
                        .lines()
                        .filter(line -> !line.isBlank())
                        .toList();
        return new Said(code, lines);
    }

    /// Plain `mvn`, quiet about its own steps, on a free port and a folder of its own.
    private static Said start(String... settings) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>();
        environment.put("YIFANG_PORT", "0");
        // Not there yet, so that one sees whether a start that fails made it.
        data = project.resolve("data-" + System.nanoTime());
        environment.put("YIFANG_DATA", data.toString());
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        Said said = maven(environment);
        assertThat(said.code).as(said.all()).isNotZero();
        assertThat(said.all())
                .doesNotContain("BUILD FAILURE")
                .doesNotContain("\tat ")
                .doesNotContain("[ERROR]");
        assertThat(said.lines).hasSizeLessThanOrEqualTo(LINES_MOST);
        return said;
    }

    @Test
    void a_second_compile_finds_nothing_to_do() throws Exception {
        // A service may run from these classes.
        Said said = maven(Map.of(), "compile");
        assertThat(said.code).as(said.all()).isZero();
        assertThat(said.all()).contains("Nothing to compile").doesNotContain("Recompiling");
    }

    @Test
    void a_taken_port_is_the_last_line() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            String port = String.valueOf(taken.getLocalPort());
            Said said = start("YIFANG_PORT", port);
            assertThat(said.last()).contains("The port " + port + " is taken");
            assertThat(data).doesNotExist();
        }
    }

    @Test
    void a_folder_that_cannot_be_written_is_the_last_line() throws Exception {
        Path file = Files.writeString(project.resolve("a-file"), "");
        Said said = start("YIFANG_DATA", file.resolve("data").toString());
        assertThat(said.last()).contains(file.toString());
        Path terminals = Path.of("/dev/pts");
        if (Files.isDirectory(terminals)) {
            // Not even root may make a file there.
            assertThat(start("YIFANG_DATA", terminals.toString()).last())
                    .startsWith("YIFANG_DATA is `/dev/pts`")
                    .endsWith("(this user may not write there).");
        }
    }

    @Test
    void a_wrong_password_of_the_database_is_told_at_once() throws Exception {
        try (ServerSocket database = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            AtomicInteger asked = new AtomicInteger();
            Thread.ofVirtual().start(() -> refuse(database, asked));
            Said said =
                    start(
                            "YIFANG_DATABASE_URL",
                            "postgresql://127.0.0.1:" + database.getLocalPort() + "/yifang",
                            "YIFANG_DATABASE_USER",
                            "yifang",
                            "YIFANG_DATABASE_PASSWORD",
                            "wrong-synthetic");
            assertThat(said.last())
                    .contains("refuses the user `yifang`", "YIFANG_DATABASE_PASSWORD")
                    .doesNotContain("wrong-synthetic");
            // Once with TLS offered and once without it.
            assertThat(asked).hasValueLessThanOrEqualTo(2);
        }
    }

    /// A PostgreSQL that wants a password and likes none.
    private static void refuse(ServerSocket database, AtomicInteger asked) {
        while (!database.isClosed()) {
            try (Socket socket = database.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                int length = in.readInt();
                if (in.readInt() == 80877103) {
                    out.writeByte('N');
                    out.flush();
                    length = in.readInt();
                    in.readInt();
                }
                in.skipNBytes(length - 8L);
                out.writeByte('R');
                out.writeInt(8);
                out.writeInt(3);
                out.flush();
                in.readByte();
                in.skipNBytes(in.readInt() - 4L);
                asked.incrementAndGet();
                byte[] fields =
                        "SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed\0\0"
                                .getBytes(StandardCharsets.US_ASCII);
                out.writeByte('E');
                out.writeInt(fields.length + 4);
                out.write(fields);
                out.flush();
            } catch (IOException _) {
                // The client went, or the test is over.
            }
        }
    }

    @Test
    void a_missing_jdk_says_what_to_install() throws Exception {
        missingJdk();
    }

    @Test
    void toolchains_that_name_no_such_jdk_are_no_reason_to_keep_silent() throws Exception {
        Path home = project.resolve("home");
        Files.writeString(
                Files.createDirectories(home.resolve(".m2")).resolve("toolchains.xml"),
                """
                <toolchains><toolchain><type>jdk</type><provides><version>17</version></provides>
                <configuration><jdkHome>${env.PWD}/no-jdk</jdkHome></configuration>
                </toolchain></toolchains>
                """);
        String repository = Path.of(System.getProperty("user.home"), ".m2/repository").toString();
        missingJdk("MAVEN_OPTS", "-Duser.home=" + home + " -Dmaven.repo.local=" + repository);
    }

    private static void missingJdk(String... settings) throws Exception {
        Path pom = project.resolve("pom.xml");
        String was = Files.readString(pom);
        var time = Files.getLastModifiedTime(pom);
        try {
            Files.writeString(
                    pom, was.replace("<maven.compiler.release>25<", "<maven.compiler.release>99<"));
            Said said = start(settings);
            // What to install takes five lines, and nothing stands behind them.
            assertThat(said.lines.subList(said.lines.size() - 5, said.lines.size()))
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("There is no JDK 99"),
                            line -> assertThat(line).contains("apt install temurin-99-jdk"),
                            line -> assertThat(line).contains("brew install"),
                            line -> assertThat(line).contains("winget install"),
                            line -> assertThat(line).contains("https://adoptium.net"));
        } finally {
            Files.writeString(pom, was);
            Files.setLastModifiedTime(pom, time);
        }
    }
}
