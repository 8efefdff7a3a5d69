package org.yifang;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yifang.tools.FormatSources;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Nothing stops a thread that serves: on an event loop or a verticle's virtual thread one that
/// waits otherwise than by `await()` lets all others wait with it. Who may do so is named with the
/// reason, which is in each case a thread of its own, or the time before there are callers.
class BlockingTest {
    /// Why a thread may be stopped, and the classes that do it.
    private static final Map<String, Set<String>> MAY =
            Map.ofEntries(
                    Map.entry(
                            "the start and the end of the program, when nobody calls",
                            Set.of(
                                    "App",
                                    "Demonstration",
                                    "Parts",
                                    "Service",
                                    "StartChecks",
                                    "admin.Setup",
                                    "console.hospital.Diagnoses",
                                    "platform.config.DatabaseUrl",
                                    "platform.config.Settings",
                                    "platform.data.EmbeddedDatabase",
                                    "platform.data.EmbeddedServer",
                                    "platform.data.Migrations",
                                    "platform.data.PostgresBinaries",
                                    "fhir.validate.Validation",
                                    "identity.seal.MasterKeys",
                                    "identity.signature.PemFiles",
                                    "identity.signature.TrustAnchors")),
                    Map.entry(
                            "a command of the program, which serves nobody",
                            Set.of(
                                    "PackageCommand",
                                    "admin.AdminCommand",
                                    "audit.log.LogSource",
                                    "audit.verify.VerifyCommand",
                                    "identity.signature.NewKeyCommand",
                                    "identity.signature.SignCommand")),
                    Map.entry(
                            "a thread of its own that works beside the callers",
                            Set.of(
                                    "audit.NightlyCheck",
                                    "audit.Upkeep",
                                    "audit.log.KeptCheckpoint",
                                    "audit.log.Sequencer",
                                    "audit.log.Witnesses",
                                    "export.ExportWorker",
                                    "identity.seal.IndexRotation",
                                    "platform.data.DatabaseHealth",
                                    "platform.operate.Lasting",
                                    "platform.operate.Readiness",
                                    "price.feed.PriceFeeds",
                                    "queue.evaluate.LaterEvaluations")),
                    Map.entry(
                            "a worker's thread, to which Vert.x hands it",
                            Set.of("platform.edge.Spool", "platform.operate.TlsFiles")),
                    Map.entry(
                            "a queue that is a pool's own, or asked without waiting",
                            Set.of("identity.seal.SealingKey", "queue.evaluate.EvaluationDesk")),
                    Map.entry(
                            "a judge on the bounded pool reads a definition for the first time",
                            Set.of("fhir.validate.CoreArchive", "fhir.validate.CoreStructure")));

    private static final Map<String, Set<String>> STOPPING =
            Map.of(
                    "java.lang.Thread", Set.of("sleep", "join"),
                    "java.lang.Object", Set.of("wait"),
                    "java.lang.Process", Set.of("waitFor"),
                    "java.util.concurrent.TimeUnit", Set.of("sleep"),
                    "java.util.concurrent.CountDownLatch", Set.of("await"),
                    "java.util.concurrent.Future", Set.of("get"),
                    "java.util.concurrent.CompletableFuture", Set.of("get", "join"),
                    "java.util.concurrent.ExecutorService", Set.of("awaitTermination", "close"),
                    "java.util.concurrent.locks.LockSupport", Set.of("park", "parkNanos"),
                    "java.net.http.HttpClient", Set.of("send"));

    /// Whatever of them is called waits for a disk, a peer or another thread.
    private static final Set<String> WAITING =
            Set.of(
                    "java.nio.file.Files",
                    "java.nio.channels.FileChannel",
                    "java.io.FileInputStream",
                    "java.io.FileOutputStream",
                    "java.io.RandomAccessFile",
                    "java.net.Socket",
                    "java.net.ServerSocket",
                    "java.net.URLConnection",
                    "java.util.concurrent.Semaphore",
                    "java.util.concurrent.locks.ReentrantLock",
                    "java.util.concurrent.locks.ReentrantReadWriteLock",
                    "java.util.concurrent.locks.StampedLock",
                    "java.util.concurrent.LinkedBlockingQueue",
                    "java.util.concurrent.ArrayBlockingQueue",
                    "java.sql.DriverManager",
                    "java.sql.Connection",
                    "java.sql.Statement",
                    "java.sql.PreparedStatement");

    @Test
    void nothing_stops_a_thread_that_serves() throws IOException {
        Set<String> stops = new TreeSet<>(locked());
        for (JavaClass type : OurClasses.read()) {
            boolean locks =
                    type.getMethods().stream()
                            .anyMatch(
                                    one -> one.getModifiers().contains(JavaModifier.SYNCHRONIZED));
            if (locks || type.getAccessesFromSelf().stream().anyMatch(BlockingTest::stops)) {
                stops.add(type.getName().replaceFirst("\\$.*", ""));
            }
        }
        stops.removeIf(name -> name.startsWith("org.yifang.simulate."));
        assertThat(stops)
                .containsExactlyInAnyOrderElementsOf(
                        MAY.values().stream()
                                .flatMap(Set::stream)
                                .map("org.yifang."::concat)
                                .toList());
    }

    private static boolean stops(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        return WAITING.contains(owner)
                || STOPPING.getOrDefault(owner, Set.of()).contains(access.getTarget().getName());
    }

    /// The classes with a `synchronized` block, as the compiler's own parser sees them.
    private static Set<String> locked() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Set<String> found = new TreeSet<>();
        List<Path> files =
                FormatSources.sources().stream()
                        .filter(file -> file.startsWith("src/main/java"))
                        .toList();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            var sources = manager.getJavaFileObjectsFromPaths(files);
            var task = compiler.getTask(null, manager, null, List.of("-proc:none"), null, sources);
            for (CompilationUnitTree unit : ((JavacTask) task).parse()) {
                new TreeScanner<@Nullable Void, @Nullable Void>() {
                    @Override
                    public @Nullable Void visitSynchronized(
                            SynchronizedTree block, @Nullable Void nothing) {
                        String file =
                                Path.of(unit.getSourceFile().toUri()).getFileName().toString();
                        found.add(unit.getPackageName() + "." + file.replace(".java", ""));
                        return super.visitSynchronized(block, null);
                    }
                }.scan(unit, null);
            }
        }
        return found;
    }
}
