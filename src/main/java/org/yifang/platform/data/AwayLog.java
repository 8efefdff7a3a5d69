package org.yifang.platform.data;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// Tells operators once that the database went away and once that it is back, not at every call.
final class AwayLog {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final long HERE = 0;

    /// By `System.nanoTime`, never {@link #HERE} while the database is away.
    private final AtomicLong since = new AtomicLong(HERE);

    private volatile boolean diskRefusing;

    /// A write was refused because of the disk.
    void diskRefuses() {
        if (!diskRefusing) {
            LOG.error("the disk of the database takes no writes");
        }
        diskRefusing = true;
    }

    void diskTakesAgain() {
        diskRefusing = false;
    }

    boolean isDiskRefusing() {
        return diskRefusing;
    }

    void away(Throwable failure) {
        if (since.compareAndSet(HERE, System.nanoTime() | 1)) {
            LOG.warn("the database does not answer: {}", failure.toString());
        }
    }

    void answered() {
        long from = since.get();
        if (from != HERE && since.compareAndSet(from, HERE)) {
            long seconds = Duration.ofNanos(System.nanoTime() - from).toSeconds();
            LOG.warn("the database answers again after {} s", seconds);
        }
    }
}
