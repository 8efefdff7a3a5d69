package org.yifang.audit.log;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// The last signed checkpoint in a file outside the database, so that a database set back to an
/// earlier state is noticed before anything is signed over it.
final class KeptCheckpoint {
    private final Path file;

    KeptCheckpoint(Path file) {
        this.file = file;
    }

    /// The kept note, or null before the first checkpoint.
    @Nullable SignedNote read() {
        try {
            return Files.exists(file) ? SignedNote.parse(Files.readAllBytes(file)) : null;
        } catch (IOException e) {
            throw new UncheckedIOException("The kept checkpoint " + file + " is unreadable.", e);
        }
    }

    /// Keeps `note` instead of what was there; it is on the disk when this returns.
    void write(SignedNote note) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder == null) {
                throw new IOException(file + " has no folder.");
            }
            Files.createDirectories(folder);
            Path fresh = Files.createTempFile(folder, "checkpoint", ".new");
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(note.format());
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            // A crash leaves the old note or the new one, never half of one.
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("The checkpoint cannot be kept in " + file + ".", e);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
