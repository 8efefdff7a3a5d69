package org.yifang.audit.verify;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.log.Checkpoint;
import org.yifang.audit.log.Cosignature;
import org.yifang.audit.log.LogSource;
import org.yifang.audit.log.NoteKey;
import org.yifang.audit.log.SignedNote;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Checks a published log against checkpoints kept earlier, trusting nobody but the keys given.
public final class LogVerifier {
    /// Hears how far the check has come.
    @FunctionalInterface
    public interface Progress {
        void reached(long entries, long of);
    }

    private final LogSource source;
    private final List<NoteKey> keys;
    private final List<NoteKey> witnesses;
    private final Progress progress;
    private final LogFindings findings = new LogFindings();

    /// @param keys verifier keys of the log, one for each name that it had
    /// @param witnesses keys of the witnesses whose cosignature is demanded
    public LogVerifier(
            LogSource source, List<NoteKey> keys, List<NoteKey> witnesses, Progress progress) {
        this.source = source;
        this.keys = keys;
        this.witnesses = witnesses;
        this.progress = progress;
    }

    /// What was checked.
    ///
    /// @param head the checkpoint that the log shows now, or null when it has no valid one
    /// @param findings everything wrong, empty when all is well
    public record Result(@Nullable Checkpoint head, List<LogFinding> findings) {
        public boolean isGood() {
            return findings.isEmpty();
        }
    }

    /// Checks entries `from` (inclusive) to `to` (exclusive, or the end of the log), and that the
    /// log extends every kept checkpoint. The whole log is rebuilt entry by entry; of a range each
    /// entry is proved to be in the signed tree.
    ///
    /// @throws IOException when the log cannot be reached
    public Result verify(List<SignedNote> kept, long from, long to) throws IOException {
        findings.clear();
        Checkpoint head = head();
        List<Checkpoint> before = keptOnes(kept);
        if (head == null) {
            return new Result(null, findings.all());
        }
        List<Checkpoint> all = new ArrayList<>();
        for (Checkpoint one : before) {
            if (one.size() > head.size()) {
                findings.add(
                        new LogFinding(
                                LogFinding.Kind.SHORTER,
                                head.size(),
                                one.size(),
                                ("The log has %d entries; a checkpoint kept earlier"
                                                + " covers %d. Entries %d to %d are gone.")
                                        .formatted(
                                                head.size(),
                                                one.size(),
                                                head.size(),
                                                one.size() - 1)));
            } else {
                all.add(one);
            }
        }
        all.add(head);
        long end = Math.min(to, head.size());
        if (from == 0 && end == head.size()) {
            new WholeLog(source, head.size(), all, findings, progress).check();
        } else {
            new LogRange(source, head, before, findings, progress).check(from, end);
        }
        return new Result(head, findings.all());
    }

    private @Nullable Checkpoint head() throws IOException {
        byte[] bytes = source.read("checkpoint");
        if (bytes == null) {
            findings.add(
                    LogFinding.whole(
                            LogFinding.Kind.MISSING, "The log shows no checkpoint at all."));
            return null;
        }
        Checkpoint head = null;
        try {
            SignedNote note = SignedNote.parse(bytes);
            head = verified(note, "The checkpoint that the log shows now");
            for (NoteKey witness : witnesses) {
                if (Cosignature.of(note, witness) == null) {
                    findings.add(
                            LogFinding.whole(
                                    LogFinding.Kind.WITNESS,
                                    "The witness `%s` has not cosigned the checkpoint of now."
                                            .formatted(witness.name())));
                }
            }
        } catch (IllegalArgumentException wrong) {
            findings.add(
                    LogFinding.whole(
                            LogFinding.Kind.CHECKPOINT,
                            "The checkpoint that the log shows now is none: "
                                    + wrong.getMessage()));
        }
        return head;
    }

    private @Nullable Checkpoint verified(SignedNote note, String which) {
        String origin = note.text().lines().findFirst().orElse("");
        NoteKey key =
                keys.stream().filter(one -> one.name().equals(origin)).findFirst().orElse(null);
        if (key == null) {
            findings.add(
                    LogFinding.whole(
                            LogFinding.Kind.RENAMED,
                            ("%s is of the log `%s`, of which no key was given. A log"
                                            + " takes a new name when its database was set back:"
                                            + " `origins` at its address says what it tells"
                                            + " everybody. Ask its operator why, and for the new"
                                            + " key by another way; then give both keys.")
                                    .formatted(which, origin)));
            return null;
        }
        try {
            return Checkpoint.verified(note, key);
        } catch (IllegalArgumentException wrong) {
            findings.add(
                    LogFinding.whole(
                            LogFinding.Kind.CHECKPOINT, which + ": " + wrong.getMessage()));
            return null;
        }
    }

    private List<Checkpoint> keptOnes(List<SignedNote> kept) {
        List<Checkpoint> valid = new ArrayList<>();
        Map<String, Checkpoint> bySize = new HashMap<>();
        for (SignedNote note : kept) {
            Checkpoint one = verified(note, "A checkpoint kept earlier");
            if (one == null) {
                continue;
            }
            Checkpoint other = bySize.putIfAbsent(one.origin() + " " + one.size(), one);
            if (other != null && !other.root().equals(one.root())) {
                findings.add(
                        new LogFinding(
                                LogFinding.Kind.FORK,
                                0,
                                one.size(),
                                ("Two checkpoints of %d entries were signed with"
                                                + " different roots, `%s` and `%s`: the log "
                                                + "was shown"
                                                + " in two versions.")
                                        .formatted(
                                                one.size(),
                                                other.root().base64(),
                                                one.root().base64())));
            }
            valid.add(one);
        }
        valid.sort(Comparator.comparingLong(Checkpoint::size));
        return valid;
    }
}
