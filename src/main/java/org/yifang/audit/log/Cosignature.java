package org.yifang.audit.log;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// A witness's word that a checkpoint extends every one it saw before (C2SP tlog-cosignature v1).
///
/// @param witness the witness's key name
/// @param time when it said so, by its own clock
public record Cosignature(String witness, Instant time) {
    /// Reads and checks the line of `witness` on `note`; null when there is none or it is wrong.
    public static @Nullable Cosignature of(SignedNote note, NoteKey witness) {
        for (SignedNote.Signed line : note.signatures()) {
            if (line.isBy(witness) && line.signature().length == 8 + 64) {
                ByteBuffer content = ByteBuffer.wrap(line.signature());
                long seconds = content.getLong();
                byte[] signature = new byte[64];
                content.get(signature);
                if (seconds >= 0 && witness.verifies(message(note.text(), seconds), signature)) {
                    return new Cosignature(witness.name(), Instant.ofEpochSecond(seconds));
                }
            }
        }
        return null;
    }

    static byte[] message(String text, long seconds) {
        return ("cosignature/v1\ntime " + seconds + "\n" + text).getBytes(StandardCharsets.UTF_8);
    }
}
