package org.yifang.audit;

import io.vertx.core.json.JsonObject;

import org.yifang.audit.log.Sequencer;
import org.yifang.platform.Job;

/// The job that gives the log a new key, and with it a new name: the leaves stay, the new name
/// names the old one and its last checkpoint, and what was signed before is checked with the old
/// key for ever.
final class AuditKeyRotation implements Job {
    private static final String REASON = "an operator replaced the key";

    private final Sequencer sequencer;

    AuditKeyRotation(Sequencer sequencer) {
        this.sequencer = sequencer;
    }

    @Override
    public String kind() {
        return "keys-audit";
    }

    /// Done twice the log has two more names, of which the newer signs: harmless.
    @Override
    public Step step(JsonObject input, Step before) {
        Sequencer.NewOrigin next = sequencer.startNewOrigin(REASON);
        String note =
                "the log goes on as %s with %d entries; tell auditors its key by another way: %s"
                        .formatted(next.name(), next.size(), next.vkey());
        return new Step(next.name(), 1, 1, true, note);
    }
}
