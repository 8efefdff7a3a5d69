package org.yifang.platform.edge;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Csv;
import org.yifang.platform.CsvRows;
import org.yifang.platform.Limits;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/// A large body on the disk while it is taken in, so that memory holds some rows of it and no more,
/// whatever it holds. Call from a virtual thread: methods wait, and all work with the file is done
/// elsewhere.
public final class Spool implements AutoCloseable {
    private static final int WINDOW = 1_000;

    /// Of all instances of one process: each may take the disk's room of a whole import.
    private static final Shares SHARES =
            new Shares(Limits.IMPORTS_AT_ONCE, Limits.IMPORTS_AT_ONCE_PER_CLIENT);

    private final Vertx vertx;
    private final String client;
    private final String file;
    private final byte[] sha256;
    private @Nullable Rows rows;

    private Spool(Vertx vertx, String client, String file, byte[] sha256) {
        this.vertx = vertx;
        this.client = client;
        this.file = file;
        this.sha256 = sha256;
    }

    /// Takes a body piece by piece.
    ///
    /// @param body hands over its pieces
    /// @throws Problem `RX-1029` or `RX-9004` when too many are under way
    public static Spool of(Vertx vertx, String client, Consumer<Consumer<Buffer>> body) {
        admit(client);
        String file = null;
        try {
            file = vertx.fileSystem().createTempFile("yifang-import-", ".csv", "rw-------").await();
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            AsyncFile out = vertx.fileSystem().open(file, new OpenOptions()).await();
            try {
                body.accept(piece -> {
                    digest.update(piece.getBytes());
                    out.write(piece).await();
                });
            } finally {
                out.close().await();
            }
            return new Spool(vertx, client, file, digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        } catch (Throwable failure) {
            SHARES.giveBack(client);
            if (file != null) {
                var _ = vertx.fileSystem().delete(file);
            }
            throw failure;
        }
    }

    private static void admit(String client) {
        switch (SHARES.take(client)) {
            case TAKEN -> {}
            case ALL_TAKEN -> {
                Bound.IMPORTS.reached();
                throw Problem.busy("Too many files are being taken in.");
            }
            case SHARE_TAKEN -> {
                Bound.IMPORTS.reached();
                throw new Problem(
                        List.of(
                                new Finding(
                                        ProblemCode.TOO_MANY_REQUESTS,
                                        "Files of this client are being taken in already.",
                                        "Send one after the other.")),
                        Map.of("Retry-After", "10"));
            }
        }
    }

    /// The hash of the bytes as they came.
    public byte[] sha256() {
        return sha256.clone();
    }

    /// All rows of it, read whenever they are asked for; meant to be gone through once, in order.
    ///
    /// @throws Problem when it cannot be read to its end
    public List<Csv.Row> rows(Charset charset) {
        Rows read = new Rows(charset);
        rows = read;
        read.count();
        return read;
    }

    private CsvRows open(Charset charset) throws IOException {
        return new CsvRows(
                new InputStreamReader(
                        Files.newInputStream(Path.of(file)),
                        charset.newDecoder()
                                .onMalformedInput(CodingErrorAction.REPORT)
                                .onUnmappableCharacter(CodingErrorAction.REPORT)));
    }

    private <T> T elsewhere(Callable<T> work) {
        return vertx.executeBlocking(work, false).await();
    }

    /// A list whose rows are read as it is gone through.
    private final class Rows extends AbstractList<Csv.Row> {
        private final Charset charset;
        private int size;
        private @Nullable CsvRows reader;
        private int from;
        private List<Csv.Row> window = List.of();

        Rows(Charset charset) {
            this.charset = charset;
        }

        void count() {
            size =
                    elsewhere(() -> {
                        try (CsvRows all = open(charset)) {
                            int counted = 0;
                            for (int more = WINDOW; more == WINDOW; counted += more) {
                                more = all.next(WINDOW).size();
                            }
                            return counted;
                        }
                    });
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public Csv.Row get(int index) {
            java.util.Objects.checkIndex(index, size);
            if (reader == null || index < from) {
                rewind();
            }
            while (index >= from + window.size()) {
                from += window.size();
                CsvRows on = java.util.Objects.requireNonNull(reader);
                window = elsewhere(() -> on.next(WINDOW));
            }
            return window.get(index - from);
        }

        private void rewind() {
            end();
            reader = elsewhere(() -> open(charset));
            from = 0;
            window = List.of();
        }

        private void end() {
            CsvRows open = reader;
            if (open != null) {
                open.close();
            }
            reader = null;
        }
    }

    /// Leaves nothing behind.
    @Override
    public void close() {
        if (rows != null) {
            rows.end();
        }
        SHARES.giveBack(client);
        vertx.fileSystem().delete(file).await();
    }
}
