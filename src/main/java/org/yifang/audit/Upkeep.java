package org.yifang.audit;

import io.vertx.core.http.HttpClient;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.audit.event.Audit;
import org.yifang.audit.event.PartitionStore;
import org.yifang.audit.log.LogStore;
import org.yifang.audit.log.Witnesses;
import org.yifang.platform.data.Database;
import org.yifang.platform.operate.Lasting;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// What the log needs beside its sequencer: partitions ahead of time, counted refusals written
/// every minute, witnesses asked, old checkpoints thinned. Runs in every instance; twice is once.
public final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration TICK = Duration.ofSeconds(10);
    private static final int TICKS_A_MINUTE = 6;
    private static final int TICKS_AN_HOUR = 360;

    private final Database database;
    private final Audit audit;
    private final Witnesses witnesses;
    private final HttpClient client;
    private final InstantSource clock;
    private volatile boolean running;
    private List<Thread> threads = List.of();

    public Upkeep(
            Database database,
            Audit audit,
            Witnesses witnesses,
            HttpClient client,
            InstantSource clock) {
        this.database = database;
        this.audit = audit;
        this.witnesses = witnesses;
        this.client = client;
        this.clock = clock;
    }

    public void start() {
        running = true;
        threads =
                List.of(
                        Lasting.start("audit-upkeep", this::loop),
                        // By itself: partitions and refusals do not wait for others' machines.
                        Lasting.start("audit-witnesses", this::askWitnesses));
    }

    /// Ends, and writes the refusals counted so far.
    public void stop() throws InterruptedException {
        running = false;
        threads.forEach(Thread::interrupt);
        for (Thread one : threads) {
            one.join();
        }
        audit.writeRefusals().await();
    }

    private void loop() {
        for (int tick = 0; running; tick++) {
            if (tick % TICKS_AN_HOUR == 0) {
                attempt("partitions", this::makePartitions);
                attempt("checkpoints", this::thinCheckpoints);
            }
            if (tick % TICKS_A_MINUTE == 0) {
                attempt("refusals", () -> audit.writeRefusals().await());
            }
            try {
                Thread.sleep(TICK);
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    private void askWitnesses() {
        while (running) {
            attempt("witnesses", () -> witnesses.push(database, client));
            try {
                Thread.sleep(TICK);
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    private static void attempt(String what, Runnable work) {
        try {
            work.run();
        } catch (Exception failure) {
            // Waiting for a database that is away throws what its client failed with.
            LOG.warn("upkeep of audit {} failed: {}", what, failure.toString());
        }
    }

    /// Makes the partitions of this month and the next ones, by UTC.
    public void makePartitions() {
        PartitionStore.make(database, clock.instant());
    }

    /// Of checkpoints older than a day only the last of each minute stays, and every cosigned one.
    public void thinCheckpoints() {
        LogStore.thin(database, clock.instant().minus(Duration.ofDays(1)));
    }
}
