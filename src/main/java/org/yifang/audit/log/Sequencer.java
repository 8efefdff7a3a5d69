package org.yifang.audit.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.audit.event.AuditLimits;
import org.yifang.audit.event.Hash;
import org.yifang.audit.event.NameSeal;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.SealedColumn;
import org.yifang.platform.data.Tx;
import org.yifang.platform.operate.Lasting;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/// Gives every event its place in the log and signs the log's head. Runs in every instance of the
/// service; the lock on one row decides who works, and whoever dies is replaced at the next round.
public final class Sequencer {
    private static final Logger LOG = LoggerFactory.getLogger(Sequencer.class);

    /// What whoever reads of a refusal can do; it is read on the terminal.
    private static final String HELP =
            "Look for the newer state and restore that. If it is lost for good, see \"A "
                    + "database that"
                    + " was set back\" in docs/audit.md: `audit new-origin --reason …`.";

    private final Database database;
    private final Origins origins;
    private final KeptCheckpoint kept;
    private final InstantSource clock;

    private volatile boolean running;
    private volatile @Nullable LogRefused refused;
    private @Nullable Thread thread;

    // Touched by the one thread that runs rounds.
    private @Nullable Checkpoint checked;
    private @Nullable Checkpoint published;

    /// @param origin the log's name when it has none yet, as `yifang.example/audit`
    /// @param keptFile where the last checkpoint is kept outside the database
    public Sequencer(
            Database database, NameSeal seal, String origin, Path keptFile, InstantSource clock) {
        this.database = database;
        this.kept = new KeptCheckpoint(keptFile);
        this.origins = new Origins(database, seal, origin, kept, clock);
        this.clock = clock;
    }

    /// Makes the log if there is none, and checks that the database holds what was signed.
    ///
    /// @throws LogRefused when it does not
    public void check() {
        origins.startFirst();
        LogState state = Objects.requireNonNull(LogStore.state(database::run));
        checkExtendsKept(database::run, state);
    }

    /// Runs rounds until [#stop].
    public void start() {
        running = true;
        thread = Lasting.start("audit-sequencer", this::loop);
    }

    /// Ends after the running round.
    public void stop() throws InterruptedException {
        running = false;
        Thread worker = thread;
        if (worker != null) {
            worker.join();
        }
    }

    /// Why nothing is signed, or null when all is well.
    public @Nullable String refusal() {
        LogRefused why = refused;
        return why == null ? null : why.getMessage();
    }

    private void loop() {
        while (running) {
            try {
                int sequenced = round();
                if (sequenced == AuditLimits.ROUND) {
                    continue; // There is more already.
                }
            } catch (LogRefused why) {
                if (refused == null) {
                    LOG.error("the audit log is refused: {}", why.getMessage());
                }
                refused = why;
            } catch (Exception failure) {
                // The database may be away, which need not be a RuntimeException; the next round
                // tries again.
                if (!Database.isToldAway(failure)) {
                    LOG.warn("a round of the audit sequencer failed: {}", failure.toString());
                }
                checked = null;
            }
            try {
                Thread.sleep(AuditLimits.ROUND_PAUSE);
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    /// Sequences what is there and signs; returns how many events it sequenced.
    ///
    /// @throws LogRefused when the database does not hold what was signed
    public int round() {
        Round round = database.inTransaction(this::sequence);
        if (round == null) {
            return 0; // Another instance is at work.
        }
        // Only now, with the transaction committed, are the leaves durable.
        sign(round.state());
        refused = null;
        return round.sequenced();
    }

    private record Round(LogState state, int sequenced) {}

    private @Nullable Round sequence(Tx tx) {
        LogStore.commitDurably(tx);
        LogState state = LogStore.lock(tx);
        if (state == null) {
            return null;
        }
        if (!state.checkpoint().equals(checked)) {
            checkExtendsKept(tx::run, state);
            checkTransactionCounter(tx::run, state);
        }
        List<LogStore.Unsequenced> events = LogStore.next(tx, state, AuditLimits.ROUND);
        if (events.isEmpty()) {
            return new Round(state, 0);
        }
        return new Round(LogStore.append(tx, state, events, clock.instant()), events.size());
    }

    private void sign(LogState state) {
        Checkpoint checkpoint = state.checkpoint();
        checked = checkpoint;
        if (checkpoint.equals(published)) {
            return;
        }
        SignedNote note =
                new SignedNote(
                        checkpoint.text(),
                        List.of(origins.signer(checkpoint.origin()).sign(checkpoint.text())));
        // Kept first: what anyone may have seen, this instance will remember.
        kept.write(note);
        database.run(LogStore.publish(checkpoint, note, clock.instant()));
        published = checkpoint;
    }

    /// Whether the log in the database begins with the kept checkpoint.
    private void checkExtendsKept(LogStore.Runner run, LogState state) {
        SignedNote note = kept.read();
        if (note == null) {
            return;
        }
        Checkpoint before = Checkpoint.parse(note.text());
        if (!before.origin().equals(state.origin())) {
            if (!origins.succeeds(run, state.origin(), before.origin())) {
                throw new LogRefused(
                        ("The kept checkpoint %s is of the log `%s`, the database"
                                        + " holds `%s`. "
                                        + HELP)
                                .formatted(kept, before.origin(), state.origin()));
            }
            return;
        }
        if (state.tree().size() < before.size()) {
            throw new LogRefused(
                    ("%d entries were signed (%s), the database holds %d: it was set back. " + HELP)
                            .formatted(before.size(), kept, state.tree().size()));
        }
        if (!rootAt(run, state, before.size()).equals(before.root())) {
            throw new LogRefused(
                    ("The first %d entries in the database are not those that were signed (%s). "
                                    + HELP)
                            .formatted(before.size(), kept));
        }
    }

    private static @Nullable Hash rootOrNull(LogStore.Runner run, LogState state, long size) {
        try {
            return new MerkleTree(
                            new TileNodes(state.tree().size(), tile -> LogStore.tile(run, tile)))
                    .root(size);
        } catch (IllegalArgumentException missing) {
            return null;
        }
    }

    private static Hash rootAt(LogStore.Runner run, LogState state, long size) {
        Hash root = rootOrNull(run, state, size);
        if (root == null) {
            throw new LogRefused(
                    "The tree of the first " + size + " entries is not whole in the database.");
        }
        return root;
    }

    /// A dump loaded into a fresh server begins to count transactions anew: what is written then
    /// would lie before what is sequenced and never be found.
    private static void checkTransactionCounter(LogStore.Runner run, LogState state) {
        if (!LogStore.isCounterAhead(run, state)) {
            throw new LogRefused(
                    "The server counts transactions from an earlier number than the log: a dump was"
                            + " loaded into a fresh server, where new events would never be "
                            + "found. If"
                            + " it is the newest there is, go on with `audit new-origin --reason …`"
                            + " (docs/audit.md).");
        }
    }

    /// The verifier key of the log as it is named now.
    public String vkey() {
        LogState state = LogStore.state(database::run);
        if (state == null) {
            throw new IllegalStateException("No log was started.");
        }
        return origins.signer(state.origin()).verifier().vkey();
    }

    /// The verifier key that a name of the log has or had.
    String vkey(String origin) {
        return origins.signer(origin).verifier().vkey();
    }

    /// Whether the checkpoint that is kept outside the database is gone, though one was published.
    public boolean isKeptMissing() {
        if (kept.read() != null) {
            return false;
        }
        LogState state = LogStore.state(database::run);
        return state != null && state.tree().size() > 0;
    }

    /// Why this database may not be signed, or null when it may; changes nothing.
    public @Nullable String objection() {
        try {
            LogState state = LogStore.state(database::run);
            if (state == null) {
                return kept.read() == null ? null : Origins.noLog(kept);
            }
            checkExtendsKept(database::run, state);
            checkTransactionCounter(database::run, state);
            return null;
        } catch (LogRefused why) {
            return why.getMessage();
        }
    }

    /// A name that the log goes on under.
    ///
    /// @param size how many entries it has
    public record NewOrigin(String name, String vkey, long size) {}

    /// Goes on under a new name and key, after a database was set back or to replace the key: the
    /// new origin names the old one and its last kept checkpoint. Other instances go on with it in
    /// their next round. Waits for every writer.
    public NewOrigin startNewOrigin(String reason) {
        return origins.startNext(reason);
    }

    /// The keys of all names that the log has had.
    public static SealedColumn sealedKeys(String place) {
        return OriginStore.sealed(place);
    }
}
