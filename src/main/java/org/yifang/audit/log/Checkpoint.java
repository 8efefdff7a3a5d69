package org.yifang.audit.log;

import org.yifang.audit.event.Hash;

import java.util.Arrays;
import java.util.List;

/// The head of a log: how many entries it has and the one hash that stands for all of them (C2SP
/// tlog-checkpoint).
///
/// @param origin the log's name
/// @param size the number of entries
/// @param root the root of their Merkle tree
/// @param extensions further lines, opaque here
public record Checkpoint(String origin, long size, Hash root, List<String> extensions) {
    public Checkpoint {
        extensions = List.copyOf(extensions);
    }

    public Checkpoint(String origin, long size, Hash root) {
        this(origin, size, root, List.of());
    }

    /// The text of the note to sign.
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(origin).append('\n').append(size).append('\n');
        text.append(root.base64()).append('\n');
        extensions.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /// Reads the text of a note.
    ///
    /// @throws IllegalArgumentException saying why it is no checkpoint
    public static Checkpoint parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length < 4 || !lines[lines.length - 1].isEmpty()) {
            throw new IllegalArgumentException(
                    "A checkpoint has at least three lines: origin, size and root.");
        }
        List<String> all = Arrays.asList(lines).subList(0, lines.length - 1);
        if (all.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("A checkpoint has no empty lines.");
        }
        if (!all.get(1).matches("0|[1-9][0-9]{0,17}")) {
            throw new IllegalArgumentException(
                    "The size of a checkpoint is a decimal number, unlike `" + all.get(1) + "`.");
        }
        Hash root = Hash.ofBase64(all.get(2));
        if (!root.base64().equals(all.get(2))) {
            throw new IllegalArgumentException("The root of the checkpoint is not plain base64.");
        }
        return new Checkpoint(
                all.get(0), Long.parseLong(all.get(1)), root, all.subList(3, all.size()));
    }

    /// Reads the checkpoint of a note that `key` must have signed and whose origin is the key's
    /// name.
    ///
    /// @throws IllegalArgumentException when the signature, the origin or the form is wrong
    public static Checkpoint verified(SignedNote note, NoteKey key) {
        if (!note.isSignedBy(key)) {
            throw new IllegalArgumentException(
                    "The checkpoint is not signed by the key `" + key.vkey() + "`.");
        }
        Checkpoint checkpoint = parse(note.text());
        if (!checkpoint.origin().equals(key.name())) {
            throw new IllegalArgumentException(
                    "The checkpoint is of the log `%s`, the key of `%s`."
                            .formatted(checkpoint.origin(), key.name()));
        }
        return checkpoint;
    }
}
