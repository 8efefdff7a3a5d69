package org.yifang.fhir.validate;

import org.yifang.platform.Limits;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/// What judging one document may take: time, findings, and a caller who still waits for it.
final class Budget {
    /// The judging took it all. It is asked for often and thrown once, so it holds no trace.
    static final class Spent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Spent() {
            super("the budget of judging is spent", null, false, false);
        }
    }

    /// Findings beyond those that are told, of which only the number is of interest.
    private static final int FINDINGS_COUNTED = 20 * Limits.FINDINGS;

    /// Asking for the processor's time takes longer than most of what it is asked for.
    private static final int ASKED_EVERY = 32;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final long until;
    private final BooleanSupplier gone;
    private int asked;

    private Budget(long until, BooleanSupplier gone) {
        this.until = until;
        this.gone = gone;
    }

    /// For what the service itself wrote.
    static Budget unlimited() {
        return new Budget(Long.MAX_VALUE, () -> false);
    }

    /// Of the calling thread.
    ///
    /// @param time of the processor
    /// @param gone whether the caller has gone
    static Budget of(Duration time, BooleanSupplier gone) {
        return new Budget(THREADS.getCurrentThreadCpuTime() + time.toNanos(), gone);
    }

    /// @throws Spent when it is over
    void spend(List<?> findings) {
        if (until == Long.MAX_VALUE) {
            return;
        }
        if (findings.size() > FINDINGS_COUNTED) {
            throw new Spent();
        }
        if (++asked % ASKED_EVERY == 0
                && (THREADS.getCurrentThreadCpuTime() > until || gone.getAsBoolean())) {
            throw new Spent();
        }
    }
}
