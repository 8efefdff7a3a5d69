package org.yifang;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;

/// Several processes may share the tests, see `test.forks` in pom.xml; a class that is [Alone]
/// waits until the other process has ended its class, and the other one waits for it. Found by
/// JUnit by itself. Locks of files end with their process.
public final class Turn implements BeforeAllCallback, AfterAllCallback {
    /// Whether Surefire runs the tests, by one process or several.
    private static final boolean SHARED = Boolean.getBoolean("yifang.test.forked");

    private static final Path FOLDER = Path.of("target", "turns");
    private static @Nullable FileLock held;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        if (!SHARED || isNested(context)) {
            return;
        }
        boolean alone = context.getRequiredTestClass().isAnnotationPresent(Alone.class);
        // Who waits to be alone stands at the door, so that nobody passes by meanwhile.
        FileLock door = lock("door", false);
        held = lock("room", !alone);
        free(door);
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        FileLock mine = held;
        if (mine != null && !isNested(context)) {
            held = null;
            free(mine);
        }
    }

    private static boolean isNested(ExtensionContext context) {
        return context.getRequiredTestClass().getEnclosingClass() != null;
    }

    private static FileLock lock(String name, boolean shared) throws IOException {
        Files.createDirectories(FOLDER);
        return FileChannel.open(FOLDER.resolve(name), CREATE, READ, WRITE)
                .lock(0, Long.MAX_VALUE, shared);
    }

    private static void free(FileLock lock) throws IOException {
        lock.acquiredBy().close();
    }
}
