package org.yifang.audit;

import static org.yifang.generated.Tables.AUDIT_CHECKPOINT;
import static org.yifang.generated.Tables.AUDIT_COSIGNATURE;
import static org.yifang.generated.Tables.AUDIT_LOG;
import static org.yifang.platform.Database.SQL;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.sqlclient.Row;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.Database;
import org.yifang.platform.Rows;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Independent parties that confirm that the log only grows: their cosignatures are taken, shown
/// under the checkpoint, and asked for where they have an address (C2SP tlog-witness).
public final class Witnesses {
    private static final Logger LOG = LoggerFactory.getLogger(Witnesses.class);
    private static final long PUSH_TIMEOUT_MS = 5_000;

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
    SignedNote newest(LogStore.Runner run) {
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

    /// Stores the cosignatures on `note` by known witnesses, if the note is a checkpoint of ours.
    ///
    /// @return how many were valid
    int accept(Database database, SignedNote note) {
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        boolean ours =
                database.run(
                                        SQL.select(AUDIT_CHECKPOINT.SIZE)
                                                .from(AUDIT_CHECKPOINT)
                                                .where(
                                                        AUDIT_CHECKPOINT.ORIGIN.eq(
                                                                checkpoint.origin()))
                                                .and(AUDIT_CHECKPOINT.SIZE.eq(checkpoint.size()))
                                                .and(
                                                        AUDIT_CHECKPOINT.NOTE.startsWith(
                                                                note.text() + "\n"))
                                                .limit(1))
                                .size()
                        == 1;
        if (!ours) {
            return 0;
        }
        int accepted = 0;
        for (Witness witness : known) {
            if (Cosignature.of(note, witness.key()) != null) {
                note.signatures().stream()
                        .filter(line -> line.isBy(witness.key()))
                        .forEach(line -> store(database, checkpoint, line));
                accepted++;
            }
        }
        return accepted;
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

    /// Sends the newest checkpoint to every witness with an address; an unreachable one is tried
    /// again at the next push.
    public void push(Database database, WebClient client) {
        SignedNote note = newest(database::run);
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        for (Witness witness : known) {
            if (witness.address() != null && Cosignature.of(note, witness.key()) == null) {
                try {
                    push(database, client, witness, note, checkpoint);
                } catch (Exception failure) {
                    LOG.warn("witness {}: {}", witness.key().name(), failure.toString());
                }
            }
        }
    }

    private void push(
            Database database,
            WebClient client,
            Witness witness,
            SignedNote note,
            Checkpoint checkpoint) {
        long before = lastCosigned(database, witness, checkpoint.origin());
        HttpResponse<Buffer> answer = send(database, client, witness, note, checkpoint, before);
        if (answer.statusCode() == 409) {
            // The witness says which size it knows.
            long known = Long.parseLong(answer.bodyAsString().strip());
            if (known <= checkpoint.size()) {
                answer = send(database, client, witness, note, checkpoint, known);
            }
        }
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("answered " + answer.statusCode());
        }
        List<SignedNote.Signed> lines = new ArrayList<>(note.signatures());
        answer.bodyAsString().lines().map(SignedNote.Signed::parse).forEach(lines::add);
        if (accept(database, new SignedNote(note.text(), lines)) == 0) {
            throw new IllegalStateException("its cosignature does not verify");
        }
    }

    private static HttpResponse<Buffer> send(
            Database database,
            WebClient client,
            Witness witness,
            SignedNote note,
            Checkpoint checkpoint,
            long from) {
        StringBuilder body = new StringBuilder("old " + from + "\n");
        new MerkleTree(new TileNodes(checkpoint.size(), tile -> LogStore.tile(database::run, tile)))
                .consistency(from, checkpoint.size())
                .forEach(hash -> body.append(hash.base64()).append('\n'));
        body.append('\n').append(note.format());
        return client.postAbs(witness.address() + "/add-checkpoint")
                .timeout(PUSH_TIMEOUT_MS)
                .sendBuffer(Buffer.buffer(body.toString()))
                .await();
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
