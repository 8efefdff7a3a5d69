package org.yifang.prescription.life;

import org.yifang.platform.data.Tx;

/// Hears of everything that happens to a prescription, within its transaction.
@FunctionalInterface
public interface MomentListener {
    void hear(Tx tx, Moment moment);

    /// This one, then the other.
    default MomentListener andThen(MomentListener next) {
        return (tx, moment) -> {
            hear(tx, moment);
            next.hear(tx, moment);
        };
    }
}
