package org.yifang.audit.log;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// A text with the signatures under it (C2SP signed-note).
///
/// @param text what is signed; ends in a newline
/// @param signatures one or more
public record SignedNote(String text, List<Signed> signatures) {
    private static final String DASH = "— ";
    static final int BYTES_MAX = 1 << 16;
    private static final int SIGNATURES_MAX = 32;

    /// One signature line.
    ///
    /// @param name the key's name
    /// @param keyId the four bytes that tell keys of one name apart
    /// @param signature what stands after the key id
    public record Signed(String name, byte[] keyId, byte[] signature) {
        boolean isBy(NoteKey key) {
            return name.equals(key.name()) && Arrays.equals(keyId, key.id());
        }

        /// The line with its newline.
        public String line() {
            byte[] bytes =
                    ByteBuffer.allocate(keyId.length + signature.length)
                            .put(keyId)
                            .put(signature)
                            .array();
            return DASH + name + " " + Base64.getEncoder().encodeToString(bytes) + "\n";
        }

        /// Reads one line, without its newline.
        ///
        /// @throws IllegalArgumentException when it is no signature line
        public static Signed parse(String line) {
            String[] parts = line.split(" ", -1);
            if (parts.length != 3 || !"—".equals(parts[0]) || !NoteKey.isName(parts[1])) {
                throw new IllegalArgumentException("`" + line + "` is no signature line.");
            }
            byte[] bytes = Base64.getDecoder().decode(parts[2]);
            if (bytes.length < 5) {
                throw new IllegalArgumentException("The signature of `" + line + "` is empty.");
            }
            return new Signed(
                    parts[1], Arrays.copyOf(bytes, 4), Arrays.copyOfRange(bytes, 4, bytes.length));
        }
    }

    public SignedNote {
        signatures = List.copyOf(signatures);
    }

    /// Reads a note from UTF-8.
    ///
    /// @throws IllegalArgumentException saying why it is none
    public static SignedNote parse(byte[] bytes) {
        if (bytes.length > BYTES_MAX) {
            throw new IllegalArgumentException("A note has at most 65536 bytes.");
        }
        try {
            return parse(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("A note is UTF-8; this is not.", e);
        }
    }

    /// Reads a note.
    ///
    /// @throws IllegalArgumentException saying why it is none
    public static SignedNote parse(String note) {
        if (note.chars().anyMatch(c -> c < 0x20 && c != '\n')) {
            throw new IllegalArgumentException("A note has no control characters but newlines.");
        }
        int blank = note.lastIndexOf("\n\n");
        if (blank < 0 || !note.endsWith("\n")) {
            throw new IllegalArgumentException(
                    "A note is a text, an empty line and signature lines, each with its newline.");
        }
        List<Signed> signatures = new ArrayList<>();
        for (String line : note.substring(blank + 2).lines().toList()) {
            signatures.add(Signed.parse(line));
        }
        if (signatures.isEmpty() || signatures.size() > SIGNATURES_MAX) {
            throw new IllegalArgumentException("A note has 1 to 32 signatures.");
        }
        return new SignedNote(note.substring(0, blank + 1), signatures);
    }

    /// Whether `key` signed the text. A line that claims to be by `key` and is not makes the whole
    /// note worthless, whatever else stands there.
    public boolean isSignedBy(NoteKey key) {
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        List<Signed> claimed = signatures.stream().filter(one -> one.isBy(key)).toList();
        return !claimed.isEmpty()
                && claimed.stream().allMatch(one -> key.verifies(message, one.signature()));
    }

    /// The note as it is sent and kept.
    public String format() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(signed -> note.append(signed.line()));
        return note.toString();
    }
}
