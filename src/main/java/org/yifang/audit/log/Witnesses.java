package org.yifang.audit.log;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.data.Database;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Independent parties that confirm that the log only grows: their cosignatures are taken, shown
/// under the checkpoint, and asked for where they have an address (C2SP tlog-witness).
public final class Witnesses {
    private static final Logger LOG = LoggerFactory.getLogger(Witnesses.class);
    private static final int OK = 200;
    private static final int CONFLICT = 409;

    /// How much of a failure is logged.
    private static final int SHOWN = 200;

    /// @param key what its cosignatures verify with
    /// @param address where checkpoints are pushed to, or null when it fetches them itself
    public record Witness(NoteKey key, @Nullable String address) {
        /// Reads `vkey` or `vkey address`.
        ///
        /// @throws IllegalArgumentException when it is no verifier key of a cosigner
        public static Witness parse(String text) {
            String[] parts = text.strip().split("\\s+", 2);
            NoteKey key = NoteKey.parse(parts[0]);
            if (key.kind() != NoteKey.Kind.COSIGNATURE) {
                throw new IllegalArgumentException(
                        "`" + parts[0] + "` is not the key of a cosigner (type 0x04).");
            }
            return new Witness(key, parts.length == 1 ? null : parts[1]);
        }
    }

    private final List<Witness> known;
    private final InstantSource clock;

    public Witnesses(List<Witness> known, InstantSource clock) {
        this.known = List.copyOf(known);
        this.clock = clock;
    }

    /// The newest checkpoint of the log with every cosignature on it.
    public SignedNote newest(LogStore.Runner run) {
        WitnessStore.Newest newest = WitnessStore.newest(run);
        if (newest == null) {
            throw new IllegalStateException("No checkpoint has been signed yet.");
        }
        SignedNote note = SignedNote.parse(newest.note());
        List<SignedNote.Signed> lines = new ArrayList<>(note.signatures());
        WitnessStore.lines(run, newest.origin(), newest.size())
                .forEach(line -> lines.add(SignedNote.Signed.parse(line.strip())));
        return new SignedNote(note.text(), lines);
    }

    /// Stores the cosignatures on `note` by known witnesses. A line that says it is by one of them
    /// and is not takes the others with it: whoever sent it must look again.
    ///
    /// @throws IllegalArgumentException saying why there is none to store
    void accept(Database database, SignedNote note) {
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        requirePublished(database, checkpoint, note.text());
        List<SignedNote.Signed> valid = new ArrayList<>();
        for (Witness witness : known) {
            boolean signs = note.signatures().stream().anyMatch(line -> line.isBy(witness.key()));
            if (signs && Cosignature.of(note, witness.key()) == null) {
                throw new IllegalArgumentException(
                        ("The line of `%s` is no cosignature of this checkpoint that its key "
                                        + "verifies.")
                                .formatted(witness.key().name()));
            }
            note.signatures().stream().filter(line -> line.isBy(witness.key())).forEach(valid::add);
        }
        if (valid.isEmpty()) {
            throw new IllegalArgumentException(
                    "No line is by a witness known here; known are: "
                            + known.stream()
                                    .map(witness -> '`' + witness.key().name() + '`')
                                    .collect(Collectors.joining(", ", "", ".")));
        }
        valid.forEach(line -> WitnessStore.insert(database, checkpoint, line, clock.instant()));
    }

    private static void requirePublished(Database database, Checkpoint checkpoint, String text) {
        if (!WitnessStore.isPublished(database::run, checkpoint, text)) {
            throw new IllegalArgumentException(
                    ("No checkpoint of `%s` with %d entries and this root is kept here: it was "
                                    + "never"
                                    + " published, or was left out when the history was "
                                    + "thinned after a day.")
                            .formatted(checkpoint.origin(), checkpoint.size()));
        }
    }

    /// Sends the newest checkpoint to every witness with an address, to all at once, and waits for
    /// them; an unreachable one is tried again at the next push.
    public void push(Database database, HttpClient client) {
        SignedNote note = newest(database::run);
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        List<Thread> pushes = new ArrayList<>();
        for (Witness witness : known) {
            if (witness.address() != null && Cosignature.of(note, witness.key()) == null) {
                pushes.add(
                        Thread.ofVirtual()
                                .start(() -> push(database, client, witness, note, checkpoint)));
            }
        }
        try {
            for (Thread one : pushes) {
                one.join();
            }
        } catch (InterruptedException stop) {
            // The service ends; each call ends by itself, in time.
            Thread.currentThread().interrupt();
        }
    }

    private void push(
            Database database,
            HttpClient client,
            Witness witness,
            SignedNote note,
            Checkpoint checkpoint) {
        try {
            ask(database, client, witness, note, checkpoint);
        } catch (Exception failure) {
            LOG.warn("witness {}: {}", witness.key().name(), shown(failure));
        }
    }

    /// What a stranger answered may stand in it, and shall neither fill the log nor feign lines.
    private static String shown(Exception failure) {
        String text = failure.toString().replaceAll("\\p{Cntrl}", " ");
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }

    private void ask(
            Database database,
            HttpClient client,
            Witness witness,
            SignedNote note,
            Checkpoint checkpoint) {
        long before =
                WitnessStore.lastCosigned(database::run, witness.key().name(), checkpoint.origin());
        WitnessCall.Answered answer = send(database, client, witness, note, checkpoint, before);
        if (answer.status() == CONFLICT) {
            // The witness says which size it knows.
            String known = answer.body().strip();
            if (!known.matches("\\d{1,18}")) {
                throw new IllegalStateException("answered 409 without the size that it knows");
            }
            long size = Long.parseLong(known);
            if (size <= checkpoint.size()) {
                answer = send(database, client, witness, note, checkpoint, size);
            }
        }
        if (answer.status() != OK) {
            throw new IllegalStateException("answered " + answer.status());
        }
        List<SignedNote.Signed> lines = new ArrayList<>(note.signatures());
        answer.body().lines().map(SignedNote.Signed::parse).forEach(lines::add);
        SignedNote cosigned = new SignedNote(note.text(), lines);
        if (Cosignature.of(cosigned, witness.key()) == null) {
            throw new IllegalStateException("its answer holds no cosignature of its own");
        }
        accept(database, cosigned);
    }

    private static WitnessCall.Answered send(
            Database database,
            HttpClient client,
            Witness witness,
            SignedNote note,
            Checkpoint checkpoint,
            long from) {
        StringBuilder body = new StringBuilder("old " + from + "\n");
        new MerkleTree(new TileNodes(checkpoint.size(), tile -> LogStore.tile(database::run, tile)))
                .consistency(from, checkpoint.size())
                .forEach(hash -> body.append(hash.base64()).append('\n'));
        body.append('\n').append(note.format());
        return WitnessCall.post(
                client, witness.address() + "/add-checkpoint", Buffer.buffer(body.toString()));
    }
}
