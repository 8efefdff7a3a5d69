package org.yifang.audit.log;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.yifang.TestDatabase;
import org.yifang.audit.event.Audit;
import org.yifang.audit.event.Samples;
import org.yifang.audit.verify.LogVerifier;
import org.yifang.audit.verify.Reconciliation;
import org.yifang.fhir.rest.Access;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.data.Database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/// A database with a log, a service that writes it, and an auditor outside.
public final class LogFixture implements AutoCloseable {
    public static final String ORIGIN = "yifang.example/audit";
    private static final int SEED_BYTES = 32;
    public static final Instant NOON = Instant.parse("2026-03-01T04:00:00Z");

    public final Vertx vertx = Vertx.vertx();
    final DatabaseAddress address;
    public final Database database;
    public final Path folder;
    public final Audit audit;
    public final Sequencer sequencer;
    public final Witnesses witnesses;
    private final String vkey;

    public LogFixture() {
        this(TestDatabase.migrated(), temporary(), List.of());
    }

    public LogFixture(DatabaseAddress address, Path folder, List<Witnesses.Witness> known) {
        this.address = address;
        this.folder = folder;
        this.database = new Database(vertx, address, 4);
        this.audit = new Audit(database, Samples.SEAL, new Uuid7(InstantSource.system()), "421281");
        this.sequencer =
                new Sequencer(
                        database,
                        Samples.SEAL,
                        ORIGIN,
                        folder.resolve("audit-checkpoint"),
                        InstantSource.system());
        this.witnesses = new Witnesses(known, () -> NOON);
        sequencer.check();
        this.vkey = sequencer.vkey();
    }

    public static Path temporary() {
        try {
            return Files.createTempDirectory("yifang-log");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String vkey() {
        return vkey;
    }

    /// Signs as the log does: whoever has its key.
    NoteSigner signer() {
        byte[] sealed =
                superuser("select key_sealed as n from audit_origin")
                        .iterator()
                        .next()
                        .getBuffer("n")
                        .getBytes();
        return new NoteSigner(
                ORIGIN,
                NoteKey.Kind.ED25519,
                Arrays.copyOf(Samples.SEAL.open().apply(sealed), SEED_BYTES));
    }

    /// Records `count` claims, each of its own patient and Task, and sequences them.
    public void grow(int count) {
        for (int i = 0; i < count; i += 200) {
            int some = Math.min(200, count - i);
            io.vertx.core.Future.all(
                            IntStream.range(0, some)
                                    .mapToObj(_ -> audit.recording(claim(UUID.randomUUID())))
                                    .toList())
                    .await();
        }
        sequence();
    }

    public static Access claim(UUID task) {
        return Access.operation(
                Samples.PHARMACY,
                "claim",
                'E',
                null,
                List.of(UUID.randomUUID()),
                List.of(task),
                "ready/awaiting-claim -> in-progress/claimed");
    }

    /// Sequences everything committed; a transaction of another test of this server may hold the
    /// horizon back for a moment.
    public void sequence() {
        long wanted = number("select count(*) as n from audit_event");
        long end = System.nanoTime() + 20_000_000_000L;
        while (number("select size as n from audit_log") < wanted && System.nanoTime() < end) {
            sequencer.round();
        }
        sequencer.round();
    }

    /// What an auditor notes: the newest checkpoint.
    public SignedNote keep() {
        return witnesses.newest(database::run);
    }

    LogSource source() {
        return new Published(database, witnesses);
    }

    /// What the command says, given checkpoints kept earlier.
    public LogVerifier.Result verify(SignedNote... kept) {
        return verify(source(), kept);
    }

    public LogVerifier.Result verify(LogSource source, SignedNote... kept) {
        try {
            return new LogVerifier(
                            source, List.of(NoteKey.parse(vkey)), List.of(), (done, of) -> {})
                    .verify(List.of(kept), 0, Long.MAX_VALUE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<Reconciliation.Mismatch> reconcile() {
        return new Reconciliation(database, Samples.SEAL, "421281").run();
    }

    /// Does what only a superuser of the database can.
    public RowSet<Row> superuser(String sql) {
        return database.run(Database.SQL.resultQuery(sql));
    }

    public void tamper(String sql) {
        database.run(Database.SQL.query(sql));
    }

    public long number(String sql) {
        return superuser(sql).iterator().next().getLong("n");
    }

    @Override
    public void close() {
        database.close().await();
        vertx.close().await();
    }
}
