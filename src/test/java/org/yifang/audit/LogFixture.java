package org.yifang.audit;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.yifang.TestDatabase;
import org.yifang.fhir.Access;
import org.yifang.platform.Database;
import org.yifang.platform.DatabaseAddress;
import org.yifang.platform.Uuid7;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/// A database with a log, a service that writes it, and an auditor outside.
final class LogFixture implements AutoCloseable {
    static final String ORIGIN = "yifang.example/audit";
    static final Instant NOON = Instant.parse("2026-03-01T04:00:00Z");

    final Vertx vertx = Vertx.vertx();
    final DatabaseAddress address;
    final Database database;
    final Path folder;
    final Audit audit;
    final Sequencer sequencer;
    final Witnesses witnesses;
    private final String vkey;

    LogFixture() {
        this(TestDatabase.migrated(), temporary(), List.of());
    }

    LogFixture(DatabaseAddress address, Path folder, List<Witnesses.Witness> known) {
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

    static Path temporary() {
        try {
            return Files.createTempDirectory("yifang-log");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String vkey() {
        return vkey;
    }

    /// Records `count` claims, each of its own patient and Task, and sequences them.
    void grow(int count) {
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

    static Access claim(UUID task) {
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
    void sequence() {
        long wanted = number("select count(*) as n from audit_event");
        long end = System.nanoTime() + 20_000_000_000L;
        while (number("select size as n from audit_log") < wanted && System.nanoTime() < end) {
            sequencer.round();
        }
        sequencer.round();
    }

    /// What an auditor notes: the newest checkpoint.
    SignedNote keep() {
        return witnesses.newest(database::run);
    }

    LogSource source() {
        return new Published(database, witnesses);
    }

    /// What the command says, given checkpoints kept earlier.
    LogVerifier.Result verify(SignedNote... kept) {
        return verify(source(), kept);
    }

    LogVerifier.Result verify(LogSource source, SignedNote... kept) {
        try {
            return new LogVerifier(
                            source, List.of(NoteKey.parse(vkey)), List.of(), (done, of) -> {})
                    .verify(List.of(kept), 0, Long.MAX_VALUE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Reconciliation.Mismatch> reconcile() {
        return new Reconciliation(database, Samples.SEAL, "421281").run();
    }

    /// Does what only a superuser of the database can.
    RowSet<Row> superuser(String sql) {
        return database.run(Database.SQL.resultQuery(sql));
    }

    void tamper(String sql) {
        database.run(Database.SQL.query(sql));
    }

    long number(String sql) {
        return superuser(sql).iterator().next().getLong("n");
    }

    @Override
    public void close() {
        database.close().await();
        vertx.close().await();
    }
}
