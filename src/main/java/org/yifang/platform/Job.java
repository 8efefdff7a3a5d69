package org.yifang.platform;

import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

/// Work that takes long, done in short steps: asked for by an operator, at most one of a kind at a
/// time over all instances, going on after a crash where the last finished step left it.
///
/// What a step did is done again when the instance dies between the step and the note of it, so a
/// step done twice must change nothing the second time.
public interface Job {
    /// How far the work is.
    ///
    /// @param position where the next step goes on
    /// @param done items done, all steps together
    /// @param total items there are, as far as known
    /// @param finished whether nothing is left to do
    /// @param note what came of it, for the operator; names no person
    record Step(String position, long done, long total, boolean finished, String note) {}

    /// What it is, `keys-sealing`; stays the same for ever.
    String kind();

    /// Why this instance cannot do it as it is, null when it can: then it is left to another one,
    /// and the operator reads why it waits. Runs on a virtual thread and may wait.
    default @Nullable String obstacle() {
        return null;
    }

    /// Does the next piece: some seconds at the most. Runs on a virtual thread and may wait.
    ///
    /// @param input what was asked for
    /// @param before the step before; at the beginning one of position "" with nothing done
    Step step(JsonObject input, Step before);
}
