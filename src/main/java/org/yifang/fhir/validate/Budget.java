package org.yifang.fhir.validate;

import org.yifang.platform.Limits;
import org.yifang.platform.edge.Calling;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;

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
    private final Calling calling;
    private int asked;

    private Budget(long until, Calling calling) {
        this.until = until;
        this.calling = calling;
    }

    /// For what the service itself wrote.
    static Budget unlimited() {
        return new Budget(Long.MAX_VALUE, Calling.NOBODY);
    }

    /// Of the calling thread.
    ///
    /// @param time of the processor
    /// @param calling who waits for it, and may have gone
    static Budget of(Duration time, Calling calling) {
        return new Budget(THREADS.getCurrentThreadCpuTime() + time.toNanos(), calling);
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
                && (THREADS.getCurrentThreadCpuTime() > until || calling.isGone())) {
            throw new Spent();
        }
    }
}
