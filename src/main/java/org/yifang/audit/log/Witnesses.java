package org.yifang.audit.log;

import static org.yifang.generated.Tables.AUDIT_CHECKPOINT;
import static org.yifang.generated.Tables.AUDIT_COSIGNATURE;
import static org.yifang.generated.Tables.AUDIT_LOG;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

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
        for (Row row :
                run.apply(
                        SQL.select(AUDIT_CHECKPOINT.NOTE, AUDIT_CHECKPOINT.SIZE)
                                .select(AUDIT_CHECKPOINT.ORIGIN)
                                .from(AUDIT_CHECKPOINT)
                                .join(AUDIT_LOG)
                                .on(AUDIT_LOG.ORIGIN.eq(AUDIT_CHECKPOINT.ORIGIN))
                                .orderBy(AUDIT_CHECKPOINT.SIZE.desc())
                                .limit(1))) {
            SignedNote note = SignedNote.parse(Rows.get(row, AUDIT_CHECKPOINT.NOTE));
            List<SignedNote.Signed> lines = new ArrayList<>(note.signatures());
            lines.addAll(
                    lines(
                            run,
                            Rows.get(row, AUDIT_CHECKPOINT.ORIGIN),
                            Rows.get(row, AUDIT_CHECKPOINT.SIZE)));
            return new SignedNote(note.text(), lines);
        }
        throw new IllegalStateException("No checkpoint has been signed yet.");
    }

    private static List<SignedNote.Signed> lines(LogStore.Runner run, String origin, long size) {
        List<SignedNote.Signed> lines = new ArrayList<>();
        for (Row row :
                run.apply(
                        SQL.select(AUDIT_COSIGNATURE.LINE)
                                .from(AUDIT_COSIGNATURE)
                                .where(AUDIT_COSIGNATURE.ORIGIN.eq(origin))
                                .and(AUDIT_COSIGNATURE.SIZE.eq(size))
                                .orderBy(AUDIT_COSIGNATURE.WITNESS)
                                .limit(16))) {
            lines.add(SignedNote.Signed.parse(Rows.get(row, AUDIT_COSIGNATURE.LINE).strip()));
        }
        return lines;
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
        valid.forEach(line -> store(database, checkpoint, line));
    }

    private static void requirePublished(Database database, Checkpoint checkpoint, String text) {
        RowSet<Row> published =
                database.run(
                        SQL.select(AUDIT_CHECKPOINT.SIZE)
                                .from(AUDIT_CHECKPOINT)
                                .where(AUDIT_CHECKPOINT.ORIGIN.eq(checkpoint.origin()))
                                .and(AUDIT_CHECKPOINT.SIZE.eq(checkpoint.size()))
                                .and(AUDIT_CHECKPOINT.NOTE.startsWith(text + "\n"))
                                .limit(1));
        if (published.size() == 0) {
            throw new IllegalArgumentException(
                    ("No checkpoint of `%s` with %d entries and this root is kept here: it was "
                                    + "never"
                                    + " published, or was left out when the history was "
                                    + "thinned after a day.")
                            .formatted(checkpoint.origin(), checkpoint.size()));
        }
    }

    private void store(Database database, Checkpoint checkpoint, SignedNote.Signed line) {
        database.run(
                SQL.insertInto(AUDIT_COSIGNATURE)
                        .columns(
                                AUDIT_COSIGNATURE.ORIGIN,
                                AUDIT_COSIGNATURE.SIZE,
                                AUDIT_COSIGNATURE.WITNESS,
                                AUDIT_COSIGNATURE.LINE,
                                AUDIT_COSIGNATURE.RECEIVED_AT)
                        .values(
                                checkpoint.origin(),
                                checkpoint.size(),
                                line.name(),
                                line.line(),
                                clock.instant())
                        .onConflictDoNothing());
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
        long before = lastCosigned(database, witness, checkpoint.origin());
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

    private static long lastCosigned(Database database, Witness witness, String origin) {
        for (Row row :
                database.run(
                        SQL.select(AUDIT_COSIGNATURE.SIZE)
                                .from(AUDIT_COSIGNATURE)
                                .where(AUDIT_COSIGNATURE.ORIGIN.eq(origin))
                                .and(AUDIT_COSIGNATURE.WITNESS.eq(witness.key().name()))
                                .orderBy(AUDIT_COSIGNATURE.SIZE.desc())
                                .limit(1))) {
            return Rows.get(row, AUDIT_COSIGNATURE.SIZE);
        }
        return 0;
    }
}
