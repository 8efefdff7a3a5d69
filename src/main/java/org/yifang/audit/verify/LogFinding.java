package org.yifang.audit.verify;

/// Something wrong with a log, and where.
///
/// @param kind what kind of fault
/// @param from the first entry concerned, or -1 when it is the log as a whole
/// @param to the entry after the last one concerned, or -1
/// @param text a full sentence for people
public record LogFinding(Kind kind, long from, long to, String text) {
    /// What can be wrong.
    public enum Kind {
        /// A signature, a name or a form of a checkpoint.
        CHECKPOINT,
        /// Two signed checkpoints that cannot both be of one log.
        FORK,
        /// Fewer entries than were signed before.
        SHORTER,
        /// The entries under an earlier checkpoint are not those of now.
        REWRITTEN,
        /// The log goes on under another name.
        RENAMED,
        /// An entry is not what the tree says.
        ENTRY,
        /// A tile is not what the entries say.
        TILE,
        /// Something that the checkpoint covers is not served.
        MISSING,
        /// One event stands in the log twice.
        DUPLICATE,
        /// Entries that say they are older than entries before them.
        BACKDATED,
        /// A witness that was asked for did not cosign.
        WITNESS
    }

    static LogFinding whole(Kind kind, String text) {
        return new LogFinding(kind, -1, -1, text);
    }

    static LogFinding at(Kind kind, long index, String text) {
        return new LogFinding(kind, index, index + 1, text);
    }
}
