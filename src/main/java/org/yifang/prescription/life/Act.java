package org.yifang.prescription.life;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;

/// One command as it reaches the desk: who gives it, and what it is.
///
/// @param note what the audit log should tell of whoever stands behind it, or null
public record Act(Caller caller, Action action, @Nullable String note) {
    public static Act of(Caller caller, Action action) {
        return new Act(caller, action, null);
    }

    /// The same command, given so.
    public Act by(Caller other) {
        return new Act(other, action, note);
    }

    /// What changed, with the note.
    public @Nullable String told(@Nullable String change) {
        if (note == null) {
            return change;
        }
        return change == null ? note : change + "; " + note;
    }
}
