package org.yifang.simulate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/// Remembers on disk what the service has acknowledged, so that it can be asked for it after a
/// crash: one JSON object per line, durable before the day goes on.
final class Journal implements AutoCloseable {
    private final @Nullable FileChannel file;
    private final ReentrantLock lock = new ReentrantLock();

    /// @param path the file to append to; null keeps no journal
    Journal(@Nullable Path path) throws IOException {
        this.file =
                path == null
                        ? null
                        : FileChannel.open(
                                path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /// The service has answered that this is done.
    void done(String act, String client, String task, JsonObject more) {
        append(entry("done", act, client, task).mergeIn(more));
    }

    /// This is about to be asked for: after a crash it may have happened or not.
    void trying(String act, String client, String task) {
        append(entry("trying", act, client, task));
    }

    private static JsonObject entry(String kind, String act, String client, String task) {
        return new JsonObject().put(kind, act).put("client", client).put("task", task);
    }

    private void append(JsonObject entry) {
        if (file == null) {
            return;
        }
        ByteBuffer line = ByteBuffer.wrap((entry.encode() + "\n").getBytes(UTF_8));
        lock.lock();
        try {
            while (line.hasRemaining()) {
                file.write(line);
            }
            file.force(false);
        } catch (IOException failed) {
            throw new UncheckedIOException("The journal cannot be written.", failed);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
