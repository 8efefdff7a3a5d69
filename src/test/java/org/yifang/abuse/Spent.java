package org.yifang.abuse;

import com.sun.management.OperatingSystemMXBean;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// What something took of a machine that others use, too: the processor time of our threads, which
/// nobody else adds to, and the time that went by without what others kept the processors for.
///
/// @param processor of all threads of Java in this process, which the service is part of
/// @param alone how long it would have taken had the processors been ours
record Spent(Duration processor, Duration alone) {
    private static final Path STATISTICS = Path.of("/proc/stat");
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /// Where idle time and waiting for disks stand.
    private static final int IDLE = 3;

    private static final int WAITING = 4;

    /// User, nice, system, idle, waiting, interrupts (two) and stolen time; guests are in the
    /// first.
    private static final int COUNTED = 8;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean MACHINE =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    static Spent on(Runnable work) throws IOException {
        long began = System.nanoTime();
        long others = others();
        long ours = ours();
        work.run();
        long spent = ours() - ours;
        long kept = (others() - others) / MACHINE.getAvailableProcessors();
        long alone = System.nanoTime() - began - Math.max(0, kept);
        return new Spent(Duration.ofNanos(spent), Duration.ofNanos(alone));
    }

    /// What compiles and collects is not among them.
    private static long ours() {
        long all = 0;
        for (long thread : THREADS.getAllThreadIds()) {
            all += Math.max(0, THREADS.getThreadCpuTime(thread));
        }
        return all;
    }

    private static long others() throws IOException {
        if (!Files.exists(STATISTICS)) {
            return 0;
        }
        String[] fields = Files.readAllLines(STATISTICS).getFirst().split(" +", -1);
        long ticks = 0;
        for (int i = 0; i < COUNTED; i++) {
            if (i != IDLE && i != WAITING) {
                ticks += Long.parseLong(fields[i + 1]);
            }
        }
        return ticks * TICK_NANOS - MACHINE.getProcessCpuTime();
    }
}
