package org.yifang.export;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.data.Database;
import org.yifang.platform.operate.Lasting;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

/// Writes exports, one part after the other. Runs in every instance; each export is one instance's
/// at a time, and when that one falls silent another goes on behind the last part.
final class ExportWorker {
    private static final Logger LOG = LoggerFactory.getLogger(ExportWorker.class);
    private static final int LOOKS_A_MINUTE = 60;

    private final ExportStore store;
    private final List<ExportSource> sources;
    private final Export.KeySeal keys;
    private final InstantSource clock;
    private final UUID me = UUID.randomUUID();
    private volatile boolean running;
    private @Nullable Thread thread;

    /// @param keys those of pseudonyms
    ExportWorker(
            ExportStore store,
            List<ExportSource> sources,
            Export.KeySeal keys,
            InstantSource clock) {
        this.store = store;
        this.sources = List.copyOf(sources);
        this.keys = keys;
        this.clock = clock;
    }

    void start() {
        running = true;
        thread = Lasting.start("export", this::loop);
    }

    /// Ends after the part under way.
    void stop() throws InterruptedException {
        running = false;
        Thread worker = thread;
        if (worker != null) {
            worker.join();
        }
    }

    private void loop() {
        for (int look = 0; running; look++) {
            try {
                if (look % LOOKS_A_MINUTE == 0) {
                    store.deleteExpired(clock.instant());
                }
                ExportJob job = store.take(me);
                if (job != null) {
                    work(job);
                    continue;
                }
            } catch (Exception failure) {
                LOG.warn("exports rest: {}", failure.toString());
            }
            pause(ExportLimits.LOOK);
        }
    }

    /// Writes an export to its end, until another instance has it, or until this one stops.
    private void work(ExportJob taken) {
        ExportJob job = taken;
        try {
            job = awaitSettled(job);
            while (job != null && running && !job.isWritten()) {
                job = step(job);
                pause(ExportLimits.BREATH);
            }
            if (job == null) {
                return;
            }
            if (job.isWritten()) {
                Instant expires = clock.instant().plus(ExportLimits.KEPT);
                store.end(me, job, ExportJob.Status.DONE, expires);
            } else {
                store.release(me, job, job.failures(), Duration.ZERO);
            }
        } catch (Exception failure) {
            failed(taken, failure);
        }
    }

    private void failed(ExportJob job, Exception failure) {
        int failures = job.failures() + (Database.isAway(failure) ? 0 : 1);
        LOG.warn("export {} failed for the {}. time", job.id(), failures, failure);
        if (failures >= ExportLimits.FAILURES) {
            Instant kept = clock.instant().plus(ExportLimits.KEPT);
            store.end(me, job, ExportJob.Status.FAILED, kept);
        } else {
            store.release(me, job, failures, ExportLimits.LOOK);
        }
    }

    /// Waits, holding the lease, until all of the time asked for is committed and sequenced.
    private @Nullable ExportJob awaitSettled(ExportJob job) {
        while (running && !store.isSettled(job)) {
            if (!store.advance(me, job, job, null, null)) {
                return null;
            }
            pause(ExportLimits.WAIT);
        }
        return job;
    }

    /// One part; null when the export is no longer ours.
    private @Nullable ExportJob step(ExportJob job) {
        ExportSource source = source(job.type());
        ExportSource.Window window =
                new ExportSource.Window(
                        job.since(),
                        job.until(),
                        new Pseudonyms(
                                keys.open(java.util.Objects.requireNonNull(job.pseudonymKey()))));
        Long total = job.total();
        if (total == null) {
            ExportJob begun = job.begun(source.total(window));
            return store.advance(me, job, begun, null, null) ? begun : null;
        }
        ExportSource.Page page = source.page(window, total, job.reached(), ExportLimits.PART_ROWS);
        ExportJob after = job.after(page);
        byte[] content = page.resources().isEmpty() ? null : gzip(page.resources());
        return store.advance(me, job, after, page, content) ? after : null;
    }

    private ExportSource source(String type) {
        return sources.stream()
                .filter(one -> one.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nothing exports " + type));
    }

    private static byte[] gzip(List<byte[]> lines) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            for (byte[] line : lines) {
                gzip.write(line);
                gzip.write('\n');
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
