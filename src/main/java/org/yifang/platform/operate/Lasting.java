package org.yifang.platform.operate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.Limits;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// Threads that work as long as the service does: whatever ends one of them, other than that its
/// work is over, is told, and the work begins anew. (Who has no memory left ends the process.)
public final class Lasting {
    private static final Logger LOG = LoggerFactory.getLogger(Lasting.class);
    private static final AtomicLong RESTARTS = new AtomicLong();

    /// Starts a virtual thread.
    ///
    /// @param work returns when it was asked to end, and never else
    public static Thread start(String name, Runnable work) {
        return start(Thread.ofVirtual(), name, work, Limits.THREAD_RESTART_PAUSE);
    }

    /// Starts one of the platform, which lives when no virtual one comes to its turn.
    public static Thread startPlatform(String name, Runnable work) {
        return start(Thread.ofPlatform().daemon(), name, work, Limits.THREAD_RESTART_PAUSE);
    }

    static Thread start(Thread.Builder kind, String name, Runnable work, Duration pause) {
        return kind.name(name).start(() -> run(name, work, pause));
    }

    /// How often a thread was begun anew since the start.
    public static long restarts() {
        return RESTARTS.get();
    }

    private static void run(String name, Runnable work, Duration pause) {
        while (true) {
            try {
                work.run();
                return;
            } catch (Throwable died) {
                RESTARTS.incrementAndGet();
                LOG.error("the thread {} died and begins anew", name, died);
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    private Lasting() {}
}
