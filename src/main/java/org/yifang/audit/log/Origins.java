package org.yifang.audit.log;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.AuditLimits;
import org.yifang.audit.event.NameSeal;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;

/// The names that the log has had, and the signing key of each.
final class Origins {
    private static final int SEED_BYTES = 32;
    private static final int CHAIN_MAX = 1000;
    private static final Pattern MOMENT = Pattern.compile("/\\d{4}-\\d{2}-\\d{2}T\\d{6}Z$");

    private final Database database;
    private final NameSeal seal;
    private final String firstName;
    private final KeptCheckpoint kept;
    private final InstantSource clock;
    private final ConcurrentMap<String, NoteSigner> signers = new ConcurrentHashMap<>();

    Origins(
            Database database,
            NameSeal seal,
            String firstName,
            KeptCheckpoint kept,
            InstantSource clock) {
        this.database = database;
        this.seal = seal;
        this.firstName = firstName;
        this.kept = kept;
        this.clock = clock;
    }

    /// Starts the first log of this database; does nothing when there is one.
    void startFirst() {
        if (LogStore.state(database::run) != null) {
            return;
        }
        if (kept.read() != null) {
            throw new LogRefused(noLog(kept));
        }
        database.inTransaction(tx -> {
            // Two instances may start at once; the second finds the first's work.
            OriginStore.lockLog(tx);
            if (LogStore.state(tx::run) == null) {
                tx.run(OriginStore.insert(fresh(firstName, 0, null), null, clock.instant()));
                LogStore.save(
                        tx,
                        new LogState(firstName, new CompactRange(), "0", LogState.NO_ID),
                        clock.instant());
            }
            return true;
        });
    }

    static String noLog(KeptCheckpoint kept) {
        return ("The database has no log, but a checkpoint of one was kept (%s). Restore the"
                        + " database that belongs to it, or move that file away.")
                .formatted(kept);
    }

    private OriginStore.Origin fresh(String name, long size, @Nullable String predecessor) {
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        byte[] seed = new byte[SEED_BYTES];
        new SecureRandom().nextBytes(seed);
        // The name is sealed with the seed: nobody makes an origin of another's key.
        byte[] plain = Arrays.copyOf(seed, SEED_BYTES + nameBytes.length);
        System.arraycopy(nameBytes, 0, plain, SEED_BYTES, nameBytes.length);
        SignedNote note = kept.read();
        return new OriginStore.Origin(
                name,
                seal.seal().apply(plain),
                size,
                predecessor,
                note == null ? null : note.format());
    }

    /// Signs for the log named `origin`.
    ///
    /// @throws LogRefused when the stored key is not of this origin
    NoteSigner signer(String origin) {
        NoteSigner known = signers.get(origin);
        if (known != null) {
            return known;
        }
        OriginStore.Origin stored = OriginStore.find(database::run, origin);
        if (stored == null) {
            throw new LogRefused("The database has no key for the log `" + origin + "`.");
        }
        byte[] plain = seal.open().apply(stored.keySealed());
        String name =
                new String(plain, SEED_BYTES, plain.length - SEED_BYTES, StandardCharsets.UTF_8);
        if (!name.equals(origin)) {
            throw new LogRefused(
                    "The key stored for the log `%s` is that of `%s`.".formatted(origin, name));
        }
        NoteSigner signer =
                new NoteSigner(origin, NoteKey.Kind.ED25519, Arrays.copyOf(plain, SEED_BYTES));
        signers.put(origin, signer);
        return signer;
    }

    /// Whether an operator made `origin` the successor of `before`, over any number of steps.
    boolean succeeds(LogStore.Runner run, String origin, String before) {
        String name = origin;
        for (int step = 0; step < CHAIN_MAX && name != null; step++) {
            if (name.equals(before)) {
                signer(origin); // A name without its own key was not made by an operator.
                return true;
            }
            OriginStore.Origin stored = OriginStore.find(run, name);
            if (stored != null && before.equals(originOf(stored.predecessorNote()))) {
                signer(origin);
                return true;
            }
            name = stored == null ? null : stored.predecessor();
        }
        return false;
    }

    private static @Nullable String originOf(@Nullable String note) {
        return note == null ? null : Checkpoint.parse(SignedNote.parse(note).text()).origin();
    }

    /// Starts the next origin: the leaves stay, what has none gets one, and the last checkpoint of
    /// the old origin is named.
    Sequencer.NewOrigin startNext(String reason) {
        String name =
                database.inTransaction(tx -> {
                    // Waits for every writer, so that nothing is under way.
                    OriginStore.lockLogAndEvents(tx);
                    LogState state = LogStore.state(tx::run);
                    if (state == null) {
                        throw new LogRefused(
                                "The database has no log yet; starting the service makes one.");
                    }
                    String next = nextName(state.origin());
                    tx.run(
                            OriginStore.insert(
                                    fresh(next, state.tree().size(), state.origin()),
                                    reason,
                                    clock.instant()));
                    LogState moved = sequenceLeftOver(tx, renamed(tx, state, next));
                    LogStore.save(tx, moved, clock.instant());
                    return next;
                });
        Checkpoint head = Objects.requireNonNull(LogStore.state(database::run)).checkpoint();
        SignedNote note = new SignedNote(head.text(), List.of(signer(name).sign(head.text())));
        kept.write(note);
        database.run(LogStore.publish(head, note, clock.instant()));
        return new Sequencer.NewOrigin(name, signer(name).verifier().vkey(), head.size());
    }

    private LogState sequenceLeftOver(Tx tx, LogState state) {
        LogState reached = state;
        List<LogStore.Unsequenced> events;
        do {
            events = LogStore.leftOver(tx, AuditLimits.ROUND);
            if (!events.isEmpty()) {
                LogState grown = LogStore.append(tx, reached, events, clock.instant());
                reached =
                        new LogState(
                                grown.origin(), grown.tree(), state.lastTxid(), state.lastId());
            }
        } while (!events.isEmpty());
        return reached;
    }

    /// From this transaction on: everything before it has a leaf when it commits.
    private static LogState renamed(Tx tx, LogState state, String name) {
        return new LogState(name, state.tree(), OriginStore.txid(tx), LogState.NO_ID);
    }

    /// Named after the moment: the database may have forgotten names that were used since. The rest
    /// is the name of before, whatever address the command runs at.
    private String nextName(String before) {
        String moment = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        return MOMENT.matcher(before).replaceFirst("") + "/" + moment.replace(":", "");
    }
}
