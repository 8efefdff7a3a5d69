package org.yifang.prescription.life;

import org.yifang.platform.data.Tx;

import java.time.Instant;

/// Decides on a locked and settled prescription.
@FunctionalInterface
public interface CommandRule {
    Decision decide(Tx tx, PrescriptionRow row, Instant now);
}
