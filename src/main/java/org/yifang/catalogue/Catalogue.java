package org.yifang.catalogue;

import io.vertx.core.Future;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Listener;
import org.yifang.platform.data.Tx;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/// All drugs, in memory: a rule that asks for one never waits for the database.
///
/// Every process keeps its own copy and reads it again when the catalogue's version changes.
public final class Catalogue implements AutoCloseable, Drugs {
    private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);

    /// A drug as it stands in the catalogue.
    ///
    /// @param version counts the changes of this drug, from 1
    public record Entry(Drug drug, long version, Instant updatedAt) {}

    /// What an import did.
    ///
    /// @param version the catalogue's version in force afterwards
    /// @param changed how many drugs are new or differ from before
    public record Import(long version, int changed, CatalogueFile.Report report) {}

    /// One version of the whole catalogue; never changes.
    private record Snapshot(
            long version, TreeMap<String, Entry> byCode, Map<String, List<Drug>> bySet) {
        static Snapshot of(long version, List<Entry> entries) {
            TreeMap<String, Entry> byCode = new TreeMap<>();
            Map<String, List<Drug>> bySet = new HashMap<>();
            for (Entry entry : entries) {
                Drug drug = entry.drug();
                byCode.put(drug.code().value(), entry);
                bySet.merge(
                        drug.substitutionSet(),
                        List.of(drug),
                        (one, other) -> Stream.concat(one.stream(), other.stream()).toList());
            }
            return new Snapshot(version, byCode, bySet);
        }

        boolean has(Drug drug) {
            Entry entry = byCode.get(drug.code().value());
            return entry != null && entry.drug().equals(drug);
        }
    }

    private final Database database;
    private final Listener listener;
    private final AtomicReference<Snapshot> current =
            new AtomicReference<>(Snapshot.of(0, List.of()));

    private Catalogue(Database database) {
        this.database = database;
        this.listener = database.listen("catalogue", this::refresh, _ -> refresh());
    }

    /// Reads the catalogue and keeps it fresh. Waits, so not on an event loop.
    public static Catalogue open(Database database) {
        Catalogue catalogue = new Catalogue(database);
        catalogue.refresh().await();
        return catalogue;
    }

    @Override
    public Optional<Drug> find(String code) {
        return entry(code).map(Entry::drug);
    }

    /// The drug with this code and what the catalogue knows of its changes.
    public Optional<Entry> entry(String code) {
        return Optional.ofNullable(snapshot().byCode.get(code));
    }

    /// All drugs, by code.
    public Collection<Entry> entries() {
        return List.copyOf(snapshot().byCode.values());
    }

    /// The version in force, counted from 1; 0 when nothing was ever imported.
    public long version() {
        return snapshot().version;
    }

    /// Takes over what a catalogue file says ([CatalogueFile]). Drugs that it does not name stay as
    /// they are; the same file again changes nothing, and makes no new version.
    ///
    /// @param source where the file came from, for the record
    /// @throws org.yifang.platform.problem.Problem when the file cannot be read at all
    public Import importFile(byte[] file, String source, Instant now) {
        Import done = database.inTransaction(tx -> importFile(tx, file, source, now));
        // Of what is committed nothing fails any more: else it is read when the database tells.
        database.afterCommit(() -> refresh().await());
        return done;
    }

    private static Import importFile(Tx tx, byte[] file, String source, Instant now) {
        DrugStore.lock(tx);
        Snapshot before = Snapshot.of(DrugStore.version(tx), DrugStore.all(tx));
        CatalogueFile.Report report =
                CatalogueFile.read(
                        file,
                        set -> before.bySet.getOrDefault(set, List.of()).stream().findFirst());
        List<Drug> changed = report.accepted().stream().filter(drug -> !before.has(drug)).toList();
        if (changed.isEmpty()) {
            return new Import(before.version, 0, report);
        }
        long version = before.version + 1;
        DrugStore.insertVersion(tx, version, source, sha256(file), report, now);
        DrugStore.write(tx, changed, version, now);
        return new Import(version, changed.size(), report);
    }

    /// Reads the catalogue again when its version has changed. Happens by itself when the database
    /// tells, and when it can be heard again.
    public Future<Void> refresh() {
        return DrugStore.version(database)
                .compose(version ->
                        version == snapshot().version
                                ? Future.<Void>succeededFuture()
                                : DrugStore.all(database)
                                        .compose(entries -> {
                                            take(version, entries);
                                            return Future.<Void>succeededFuture();
                                        }))
                .onFailure(
                        away -> LOG.warn("the catalogue was not read again: {}", away.toString()));
    }

    @Override
    public void close() {
        listener.close();
    }

    private void take(long version, List<Entry> entries) {
        Snapshot read = Snapshot.of(version, entries);
        // Of two that were read at once the newer one stays, whichever comes last.
        @SuppressWarnings(
                "ReferenceEquality") // Which of the two stays, not whether they say the same.
        boolean isTaken =
                current.accumulateAndGet(read, (was, now) -> now.version <= was.version ? was : now)
                        == read;
        if (isTaken) {
            LOG.info("catalogue version {} has {} drugs", version, entries.size());
        }
    }

    private Snapshot snapshot() {
        return Objects.requireNonNull(current.get(), "there is one from the start");
    }

    private static byte[] sha256(byte[] file) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(file);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
